"""The demonstration's year: its totals are those of the programme, its texts are many, and it can be filled on any day."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta, timezone
from uuid import uuid4

import pytest

from wushi.config import demonstration, demonstration_filling
from wushi.config import demonstration_people as folk
from wushi.config.demonstration_fates import COLLECTED, ENDED, OPEN, RATED, fates, sayings
from wushi.config.demonstration_year import key_of
from wushi.domain.accounts.models import Post
from wushi.domain.areas.models import Area
from wushi.domain.cases.models import Case
from wushi.domain.cases.queries.replay import replay_county
from wushi.domain.outbox.models import Row
from wushi.domain.people.models import Household, Person
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading, unscoped
from wushi.plumbing.personal import is_mobile

BEIJING = timezone(timedelta(hours=8))
VILLAGES = [(f"341504{100 + n // 13:03d}{200 + n:03d}", f"村{n}") for n in range(77)]


@pytest.mark.parametrize("told", [(7, 7, 4, 3), (0, 0, 0, 0), (5, 9, 4, 2)])
def test_the_totals_are_exactly_those_of_the_programme(told: tuple[int, int, int, int]) -> None:
    opened, over, rated, satisfied = told
    found = Counter(fates(*told))
    still = sum(found[f] for f in ("new", "working", "paused", "overdue", "whistled", "escalated"))
    assert found.total() + opened + over == COLLECTED == ENDED + OPEN
    assert still + opened == OPEN
    good = found["satisfied"] + found["host"] + satisfied
    assert good + found["neutral"] + found["unsatisfied"] + (rated - satisfied) == RATED
    assert good * 100 == 98 * RATED
    assert found["host"] == found["twin"] > 20
    assert found["unrated"] > 300


def test_more_than_three_hundred_things_are_said_each_with_its_answer() -> None:
    lines = [said for group in sayings().values() for said in group]
    assert len({said.text for said in lines}) == len({said.answer for said in lines}) == len(lines) > 300
    assert len(sayings()) == 12


@pytest.mark.parametrize("share", [10, 1])
def test_households_and_residents_are_counted_to_the_last(share: int) -> None:
    plan = folk.Plan.of(VILLAGES)
    assert len(plan.codes()) == len(set(plan.codes())) == 607
    homes, people, phones = 0, 0, set()
    for village, _name in VILLAGES:
        for home in folk.households(plan, share, village):
            homes, people = homes + 1, people + len(home.people)
            phones |= {person.phone for person in home.people if person.phone}
    assert (homes, people) == (90_000 // share, 280_000 // share)
    assert all(phone.startswith("154") and is_mobile(phone) for phone in phones)


# other days: tests/long/test_demonstration_whole.py
@pytest.mark.parametrize("day", ["2026-02-24 08:20"])
def test_it_can_be_filled_on_any_day(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    fill_on(monkeypatch, day)


def fill_on(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """The last 170 requests with the open ones, in a district with a hundredth of the people; told again without a difference."""
    now = datetime.fromisoformat(day).replace(tzinfo=BEIJING)
    demonstration.ensure(lambda words: None)
    house = Actor.of_house(demonstration.COUNTY)
    # other keys and numbers than those of the other days
    monkeypatch.setattr("wushi.config.demonstration_year._NAMESPACE", uuid4())
    monkeypatch.setattr("wushi.config.demonstration_year.number_of", lambda p, d, n: f"T-{day[:10]}-{n:05d}")
    with unscoped("test"):
        before = Row.objects.filter(county=house.county).count()
    first = COLLECTED - 14 - 170
    filled = demonstration_filling.fill(house.county, lambda words: None, share=100, now=now, first=first)
    assert filled.requests > 100
    keys = [key_of(n) for n in range(first, COLLECTED)]
    with reading(house):
        rows = Case.objects.filter(county=house.county, client_key__in=keys)
        states = Counter(rows.values_list("state", flat=True))
        assert rows.filter(opened_at__gt=now).count() == 0
        assert Household.objects.filter(county=house.county).count() >= 900
        assert Person.objects.filter(county=house.county).exclude(household=None).count() >= 2800
    assert states.total() == filled.requests
    assert states["closed"] > 80 and states["merged"] == 1
    with unscoped("test"):
        assert Area.objects.filter(county=house.county, level="grid", valid_until=None).count() == 607
        assert Post.objects.filter(county=house.county, duty="grid_lead", ended_at=None).count() == 607
        workers = Post.objects.filter(county=house.county, duty__in=["grid_worker", "grid_assistant"])
        assert workers.count() >= 1600
        # people are only entered, and what is past is told to nobody
        assert Row.objects.filter(county=house.county, name="cases.tell").count() <= before
    found = [line for _n, lines in replay_county(house.county, limit=400) for line in lines]
    assert found == []
    again = demonstration_filling.fill(house.county, lambda words: None, share=100, now=now, first=first)
    assert (again.grids, again.staff, again.households, again.requests) == (0, 0, 0, 0)


def test_beyond_the_year_all_are_over_and_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    demonstration.ensure(lambda words: None)
    demonstration_filling.fill(demonstration.COUNTY, lambda words: None, share=100, first=COLLECTED)
    monkeypatch.setattr("wushi.config.demonstration_year._NAMESPACE", uuid4())
    monkeypatch.setattr("wushi.config.demonstration_year.number_of", lambda p, d, n: f"B-{n:05d}")
    assert demonstration_filling.fill_beyond(demonstration.COUNTY, lambda words: None, COLLECTED + 60) == 60
    assert demonstration_filling.fill_beyond(demonstration.COUNTY, lambda words: None, COLLECTED + 60) == 0
    house = Actor.of_house(demonstration.COUNTY)
    with reading(house):
        rows = Case.objects.filter(county=house.county, number__startswith="B-")
        assert rows.count() == 60
        assert set(rows.values_list("state", flat=True)) <= {"closed", "handled", "withdrawn", "declined"}
    assert [line for _n, lines in replay_county(house.county, limit=60) for line in lines] == []
