"""The simulator: the same seed sends the same, chaos has everything in it, and what is taken over real HTTP and MQTT is kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application

from tests.gateway.broker import free_port, running
from tests.gateway.calling import kept
from tests.gateway.test_press_comes_in import calls, hung
from tests.village import Village
from wushi.config import cli
from wushi.config.commands import simulate
from wushi.config.simulation import Button, Sending, plan
from wushi.domain.calls.services import read_wires
from wushi.gateway import devices, envelopes, ways

BUTTONS = [Button("24E124535B000001", "milesight/ws101"), Button("861234567890123", "wushi/4g")]
START = datetime(2026, 11, 23, 1, tzinfo=UTC)


class Server(ThreadingMixIn, WSGIServer):
    """The pages on a port of their own."""

    daemon_threads = True


class Silent(WSGIRequestHandler):
    """Writes nothing."""

    def log_message(self, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Server, Silent)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("WUSHI_PORT", str(server.server_port))
    ways.forget()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def planned(chaos: bool, seed: int = 7, seconds: float = 200) -> list[Sending]:
    """Everything some minutes send."""
    return list(plan(BUTTONS, rate=5, seconds=seconds, start=START, chaos=chaos, seed=seed))


def test_the_same_seed_sends_the_same() -> None:
    assert planned(True) == planned(True) != planned(True, seed=8)
    assert [one.at for one in planned(True)] == sorted(one.at for one in planned(True))


def test_a_quiet_run_is_read_whole() -> None:
    models, pressed = {b.uid: b.model for b in BUTTONS}, 0
    for one in planned(False):
        (uplink,) = envelopes.open("plain", one.body, {"topic": f"simulate/{one.uid}"})
        event = uplink.event or devices.decode(models[uplink.uid], uplink.port, uplink.payload)
        assert event.kind != "undecodable"
        pressed += event.kind in ("press", "press_long")
        assert one.press == (event.kind in ("press", "press_long"))
    assert pressed > 300


def test_chaos_has_everything_in_it() -> None:
    sent = planned(True, seconds=600)
    whole = [one for one in sent if not (one.garbage or one.cut)]
    bodies = [one.body for one in whole]
    assert len(set(bodies)) < len(bodies)
    assert any(one.garbage for one in sent) and any(one.cut for one in sent)
    # what was garbled or cut off comes once more, whole
    assert {one.body for one in sent if one.cut} <= set(bodies)
    back = [one for one in whole if b'"online"' in one.body]
    assert {one.uid for one in back} <= {b.uid for b in BUTTONS} and back
    assert not [one for one in sent if 300.5 < one.at < 309.5]
    late = [one for one in whole if json.loads(one.body)["time"] < START.isoformat()]
    assert late or any(
        json.loads(a.body)["time"] > json.loads(b.body)["time"]
        for a, b in zip(whole, whole[1:], strict=False)
    )
    # each press counts once, however often it is sent
    assert len({one.body for one in whole if one.press}) == sum(one.press for one in whole)


@pytest.mark.parametrize("chaos", [False, True])
def test_over_http_everything_taken_is_kept(
    village: Village, pages: int, chaos: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    hung(village, BUTTONS[0].uid, BUTTONS[0].model)
    options = ["--rate", "40", "--for", "3s", "--county", village.county, "--seed", "5", "--yes"]
    assert cli.run_command(["simulate", "calls", *options, *(["--chaos"] if chaos else [])]) == 0
    said = capsys.readouterr().out.splitlines()[-1]
    assert "0 refused" in said and not said.startswith("0 presses")
    assert len(kept(village.county)) > 50
    while read_wires(village.county):
        pass
    assert len(calls(village.county)) == 1
    results = {row.result for row in kept(village.county)}
    # one button alone says a hundred things in three seconds: what is too much for a minute is kept and set aside
    assert results == ({"read", "aside", "undecodable"} if chaos else {"read", "aside"})


def test_over_mqtt_everything_taken_is_kept(
    village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hung(village, BUTTONS[0].uid, BUTTONS[0].model)
    with running(tmp_path) as broker:
        monkeypatch.setenv("MQTT_URL", broker.url)
        ingest = subprocess.Popen(
            [sys.executable, "-m", "wushi.gateway.mqtt", village.county],
            env={**os.environ, "MQTT_URL": broker.url},
            stderr=subprocess.DEVNULL,
        )
        try:
            options = [
                "--rate",
                "40",
                "--for",
                "3s",
                "--county",
                village.county,
                "--by",
                "mqtt",
                "--chaos",
                "--yes",
            ]
            assert cli.run_command(["simulate", "calls", *options]) == 0, capsys.readouterr().err
        finally:
            ingest.terminate()
            ingest.wait(15)
    while read_wires(village.county):
        pass
    assert len(calls(village.county)) == 1


def test_a_message_that_went_out_unanswered_is_told() -> None:
    def never(one: Sending) -> bool:
        raise OSError("nobody there")

    simulate.TRIES, tries = 2, simulate.TRIES
    try:
        sums = simulate.run(iter([Sending(0, "B0001", b"{}")]), never)
    finally:
        simulate.TRIES = tries
    assert (sums.lost, sums.again, sums.accepted) == (1, 2, 0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--for", "soon"], "--for is a number"),
        (["--by", "post"], "--by is http or mqtt"),
        (["--rate", "0"], "--rate is more than 0"),
        (["--county", "999998", "--yes"], "No wireless caller is installed"),
    ],
)
def test_refused_in_words(options: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_command(["simulate", "calls", *options]) in (1, 2)
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("by", "words"), [("http", "The pages do not answer"), ("mqtt", "The broker does not answer")]
)
def test_with_nobody_there_it_says_so(
    village: Village, by: str, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hung(village, BUTTONS[0].uid, BUTTONS[0].model)
    monkeypatch.setenv("WUSHI_PORT", str(free_port()))
    monkeypatch.setenv("MQTT_URL", f"mqtt://127.0.0.1:{free_port()}")
    options = ["--county", village.county, "--for", "1s", "--by", by, "--yes"]
    assert cli.run_command(["simulate", "calls", *options]) == 1
    assert words in capsys.readouterr().err


def test_it_asks_first(village: Village, capsys: pytest.CaptureFixture[str]) -> None:
    hung(village, BUTTONS[0].uid, BUTTONS[0].model)
    assert cli.run_command(["simulate", "calls", "--county", village.county, "--for", "1s"]) == 2
    assert "Nothing was done" in capsys.readouterr().err
    assert kept(village.county) == []
