"""Working days as the State Council arranged them, and what happens beyond the last loaded year."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from tests.village import Village
from wushi.domain.areas import calendars, queries
from wushi.domain.areas.errors import BadCalendar
from wushi.domain.areas.models import NATION
from wushi.domain.areas.rules import WorkCalendar
from wushi.domain.areas.services import NewDay, load_calendar
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import unscoped

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "calendar" / "cn_workdays_2025_2026.csv"


def seeded() -> WorkCalendar:
    """The calendar that ships."""
    return WorkCalendar({d.day: d.is_workday for d in calendars.seeded()}, 2026)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-01", False),
        ("2026-02-14", True),  # make-up Saturday before the Spring Festival
        ("2026-02-17", False),
        ("2026-10-10", True),  # make-up Saturday after the National Day
        ("2026-11-21", False),
        ("2026-11-23", True),
        ("2004-05-08", True),
        ("2027-01-01", True),  # not loaded: Monday-Friday, and the answer is a guess
    ],
)
def test_days(day: str, works: bool) -> None:
    assert seeded().is_workday(date.fromisoformat(day)) is works


def test_adding_workdays_over_the_national_day() -> None:
    calendar = seeded()
    assert calendar.add_workdays(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert calendar.add_workdays(date(2026, 9, 30), 3) == date(2026, 10, 10)
    assert calendar.workdays_between(date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert calendar.workdays_between(date(2026, 10, 10), date(2026, 9, 30)) == -3
    assert calendar.is_guess(date(2027, 1, 4)) and not calendar.is_guess(date(2026, 12, 31))


def test_agrees_with_the_independent_table() -> None:
    if not SHARED.exists():
        pytest.skip(
            "skipped: the independent table of 2025-2026 is not part of the project and is not beside it"
        )
    calendar = seeded()
    rows = list(csv.DictReader(SHARED.open()))
    assert len(rows) == 730
    assert [
        r["date"]
        for r in rows
        if calendar.is_workday(date.fromisoformat(r["date"])) != (r["is_workday"] == "1")
    ] == []


def test_reading_csv_and_json_and_refusing_whole() -> None:
    assert calendars.read("day,is_workday,name\n2027-01-01,0,元旦\n2027-01-03,1,\n")[0] == NewDay(
        date(2027, 1, 1), False, "元旦"
    )
    text = '{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}'
    assert calendars.read(text) == [NewDay(date(2027, 1, 1), False, "元旦")]
    for bad, line in (
        ("day,is_workday\n2027-01-01,0\n2027-13-01,0\n", 3),
        ("day,is_workday\n2027-01-01,maybe\n", 2),
        ("", 1),
        ('{"days": [{"date": "x", "isOffDay": true}]}', 1),
        ('{"days": [{"date": "2027-01-01"}]}', 1),
        ("{", 1),
    ):
        with pytest.raises(BadCalendar) as refused:
            calendars.read(bad)
        assert refused.value.facts["line"] == line


def test_a_county_has_its_own_days_and_the_administrator_is_warned(village: Village) -> None:
    admin = village.officer("许管理员", duty="district_admin")
    with unscoped("test"):
        assert queries.calendar_warning(village.county, date(2026, 11, 23)) == 2027
        assert queries.calendar_warning(village.county, date(2026, 10, 23)) == 0
        assert 2026 in queries.calendar_years(village.county)
    load_calendar(
        actor=admin, days=[NewDay(date(2027, 1, 1), False, "元旦")], source="test", county=village.county
    )
    with unscoped("test"):
        assert not queries.calendar_of(village.county).is_workday(date(2027, 1, 1))
        assert queries.calendar_warning(village.county, date(2026, 11, 23)) == 0
    with pytest.raises(NotAllowed):
        load_calendar(actor=admin, days=[NewDay(date(2027, 1, 1), True)], source="test", county=NATION)
    with pytest.raises(NotAllowed):
        load_calendar(actor=village.officer("陈书记"), days=[], source="test")
