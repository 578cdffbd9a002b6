"""The demonstration's tales can be told at any hour of any day: no step comes after its clock has taken the matter away."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta, timezone

import pytest

from wushi.config import demonstration
from wushi.config import demonstration_life as life
from wushi.domain.cases.models import Case
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

BEIJING = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    "moment", ["2026-11-21 03:20", "2026-11-22 13:20", "2026-11-23 08:20", "2026-11-25 17:50"]
)
def test_told_at_any_hour(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
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
