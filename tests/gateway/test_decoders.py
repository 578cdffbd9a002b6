"""Every family of wireless callers by its vectors, and by bytes nobody meant: an event each time, never an exception."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wushi.config import cli
from wushi.domain.calls.rules import urgency_of
from wushi.domain.calls.wire import PRESSES, DeviceEvent, EventKind
from wushi.gateway import devices

VECTORS = Path(__file__).parent / "vectors"
FEW = 150


def vectors() -> list[tuple[str, dict[str, Any]]]:
    """(family, vector) of every file."""
    found = []
    for path in sorted(VECTORS.glob("*.json")):
        if path.stem != "envelopes":
            found += [(path.stem, one) for one in json.loads(path.read_text(encoding="utf-8"))["vectors"]]
    return found


ALL = vectors()


@pytest.mark.parametrize(("family", "vector"), ALL, ids=[f"{f}-{v['model']}-{v['hex']}" for f, v in ALL])
def test_a_vector_means_what_it_says(family: str, vector: dict[str, Any]) -> None:
    event = devices.decode(vector["model"], vector["port"], bytes.fromhex(vector["hex"]))
    says = dict(vector["says"])
    facts = says.pop("facts", {})
    assert event.kind == EventKind(says.pop("kind"))
    for name, value in says.items():
        assert getattr(event, name) == pytest.approx(value) if isinstance(value, float) else value, name
        assert getattr(event, name) == value or isinstance(value, float), name
    for name, value in facts.items():
        assert event.facts[name] == (pytest.approx(value) if isinstance(value, float) else value), name
    if "tamper" not in says:
        assert not event.tamper
    if "battery_low" not in says:
        assert not event.battery_low


def test_every_family_has_vectors_with_their_source() -> None:
    assert {family for family, _ in ALL} == set(devices.FAMILIES)
    for _, vector in ALL:
        assert vector["source"]["licence"] and vector["provenance"]


def test_every_family_has_a_press_and_something_undecodable() -> None:
    for family in {family for family, _ in ALL}:
        kinds = {EventKind(v["says"]["kind"]) for f, v in ALL if f == family}
        assert kinds & PRESSES, family
        assert EventKind.UNDECODABLE in kinds, family


def test_models_are_named_once_and_say_what_their_presses_mean() -> None:
    models = devices.models()
    assert len({model.key for model in models}) == len(models) >= 12
    for model in models:
        assert set(model.classes) <= {kind.value for kind in PRESSES}
        assert model.classes and set(model.classes.values()) <= {"emergency", "ordinary"}
        assert model.volts is None or model.volts[0] < model.volts[1]
        assert 3600 <= model.heartbeat <= 24 * 3600


@pytest.mark.parametrize(
    ("model", "port", "payload", "urgency"),
    [
        ("milesight/ws101", 85, "FF2E01", "ordinary"),
        ("milesight/ws101", 85, "FF2E02", "emergency"),
        ("milesight/ws101-sos", 85, "FF2E01", "emergency"),
        ("netvox/r312a", 6, "014D011E01000000000000", "emergency"),
        ("radio-bridge/rbs301", 2, "13060300", "ordinary"),
        ("radio-bridge/rbs301", 2, "15060302", "emergency"),
        ("an/an301", 210, "001401", "emergency"),
        ("wushi/4g-two", 0, b'{"event":"press","button":1}'.hex(), "emergency"),
        ("wushi/4g-two", 0, b'{"event":"press","button":2}'.hex(), "ordinary"),
    ],
)
def test_red_and_green(model: str, port: int, payload: str, urgency: str) -> None:
    kinds = {one.key: one for one in devices.models()}
    event = devices.decode(model, port, bytes.fromhex(payload))
    assert event.kind in PRESSES
    found = urgency_of(
        event.kind.value, event.button, classes=kinds[model].classes, buttons=kinds[model].buttons
    )
    assert found == urgency


def test_one_press_told_in_three_messages_is_one_press_and_more_of_it() -> None:
    told = [devices.decode("radio-bridge/rbs301", 2, bytes([0x13, 0x06, 0x03, state])) for state in (0, 2, 1)]
    assert [event.kind for event in told] == [EventKind.PRESS, EventKind.PRESS_LONG, EventKind.RELEASE]
    assert EventKind.RELEASE not in PRESSES


def test_a_model_nobody_knows_is_undecodable() -> None:
    event = devices.decode("nobody/x1", 1, b"\x01")
    assert (event.kind, event.facts["why"]) == (EventKind.UNDECODABLE, "model")


MODELS = st.sampled_from([model.key for model in devices.models()])
PORTS = st.one_of(st.sampled_from([0, 2, 3, 4, 5, 6, 7, 8, 13, 85, 147, 210]), st.integers(0, 255))


def mutated(data: st.DataObject) -> tuple[str, int, bytes]:
    """A vector with bytes changed, cut off or added, or bytes of no meaning."""
    if data.draw(st.booleans()):
        return data.draw(MODELS), data.draw(PORTS), data.draw(st.binary(max_size=60))
    _, vector = data.draw(st.sampled_from(ALL))
    raw = bytearray.fromhex(vector["hex"])
    for _ in range(data.draw(st.integers(0, 3))):
        if raw:
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    raw = raw[: data.draw(st.integers(0, len(raw)))] if data.draw(st.booleans()) else raw
    return vector["model"], vector["port"], bytes(raw) + data.draw(st.binary(max_size=4))


def check(event: DeviceEvent) -> None:
    """What every event holds to."""
    assert isinstance(event.kind, EventKind)
    assert event.battery is None or event.battery in range(101)
    assert event.volts is None or 0 <= event.volts < 70
    assert event.kind != EventKind.UNDECODABLE or event.facts["why"]
    json.dumps(dict(event.facts))


@settings(max_examples=FEW, deadline=None)
@given(data=st.data())
def test_bytes_nobody_meant_are_an_event(data: st.DataObject) -> None:
    model, port, payload = mutated(data)
    check(devices.decode(model, port, payload))


def test_the_command_prints_the_event(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_command(["devices", "decode", "WS101", "85", "017510FF2E01"]) == 0
    assert json.loads(capsys.readouterr().out) == {"model": "milesight/ws101", "kind": "press", "battery": 16}
    assert cli.run_command(["devices", "decode", "milesight/ws101", "85", "AA", "--json"]) == 0
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    assert json.loads(line)["kind"] == "undecodable"
    assert cli.run_command(["devices", "models"]) == 0
    assert "netvox/r312a" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["WS999", "1", "00"], "No device is called"), (["WS101", "85", "0G"], "hexadecimal digits")],
)
def test_the_command_refuses_in_words(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run_command(["devices", "decode", *arguments]) == 2
    assert words in capsys.readouterr().err
