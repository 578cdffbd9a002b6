"""Starting, ending, resting and planning anew the clocks of a request. Called inside verbs that hold the row's lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushi.domain.areas import queries as areas
from wushi.domain.areas.rules import WorkCalendar
from wushi.domain.cases.models import Case, Clock, Extension, Part, Pause, Whistle
from wushi.domain.cases.queries.rulebook import Rulebook, rulebook
from wushi.domain.cases.rules import ClockName, NoRule, PaceRule, Plan, decide_pace, plan
from wushi.domain.cases.rules.clocks import next_mark
from wushi.domain.cases.services.desk import add, all_of, keep

# What a new request starts with; a clock without a line in the rule book does not run.
AT_OPENING = (ClockName.CLAIM, ClockName.CONTACT, ClockName.RESOLUTION, ClockName.WHOLE)
# A rest (挂起) moves how long handling may take, and nothing else.
RESTING = frozenset({ClockName.RESOLUTION.value})
WHILE_HANDLED = frozenset(
    {ClockName.CLAIM, ClockName.HANDOVER, ClockName.CONTACT, ClockName.RESOLUTION, ClockName.PAUSE}
)


def pace_for(book: Rulebook, case: Case, clock: str, day_of: datetime, urgency: str = "") -> PaceRule | None:
    """The line of the rule book for one clock of this request; None where the county has none."""
    try:
        return decide_pace(
            book.paces,
            kind=case.kind,
            urgency=urgency or case.urgency,
            category=case.category,
            day=timezone.localdate(day_of),
            clock=clock,
        )
    except NoRule:
        return None


def planned(case: Case, pace: PaceRule, name: str, now: datetime, marks: Plan) -> Clock:
    """The row of a clock that starts now."""
    return Clock(
        county=case.county,
        case=case,
        name=name,
        pace=pace.code,
        pace_version=pace.version,
        amount=pace.amount,
        unit=pace.unit,
        by_time=pace.by_time,
        started_at=now,
        yellow_at=marks.yellow,
        due_at=marks.due,
        supervise_at=marks.supervision,
        is_guess=marks.guess,
        next_at=marks.yellow,
    )


def take_pace(clock: Clock, pace: PaceRule) -> None:
    """Another line of the rule book for a clock that runs; ``plan_again`` then says what it comes to."""
    clock.pace, clock.pace_version = pace.code, pace.version
    clock.amount, clock.unit, clock.by_time = pace.amount, pace.unit, pace.by_time


def opening_clocks(case: Case, now: datetime) -> list[Clock]:
    """The clocks of a request that has just come in, to be written with it; its deadline is the one for handling."""
    book, calendar = rulebook(case.county), areas.calendar_of(case.county)
    found = []
    for name in AT_OPENING:
        if name == ClockName.CONTACT and not case.wants_reply:
            continue
        pace = pace_for(book, case, name, now)
        if pace is not None:
            marks = plan(pace, started=now, calendar=calendar, shares=book.profile.shares)
            found.append(planned(case, pace, name, now, marks))
    return found


def running(case: Case, names: Iterable[str] = ()) -> list[Clock]:
    """The request's clocks that have not ended."""
    rows = all_of(Clock).filter(county=case.county, case=case, ended_at=None)
    wanted = [str(name) for name in names]
    return list(rows.filter(name__in=wanted) if wanted else rows)


def start_clock(
    case: Case, name: str, now: datetime, *, part_id: UUID | None = None, urgency: str = ""
) -> Clock | None:
    """A clock begins, as the next run of its kind; None where the rule book has no line for it."""
    book = rulebook(case.county)
    pace = pace_for(book, case, name, now, urgency)
    if pace is None:
        return None
    marks = plan(pace, started=now, calendar=areas.calendar_of(case.county), shares=book.profile.shares)
    row = planned(case, pace, name, now, marks)
    row.part_id = part_id
    row.run = 1 + all_of(Clock).filter(county=case.county, case=case, name=name, part_id=part_id).count()
    add(row)
    return row


def end_clocks(case: Case, now: datetime, by: str, names: Iterable[str] = ()) -> None:
    """They stand still for good; what they had reached stays."""
    rows = all_of(Clock).filter(county=case.county, case=case, ended_at=None)
    wanted = [str(name) for name in names]
    (rows.filter(name__in=wanted) if wanted else rows).update(
        ended_at=now, ended_by=by, next_at=None, paused_at=None
    )
    if not wanted or ClockName.RESOLUTION in wanted:
        # more time was asked for this run of it, and for no other
        all_of(Extension).filter(county=case.county, case=case, decided_at=None).update(
            decided_at=now, granted=False
        )


def wind_up(case: Case, now: datetime) -> None:
    """It is over, or done: no rest, no part of somebody's and no whistle is left running in it."""
    all_of(Pause).filter(county=case.county, case=case, until=None).update(until=now)
    all_of(Part).filter(county=case.county, case=case, answered_at=None, released_at=None).update(
        released_at=now
    )
    all_of(Whistle).filter(county=case.county, case=case, ended_at=None).update(ended_at=now)
    end_clocks(case, now, "over", (ClockName.ROLL_CALL, ClockName.PART))
    if case.open_parts:
        case.open_parts = 0
        keep(case, "open_parts")


def hand_over(case: Case, now: datetime) -> None:
    """It changes hands: nobody's signature is waited for any more, and the next one's is."""
    end_clocks(case, now, "handover", (ClockName.CLAIM, ClockName.HANDOVER))
    start_clock(case, ClockName.HANDOVER, now)


def rests(case: Case) -> list[tuple[datetime, datetime]]:
    """The spans it has rested, those that ended."""
    rows = all_of(Pause).filter(county=case.county, case=case, until__isnull=False).order_by("since")
    return [(row.since, row.until) for row in rows if row.until]


def plan_again(clock: Clock, case: Case, calendar: WorkCalendar, book: Rulebook) -> bool:
    """Its marks, from its own start, by its stored pace, rests and extension; whether its deadline moved. Not saved."""
    pace = PaceRule(
        clock.pace,
        clock.pace_version,
        clock.name,
        "",
        "",
        "",
        clock.amount,
        clock.unit,
        clock.by_time,
        0,
        "",
        clock.started_at.date(),
        None,
        "",
    )
    pauses = [span for span in rests(case) if span[0] >= clock.started_at] if clock.name in RESTING else []
    marks = plan(
        pace,
        started=clock.started_at,
        calendar=calendar,
        shares=book.profile.shares,
        pauses=pauses,
        extended=clock.extended,
    )
    moved = marks.due != clock.due_at
    clock.yellow_at, clock.due_at, clock.supervise_at = marks.yellow, marks.due, marks.supervision
    clock.is_guess = marks.guess
    following = next_mark(clock.reached, marks)
    clock.next_at = following[1] if following and clock.paused_at is None else None
    return moved


MARKS = ["yellow_at", "due_at", "supervise_at", "is_guess", "next_at"]


def save_planned(clock: Clock, *more: str) -> None:
    """Write what ``plan_again`` found."""
    keep(clock, *MARKS, *more)


def resolution_columns(clocks: Sequence[Clock]) -> dict[str, Any]:
    """The deadline for handling as the request's own row shows it, from its running clock."""
    for clock in clocks:
        if clock.name == ClockName.RESOLUTION:
            return {"due_at": clock.due_at, "due_is_guess": clock.is_guess}
    return {}
