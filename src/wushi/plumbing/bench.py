"""The bench: rows of whole histories, made in memory by the very verbs that otherwise write them, until all are written.

While a bench is set up on this thread, the rows of its tables lie in lists; ``HeldRows`` answers the few questions that
verbs ask of a queryset, in the same words, and refuses every other one. What it holds is the one object of a row, so there
is nothing to read again. The database sees nothing before ``insert_bulk``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from operator import eq, ge, gt, le, lt
from typing import Any
from uuid import UUID

from django.core.exceptions import MultipleObjectsReturned
from django.db import models
from django.db.models import Q
from django.db.models.query import QuerySet

from wushi.kernel.verb import WrongScope


class NotOnTheBench(RuntimeError):
    """A question or a write the bench does not know: it is refused, never answered differently from the database."""


# Columns that are asked by, and that no verb changes.
NEVER_CHANGING = ("case_id", "subject_id", "actor", "client_key", "phone_index", "key")


class Bench:
    """The rows of some tables, by table; ``loaded`` are those the database has already."""

    def __init__(self, tables: Collection[type[models.Model]]) -> None:
        self.tables = frozenset(tables)
        self._rows: dict[type[models.Model], dict[UUID, Any]] = {model: {} for model in tables}
        self._by: dict[tuple[type[models.Model], str, Any], list[Any]] = defaultdict(list)
        self._loaded: set[UUID] = set()
        self._known: dict[Any, Any] = {}

    def put(self, row: models.Model, loaded: bool = False) -> None:
        """Lay a row there."""
        self._rows[type(row)][row.pk] = row
        for name in NEVER_CHANGING:
            if value := getattr(row, name, None):
                self._by[type(row), name, value].append(row)
        if loaded:
            self._loaded.add(row.pk)
        row._state.adding = False
        row._state.db = "default"

    def fresh(self, model: type[models.Model]) -> list[Any]:
        """The rows of a table that are still to be written."""
        return [row for key, row in self._rows[model].items() if key not in self._loaded]

    def found(self, model: type[models.Model], key: str = "", value: Any = None) -> Iterable[Any]:
        """All rows of a table, or the one with an id, or those with a value in a column that never changes."""
        if key == "id":
            row = self._rows[model].get(value)
            return [] if row is None else [row]
        if key:
            return list(self._by.get((model, key, value), ()))
        return list(self._rows[model].values())

    def once(self, key: Any, ask: Callable[[], Any]) -> Any:
        """What was asked before is not asked again: what it stands on does not change while the bench is set up."""
        if key not in self._known:
            self._known[key] = ask()
        return self._known[key]


_bench: ContextVar[Bench | None] = ContextVar("wushi_bench", default=None)


def the_bench() -> Bench | None:
    """The bench of this thread, or None."""
    return _bench.get()


def held(model: type[models.Model]) -> Bench | None:
    """The bench, where it holds the rows of this table."""
    bench = _bench.get()
    return bench if bench is not None and model in bench.tables else None


@contextmanager
def bench_for(tables: Collection[type[models.Model]]) -> Iterator[Bench]:
    """Set up a bench for some tables. Raises WrongScope where one is set up already."""
    if _bench.get() is not None:
        raise WrongScope("a bench is set up already")
    token = _bench.set(Bench(tables))
    try:
        yield _bench.get()  # type: ignore[misc]
    finally:
        _bench.reset(token)


_COMPARED: dict[str, Callable[[Any, Any], bool]] = {"exact": eq, "gt": gt, "gte": ge, "lt": lt, "lte": le}


@cache
def _column(model: type[models.Model], name: str) -> str:
    if name == "pk":
        return "id"
    return str(getattr(model._meta.get_field(name), "attname"))  # noqa: B009 - relations of others have none


def _plain(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value


def _same(one: Any, other: Any) -> bool:
    return one == other or (isinstance(one, UUID) and isinstance(other, str) and str(one) == other)


def _holds(row: models.Model, lookup: str, value: Any) -> bool:
    """One condition, as the database answers it: nothing is equal to, greater or less than what is missing."""
    name, _sep, how = lookup.partition("__")
    has, value = getattr(row, _column(type(row), name)), _plain(value)
    if how == "isnull":
        return (has is None) is bool(value)
    if how == "in":
        if isinstance(value, QuerySet):
            raise NotOnTheBench(f"{type(row).__name__}.{lookup} of a query")
        return has is not None and any(_same(has, _plain(one)) for one in value)
    if how in ("", "exact"):
        return has is None if value is None else _same(has, value)
    if how not in _COMPARED:
        raise NotOnTheBench(f"{type(row).__name__}.{lookup}")
    return has is not None and _COMPARED[how](has, value)


def fits(where: Q, row: models.Model) -> bool:
    """Whether a row fits a condition, without the database."""
    answers = (
        fits(part, row) if isinstance(part, Q) else _holds(row, *_pair(part)) for part in where.children
    )
    if where.connector == Q.XOR:
        raise NotOnTheBench("XOR")
    found = all(answers) if where.connector == Q.AND else any(answers)
    return not found if where.negated else found


def _pair(part: Any) -> tuple[str, Any]:
    if not isinstance(part, tuple):
        raise NotOnTheBench(type(part).__name__)
    return part


class HeldRows:
    """What lies on the bench of one table, asked in the words of a queryset."""

    def __init__(self, model: type[models.Model], bench: Bench, rows: Iterable[Any] | None = None) -> None:
        self._model, self._bench, self._found = model, bench, rows

    @property
    def _rows(self) -> Iterable[Any]:
        return self._bench.found(self._model) if self._found is None else self._found

    def _with(self, rows: Iterable[Any]) -> HeldRows:
        return HeldRows(self._model, self._bench, list(rows))

    def filter(self, *where: Q, **named: Any) -> HeldRows:
        """Those that fit everything."""
        rows = self._rows
        if self._found is None:
            rows = self._indexed(named)
        return self._with(
            row
            for row in rows
            if all(_holds(row, lookup, value) for lookup, value in named.items())
            and all(fits(q, row) for q in where)
        )

    def _indexed(self, named: dict[str, Any]) -> Iterable[Any]:
        """No more rows than need be looked at."""
        for name, value in named.items():
            column = _column(self._model, name) if "__" not in name else ""
            if column == "id" or (column in NEVER_CHANGING and value):
                return self._bench.found(self._model, column, _plain(value))
        return self._rows

    def exclude(self, **named: Any) -> HeldRows:
        """Those that do not fit."""
        return self._with(r for r in self._rows if not all(_holds(r, k, v) for k, v in named.items()))

    def select_for_update(self, **of: Any) -> HeldRows:
        """Nobody else sees them: there is nothing to lock."""
        return self

    def only(self, *names: str) -> HeldRows:
        """The rows are there as a whole."""
        return self

    def order_by(self, *names: str) -> HeldRows:
        """In order of columns; what is missing comes last, first in the opposite order, as in the database."""
        rows = list(self._rows)
        for name in reversed(names):
            column = _column(self._model, name.lstrip("-"))
            rows.sort(
                key=lambda row: ((v := getattr(row, column)) is None, v if v is not None else 0),
                reverse=name.startswith("-"),
            )
        return self._with(rows)

    def values_list(self, name: str, flat: bool = False) -> list[Any]:
        """One column."""
        if not flat:
            raise NotOnTheBench("values_list of rows")
        return [getattr(row, _column(self._model, name)) for row in self._rows]

    def first(self) -> Any:
        """The first, or None."""
        return next(iter(self._rows), None)

    def get(self, *where: Q, **named: Any) -> Any:
        """The only one."""
        rows = list(self.filter(*where, **named) if where or named else self._rows)
        if not rows:
            raise self._model.DoesNotExist  # type: ignore[attr-defined]
        if len(rows) > 1:
            raise MultipleObjectsReturned
        return rows[0]

    def exists(self) -> bool:
        """Whether there is one."""
        return self.first() is not None

    def count(self) -> int:
        """How many."""
        return len(list(self._rows))

    def update(self, **changes: Any) -> int:
        """Change columns of all of them."""
        rows = list(self._rows)
        for row in rows:
            for name, value in changes.items():
                setattr(row, name, value)
        return len(rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self._rows))


def stored_on(bench: Bench, row: models.Model, key: Sequence[str]) -> Any:
    """The row of the bench with the same unique key, or None."""
    same = {name: getattr(row, _column(type(row), name)) for name in key}
    return HeldRows(type(row), bench).filter(**same).first()
