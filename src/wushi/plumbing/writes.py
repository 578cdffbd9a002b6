"""Writes that are safe to ask twice."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

from wushi.kernel.errors import KeyReused

M = TypeVar("M", bound=models.Model)


def serialised(what: str) -> None:
    """Wait for whoever decides about the same thing (a name, not a row) in another transaction; until this one ends."""
    key = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


@cache
def _insert_of(model: type[models.Model]) -> tuple[str, tuple[models.Field[Any, Any], ...]]:
    """The INSERT of one row and the fields in its order. Putting it together anew for each row was a tenth of a creation."""
    quote, fields = (
        connection.ops.quote_name,
        tuple(f for f in model._meta.concrete_fields if not f.generated),
    )
    columns = ", ".join(quote(f.column) for f in fields)
    marks = ", ".join(_mark(f) for f in fields)
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})", fields


def _mark(field: models.Field[Any, Any]) -> str:
    placeholder = getattr(field, "get_placeholder", None)
    return str(placeholder(None, None, connection)) if placeholder else "%s"


def insert_plain(row: models.Model, ending: str = "") -> bool:
    """INSERT of one row, and nothing else (no look-up, no savepoint); whether it was written."""
    sql, fields = _insert_of(type(row))
    with connection.cursor() as cursor:
        cursor.execute(sql + ending, [f.get_db_prep_save(f.pre_save(row, True), connection) for f in fields])
        written = bool(cursor.rowcount)
    if written:
        row._state.adding = False
        row._state.db = connection.alias
    return written


def insert_once(row: M, *, key: Sequence[str], same: Sequence[str] = ()) -> tuple[M, bool]:
    """INSERT ... ON CONFLICT DO NOTHING on the unique fields ``key``; (stored row, whether it is new).

    Never a caught IntegrityError, which would spoil the transaction. Raises KeyReused when a row with that key is
    there and differs in one of the fields ``same``.
    """
    if insert_plain(row, " ON CONFLICT DO NOTHING"):
        return row, True
    stored = type(row)._base_manager.get(**{name: getattr(row, name) for name in key})
    if any(getattr(stored, name) != getattr(row, name) for name in same):
        raise KeyReused()
    return stored, False
