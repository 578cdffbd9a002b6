"""The demonstration's tales can be told at any hour of any day: no step comes after its clock has taken the matter away."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta, timezone

import pytest

from wushi.config import demonstration
from wushi.config import demonstration_calls as calls
from wushi.config import demonstration_life as life
from wushi.domain.calls.models import Device
from wushi.domain.cases.models import Case
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

BEIJING = timezone(timedelta(hours=8))


# other hours: tests/long/test_demonstration_whole.py
@pytest.mark.parametrize("moment", ["2026-11-22 13:20"])
def test_told_at_any_hour(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    tell_at(monkeypatch, moment)


def tell_at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """Told once more, as at that hour."""
    demonstration.ensure(lambda words: None)
    now = datetime.fromisoformat(moment).replace(tzinfo=BEIJING)
    monkeypatch.setattr(life.timezone, "now", lambda: now)
    # told once more, beside what ``ensure`` told: other keys, other numbers
    monkeypatch.setattr(life, "_NAMESPACE", uuid.uuid4())
    monkeypatch.setattr(life, "number_of", lambda prefix, day, serial: f"YJ-{uuid.uuid4().hex[:12]}")
    house = Actor.of_house(demonstration.COUNTY)
    with reading(house):
        before = Case.objects.filter(county=house.county).count()
    life.live_a_little(house)
    with reading(house):
        rows = Case.objects.filter(county=house.county)
        assert rows.count() == before + len(life.TALES)
        assert {"paused", "merged", "handled", "closed"} <= set(rows.values_list("state", flat=True))


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_calls_are_over_before_they_are_told_at_any_hour(hour: int) -> None:
    """Whatever the hour of the start: no deed lies ahead, each comes after the one before, three are open."""
    now = datetime(2026, 11, 23, hour, 20, tzinfo=BEIJING)
    villages = [f"34150420021{n}" for n in range(4)]
    devices = [Device(county="341504", town="341504200", village=v, grid=f"{v}001") for v in villages]
    posts = (
        [("secretary", v) for v in villages]
        + [("grid_lead", f"{v}001") for v in villages]
        + [("town_clerk", "341504200")]
    )
    lives = list(calls._lives(devices, {post: uuid.uuid4() for post in posts}, now))
    assert len(lives) == calls.CALLS
    assert (
        sum(not one.deeds or one.deeds[-1].verb in ("set_out", "arrive_at_call") for one in lives)
        == calls.OPEN_NOW
    )
    for one in lives:
        times = [one.opened_at, *(deed.at for deed in one.deeds)]
        assert times == sorted(times) and times[-1] <= now, one
