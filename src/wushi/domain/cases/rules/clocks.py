"""The clock engine: from when to when, by which hours, and when to warn. Pure; every number comes from the rule book.

A clock's **measure** is working time or natural time. Its deadline is found from its start by the pace's unit, then moved
by what it was paused, in its own measure; yellow and supervision are shares of the whole, moved alike. So a pause of w
working minutes moves a working-time deadline by exactly w working minutes, and a clock that was never paused or extended
depends on nothing but its start, its pace and the calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from wushi.domain.areas.rules import WorkCalendar
from wushi.domain.cases.rules.routing import NoRule, in_force

LOCAL = ZoneInfo("Asia/Shanghai")


class ClockName(StrEnum):
    """What is timed."""

    CLAIM = "claim"  # 签收: from opening to the first signature
    HANDOVER = "handover"  # 再签收: each time it changes hands
    CONTACT = "contact"  # 联系群众: the first word with who told it
    RESOLUTION = "resolution"  # 办结
    WHOLE = "whole"  # 全程: from opening to closing; nothing sets it back
    ANSWER = "answer"  # 群众确认: how long the resident is asked
    PAUSE = "pause"  # 挂起: until when it may rest
    ROLL_CALL = "roll_call"  # 报到: a called department says it is there
    PART = "part"  # 分办: a called department's or co-handler's own part


class Unit(StrEnum):
    """How a pace counts."""

    WORKDAY = "workday"  # the n-th working day after the start, at an hour of it
    WORK_MINUTE = "work_minute"  # minutes of office hours
    DAY = "day"  # calendar days, at an hour of the last
    MINUTE = "minute"  # minutes as they pass


class Level(StrEnum):
    """Which of its marks a clock has passed."""

    NONE = ""
    YELLOW = "yellow"
    RED = "red"
    SUPERVISION = "supervision"


WORKING = frozenset({Unit.WORKDAY, Unit.WORK_MINUTE})
ORDER = (Level.NONE, Level.YELLOW, Level.RED, Level.SUPERVISION)


@dataclass(frozen=True)
class PaceRule:
    """One dated line: how long something may take. Empty ``kind``, ``urgency``, ``category`` mean "any".

    ``extension_cap`` is the most that may be added, in the same unit; ``at_red`` is what happens when it is over:
    ``escalate`` (one level up takes it) or ``tell`` (one level up watches).
    """

    code: str
    version: int
    clock: str
    kind: str
    urgency: str
    category: str
    amount: int
    unit: str
    by_time: time
    extension_cap: int
    at_red: str
    valid_from: date
    valid_until: date | None
    basis: str


@dataclass(frozen=True)
class Shares:
    """When to warn and when to supervise, in percent of the time (70 and 120 are the field's custom)."""

    yellow: int = 70
    supervision: int = 120


@dataclass(frozen=True)
class Plan:
    """A clock as the engine promises it; instants are UTC, ``guess`` = the calendar of the last day is not loaded."""

    started: datetime
    yellow: datetime
    due: datetime
    supervision: datetime
    guess: bool

    def mark(self, level: Level) -> datetime:
        """When a level is reached."""
        return {Level.YELLOW: self.yellow, Level.RED: self.due, Level.SUPERVISION: self.supervision}[level]


def decide_pace(
    rules: Sequence[PaceRule],
    *,
    kind: str,
    urgency: str,
    category: str,
    day: date,
    clock: str = ClockName.RESOLUTION,
) -> PaceRule:
    """The most exact line of a clock in force on a day. Raises NoRule."""
    fitting = [
        r
        for r in rules
        if r.clock == clock
        and in_force(r, day)
        and r.kind in ("", kind)
        and r.urgency in ("", urgency)
        and r.category in ("", category)
    ]
    if not fitting:
        raise NoRule(clock)
    return max(
        fitting, key=lambda r: (bool(r.category), bool(r.kind), bool(r.urgency), r.valid_from, r.version)
    )


def measured(unit: str, start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """How much of the unit's kind of time lies between two moments."""
    return calendar.work_between(start, end) if unit in WORKING else end - start


def moved(unit: str, start: datetime, length: timedelta, calendar: WorkCalendar) -> datetime:
    """The moment by which so much of the unit's kind of time has passed."""
    return calendar.add_work(start, length) if unit in WORKING else start + length


def _unpaused(pace: PaceRule, started: datetime, extended: int, calendar: WorkCalendar) -> datetime:
    amount = pace.amount + extended
    if pace.unit == Unit.MINUTE:
        return started + timedelta(minutes=amount)
    if pace.unit == Unit.WORK_MINUTE:
        return calendar.add_work(started, timedelta(minutes=amount))
    day = started.astimezone(LOCAL).date()
    if pace.unit == Unit.WORKDAY:
        last = calendar.add_workdays(day, max(amount, 1))
    else:
        last = day + timedelta(days=amount)
    # an hour that has passed already on the very day (0 calendar days) never makes it due before it began
    return max(datetime.combine(last, pace.by_time, tzinfo=LOCAL).astimezone(UTC), started)


def plan(
    pace: PaceRule,
    *,
    started: datetime,
    calendar: WorkCalendar,
    shares: Shares,
    pauses: Iterable[tuple[datetime, datetime]] = (),
    extended: int = 0,
) -> Plan:
    """All marks of one clock. ``pauses`` are (from, until) spans that have ended, ``extended`` is in the pace's unit."""
    started = started.astimezone(UTC)
    rested = sum(
        (
            measured(pace.unit, max(since, started), until, calendar)
            for since, until in pauses
            if until > max(since, started)
        ),
        timedelta(),
    )
    raw = _unpaused(pace, started, extended, calendar)
    due = moved(pace.unit, raw, rested, calendar)
    net = measured(pace.unit, started, raw, calendar)
    if not net:
        # nothing but rest lies between (opened on Friday night, due before the next office hour): count time as it passes
        yellow = due - (due - started) * (100 - shares.yellow) / 100
        supervision = due + (due - started) * (shares.supervision - 100) / 100
    else:
        yellow = min(due, moved(pace.unit, started, net * shares.yellow / 100 + rested, calendar))
        supervision = moved(pace.unit, due, net * (shares.supervision - 100) / 100, calendar)
    return Plan(started, yellow, due, supervision, calendar.is_guess(due.astimezone(LOCAL).date()))


def due_at(*, opened: datetime, pace: PaceRule, calendar: WorkCalendar) -> Plan:
    """What is promised at opening, before anything could pause or extend it."""
    return plan(pace, started=opened, calendar=calendar, shares=Shares())


def next_mark(reached: str, marks: Plan) -> tuple[Level, datetime] | None:
    """The mark after the one that was reached, and when; None after the last."""
    place = ORDER.index(Level(reached)) + 1
    if place >= len(ORDER):
        return None
    return ORDER[place], marks.mark(ORDER[place])


def may_still_reopen(*, closed: datetime | None, now: datetime, days: int) -> bool:
    """Within so many calendar days of closing (data of the county)."""
    return closed is None or now <= closed + timedelta(days=days)


def last_day_to_contest(*, opened: date, days: int) -> date:
    """The last day on which whom it was recorded for may say that it was not his wish (days: data of the county)."""
    return opened + timedelta(days=days)
