"""Deadlines reckoned by hand (`clock_table.md`) against the engine, to the second; each line is a test of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path

import pytest

from wushi.domain.areas import calendars
from wushi.domain.areas.rules import USUAL_HOURS, OfficeHours, WorkCalendar
from wushi.domain.cases.rules.clocks import ClockName, PaceRule, Plan, Shares, plan

PAGE = Path(__file__).with_name("clock_table.md")
BEIJING = timezone(timedelta(hours=8))
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Line:
    """One line of the page, as it is written there."""

    id: str
    shows: str
    start: str
    amount: str
    unit: str
    by: str
    hours: str
    pauses: str
    extension: str
    yellow: str
    due: str
    supervision: str
    guess: str


def cells() -> Iterator[list[str]]:
    """What stands in the tables of the page, heads and all."""
    for text in PAGE.read_text(encoding="utf-8").splitlines():
        if text.startswith("|"):
            yield [cell.strip() for cell in text.strip("|").split("|")]


LINES = [Line(*row) for row in cells() if re.fullmatch(r"[A-Z]\d\d", row[0])]


@cache
def calendar_of(hours: str) -> WorkCalendar:
    """The calendar that ships, with one of the office hours of the page."""
    lines = [
        OfficeHours(date.fromisoformat(row[1]), tuple(span(text) for text in row[2].split(" + ")))
        for row in cells()
        if row[0] == hours and len(row) == 3 and row[1] != "-"
    ]
    assert lines or hours == "-", f"the page names no hours {hours}"
    days = {d.day: d.is_workday for d in calendars.seeded()}
    return WorkCalendar(days, 2026, tuple(lines) or (USUAL_HOURS,))


def span(text: str) -> tuple[time, time]:
    """08:00-12:00"""
    since, until = text.split("-")
    return time.fromisoformat(since), time.fromisoformat(until)


def moment(text: str) -> datetime:
    """A moment of the page; a weekday that does not fit the date is a slip of the hand and must not pass."""
    weekday, rest = text.split(" ", 1)
    found = datetime.fromisoformat(rest).replace(tzinfo=BEIJING)
    assert WEEKDAYS[found.weekday()] == weekday, f"{rest} is no {weekday}"
    return found


def written(instant: datetime) -> str:
    """An instant as the page writes it; more than the second is shown too, so it cannot hide."""
    local = instant.astimezone(BEIJING).replace(tzinfo=None)
    rest = local.isoformat(" ", "minutes" if not (local.second or local.microsecond) else "auto")
    return f"{WEEKDAYS[local.weekday()]} {rest}"


def pauses_of(line: Line) -> list[tuple[datetime, datetime]]:
    """From .. until, separated by semicolons."""
    if line.pauses == "-":
        return []
    pairs = [text.split(" .. ") for text in line.pauses.split("; ")]
    return [(moment(since), moment(until)) for since, until in pairs]


def pace_of(line: Line) -> PaceRule:
    """The rule a line speaks of."""
    return PaceRule(
        code=line.id,
        version=1,
        clock=ClockName.RESOLUTION,
        kind="",
        urgency="",
        category="",
        amount=int(line.amount),
        unit=line.unit,
        by_time=time(18) if line.by == "-" else time.fromisoformat(line.by),
        extension_cap=0,
        at_red="escalate",
        valid_from=date(2020, 1, 1),
        valid_until=None,
        basis="",
    )


def planned(line: Line) -> Plan:
    """What the engine says."""
    return plan(
        pace_of(line),
        started=moment(line.start),
        calendar=calendar_of(line.hours),
        shares=Shares(),
        pauses=pauses_of(line),
        extended=0 if line.extension == "-" else int(line.extension),
    )


@pytest.mark.parametrize("line", LINES, ids=[f"{line.id} {line.shows}" for line in LINES])
def test_line(line: Line) -> None:
    marks = planned(line)
    assert written(marks.due) == line.due
    assert marks.guess is (line.guess == "yes")
    if line.yellow != "-":
        assert written(marks.yellow) == line.yellow
    if line.supervision != "-":
        assert written(marks.supervision) == line.supervision


def test_the_page_is_whole() -> None:
    assert len(LINES) >= 90 and len({line.id for line in LINES}) == len(LINES)
    assert sum(line.yellow != "-" and line.supervision != "-" for line in LINES) >= 20
    assert {line.unit for line in LINES} == {"workday", "work_minute", "day", "minute"}
    assert {line.guess for line in LINES} == {"yes", "no"}
    for line in LINES:
        for text in (line.start, line.yellow, line.due, line.supervision):
            assert text == "-" or written(moment(text)) == text
