"""Open pages hear of a deed before its jobs are queued, and beside calls nothing else is handed on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.stories.calling import button, known, line_of, press
from tests.village import Village
from wushi.config import relay
from wushi.domain.outbox.models import Row
from wushi.kernel.verb import unscoped


def _waiting(village: Village) -> list[str]:
    with unscoped("test: look"):
        rows = Row.objects.filter(county=village.county, state="new").order_by("kind")
        return [row.kind for row in rows]


def _until_empty(live_only: bool) -> None:
    while relay.relay_once(live_only):
        pass


def test_beside_calls_only_rings_are_handed_on(village: Village, monkeypatch: Any) -> None:
    known(monkeypatch)
    device = button(village, line_of(village)["secretary"])
    _until_empty(live_only=False)
    press(device)
    assert set(_waiting(village)) == {"job", "live"}
    _until_empty(live_only=True)
    assert set(_waiting(village)) == {"job"}
    _until_empty(live_only=False)
    assert _waiting(village) == []


def test_a_job_that_cannot_be_queued_keeps_no_ring_back(village: Village, monkeypatch: Any) -> None:
    known(monkeypatch)
    device = button(village, line_of(village)["secretary"])
    _until_empty(live_only=False)
    press(device)

    def broken(*given: object) -> bool:
        raise RuntimeError("the queue is away")

    monkeypatch.setattr(relay, "_defer", broken)
    with pytest.raises(RuntimeError):
        relay.relay_once()
    assert set(_waiting(village)) == {"job"}
    monkeypatch.undo()
    _until_empty(live_only=False)
    assert _waiting(village) == []
