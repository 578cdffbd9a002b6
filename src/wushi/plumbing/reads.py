"""Rows by a fixed statement, for the few places where somebody's life may hang on a millisecond.

Django makes the text of a query anew each time; of a press that was a third of its work. Everywhere else a queryset is better.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any, TypeVar

from django.db import connection, models

from wushi.plumbing.raw import sent

M = TypeVar("M", bound=models.Model)


@cache
def _select_of(
    model: type[models.Model],
) -> tuple[str, tuple[str, ...], tuple[tuple[int, Callable[[Any], Any]], ...]]:
    """(SELECT of all columns, their names, which of them are turned into Python's by what)."""
    quote = connection.ops.quote_name
    fields = model._meta.concrete_fields
    turned = []
    for number, field in enumerate(fields):
        column = field.get_col(model._meta.db_table)
        for turn in [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]:
            turned.append((number, partial(_turn, turn, field)))
    table = quote(model._meta.db_table)
    columns = ", ".join(quote(f.column) for f in fields)
    return f"SELECT {columns} FROM {table} ", tuple(f.attname for f in fields), tuple(turned)


def _turn(turn: Callable[..., Any], field: models.Field[Any, Any], value: Any) -> Any:
    return turn(value, field, connection)


def read_rows(model: type[M], ending: str, values: Sequence[Any]) -> list[M]:
    """Rows of a table whose ``ending`` (WHERE, ORDER BY, FOR UPDATE) names its values $1, $2...; through the wrappers."""
    select, names, turned = _select_of(model)
    with sent(select + ending, values) as cursor:
        found = cursor.fetchall()
    rows = []
    for line in found:
        given = list(line)
        for number, turn in turned:
            given[number] = turn(given[number])
        rows.append(model.from_db(connection.alias, names, given))
    return rows
