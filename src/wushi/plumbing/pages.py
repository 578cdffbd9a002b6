"""Keyset pages: a list is read from where the last page ended, never by counting off rows."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from wushi.kernel.errors import Invalid

T = TypeVar("T")
PAGE = 50
COUNT_LIMIT = 1000


@dataclass(frozen=True)
class Cursor:
    """Where a page ended: the instant it is sorted by, and the id that breaks ties."""

    at: datetime
    id: UUID

    def encode(self) -> str:
        """For a URL."""
        return (
            base64.urlsafe_b64encode(json.dumps([self.at.isoformat(), self.id.hex]).encode())
            .decode()
            .rstrip("=")
        )

    @classmethod
    def decode(cls, text: str) -> Cursor | None:
        """None for the first page; raises Invalid for anything this program did not write."""
        if not text:
            return None
        try:
            at, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            found = cls(datetime.fromisoformat(at), UUID(key))
            if found.at.tzinfo is None:
                raise ValueError("an instant without its zone")
            return found
        except (
            ValueError,
            TypeError,
            AttributeError,
            OverflowError,
            RecursionError,
            binascii.Error,
        ) as error:
            raise Invalid(fields={"after": "bad_cursor"}) from error


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows in order and the cursor of the next page ('' at the end)."""

    rows: list[T]
    next_cursor: str = ""


@dataclass(frozen=True)
class Count:
    """How many, counted to COUNT_LIMIT; ``more`` = there are more than that ("1000+")."""

    n: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.n}+" if self.more else str(self.n)


def beyond(field: str, after: Cursor | None, descending: bool) -> Q:
    """The condition "after the cursor", written so that an index on (field, id) serves it as a range."""
    if after is None:
        return Q()
    near, far = ("lte", "lt") if descending else ("gte", "gt")
    return Q(**{f"{field}__{near}": after.at}) & (
        Q(**{f"{field}__{far}": after.at}) | Q(**{f"id__{far}": after.id})
    )


def ids_of_page(
    branches: Sequence[QuerySet[Any]], *, field: str, descending: bool, after: Cursor | None, size: int = PAGE
) -> list[tuple[datetime, UUID]]:
    """(instant, id) of one page: each branch limited, united without duplicates, ordered, limited. One statement."""
    if not branches:
        return []
    order = (f"-{field}", "-id") if descending else (field, "id")
    limited = [
        branch.filter(beyond(field, after, descending)).order_by(*order).values_list(field, "id")[: size + 1]
        for branch in branches
    ]
    whole = limited[0] if len(limited) == 1 else limited[0].union(*limited[1:]).order_by(*order)[: size + 1]
    return list(whole)


def cut(pairs: Sequence[tuple[datetime, UUID]], size: int = PAGE) -> tuple[list[UUID], str]:
    """The ids of the page and the next cursor, from up to ``size + 1`` pairs."""
    next_cursor = Cursor(*pairs[size - 1]).encode() if len(pairs) > size else ""
    return [key for _, key in pairs[:size]], next_cursor


def count_of(branches: Sequence[QuerySet[Any]]) -> Count:
    """How many rows the branches hold together, counted no further than COUNT_LIMIT + 1. One statement."""
    if not branches:
        return Count(0)
    limited = [branch.order_by().values_list("id")[: COUNT_LIMIT + 1] for branch in branches]
    if len(limited) == 1:
        n = limited[0].count()
    else:
        n = limited[0].union(*limited[1:]).count()
    return Count(min(n, COUNT_LIMIT), n > COUNT_LIMIT)
