"""Office hours: dated lines over the calendar of days, and working time across days, years and emptiness."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from wushi.domain.areas import calendars
from wushi.domain.areas.rules import USUAL_HOURS, OfficeHours, WorkCalendar

BEIJING = timezone(timedelta(hours=8))
DAYS = {d.day: d.is_workday for d in calendars.seeded()}
SPRING, SUMMER, AUTUMN = date(2026, 4, 1), date(2026, 6, 1), date(2026, 10, 1)


def spans(*texts: str) -> tuple[tuple[time, time], ...]:
    """("08:00-12:00", ...) as the lines hold them."""
    halves = [text.split("-") for text in texts]
    return tuple((time.fromisoformat(since), time.fromisoformat(until)) for since, until in halves)


def at(text: str) -> datetime:
    """A moment in Beijing."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


USUAL = WorkCalendar(DAYS, 2026)
# out of order on purpose: the newest line that has begun counts, wherever it stands
DATED = WorkCalendar(
    DAYS,
    2026,
    (
        OfficeHours(SUMMER, spans("08:00-12:00", "15:00-18:30")),
        OfficeHours(AUTUMN, spans("08:30-12:00", "14:00-17:30")),
        OfficeHours(SPRING, spans("09:00-12:00", "14:00-18:00")),
    ),
)
SHUT_2026 = WorkCalendar(
    {date(2026, 1, 1) + timedelta(days=n): False for n in range(365)}, 2026, (USUAL_HOURS,)
)


@pytest.mark.parametrize(
    ("day", "calendar", "expected"),
    [
        ("2026-03-09", USUAL, "08:00-12:00 14:30-18:00"),  # a Monday
        ("2026-03-14", USUAL, ""),  # a Saturday
        ("2026-10-05", USUAL, ""),  # a Monday of the National Day's week
        ("2026-10-10", USUAL, "08:00-12:00 14:30-18:00"),  # a worked Saturday
        ("2026-01-04", USUAL, "08:00-12:00 14:30-18:00"),  # a worked Sunday
        ("2027-01-01", USUAL, "08:00-12:00 14:30-18:00"),  # not loaded: a Friday
        ("2027-01-02", USUAL, ""),
        ("2026-03-31", DATED, "08:00-12:00 14:30-18:00"),  # before the first line the usual hours
        ("2026-04-01", DATED, "09:00-12:00 14:00-18:00"),  # the day a line begins it counts
        ("2026-05-29", DATED, "09:00-12:00 14:00-18:00"),
        ("2026-05-31", DATED, ""),
        ("2026-06-01", DATED, "08:00-12:00 15:00-18:30"),
        ("2026-09-20", DATED, "08:00-12:00 15:00-18:30"),  # a worked Sunday has the hours of its season
        ("2026-09-30", DATED, "08:00-12:00 15:00-18:30"),
        ("2026-10-01", DATED, ""),  # a line that begins on a holiday waits for the first working day
        ("2026-10-08", DATED, "08:30-12:00 14:00-17:30"),
        ("2030-06-03", DATED, "08:30-12:00 14:00-17:30"),  # the last line holds until there is another
        ("2026-03-09", SHUT_2026, ""),
    ],
)
def test_spans_of_a_day(day: str, calendar: WorkCalendar, expected: str) -> None:
    assert calendar.spans_of(date.fromisoformat(day)) == spans(*expected.split())


@pytest.mark.parametrize(
    ("since", "until", "calendar", "minutes"),
    [
        ("2026-03-09 00:00", "2026-03-10 00:00", USUAL, 450),
        ("2026-03-09 12:00", "2026-03-09 14:30", USUAL, 0),
        ("2026-03-09 11:59", "2026-03-09 14:31", USUAL, 2),
        ("2026-03-09 14:31", "2026-03-09 11:59", USUAL, -2),
        ("2026-03-13 18:00", "2026-03-16 08:00", USUAL, 0),
        ("2026-02-14 18:00", "2026-02-24 08:00", USUAL, 0),
        ("2026-02-09 00:00", "2026-02-16 00:00", USUAL, 6 * 450),  # the week with the worked Saturday
        ("2025-12-31 17:00", "2026-01-04 09:00", USUAL, 120),  # over a year's end
        ("2026-01-04 09:00", "2025-12-31 17:00", USUAL, -120),
        ("2026-12-31 17:59", "2027-01-01 08:01", USUAL, 2),
        ("2025-12-31 23:59", "2026-01-01 00:00", USUAL, 0),
        # 2025 had 248 working days (365 - 104 Saturdays and Sundays - 18 weekdays off + 5 worked days of rest)
        ("2025-01-01 00:00", "2026-01-01 00:00", USUAL, 248 * 450),
        ("2026-05-29 17:00", "2026-06-01 16:00", DATED, 60 + 240 + 60),
        ("2026-09-30 18:00", "2026-10-08 09:00", DATED, 30 + 30),
        ("2025-12-31 17:00", "2027-01-01 09:00", SHUT_2026, 60 + 60),  # a year without a working day between
        ("2026-03-01 00:00", "2026-11-01 00:00", SHUT_2026, 0),
    ],
)
def test_work_between(since: str, until: str, calendar: WorkCalendar, minutes: int) -> None:
    assert calendar.work_between(at(since), at(until)) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("since", "minutes", "calendar", "until"),
    [
        ("2026-03-09 08:00", 240, USUAL, "2026-03-09 12:00"),  # the first moment, not the end of lunch
        ("2026-03-09 08:00", 450, USUAL, "2026-03-09 18:00"),
        ("2026-03-09 08:00", 451, USUAL, "2026-03-10 08:01"),
        ("2026-03-14 10:00", 0, USUAL, "2026-03-14 10:00"),  # nothing stays where it is
        ("2025-12-31 17:00", 60, USUAL, "2025-12-31 18:00"),  # the last moment of a year's work
        ("2025-12-31 17:00", 61, USUAL, "2026-01-04 08:01"),
        ("2026-12-31 18:00", 1, USUAL, "2027-01-01 08:01"),
        ("2026-05-29 17:30", 60, DATED, "2026-06-01 08:30"),
        ("2026-06-01 11:30", 60, DATED, "2026-06-01 15:30"),
        ("2026-10-01 10:00", 30, DATED, "2026-10-08 09:00"),
        ("2025-12-31 17:00", 120, SHUT_2026, "2027-01-01 09:00"),  # skips the year without a working day
        ("2026-03-09 10:00", 60, SHUT_2026, "2027-01-01 09:00"),
    ],
)
def test_add_work(since: str, minutes: int, calendar: WorkCalendar, until: str) -> None:
    assert calendar.add_work(at(since), timedelta(minutes=minutes)) == at(until)


def test_a_year_without_a_working_day_is_skipped_by_days_too() -> None:
    assert SHUT_2026.add_workdays(date(2025, 12, 31), 1) == date(2027, 1, 1)
    assert SHUT_2026.workdays_between(date(2025, 12, 31), date(2026, 12, 31)) == 0


def test_no_working_time_at_all_is_said_and_not_searched_for_ever() -> None:
    never = WorkCalendar(DAYS, 2026, (OfficeHours(date.min, ()),))
    assert never.spans_of(date(2026, 3, 9)) == ()
    assert never.work_between(at("2026-03-09 08:00"), at("2026-03-10 18:00")) == timedelta()
    assert never.add_work(at("2026-03-09 08:00"), timedelta()) == at("2026-03-09 08:00")
    with pytest.raises(ValueError, match="no working time"):
        never.add_work(at("2026-03-09 08:00"), timedelta(minutes=1))


def test_the_zone_a_moment_is_told_in_does_not_matter() -> None:
    start, end = at("2026-01-01 07:59"), at("2026-01-04 08:30")  # in UTC still the old year
    assert USUAL.work_between(start.astimezone(UTC), end) == timedelta(minutes=30)
    assert USUAL.add_work(start.astimezone(UTC), timedelta(minutes=30)) == end
