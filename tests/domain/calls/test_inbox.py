"""What devices send is kept at once, read afterwards, and counts once: real forms, real decoders, real rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.village import Village
from wushi.domain.calls.models import Call, Device, Heard, Wire
from wushi.domain.calls.services import (
    Arrived,
    Spot,
    install_device,
    keep_messages,
    read_wires,
    register_device,
    try_device,
)
from wushi.domain.calls.services import inbox as room
from wushi.domain.calls.services.inbox import counts_of, forget_wires
from wushi.domain.calls.services.setup import CallBook, adopt_ladder
from wushi.kernel.actor import Actor
from wushi.kernel.ids import earliest_of
from wushi.kernel.verb import chore, reading

UID = "24E124535B000001"


def plain(event: str = "press", number: str = "1", device: str = UID, **more: Any) -> Arrived:
    """One message in our own form."""
    body = {"device": device, "event": event, "id": number, **more}
    return Arrived("g1", "plain", json.dumps(body).encode())


def chirpstack(data: str = "AXUQ/y4B", dedupe: str = "one", counter: int = 4) -> Arrived:
    """As ChirpStack posts it: a WS101's short press and its battery of 16 percent."""
    body = {
        "deduplicationId": dedupe,
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "deviceInfo": {"devEui": UID.lower(), "deviceName": "btn"},
        "devAddr": "00189440",
        "fCnt": counter,
        "fPort": 85,
        "data": data,
        "rxInfo": [{"rssi": -36}],
    }
    return Arrived("lora", "chirpstack", json.dumps(body).encode(), {"event": "up"})


@pytest.fixture
def hung(village: Village) -> Iterator[Device]:
    """A Milesight button at a door."""
    secretary = village.officer("书记", duty="secretary")
    device = register_device(actor=secretary, uid=UID, model="milesight/ws101", area_code=village.code)
    try_device(actor=secretary, device_id=device.id)
    keep_messages(village.county, [plain(number="trial")])
    read_wires(village.county)
    yield install_device(actor=secretary, device_id=device.id, spot=Spot(village.grid))


def calls_of(village: Village) -> list[Call]:
    with reading(village.house):
        return list(Call.objects.filter(county=village.county, test=False).order_by("opened_at"))


def results(village: Village) -> list[tuple[str, str]]:
    """(what became of it, whose) of every message, in order."""
    with reading(village.house):
        rows = Wire.objects.filter(county=village.county).order_by("id")
        return list(rows.values_list("result", "uid"))


def device_of(village: Village) -> Device:
    with reading(village.house):
        return Device.objects.get(county=village.county, uid=UID)


def test_a_press_by_lorawan_rings_and_its_copies_do_not(village: Village, hung: Device) -> None:
    """Two network servers and a retry tell it three times."""
    keep_messages(village.county, [chirpstack(), chirpstack()])
    assert read_wires(village.county) == 2
    keep_messages(village.county, [chirpstack()])
    read_wires(village.county)
    [call] = calls_of(village)
    assert (call.presses, call.urgency, call.way) == (1, "ordinary", "button")
    seen = device_of(village)
    assert (seen.battery, seen.signal) == (16, -36) and seen.seen_at is not None
    assert read_wires(village.county) == 0


def test_without_a_name_of_the_networks_counter_and_session_tell_it(village: Village, hung: Device) -> None:
    keep_messages(village.county, [chirpstack(dedupe="", counter=7), chirpstack(dedupe="", counter=7)])
    keep_messages(village.county, [chirpstack(dedupe="", counter=8)])
    read_wires(village.county)
    [call] = calls_of(village)
    assert call.presses == 2


def test_what_cannot_be_read_is_kept_and_keeps_nothing_else_back(village: Village, hung: Device) -> None:
    """Rubbish, an unknown device, an unknown payload; and between them somebody calls."""
    rubbish = [
        Arrived("g1", "plain", b"\x00\xff{"),
        plain(device="FFFF0000FFFF0000"),
        chirpstack(data="AQ==", dedupe="odd"),
    ]
    keep_messages(village.county, [*rubbish[:2], plain(number="sos", event="sos"), rubbish[2]])
    read_wires(village.county)
    assert [what for what, _uid in results(village)[1:]] == ["undecodable", "unknown", "read", "undecodable"]
    [call] = calls_of(village)
    assert call.urgency == "emergency"
    with reading(village.house):
        assert counts_of(village.county, call.opened_at - timedelta(hours=1)) == {
            "read": 2,
            "unknown": 1,
            "undecodable": 2,
        }


def test_a_deed_that_fails_waits_and_is_done_later(
    village: Village, hung: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was away in the middle: the message stays, others are read, then it is heard."""
    real, faults = room.receive_event, list[UUID]()

    def away(**given: Any) -> Any:
        if given["said"].kind == "press_sos":
            raise OSError("away")
        return real(**given)

    monkeypatch.setattr(room, "receive_event", away)
    keep_messages(village.county, [plain(number="a", event="sos"), plain(number="b", event="tamper")])
    assert read_wires(village.county, lambda key, error: faults.append(key)) == 1
    assert len(faults) == 1 and calls_of(village) == []
    assert read_wires(village.county) == 0, "it rests a second"
    monkeypatch.setattr(room, "receive_event", real)
    monkeypatch.setattr(room, "_failed", {})
    assert read_wires(village.county) == 1
    assert len(calls_of(village)) == 1


def test_a_clock_that_is_plainly_wrong_is_not_believed(village: Village, hung: Device) -> None:
    keep_messages(village.county, [plain(number="x", time="1999-01-01T00:00:00Z")])
    read_wires(village.county)
    assert calls_of(village)[0].pressed_at is None


def test_heartbeats_move_the_device_and_nothing_else(village: Village, hung: Device) -> None:
    with reading(village.house):
        heard = Heard.objects.filter(county=village.county).count()
    keep_messages(village.county, [plain("heartbeat", str(n), battery=90 - n, signal=-70) for n in range(25)])
    assert read_wires(village.county) == 25
    assert device_of(village).battery == 66
    with reading(village.house):
        assert Heard.objects.filter(county=village.county).count() == heard
        assert Wire.objects.filter(county=village.county, result="read").count() == 26


def test_a_trial_of_the_installation_goes_the_whole_way_and_rings_nobody(village: Village) -> None:
    """By its own gateway only: anybody else's "PROBE" is an unknown device."""
    adopt_ladder(actor=village.house, book=CallBook(date(2021, 1, 1)))
    body = json.dumps({"probe": "probe-20261123-1"}).encode()
    keep_messages(village.county, [Arrived("probe", "plain", body), Arrived("g1", "plain", body)])
    read_wires(village.county)
    assert [what for what, _uid in results(village)] == ["read", "unknown"]
    with reading(village.house):
        [trial] = Call.objects.filter(county=village.county)
    assert (trial.test, trial.state, trial.next_rung_at) == (True, "archived", None)


def test_after_ninety_days_messages_are_forgotten(village: Village, hung: Device) -> None:
    keep_messages(village.county, [plain(number="old")])
    read_wires(village.county)
    with chore(village.county, "test_time_passes") as scope:
        long_ago = earliest_of(scope.now - timedelta(days=91)).int
        for number, row in enumerate(Wire.objects.filter(county=village.county)):
            Wire.objects.filter(county=village.county, id=row.id).update(id=UUID(int=long_ago + number))
    assert forget_wires(village.county) == 2
    assert results(village) == []


def test_a_message_is_of_its_county(village: Village, hung: Device) -> None:
    """The same number in another county is another device's."""
    other = Actor.of_house("990999")
    keep_messages(other.county, [plain(number="z")])
    read_wires(other.county)
    assert calls_of(village) == []
