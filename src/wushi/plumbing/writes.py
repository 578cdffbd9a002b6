"""Writes that are safe to ask twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db import connection, models
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery

from wushi.kernel.errors import KeyReused

M = TypeVar("M", bound=models.Model)


def insert_once(row: M, *, key: Sequence[str], same: Sequence[str] = ()) -> tuple[M, bool]:
    """INSERT ... ON CONFLICT DO NOTHING on the unique fields ``key``; (stored row, whether it is new).

    Never a caught IntegrityError, which would spoil the transaction. Raises KeyReused when a row with that key is
    there and differs in one of the fields ``same``.
    """
    model = type(row)
    query = InsertQuery(model, on_conflict=OnConflict.IGNORE)
    query.insert_values([f for f in model._meta.concrete_fields if not f.generated], [row])
    with connection.cursor() as cursor:
        for sql, params in query.get_compiler(connection=connection).as_sql():
            cursor.execute(sql, params)
        if cursor.rowcount:
            row._state.adding = False
            row._state.db = connection.alias
            return row, True
    stored = model._base_manager.get(**{name: getattr(row, name) for name in key})
    if any(getattr(stored, name) != getattr(row, name) for name in same):
        raise KeyReused()
    return stored, False
