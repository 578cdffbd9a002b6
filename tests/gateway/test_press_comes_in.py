"""A press in every platform's form, posted for real, kept, read: one call, whatever is sent again."""

from __future__ import annotations

import copy
import json
import random
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.gateway.calling import kept, way_in
from tests.gateway.test_envelopes import KNOWN, PLAIN, SAMPLES, onenet_signed
from tests.stories.calling import line_of
from tests.village import Village
from wushi.domain.calls.models import Call, Device
from wushi.domain.calls.services import Spot, install_device, read_wires, register_device, try_device
from wushi.domain.calls.services.inbox import device_actor
from wushi.domain.calls.services.presses import Said, receive_event
from wushi.domain.calls.services.setup import CallBook, adopt_ladder
from wushi.gateway import ways
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

LORA = "24E124535B000001"


def hung(village: Village, uid: str, model: str) -> Device:
    """A device at a door, tried before."""
    staff = line_of(village)["secretary"]
    # the samples are of the day they were written, and this county believes them
    adopt_ladder(actor=village.house, book=CallBook(date(2020, 1, 1), habits={"late_minutes": 50_000}))
    device = register_device(actor=staff, uid=uid, model=model, area_code=village.code)
    try_device(actor=staff, device_id=device.id)
    tried = Said(key=f"w:{uid}", kind="press")
    receive_event(actor=device_actor(device), device_id=device.id, said=tried)
    spot = Spot(area_code=village.grid, place="村西头")
    return install_device(actor=staff, device_id=device.id, spot=spot)


def calls(county: str) -> list[Call]:
    """Every call of the county."""
    with reading(Actor.of_house(county)):
        return list(Call.objects.filter(county=county).order_by("opened_at"))


def again(device: Device) -> Device:
    """Its row as it is now."""
    with reading(Actor.of_house(device.county)):
        return Device.objects.get(county=device.county, id=device.id)


def transparent(**more: Any) -> dict[str, Any]:
    """AEP's form that carries the device's own bytes."""
    return {**KNOWN["ctwing_aep_push"]["json_transparent"], "timestamp": 1795395600000, **more}


def onenet_body(secret: str, **more: Any) -> bytes:
    """A signed push of one data point."""
    msg = json.dumps({**SAMPLES["onenet"]["msg"], **more})
    told = {"nonce": "abcdefgh", "msg_signature": onenet_signed(secret, msg)}
    return f'{{"msg":{msg},{json.dumps(told)[1:]}'.encode()


FORMS: dict[str, tuple[str, str, Any]] = {
    "chirpstack": (LORA, "milesight/ws101", SAMPLES["chirpstack"]),
    "tts": (LORA, "milesight/ws101", SAMPLES["tts"]),
    "ctwing": ("000000000000000", "milesight/ws101", transparent()),
    "plain": (PLAIN["device"], "wushi/4g", {**PLAIN, "battery": 16}),
}


@pytest.fixture(autouse=True)
def forgets() -> None:
    ways.forget()


@pytest.mark.parametrize("envelope", sorted(FORMS))
def test_a_press_is_one_call(village: Village, envelope: str) -> None:
    uid, model, told = FORMS[envelope]
    told = copy.deepcopy(told)
    if "time" in told:
        # a device's time a week off is not believed; these samples are of the day they were written
        del told["time"]
    device, gate = hung(village, uid, model), way_in(village, envelope, envelope=envelope)
    address = f"/in/{village.county}/{envelope}?event=up&token={gate.secret}"
    for _ in range(3):
        assert Client().post(address, json.dumps(told), content_type="application/json").status_code == 200
    assert read_wires(village.county) == 3
    (call,) = calls(village.county)
    assert (call.device_id, call.state, call.urgency, call.presses) == (device.id, "ringing", "ordinary", 1)
    assert (call.village, call.way) == (village.code, "button")
    assert {row.result for row in kept(village.county)} == {"read"}
    assert again(device).battery == 16
    assert again(device).seen_at is not None


def test_onenet_s_press_and_release(village: Village) -> None:
    hung(village, "861234567890123", "wushi/4g")
    gate = way_in(village, "onenet", envelope="onenet", proof="onenet")
    address = f"/in/{village.county}/onenet"
    for more in ({"value": 1}, {"value": 1}, {"value": 0, "at": 1795395600900}):
        body = onenet_body(gate.secret, imei="861234567890123", **more)
        assert Client().post(address, body, content_type="application/json").status_code == 200
    assert read_wires(village.county) == 3
    (call,) = calls(village.county)
    assert call.presses == 1


def test_pressed_held_and_let_go_is_one_urgent_call(village: Village) -> None:
    hung(village, LORA, "radio-bridge/rbs301")
    gate = way_in(village)
    address = f"/in/{village.county}/buttons?token={gate.secret}"
    for number, state in enumerate(("00", "02", "01")):
        told = {"device": LORA, "id": str(number), "port": 2, "hex": f"130603{state}"}
        assert Client().post(address, json.dumps(told), content_type="application/json").status_code == 200
        read_wires(village.county)
    (call,) = calls(village.county)
    assert call.urgency == "emergency"


def test_what_cannot_be_read_stops_nothing(village: Village) -> None:
    hung(village, PLAIN["device"], "wushi/4g")
    gate = way_in(village)
    address = f"/in/{village.county}/buttons?token={gate.secret}"
    chance = random.Random(20261123)
    told = {name: value for name, value in PLAIN.items() if name != "time"}
    hostile = [
        b"[" * 9000,
        b'{"device":"\\ud800"}',
        b"\x00",
        b'{"device":"B0009","id":"1","event":"press"}',
        *(chance.randbytes(60) for _ in range(30)),
    ]
    for number, body in enumerate([*hostile[:17], json.dumps(told).encode(), *hostile[17:]]):
        answer = Client().post(address, body, content_type="application/json")
        assert answer.status_code == 200, number
    assert read_wires(village.county) == len(hostile) + 1
    assert len(calls(village.county)) == 1
    results = [row.result for row in kept(village.county)]
    assert (results.count("read"), results.count("unknown")) == (1, 1)
    assert results.count("undecodable") == len(hostile) - 1
    assert all(row.said for row in kept(village.county) if row.result == "undecodable")
