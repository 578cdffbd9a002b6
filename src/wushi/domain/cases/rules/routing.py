"""Whose tray a matter goes to, and which one lies above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from wushi.domain.areas.rules import DIGITS


@dataclass(frozen=True, order=True)
class Tray:
    """Where a matter lies while nobody has signed for it: a duty over an area (and a unit, for a department)."""

    duty: str
    area: str
    unit: str = ""


@dataclass(frozen=True)
class RouteRule:
    """One line of the dispatch list (派单目录): what it is about and where, and whose tray that is.

    Empty fields mean "any". ``level`` is the level of the tray's area; ``automatic`` assigns at once.
    """

    code: str
    version: int
    category: str
    kind: str
    area: str
    level: str
    duty: str
    unit: str
    automatic: bool
    valid_from: date
    valid_until: date | None
    basis: str


@dataclass(frozen=True)
class Decision:
    """Where a matter goes and why, in codes that are stored with it."""

    tray: Tray
    automatic: bool
    route: str
    version: int
    missing: str = ""


class Dated(Protocol):
    """A line of the rule book with its days."""

    @property
    def valid_from(self) -> date:
        """The first day."""

    @property
    def valid_until(self) -> date | None:
        """The first day on which it is no longer in force."""


def in_force(line: Dated, day: date) -> bool:
    """Whether a dated line holds on a day."""
    return line.valid_from <= day and (line.valid_until is None or day < line.valid_until)


class NoRule(LookupError):
    """The rule book of the county has no line for this: a fault of its set-up, never of the person who asks."""


def decide_route(rules: Sequence[RouteRule], *, category: str, kind: str, area: str, day: date) -> Decision:
    """The most exact line in force: by area first, then category, then kind, then the newest version. Raises NoRule.

    A tray below the area's own level does not exist (a report that names only the village cannot go to a grid): then the
    tray is the lowest that does, and ``missing`` says which level was wanted.
    """
    fitting = [
        r
        for r in rules
        if in_force(r, day)
        and area.startswith(r.area)
        and r.category in ("", category)
        and r.kind in ("", kind)
    ]
    if not fitting:
        raise NoRule("route")
    best = max(fitting, key=lambda r: (len(r.area), bool(r.category), bool(r.kind), r.valid_from, r.version))
    digits = DIGITS[best.level]
    if digits <= len(area):
        return Decision(Tray(best.duty, area[:digits], best.unit), best.automatic, best.code, best.version)
    fallback = {12: "secretary", 9: "town_clerk", 6: "district_clerk"}[len(area)]
    return Decision(Tray(fallback, area), best.automatic, best.code, best.version, missing=best.level)


UPPER_TRAY = {
    "grid": ("village", "secretary"),
    "village": ("town", "town_clerk"),
    "town": ("county", "district_clerk"),
}


def tray_above(area: str, level: str) -> Tray | None:
    """The tray one level above a level, on the same line of areas; None above the district."""
    if level not in UPPER_TRAY:
        return None
    upper, duty = UPPER_TRAY[level]
    return Tray(duty, area[: DIGITS[upper]])


def level_of_tray(tray: Tray) -> str:
    """grid, village, town or county (the district)."""
    return {n: level for level, n in DIGITS.items()}.get(len(tray.area), "county")
