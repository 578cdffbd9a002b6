"""The whole demonstration district as ``make up`` fills it: 4,424 requests of a year, counted from the rows; asked twice."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.utils import timezone

from tests.config.test_demonstration import tell_at
from tests.config.test_demonstration_year import fill_on
from tests.conftest import _HOME as HOME
from wushi.config import demonstration, demonstration_filling, demonstration_mountain
from wushi.config.postgres import Cluster
from wushi.domain.calls.models import Call, Device
from wushi.domain.calls.queries.replay import replay_calls
from wushi.domain.cases.models import Case, Entry
from wushi.domain.cases.queries.replay import reduced_in, replay_county
from wushi.domain.cases.states import OPEN
from wushi.domain.insight.queries import figures_of, month_of, months_back
from wushi.domain.people.models import Household
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading


class _Stopped(Exception):
    pass


def test_the_figures_of_the_programme_come_out_of_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped in the middle, it goes on where it stopped; told again, not one request differs from its trace."""
    demonstration.ensure(lambda words: None)
    house, said = Actor.of_house(demonstration.COUNTY), list[str]()

    def stop(words: str) -> None:
        said.append(words)
        if "requests" in words and len([w for w in said if "requests" in w]) == 3:
            raise _Stopped

    with pytest.raises(_Stopped):
        demonstration_filling.fill(house.county, stop)
    filled = demonstration_filling.fill(house.county, said.append)
    assert 0 < filled.requests < 4410
    with reading(house):
        rows = Case.objects.filter(county=house.county)
        assert rows.count() == 4424
        assert rows.filter(state__in=sorted(OPEN)).count() == 16
        assert rows.exclude(rating="").count() == 3100
        assert rows.filter(rating="satisfied").count() == 3038
        assert rows.values("village").distinct().count() == 77
        assert rows.exclude(refusals=0).count() > 30
        assert rows.exclude(appealed_to="").count() > 30
        assert Household.objects.filter(county=house.county).count() == 9000
        assert Entry.objects.filter(county=house.county).values("text").distinct().count() > 300
        devices = Device.objects.filter(county=house.county, state="installed")
        assert devices.count() == 1200
        assert 10 < devices.filter(battery__lte=20).count() < 120, "most are well, some want a battery"
        calls = Call.objects.filter(county=house.county)
        assert calls.count() == 900
        assert sorted(calls.filter(ended_at=None).values_list("state", flat=True)) == [
            "arrived",
            "on_way",
            "ringing",
        ]
        assert not calls.filter(ended_at=None, village=demonstration.VILLAGE).exists()
        assert calls.filter(late__contains=["arrive"]).exists(), "honest times are sometimes late"
    told = list(replay_county(house.county))
    assert sum(n for n, _lines in told) == 4424
    assert [line for _n, lines in told for line in lines] == []
    called = list(replay_calls(house.county))
    assert sum(n for n, _lines in called) == 900
    assert [line for _n, lines in called for line in lines] == []
    again = demonstration_filling.fill(house.county, said.append)
    assert (again.grids, again.staff, again.households, again.requests) == (0, 0, 0, 0)


def test_a_mountain_is_piled_on_it_and_said_so() -> None:
    """``wushi demo --cases``: requests with reduced histories beside the whole ones; asked again, only what is missing."""
    county, url = demonstration.COUNTY, superuser_url()
    said = list[str]()
    demonstration.ensure(lambda words: None)
    demonstration_filling.fill(county, lambda words: None)
    assert demonstration_mountain.pile_up(county, url, 4424 + 1500, said.append) == 1500
    assert demonstration_mountain.pile_up(county, url, 4424 + 2000, said.append) == 500
    assert demonstration_mountain.pile_up(county, url, 4424 + 2000, said.append) == 0
    assert "reduced histories" in said[0]
    assert reduced_in(county) == 2000
    told = list(replay_county(county))
    assert sum(n for n, _lines in told) == 4424, "what cannot be told again is left out, and nothing else"
    house = Actor.of_house(county)
    with reading(house):
        rows = Case.objects.filter(county=county)
        assert rows.filter(state__in=sorted(OPEN)).count() == 16, "a mountain opens nothing"
        # the year lies at the end of the generator's three
        assert figures_of(county, months_back(month_of(timezone.now()), 40)).total["collected"] == 6424


def superuser_url() -> str:
    """Behind row-level security, into this run's own database."""
    name = str(settings.DATABASES["default"]["NAME"])
    return Cluster(HOME, durable=False).superuser_url(name)


# after the whole district: a hundredth of its people leaves no room for a tenth of them
@pytest.mark.parametrize("moment", ["2026-11-21 03:20", "2026-11-23 08:20", "2026-11-25 17:50"])
def test_told_at_any_hour(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    tell_at(monkeypatch, moment)


@pytest.mark.parametrize("day", ["2026-05-04 03:20", "2026-10-09 17:50", "2026-11-22 13:20"])
def test_it_can_be_filled_on_any_day(monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    fill_on(monkeypatch, day)
