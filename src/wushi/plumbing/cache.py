"""A versioned in-process cache of what rarely changes: areas, calendars, routes, paces.

Kept per county with the version it was read at; the version is asked for at most every ``FRESH`` seconds, so a change in
one process is seen by the others within that time. The process that changed something forgets at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
FRESH = 2.0
# more than a province has; the longest unread goes first
COUNTIES = 256


class VersionedCache(Generic[T]):
    """``get(county)`` reads once and keeps until the version changes. Loads run in the caller's transaction."""

    def __init__(self, load: Callable[[str], T], version: Callable[[str], str]) -> None:
        self._load, self._version = load, version
        self._kept: dict[str, tuple[str, float, T]] = {}
        self._lock = threading.Lock()
        _caches.append(self)

    def get(self, county: str) -> T:
        """The county's value, at most FRESH seconds behind the database."""
        kept = self._kept.get(county)
        now = time.monotonic()
        if kept and now - kept[1] < FRESH:
            return kept[2]
        version = self._version(county)
        if kept and kept[0] == version:
            value = kept[2]
        else:
            value = self._load(county)
        if version:
            # a county nobody founded is not kept: anybody can name one
            with self._lock:
                self._kept.pop(county, None)
                self._kept[county] = (version, now, value)
                while len(self._kept) > COUNTIES:
                    self._kept.pop(next(iter(self._kept)))
        return value

    def forget(self, county: str) -> None:
        """Read again at the next call."""
        with self._lock:
            self._kept.pop(county, None)


_caches: list[VersionedCache] = []  # type: ignore[type-arg]


def forget_county(county: str) -> None:
    """All caches of this process read the county again."""
    for cache in _caches:
        cache.forget(county)
