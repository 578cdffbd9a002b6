"""Writes that are safe to ask twice."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

from django.db import connection, models

from wushi.kernel.errors import KeyReused
from wushi.plumbing.bench import held, stored_on
from wushi.plumbing.fields import TokensField
from wushi.plumbing.raw import NamedCursor, sent

M = TypeVar("M", bound=models.Model)


def serialised(what: str) -> None:
    """Wait for whoever decides about the same thing (a name, not a row) in another transaction; until this one ends."""
    key = int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


# Python values of these fields go to the driver as they are; Django's preparing of each was a tenth of a creation.
_AS_IS = (
    models.CharField,
    models.TextField,
    models.UUIDField,
    models.BooleanField,
    models.FloatField,
    models.IntegerField,
    models.DateTimeField,
    models.DateField,
    models.TimeField,
    models.ForeignKey,
)


@cache
def _insert_of(model: type[models.Model], rows: int) -> tuple[str, str, tuple[Callable[[Any], Any], ...]]:
    """(INSERT of so many rows as the wrappers see it, as the server gets it, how each column is read off a row)."""
    quote = connection.ops.quote_name
    fields = tuple(f for f in model._meta.concrete_fields if not f.generated)
    columns = ", ".join(quote(f.column) for f in fields)
    head = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES "
    marks = [_mark(f) for f in fields]
    shown = head + ", ".join([f"({', '.join(marks)})"] * rows)
    number = itertools.count(1)
    numbered = (", ".join(mark.replace("%s", f"${next(number)}") for mark in marks) for _ in range(rows))
    return shown, head + ", ".join(f"({row})" for row in numbered), tuple(_reader(f) for f in fields)


def _mark(field: models.Field[Any, Any]) -> str:
    placeholder = getattr(field, "get_placeholder", None)
    return str(placeholder(None, None, connection)) if placeholder else "%s"


def _reader(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    if isinstance(field, _AS_IS):
        return attrgetter(field.attname)
    return lambda row: field.get_db_prep_save(getattr(row, field.attname), connection)


def _send(rows: Sequence[models.Model], ending: str = "") -> int:
    """One INSERT with its values bound by the server, through the same wrappers as every statement; rows written.

    Django binds in the client: each of sixty values is quoted into a long text, which the server parses and plans anew.
    """
    shown, sql, readers = _insert_of(type(rows[0]), len(rows))
    return _execute(shown + ending, sql + ending, [read(row) for row in rows for read in readers])


def _execute(shown: str, sql: str, values: list[Any]) -> int:
    """Rows written."""
    with sent(sql, values, shown=shown) as cursor:
        return cursor.rowcount


def insert_arrays(sql: str, values: list[Any]) -> int:
    """INSERT ... SELECT FROM unnest(%b::uuid[], ...) of arrays that travel as bytes, through the wrappers; rows written.

    For what comes in by the thousand and is written as it is: half the work of ``insert_bulk``, which knows any table.
    """
    with sent(sql, values, kind=NamedCursor) as cursor:
        return cursor.rowcount


def insert_plain(row: models.Model, ending: str = "") -> bool:
    """INSERT of one row, and nothing else (no look-up, no savepoint); whether it was written."""
    written = _send([row], ending) > 0
    if written:
        _stored(row)
    return written


@cache
def _update_of(
    model: type[models.Model], names: tuple[str, ...]
) -> tuple[str, tuple[Callable[[Any], Any], ...]]:
    quote = connection.ops.quote_name
    by_name = {f.name: f for f in model._meta.concrete_fields}
    fields = [by_name[name] for name in names]
    sets = ", ".join(f"{quote(f.column)} = ${n}" for n, f in enumerate(fields, start=1))
    where = f"county = ${len(names) + 1} AND id = ${len(names) + 2}"
    readers = tuple(_reader(f) for f in fields)
    return f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {where}", readers


def update_plain(row: models.Model, names: Sequence[str]) -> None:
    """UPDATE of a few columns of one row of a county, which the caller holds locked; nothing is asked or made anew."""
    sql, readers = _update_of(type(row), tuple(names))
    _execute(sql, sql, [*(read(row) for read in readers), row.county, row.pk])  # type: ignore[attr-defined]


def insert_many(rows: Sequence[models.Model]) -> None:
    """One INSERT for a few rows of one table."""
    if rows and (bench := held(type(rows[0]))) is not None:
        for row in rows:
            bench.put(row)
        return
    if rows:
        _send(rows)
    for row in rows:
        _stored(row)


# How the values of a column travel as one array: (its type, what each element is then cast by).
_ARRAYS: tuple[tuple[type[models.Field[Any, Any]], str, str], ...] = (
    (TokensField, "text", "array_to_tsvector(string_to_array({}, ' '))"),
    (models.JSONField, "text", "{}::jsonb"),
    (models.UUIDField, "uuid", "{}"),
    (models.DateTimeField, "timestamptz", "{}"),
    (models.DateField, "date", "{}"),
    (models.TimeField, "time", "{}"),
    (models.BooleanField, "boolean", "{}"),
    (models.FloatField, "float8", "{}"),
    (models.IntegerField, "int8", "{}"),
    (models.BinaryField, "bytea", "{}"),
    (models.CharField, "text", "{}"),
    (models.TextField, "text", "{}"),
)


@cache
def _bulk_of(model: type[models.Model]) -> tuple[str, tuple[Callable[[Any], Any], ...]]:
    """(INSERT from one array a column, how each value is read off a row)."""
    quote = connection.ops.quote_name
    columns, casts, arrays, readers = [], [], [], []
    for number, field in enumerate((f for f in model._meta.concrete_fields if not f.generated), start=1):
        # a key has the type of what it points at
        kind = field.target_field if isinstance(field, models.ForeignKey) else field
        array, cast = next((a, c) for cls, a, c in _ARRAYS if isinstance(kind, cls))
        columns.append(quote(field.column))
        casts.append(cast.format(f"c{number}"))
        arrays.append(f"${number}::{array}[]")
        readers.append(_bulk_reader(field, kind))
    names = ", ".join(f"c{n}" for n in range(1, len(columns) + 1))
    sql = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) SELECT {', '.join(casts)}"
        f" FROM unnest({', '.join(arrays)}) AS given({names})"
    )
    return sql, tuple(readers)


def _bulk_reader(field: models.Field[Any, Any], kind: models.Field[Any, Any]) -> Callable[[Any], Any]:
    name = field.attname
    if isinstance(kind, TokensField):
        # ready tokens hold no blank
        return lambda row: " ".join(sorted({token for token in getattr(row, name) or [] if token}))
    if isinstance(kind, models.JSONField):
        return lambda row: json.dumps(getattr(row, name), ensure_ascii=False)
    if isinstance(kind, models.BinaryField):
        return lambda row: bytes(field.get_prep_value(getattr(row, name)))
    if isinstance(kind, models.CharField | models.TextField):
        return lambda row: str(getattr(row, name))
    return attrgetter(name)


def insert_bulk(rows: Sequence[models.Model], at_once: int = 2000) -> int:
    """INSERT of very many rows of one table, each column as one array; how many.

    COPY FROM is refused under row-level security, and the application's role makes no tables, not even for itself.
    """
    for first in range(0, len(rows), at_once):
        part = rows[first : first + at_once]
        sql, readers = _bulk_of(type(part[0]))
        _execute(sql, sql, [[read(row) for row in part] for read in readers])
        for row in part:
            _stored(row)
    return len(rows)


def _stored(row: models.Model) -> None:
    row._state.adding = False
    row._state.db = connection.alias


def insert_once(row: M, *, key: Sequence[str], same: Sequence[str] = ()) -> tuple[M, bool]:
    """INSERT ... ON CONFLICT DO NOTHING on the unique fields ``key``; (stored row, whether it is new).

    Never a caught IntegrityError, which would spoil the transaction. Raises KeyReused when a row with that key is
    there and differs in one of the fields ``same``.
    """
    bench = held(type(row))
    stored = None if bench is None else stored_on(bench, row, key)
    if bench is None:
        if insert_plain(row, " ON CONFLICT DO NOTHING"):
            return row, True
        stored = type(row)._base_manager.get(**{name: getattr(row, name) for name in key})
    elif stored is None:
        bench.put(row)
        return row, True
    if any(getattr(stored, name) != getattr(row, name) for name in same):
        raise KeyReused()
    return stored, False
