"""Lives of calls written down at once are legal lives; the installation's trials that are lost are told, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.stories.calling import button, known, line_of, rang
from tests.stories.test_people_are_told import kinds
from tests.village import Village
from wushi.domain.calls.models import Call, Probe
from wushi.domain.calls.queries.replay import replay_calls
from wushi.domain.calls.services.histories import CallHistory, Deed, write_call_histories
from wushi.domain.calls.services.probing import (
    lost_probes,
    note_probe,
    secret_of_trials,
    send_probe,
    tell_of_lost_probe,
)
from wushi.kernel.errors import NotAllowed
from wushi.kernel.states import MoveRefused
from wushi.kernel.verb import chore, reading


@pytest.fixture(autouse=True)
def _button(monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch)


def life(village: Village, device: Any, opened: datetime, *deeds: Deed, key: str = "k" * 24) -> CallHistory:
    """A press and what followed."""
    return CallHistory(key, device, "emergency", opened, deeds)


def differing(village: Village) -> list[tuple[str, str]]:
    return [line for _n, lines in replay_calls(village.county) for line in lines]


def test_a_life_is_written_as_the_verbs_would_have_lived_it(village: Village) -> None:
    """Answered after the second rung; late; told again without a difference; asked twice it is there once."""
    line = line_of(village)
    device = button(village, line["secretary"])
    with reading(village.house) as scope:
        opened = scope.now - timedelta(days=30)
    lead = line["lead"].id
    deeds = (
        Deed("acknowledge_call", opened + timedelta(minutes=3), lead),
        Deed("set_out", opened + timedelta(minutes=4), lead),
        Deed("arrive_at_call", opened + timedelta(minutes=40), lead, (("how", "word"), ("stand_in", True))),
        Deed("end_call", opened + timedelta(minutes=55), lead, (("finding", "helped"),)),
        Deed("follow_up_call", opened + timedelta(hours=5), line["town"].id, (("rating", "satisfied"),)),
        Deed("archive_call", opened + timedelta(days=8)),
    )
    [call] = write_call_histories(actor=village.house, histories=[life(village, device, opened, *deeds)])
    assert (call.state, call.rating, call.stand_in, call.late) == (
        "archived",
        "satisfied",
        True,
        ["acknowledge", "arrive"],
    )
    assert rang(call) == [("secretary", 1), ("grid", 1)]
    assert differing(village) == []
    assert write_call_histories(actor=village.house, histories=[life(village, device, opened, *deeds)]) == []


def test_a_life_no_verb_could_have_made_is_refused(village: Village) -> None:
    """Ended without anybody having been there; and nothing of the list is written."""
    line = line_of(village)
    device = button(village, line["secretary"])
    with reading(village.house) as scope:
        opened = scope.now - timedelta(days=3)
    good = life(village, device, opened)
    ended = Deed("end_call", opened + timedelta(minutes=9), line["lead"].id, (("finding", "helped"),))
    with pytest.raises(MoveRefused):
        write_call_histories(
            actor=village.house, histories=[good, replace(good, key="x" * 24, deeds=(ended,))]
        )
    with reading(village.house):
        assert not Call.objects.filter(county=village.county, way="button").exists()
    with pytest.raises(NotAllowed):
        write_call_histories(actor=line["secretary"], histories=[good])


def test_the_replay_finds_what_was_changed_behind_the_verbs(village: Village) -> None:
    """A state, a rung, a time."""
    line = line_of(village)
    device = button(village, line["secretary"])
    with reading(village.house) as scope:
        opened = scope.now - timedelta(hours=2)
    at = Deed("acknowledge_call", opened + timedelta(minutes=1), line["secretary"].id)
    there = Deed("arrive_at_call", opened + timedelta(minutes=9), line["secretary"].id, (("how", "word"),))
    [call] = write_call_histories(actor=village.house, histories=[life(village, device, opened, at, there)])
    assert differing(village) == []
    for change in ({"state": "on_way"}, {"rungs": 7}, {"arrived_at": opened}):
        before = {name: getattr(call, name) for name in change}
        for values in (change, before):
            with chore(village.county, "test_behind_the_verbs"):
                Call.objects.filter(county=village.county, id=call.id).update(**values)
            assert bool(differing(village)) is (values is change), values


def test_a_trial_that_does_not_come_out_is_told_once(village: Village) -> None:
    """To the administrators; one that came out is not."""
    admin = village.officer("管理员", duty="district_admin", phone="13900007777")
    sent = list[str]()
    assert secret_of_trials(village.county) == secret_of_trials(village.county)
    key = send_probe(village.county, sent.append)
    assert sent == [key] and send_probe(village.county, sent.append) == "", "one every five minutes"
    assert lost_probes(village.county) == []
    with chore(village.county, "test_time_passes") as scope:
        Probe.objects.filter(county=village.county).update(sent_at=scope.now - timedelta(minutes=11))
    [lost] = lost_probes(village.county)
    assert tell_of_lost_probe(actor=village.house, probe_id=lost.id) == 1
    assert tell_of_lost_probe(actor=village.house, probe_id=lost.id) == 0
    assert lost_probes(village.county) == []
    assert kinds(village, admin.ref) == ["calls.probe_lost"]
    fresh = send_probe(village.county, sent.append)
    note_probe(village.county, fresh)
    with chore(village.county, "test_time_passes") as scope:
        Probe.objects.filter(county=village.county).update(sent_at=scope.now - timedelta(minutes=11))
    assert lost_probes(village.county) == []
