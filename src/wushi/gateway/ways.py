"""The ways in of a county, as its administrator set them: read for a few seconds, then read again."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from wushi.domain.calls.queries.pages import gateways_of
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

KEPT_SECONDS = 5.0
# whoever tries numbers of counties fills no memory
MOST = 500
_COUNTY = re.compile(r"[0-9]{6}")


@dataclass(frozen=True)
class Way:
    """One gateway: its form, how it proves itself, what is subscribed to. The secret never shows."""

    code: str
    envelope: str
    proof: str
    secret: str = field(repr=False)
    topic: str = ""


_kept: dict[str, tuple[float, Mapping[str, Way]]] = {}
_lock = threading.Lock()


def ways_of(county: str) -> Mapping[str, Way]:
    """Code -> gateway, of those that are open now. One county, one reading."""
    with reading(Actor.of_house(county)):
        rows = gateways_of(Actor.of_house(county))
    return {
        row.code: Way(row.code, row.envelope, row.proof, str(row.secret), row.topic)
        for row in rows
        if row.active
    }


def way(county: str, code: str) -> Way | None:
    """One open gateway; what was closed or made is known within a few seconds."""
    if not _COUNTY.fullmatch(county):
        return None
    now = time.monotonic()
    until, found = _kept.get(county, (0.0, {}))
    if until <= now:
        found = ways_of(county)
        with _lock:
            if len(_kept) >= MOST:
                _kept.clear()
            _kept[county] = (now + KEPT_SECONDS, found)
    return found.get(code)


def forget() -> None:
    """Read anew at the next question (tests)."""
    with _lock:
        _kept.clear()
