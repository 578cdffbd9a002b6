"""Rehearsal: what another rule book or calendar would have done to what was told lately. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wushi.domain.areas import queries as areas
from wushi.domain.areas.rules import WorkCalendar
from wushi.domain.cases.models import Case
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.rules import (
    LOCAL,
    ClockName,
    Decision,
    NoRule,
    PaceRule,
    Plan,
    RouteRule,
    Shares,
    decide_pace,
    decide_route,
    plan,
)

DAYS = 90
CLOCKS = (ClockName.CLAIM, ClockName.CONTACT, ClockName.RESOLUTION, ClockName.WHOLE)
BATCH = 2000


@dataclass(frozen=True)
class Book:
    """What decides: routes, paces, shares and a calendar. The days of a rehearsed line do not matter: it is tried on all."""

    routes: tuple[RouteRule, ...]
    paces: tuple[PaceRule, ...]
    calendar: WorkCalendar
    shares: Shares = field(default_factory=Shares)
    any_day: bool = False


@dataclass(frozen=True)
class Difference:
    """One request that would have gone elsewhere, or been promised another time."""

    number: str
    opened_at: datetime
    what: str
    was: str
    would_be: str
    moved: timedelta | None = None


@dataclass(frozen=True)
class Rehearsed:
    """How many were tried, the differences (the first ``LISTED``), and how many there are of each kind."""

    tried: int
    differences: tuple[Difference, ...]
    counts: dict[str, int]
    late_before: int
    late_after: int


def book_of(county: str) -> Book:
    """The rule book in force."""
    book = rulebook(county)
    return Book(book.routes, book.paces, areas.calendar_of(county), book.profile.shares)


def rehearse(county: str, new: Book, now: datetime, *, days: int = DAYS, listed: int = 1000) -> Rehearsed:
    """Every request of the last days by the book in force and by the new one. The caller is inside a reading.

    A deadline is compared as it would be promised at opening: rests and extensions came later and stay theirs.
    """
    old = book_of(county)
    rows = Case.objects.filter(county=county, opened_at__gt=now - timedelta(days=days))
    rows = rows.only(
        "county", "number", "opened_at", "kind", "category", "urgency", "grid", "village", "handled_at", "closed_at",
        "wants_reply", "state", "due_at",
    ).order_by("opened_at", "id")  # fmt: skip
    tried, late_before, late_after = 0, 0, 0
    found: list[Difference] = []
    counts: dict[str, int] = {}
    for case in rows.iterator(BATCH):
        tried += 1
        before, after = _promise(case, old), _promise(case, new)
        end = case.handled_at or case.closed_at or now
        late_before += before is not None and end > before.due
        late_after += after is not None and end > after.due
        for difference in _differences(case, old, new):
            counts[difference.what] = counts.get(difference.what, 0) + 1
            if len(found) < listed:
                found.append(difference)
    return Rehearsed(tried, tuple(found), counts, late_before, late_after)


def _promise(case: Case, book: Book, clock: str = ClockName.RESOLUTION) -> Plan | None:
    day = case.opened_at.astimezone(LOCAL).date()
    paces: Sequence[PaceRule] = book.paces
    if book.any_day:
        day = max((p.valid_from for p in paces), default=day)
    try:
        pace = decide_pace(
            paces, kind=case.kind, urgency=case.urgency, category=case.category, day=day, clock=clock
        )
    except NoRule:
        return None
    return plan(pace, started=case.opened_at, calendar=book.calendar, shares=book.shares)


def _route(case: Case, book: Book) -> Decision | None:
    day = case.opened_at.astimezone(LOCAL).date()
    if book.any_day:
        day = max((r.valid_from for r in book.routes), default=day)
    try:
        return decide_route(
            book.routes, category=case.category, kind=case.kind, area=case.grid or case.village, day=day
        )
    except NoRule:
        return None


def _differences(case: Case, old: Book, new: Book) -> Iterator[Difference]:
    was, would = _route(case, old), _route(case, new)
    before, after = (f"{r.tray.duty}:{r.tray.area}:{r.tray.unit}" if r else "" for r in (was, would))
    if before != after:
        yield Difference(case.number, case.opened_at, "route", before, after)
    for clock in CLOCKS:
        if clock == ClockName.CONTACT and not case.wants_reply:
            continue
        a, b = _promise(case, old, clock), _promise(case, new, clock)
        if (a.due if a else None) != (b.due if b else None):
            yield Difference(
                case.number,
                case.opened_at,
                clock.value,
                a.due.isoformat() if a else "",
                b.due.isoformat() if b else "",
                b.due - a.due if a and b else None,
            )
