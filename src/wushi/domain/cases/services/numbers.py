"""Numbers read aloud by telephone: blocks of 20 per process, county and day, taken by the edge before the verb begins."""

from __future__ import annotations

import threading
from datetime import date
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.rules import number_of
from wushi.kernel.ids import uuid7
from wushi.kernel.verb import chore

BLOCK = 20

_lock = threading.Lock()
_blocks: dict[tuple[str, date], list[int]] = {}
_prefixes: dict[str, str] = {}


def _take_block(county: str) -> tuple[date, list[int], str]:
    with chore(county, "number_block") as scope:
        day = timezone.localdate(scope.now)
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO cases_numberblock (id, county, day, next_serial) VALUES (%s, %s, %s, %s)
                   ON CONFLICT (county, day) DO UPDATE SET next_serial = cases_numberblock.next_serial + %s
                   RETURNING next_serial""",
                [uuid7(), county, day, 1 + BLOCK, BLOCK],
            )
            after = cursor.fetchone()[0]
        return day, list(range(after - 1, after - BLOCK - 1, -1)), rulebook(county).profile.number_prefix


def take_number(county: str) -> str:
    """The next number of the county, of the day it is there now; one refused request wastes one."""
    today = timezone.localdate()
    with _lock:
        serials = _blocks.get((county, today))
        if serials:
            return number_of(_prefixes[county], today, serials.pop())
    day, fresh, prefix = _take_block(county)
    with _lock:
        _prefixes[county] = prefix
        for old in [key for key in _blocks if key[0] == county and key[1] < day]:
            del _blocks[old]
        serial = fresh.pop()
        _blocks.setdefault((county, day), []).extend(fresh)
    return number_of(prefix, day, serial)


def fresh_key() -> str:
    """A client key for a form that is about to be shown (122 random bits)."""
    return str(uuid4())
