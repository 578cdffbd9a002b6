"""The demonstration's own broker: whoever knows the secret is heard, others are not; a taken port ends nothing."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from paho.mqtt import client as paho

from tests.gateway.broker import consuming, eventually, free_port
from wushi.config import broker
from wushi.config.env import Environment, load

Kept = list[bytes]


def environment(home: Path) -> Environment:
    """An installation whose broker's port is free."""
    return load({"WUSHI_HOME": str(home), "WUSHI_PORT": str(free_port() - 2)})


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Environment]:
    found = environment(tmp_path)
    given = {**os.environ, "WUSHI_HOME": str(tmp_path), "WUSHI_PORT": str(found.port)}
    process = subprocess.Popen([sys.executable, "-m", "wushi.config.broker"], env=given)
    try:
        eventually(lambda: _listens(broker.port_of(found)))
        yield found
        process.terminate()
        assert process.wait(15) == 0
    finally:
        process.kill()


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def answer_to(found: Environment, user: str, password: str) -> bool:
    """Whether the broker lets somebody in."""
    client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="somebody")
    answers: list[bool] = []
    client.on_connect = lambda c, d, flags, reason, p: answers.append(not reason.is_failure)
    if user:
        client.username_pw_set(user, password)
    client.connect("127.0.0.1", broker.port_of(found))
    client.loop_start()
    try:
        return bool(eventually(lambda: answers, 10)[0])
    finally:
        client.disconnect()
        client.loop_stop()


def test_only_the_secret_lets_in(served: Environment) -> None:
    secret = unquote(str(urlsplit(broker.address(served)).password))
    assert answer_to(served, broker.USER, secret)
    assert not answer_to(served, broker.USER, secret[:-1])
    assert not answer_to(served, "other", secret)
    assert not answer_to(served, "", "")


def test_a_taken_port_is_waited_for(tmp_path: Path) -> None:
    found = environment(tmp_path)
    given = {**os.environ, "WUSHI_HOME": str(tmp_path), "WUSHI_PORT": str(found.port)}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", broker.port_of(found)))
        taken.listen()
        process = subprocess.Popen(
            [sys.executable, "-m", "wushi.config.broker"], env=given, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert "trying again" in process.stdout.readline()
        assert process.poll() is None
    process.terminate()
    assert process.wait(15) == 0


def test_the_ingest_hears_it(served: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    from wushi.gateway import ways

    there = {"buttons": ways.Way("buttons", "plain", "token", "s", "wushi/+")}
    monkeypatch.setattr(ways, "ways_of", lambda county: there)
    kept: Kept = []
    with consuming("990000", broker.address(served), lambda county, rows: kept.extend(r.body for r in rows)):
        client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="button")
        client.username_pw_set(broker.USER, (served.home / broker.SECRET_FILE).read_text().strip())
        client.connect("127.0.0.1", broker.port_of(served))
        client.loop_start()
        try:

            def heard() -> bool:
                client.publish("wushi/B0001", b"{}", qos=1).wait_for_publish(5)
                return b"{}" in kept

            eventually(heard)
        finally:
            client.disconnect()
            client.loop_stop()
