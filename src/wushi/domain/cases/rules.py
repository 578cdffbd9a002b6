"""Decisions about requests on plain data: which tray, which deadline, which number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wushi.domain.areas.rules import DIGITS, WorkCalendar

LOCAL = ZoneInfo("Asia/Shanghai")


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
class PaceRule:
    """How long handling may take: working days, due at an hour of the last of them."""

    code: str
    version: int
    kind: str
    urgency: str
    category: str
    workdays: int
    by_time: time
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


@dataclass(frozen=True)
class Deadline:
    """By when, and by which rule; ``guess`` = the calendar of that year is not loaded."""

    due: datetime
    pace: str
    version: int
    workdays: int
    guess: bool


class NoRule(LookupError):
    """The rule book of the county has no line for this: a fault of its set-up, never of the person who asks."""


def _in_force(rules: Iterable[RouteRule | PaceRule], day: date) -> list[RouteRule | PaceRule]:
    return [r for r in rules if r.valid_from <= day and (r.valid_until is None or day < r.valid_until)]


def decide_route(rules: Sequence[RouteRule], *, category: str, kind: str, area: str, day: date) -> Decision:
    """The most exact line in force: by area first, then category, then kind, then the newest version. Raises NoRule.

    A tray below the area's own level does not exist (a report that names only the village cannot go to a grid): then the
    tray is the lowest that does, and ``missing`` says which level was wanted.
    """
    fitting = [
        r
        for r in _in_force(rules, day)
        if isinstance(r, RouteRule)
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


def decide_pace(rules: Sequence[PaceRule], *, kind: str, urgency: str, category: str, day: date) -> PaceRule:
    """The most exact pace in force. Raises NoRule."""
    fitting = [
        r
        for r in _in_force(rules, day)
        if isinstance(r, PaceRule)
        and r.kind in ("", kind)
        and r.urgency in ("", urgency)
        and r.category in ("", category)
    ]
    if not fitting:
        raise NoRule("pace")
    return max(
        fitting, key=lambda r: (bool(r.category), bool(r.kind), bool(r.urgency), r.valid_from, r.version)
    )


def due_at(*, opened: datetime, pace: PaceRule, calendar: WorkCalendar) -> Deadline:
    """The hour of the n-th working day after the local day of opening; holidays do not count, make-up Saturdays do."""
    last = calendar.add_workdays(opened.astimezone(LOCAL).date(), max(pace.workdays, 1))
    due = datetime.combine(last, pace.by_time, tzinfo=LOCAL)
    return Deadline(due, pace.code, pace.version, pace.workdays, calendar.is_guess(last))


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


def may_still_reopen(*, closed: datetime | None, now: datetime, days: int) -> bool:
    """Within so many calendar days of closing (data of the county)."""
    return closed is None or now <= closed + timedelta(days=days)


def check_digit(digits: str) -> str:
    """ISO 7064 MOD 11,10 over the digits of a number read aloud by telephone: finds every single wrong digit."""
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def number_of(prefix: str, day: date, serial: int) -> str:
    """YJ-20261123-0001-3; the serial grows past 9999 without a limit."""
    body = f"{day:%Y%m%d}{serial:04d}"
    return f"{prefix}-{day:%Y%m%d}-{serial:04d}-{check_digit(body)}"


def is_number(text: str) -> bool:
    """Whether somebody typed a request's number, with its check digit right."""
    parts = text.strip().upper().split("-")
    if len(parts) != 4 or not parts[0].isalpha() or not all(p.isascii() and p.isdigit() for p in parts[1:]):
        return False
    return check_digit(parts[1] + parts[2]) == parts[3]
