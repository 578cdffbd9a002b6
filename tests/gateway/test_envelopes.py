"""The forms in which platforms hand messages on: what they hold, and that a hostile one is unreadable and nothing worse."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wushi.domain.calls.models import Envelope
from wushi.domain.calls.wire import EventKind, Unreadable, Uplink
from wushi.gateway import envelopes
from wushi.gateway.envelopes import onenet, reading

KNOWN = json.loads((Path(__file__).parent / "vectors" / "envelopes.json").read_text(encoding="utf-8"))
FEW = 150
PRESSED = bytes.fromhex("017510FF2E01")
PLAIN = {"device": "861234567890123", "event": "press", "id": "17", "time": "2026-11-23T09:00:00+08:00"}
IDS = {
    "chirpstack": "chirpstack_v4_up",
    "tts": "tts_v3_up",
    "ctwing": "ctwing_aep_push",
    "onenet": "onenet_push_old",
}
SAMPLES: dict[str, Any] = {name: KNOWN[key]["json"] for name, key in IDS.items()} | {"plain": PLAIN}


def opened(envelope: str, value: Any, **beside: str) -> list[Uplink]:
    """What a value sent as JSON holds."""
    return envelopes.open(envelope, json.dumps(value).encode(), beside)


def changed(envelope: str, **fields: Any) -> dict[str, Any]:
    """The sample with fields replaced."""
    return {**copy.deepcopy(SAMPLES[envelope]), **fields}


def test_every_envelope_has_its_opener_and_sample() -> None:
    assert set(envelopes.OPENERS) == set(Envelope.values) == set(SAMPLES)


# ---- ChirpStack ----
def test_chirpstack_uplink_by_mqtt_and_http() -> None:
    topic = "application/17c82e96/device/24e124535b000001/event/up"
    for beside in ({"topic": topic}, {"event": "up"}, {}):
        (one,) = opened("chirpstack", SAMPLES["chirpstack"], **beside)
        assert (one.uid, one.payload, one.port) == ("24E124535B000001", PRESSED, 85)
        assert (one.counter, one.session, one.signal) == (4, "00189440", -36)
        assert one.dedupe == "3ac7e3c4-4401-4b8d-9386-a5c902f9202d"
        assert one.occurred_at == datetime(2026, 11, 23, 1, 0, 0, 123000, tzinfo=UTC)


def test_chirpstack_leaves_out_what_is_zero() -> None:
    first = changed("chirpstack")
    del first["fCnt"], first["fPort"], first["data"]
    (one,) = opened("chirpstack", first, event="up")
    assert (one.counter, one.port, one.payload) == (0, 0, b"")
    assert one.event is not None and one.event.kind == EventKind.HEARTBEAT


@pytest.mark.parametrize(
    ("event", "more", "kind", "battery"),
    [
        ("join", {}, EventKind.ONLINE, None),
        ("ack", {"acknowledged": True}, EventKind.COMMAND_ACK, None),
        ("status", {"margin": 10, "batteryLevel": 87.4}, EventKind.HEARTBEAT, 87),
        ("status", {"externalPowerSource": True, "batteryLevel": 0}, EventKind.HEARTBEAT, None),
        ("status", {"batteryLevelUnavailable": True, "batteryLevel": 0}, EventKind.HEARTBEAT, None),
    ],
)
def test_chirpstack_s_other_events(event: str, more: Any, kind: EventKind, battery: int | None) -> None:
    (one,) = opened("chirpstack", changed("chirpstack", **more), event=event)
    assert one.event is not None and (one.event.kind, one.event.battery) == (kind, battery)
    # it never hides the press that came with it
    assert one.dedupe != SAMPLES["chirpstack"]["deduplicationId"]


def test_chirpstack_says_things_of_itself() -> None:
    for event in ("txack", "log", "location", "integration"):
        assert opened("chirpstack", {"level": "ERROR"}, event=event) == []
    with pytest.raises(Unreadable):
        opened("chirpstack", SAMPLES["chirpstack"], event="flight")


# ---- The Things Stack ----
def test_the_things_stack() -> None:
    (one,) = opened("tts", SAMPLES["tts"])
    assert (one.uid, one.payload, one.port, one.counter) == ("24E124535B000001", PRESSED, 85, 4)
    assert (one.session, one.dedupe, one.signal) == ("AXBSH1Pk6Z0G166=", "", -35)
    assert one.occurred_at == datetime(2026, 11, 23, 1, 0, 0, 250000, tzinfo=UTC)
    first = changed("tts")
    del first["uplink_message"]["f_cnt"]
    first["uplink_message"]["last_battery_percentage"] = {"value": 64.6}
    first["uplink_message"]["received_at"] = "2026-11-23T01:00:00.250123456Z"
    (one,) = opened("tts", first)
    assert (one.counter, one.battery) == (0, 65)
    assert one.occurred_at is not None and one.occurred_at.microsecond == 250123


def test_a_counter_without_a_session_names_nothing() -> None:
    lost = changed("tts")
    del lost["uplink_message"]["session_key_id"], lost["end_device_ids"]["dev_addr"]
    (one,) = opened("tts", lost)
    assert one.counter is None and one.dedupe
    lost = changed("chirpstack")
    del lost["devAddr"]
    (one,) = opened("chirpstack", lost)
    assert one.counter is None and one.dedupe


def test_the_things_stack_s_other_messages() -> None:
    ids = SAMPLES["tts"]["end_device_ids"]
    (one,) = opened("tts", {"end_device_ids": ids, "join_accept": {}})
    assert one.event is not None and one.event.kind == EventKind.ONLINE
    assert opened("tts", {"end_device_ids": ids, "location_solved": {}}) == []
    with pytest.raises(Unreadable):
        opened("tts", {"end_device_ids": ids})


# ---- OneNET ----
def point(**more: Any) -> dict[str, Any]:
    """A push of one data point."""
    return {"msg": {**SAMPLES["onenet"]["msg"], **more}}


@pytest.mark.parametrize(
    ("more", "kind", "payload"),
    [
        ({}, EventKind.PRESS, b""),
        ({"value": 0}, EventKind.RELEASE, b""),
        ({"value": True}, EventKind.PRESS, b""),
        ({"ds_id": "3200_0_5501", "value": 9}, EventKind.HEARTBEAT, b""),
        ({"ds_id": "3_0_9", "value": 55}, EventKind.HEARTBEAT, b""),
        ({"ds_id": "temperature", "value": 21.5}, EventKind.HEARTBEAT, b""),
        ({"ds_id": "data", "value": "017510FF2E01"}, None, PRESSED),
        ({"ds_id": "data", "value": "AXUQ/y4B"}, None, PRESSED),
        ({"type": 2, "status": 1, "login_type": 10}, EventKind.ONLINE, b""),
        ({"type": 2, "status": 0}, EventKind.OFFLINE, b""),
        ({"type": 7}, EventKind.COMMAND_ACK, b""),
    ],
)
def test_onenet(more: Any, kind: EventKind | None, payload: bytes) -> None:
    (one,) = opened("onenet", point(**more))
    assert (one.uid, one.payload) == ("2017", payload)
    assert (one.event.kind if one.event else None) == kind
    assert one.occurred_at == datetime.fromtimestamp(1795395600, UTC)
    assert one.dedupe


def test_onenet_s_battery_imei_lists_and_newer_form() -> None:
    (one,) = opened("onenet", point(ds_id="3_0_9", value=55, imei="861234567890123"))
    assert one.uid == "861234567890123" and one.event is not None and one.event.battery == 55
    both = {"msg": [point()["msg"], point(value=0)["msg"]]}
    assert [u.event.kind for u in opened("onenet", both) if u.event] == [EventKind.PRESS, EventKind.RELEASE]
    assert len({u.dedupe for u in opened("onenet", both)}) == 2
    (one,) = opened("onenet", {"msg": json.dumps(point()["msg"]), "nonce": "n", "id": "1"})
    assert one.event is not None and one.event.kind == EventKind.PRESS


def onenet_signed(token: str, msg: str, nonce: str = "abcdefgh") -> str:
    """As the platform signs."""
    return base64.b64encode(hashlib.md5(f"{token}{nonce}{msg}".encode()).digest()).decode()


def test_onenet_signs_the_message_as_it_is_written() -> None:
    for msg in ('{"type":1, "at" : 5, "名":"张"}', '[{"type":1}]', '"{\\"type\\":1}"'):
        told = json.loads(msg) if msg.startswith('"') else msg
        body = f'{{"nonce":"abcdefgh" , "msg" : {msg} ,"msg_signature":"{onenet_signed("token", told)}"}}'
        assert onenet.proves(body.encode(), "token")
        assert not onenet.proves(body.encode(), "other")
        assert not onenet.proves(body.replace("abcdefgh", "abcdefgi").encode(), "token")
    # spaced otherwise on its way: the same message all the same
    signature = onenet_signed("token", '{"type":1,"at":5}')
    spaced = f'{{"msg": {{"type": 1, "at": 5}}, "nonce": "abcdefgh", "signature": "{signature}"}}'
    assert onenet.proves(spaced.encode(), "token")
    for nothing in (b"", b"{}", b"[]", b'{"msg":1}', b"\xff"):
        assert not onenet.proves(nothing, "token")


# ---- CTWing / AEP ----
def test_ctwing_in_both_forms() -> None:
    (one,) = opened("ctwing", SAMPLES["ctwing"])
    assert (one.uid, one.signal) == ("000000000000000", -95)
    assert one.event is not None and (one.event.kind, one.event.battery) == (EventKind.PRESS_SOS, 100)
    (one,) = opened("ctwing", KNOWN["ctwing_aep_push"]["json_transparent"])
    assert (one.payload, one.event, one.dedupe) == (PRESSED, None, "")


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"payload": {"Alarm_Status": 0, "Battery_Level": 9}}, EventKind.HEARTBEAT),
        ({"payload": {"key_status": 1}}, EventKind.PRESS),
        ({"payload": {"tamper": True}}, EventKind.TAMPER),
        ({"messageType": "eventReport", "payload": None, "eventContent": {"sos": "1"}}, EventKind.PRESS_SOS),
        ({"messageType": "deviceOnlineOfflineReport", "eventType": 1}, EventKind.ONLINE),
        ({"messageType": "deviceOnlineOfflineReport", "eventType": 0}, EventKind.OFFLINE),
        ({"messageType": "commandResponse", "result": {}}, EventKind.COMMAND_ACK),
    ],
)
def test_ctwing_s_properties_and_other_messages(more: Any, kind: EventKind) -> None:
    (one,) = opened("ctwing", changed("ctwing", **more))
    assert one.event is not None and one.event.kind == kind
    assert one.dedupe == opened("ctwing", changed("ctwing", **more))[0].dedupe != ""


# ---- plain ----
def test_plain() -> None:
    (one,) = opened("plain", {**PLAIN, "battery": 80, "signal": -71, "button": 2, "firmware": "1.2"})
    assert (one.uid, one.signal) == ("861234567890123", -71)
    assert one.event is not None
    assert (one.event.kind, one.event.battery, one.event.button) == (EventKind.PRESS, 80, 2)
    assert one.occurred_at == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    raw = {"device": "24:E1:24:53:5b:00:00:01", "id": "1", "port": 85}
    for more in ({"hex": "017510FF2E01"}, {"payload": "AXUQ/y4B"}):
        (one,) = opened("plain", {**raw, **more})
        assert (one.uid, one.port, one.payload) == ("24E124535B000001", 85, PRESSED)
    assert len(opened("plain", [PLAIN, {**PLAIN, "id": "18"}])) == 2


def names(**fields: Any) -> str:
    """What names a plain message."""
    told = {"device": "B0001", "event": "press", **fields}
    return opened("plain", told)[0].dedupe


def test_what_names_a_plain_message() -> None:
    at, later = "2026-11-23T09:00:00+08:00", "2026-11-23T09:00:01+08:00"
    assert names(id="7") == "7"
    assert names(id="7", time=at) == names(id=7, time=at) == names(id="7", time=1795395600)
    # the number began anew with a new battery
    assert names(id="7", time=at) != names(id="7", time=later)
    assert names(time=at) == names(time=at) != names(time=later)
    assert names(time=at) != names(time=at, event="release")
    assert names(time=at) == names(time=1795395600) == names(time=1795395600000)
    for told in ({}, {"time": "soon"}, {"time": "2026-11-23T09:00:00"}, {"id": ""}, {"id": {}}):
        with pytest.raises(Unreadable, match="neither id nor time"):
            names(**told)


def test_by_mqtt_a_device_speaks_for_itself_alone() -> None:
    for topic in ("wushi/861234567890123", "861234567890123", "wushi/receiver/tower-1"):
        assert len(opened("plain", PLAIN, topic=topic)) == 1
    for topic in ("wushi/861234567890124", "wushi/", "receiver", "wushi/861234567890123/up", "+"):
        with pytest.raises(Unreadable):
            opened("plain", PLAIN, topic=topic)
    assert opened("plain", {"probe": "k"}, topic="wushi/probe")[0].dedupe == "k"
    with pytest.raises(Unreadable, match="another device"):
        opened("chirpstack", SAMPLES["chirpstack"], topic="application/a/device/24e124535b000002/event/up")


def test_a_trial_is_plain() -> None:
    (one,) = opened("plain", {"probe": "probe-20261123"})
    assert (one.uid, one.dedupe, one.event) == ("PROBE", "probe-20261123", None)


# ---- hostile ----
DEEP = b"[" * 40_000
HOSTILE = [
    b"",
    b"\x00",
    b"\xff\xfe",
    b"null",
    b"[]",
    b"{}",
    b"7",
    b'"text"',
    DEEP,
    b'{"a":' * 20_000,
    b"[" * 60 + b"]" * 60,
    b"9" * 60_000,
    b"NaN",
    b'{"device":"B0001","id":1e999,"event":"press"}',
    b'{"device":"B0001","time":' + b"9" * 4000 + b',"event":"press"}',
    b'{"device":"B0001","id":"a\\u0000","event":"press"}',
    b'{"device":"B0001","id":"\\ud800","event":"press"}',
    b'{"device":"\\ud800\\ud800","id":"1","event":"press"}',
    b'{"device":"\xc3\x9f\xc3\x9f\xc3\x9f\xc3\x9f","id":"1","event":"press"}',
    b'{"device":["B0001"],"id":"1","event":"press"}',
    b'{"device":true,"id":"1","event":"press"}',
    b'{"device":"' + b"B" * 5000 + b'","id":"1","event":"press"}',
    b'{"device":"B0001","id":"1","event":["press"]}',
    b'{"device":"B0001","id":"1","payload":"!!!"}',
    b'{"device":"B0001","id":"1","hex":"0"}',
    b'{"probe":"\\u0000"}',
]


@pytest.mark.parametrize("envelope", list(SAMPLES))
@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_message_is_unreadable(envelope: str, body: bytes) -> None:
    with pytest.raises(Unreadable):
        envelopes.open(envelope, body, {"event": "up"})


def test_a_payload_that_is_no_base64_is_unreadable() -> None:
    for wrong in ("====", "A", "AXUQ/y4B!", "\u0660", 5, ["AXUQ"], "A" * 100_000):
        with pytest.raises(Unreadable):
            opened("chirpstack", changed("chirpstack", data=wrong), event="up")


def test_what_is_deeper_than_any_form_is_unreadable() -> None:
    nested: list[Any] = []
    for _ in range(reading.DEEPEST - 2):
        nested = [nested]
    assert opened("plain", {**PLAIN, "more": nested})
    with pytest.raises(Unreadable, match="too deep"):
        opened("plain", {**PLAIN, "more": [nested]})


def test_an_envelope_nobody_knows_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        envelopes.open("letter", b"{}", {})


def paths(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(path for key, child in inside for path in paths(child, (*at, key)))]


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The value with another one at a place."""
    if not path:
        return new
    value[path[0]] = put(value[path[0]], path[1:], new)
    return value


STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**30, max_value=10**60),
    st.floats(),
    st.text(st.characters(), max_size=30),
    st.sampled_from(
        ["\x00", "\ud800", "", " ", "A" * 3000, "2026-13-45", "1e999", "-1", "0001-01-01T00:00:00Z"]
    ),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
)


def check(uplink: Uplink) -> None:
    """What every uplink holds to: a database can keep it."""
    assert uplink.uid.isascii() and uplink.uid.isalnum() and uplink.uid == uplink.uid.upper()
    assert 4 <= len(uplink.uid) <= 40
    for words in (uplink.dedupe, uplink.session):
        words.encode()
        assert "\x00" not in words and len(words) <= 200
    assert 0 <= uplink.port <= 255
    assert uplink.battery is None or uplink.battery in range(101)
    assert uplink.signal is None or -200 <= uplink.signal <= 0
    assert uplink.occurred_at is None or uplink.occurred_at.tzinfo is not None


def fuzzed(data: st.DataObject) -> list[Uplink]:
    """A sample with up to three values replaced; what it holds, or nothing where it is unreadable."""
    envelope = data.draw(st.sampled_from(sorted(SAMPLES)))
    value = copy.deepcopy(SAMPLES[envelope])
    for _ in range(data.draw(st.integers(1, 3))):
        value = put(value, data.draw(st.sampled_from(paths(value))), data.draw(STRANGE))
    body = json.dumps(value).encode()
    if data.draw(st.integers(0, 9)) == 0 and body:
        at = data.draw(st.integers(0, len(body) - 1))
        body = body[:at] + data.draw(st.binary(max_size=3)) + body[at + 1 :]
    event = data.draw(st.sampled_from(["up", "up", "join", "status", "", "log", "\ud800"]))
    onenet.proves(body, "token")
    try:
        return envelopes.open(envelope, body, {"event": event} if event else {})
    except Unreadable as error:
        str(error).encode()
        return []


@settings(max_examples=FEW, deadline=None)
@given(data=st.data())
def test_whatever_is_sent_is_read_or_unreadable(data: st.DataObject) -> None:
    for uplink in fuzzed(data):
        check(uplink)
