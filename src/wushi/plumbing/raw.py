"""A statement of ours to the server as it is, its values bound there, through the same wrappers as every statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
from django.db import connection

RawCursor = psycopg.RawCursor
NamedCursor = psycopg.Cursor


@contextmanager
def sent(
    sql: str,
    values: Sequence[Any],
    *,
    shown: str = "",
    kind: type[psycopg.Cursor[Any]] = RawCursor,
) -> Iterator[psycopg.Cursor[Any]]:
    """The cursor after it. The wrappers see ``shown`` (else the statement); ``kind`` says how places are marked: $1 or %s."""
    connection.ensure_connection()
    with kind(connection.connection) as cursor, connection.wrap_database_errors:

        def execute(_shown: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
            return cursor.execute(sql.encode(), params)

        for wrapper in reversed(connection.execute_wrappers):
            execute = partial(wrapper, execute)
        execute(shown or sql, values, False, {"connection": connection, "cursor": cursor})
        yield cursor
