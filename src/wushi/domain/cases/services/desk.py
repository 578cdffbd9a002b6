"""Where a verb finds and leaves its rows: in the database, or on the bench while whole histories are made at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.db import models

from wushi.plumbing.bench import HeldRows, held, the_bench
from wushi.plumbing.writes import insert_plain

M = TypeVar("M", bound=models.Model)
T = TypeVar("T")


def all_of(model: type[M]) -> models.Manager[M]:
    """The rows of a table, to be asked further; on the bench only what verbs ask is answered."""
    bench = held(model)
    return model._default_manager if bench is None else cast("models.Manager[M]", HeldRows(model, bench))


def add(row: models.Model) -> None:
    """A new row."""
    bench = held(type(row))
    if bench is None:
        insert_plain(row)
    else:
        bench.put(row)


def keep(row: models.Model, *columns: str) -> None:
    """Write these columns of a row; on the bench it is written as a whole at the end."""
    if held(type(row)) is None:
        row.save(update_fields=list(columns))


def afresh(row: models.Model) -> None:
    """Read a row again that another verb changed meanwhile; on the bench there is one object of each."""
    if held(type(row)) is None:
        row.refresh_from_db()


def once(ask: Callable[..., T], *given: Any) -> T:
    """Ask the rooms below; on the bench the same question only once."""
    bench = the_bench()
    if bench is None:
        return ask(*given)
    key = (ask, *(tuple(part) if isinstance(part, list) else part for part in given))
    found: T = bench.once(key, lambda: ask(*given))
    return found
