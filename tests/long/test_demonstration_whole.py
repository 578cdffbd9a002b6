"""The whole demonstration district as ``make up`` fills it: 4,424 requests of a year, counted from the rows; asked twice."""

from __future__ import annotations

import pytest

from wushi.config import demonstration, demonstration_filling
from wushi.domain.cases.models import Case, Entry
from wushi.domain.cases.queries.replay import replay_county
from wushi.domain.cases.states import OPEN
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
    told = list(replay_county(house.county))
    assert sum(n for n, _lines in told) == 4424
    assert [line for _n, lines in told for line in lines] == []
    again = demonstration_filling.fill(house.county, said.append)
    assert (again.grids, again.staff, again.households, again.requests) == (0, 0, 0, 0)
