"""B36: each device tries every other's topic, wildcards, retained messages and wills on the real broker: refused, and logged.

``WUSHI_DEVICES`` is how many; the bar is 500.
"""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest
from paho.mqtt import client as paho

from tests.gateway.broker import Broker, consuming, eventually
from tests.gateway.calling import bodies, kept, way_in
from tests.gateway.test_mosquitto import PASSWD, SECRET, Party, address, broker, press, subscribed
from tests.village import Village

__all__ = ["broker"]
MANY = int(os.environ.get("WUSHI_DEVICES", "8"))
UIDS = tuple(f"24E124535C{n:06d}" for n in range(MANY))
WILD = ("#", "+", "wushi/#", "wushi/+", "+/+", "$share/all/wushi/#", "application/#", "$SYS/#")


@pytest.fixture(scope="module")
def many(broker: Broker) -> Iterator[Broker]:
    """The sample's broker, with a user for each device."""
    for uid in UIDS:
        subprocess.run(
            [PASSWD, "-b", str(broker.folder / "passwd"), uid, SECRET], check=True, capture_output=True
        )
    broker.stop()
    broker.start()
    yield broker


def log_of(broker: Broker) -> str:
    return (broker.folder / "log").read_text(errors="replace")


def rogue(broker: Broker, uid: str, others: list[str]) -> None:
    """Speaks for everybody else, listens to everybody, leaves things behind."""
    with Party(broker, uid, name=f"rogue-{uid}") as party:
        for other in others:
            party.publish(f"wushi/{other}", press(other, 666), qos=1).wait_for_publish(10)
        for topic in WILD:
            party.subscribe(topic, qos=1)
        for other in others:
            party.subscribe(f"wushi/{other}", qos=1)
        eventually(lambda: len(party.granted) == len(WILD) + len(others), 20)
        party.publish(f"wushi/{uid}", press(uid, 1), qos=1).wait_for_publish(10)
        assert party.heard == []
    _will(broker, uid, others[0])
    _retained(broker, uid)


def _will(broker: Broker, uid: str, other: str) -> None:
    client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=f"will-{uid}")
    client.username_pw_set(uid, SECRET)
    client.tls_set(ca_certs=str(broker.folder / "certs" / "server.crt"))
    client.will_set(f"wushi/{other}", press(other, 667), qos=1)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    eventually(client.is_connected, 10)
    client.socket().shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
    client.loop_stop()


def _retained(broker: Broker, uid: str) -> None:
    lost: list[Any] = []
    with Party(broker, uid, name=f"keeps-{uid}") as party:
        party.on_disconnect = lambda *args: lost.append(args)
        party.publish(f"wushi/{uid}", press(uid, 668), qos=1, retain=True)
        eventually(lambda: lost, 10)


def test_each_device_speaks_for_itself_alone(village: Village, many: Broker) -> None:
    way_in(village, topic="wushi/#")
    with consuming(village.county, address(many)):
        subscribed(many, village.county)
        for uid in UIDS:
            rogue(many, uid, [other for other in UIDS if other != uid])
        eventually(lambda: {press(uid, 1) for uid in UIDS} <= set(bodies(village.county)), 30)
        time.sleep(0.5)
    told = [body for body in bodies(village.county) if body != b"first"]
    # each once, its own; nothing in another's name, nothing retained, no will
    assert sorted(told) == sorted(press(uid, 1) for uid in UIDS)
    assert all(row.beside["topic"].endswith(uid) for row in kept(village.county) for uid in [_of(row)] if uid)
    said = log_of(many)
    for uid in UIDS:
        # every try stands in the log, by whom and on which topic
        denied = [line for line in said.splitlines() if f"Denied PUBLISH from {uid} " in line]
        assert len(denied) >= MANY - 1, uid


def _of(row: Any) -> str:
    return next((uid for uid in UIDS if uid.encode() in bytes(row.body)), "")


def test_a_session_that_is_not_its_own_tells_it_nothing(village: Village, many: Broker) -> None:
    """A device that calls itself by the ingest's name gets neither its topics nor what waits for it."""
    way_in(village, topic="wushi/#")
    with consuming(village.county, address(many)):
        subscribed(many, village.county)
    with Party(many, UIDS[1], name="waits") as device:
        device.publish(f"wushi/{UIDS[1]}", press(UIDS[1], 5), qos=1).wait_for_publish(10)
    with Party(many, UIDS[0], name=f"wushi-{village.county}", clean_session=False) as thief:
        time.sleep(1.0)
        assert [topic for topic, _body in thief.heard] == []
    # and what waited still waits for whom it was meant
    with consuming(village.county, address(many)):
        eventually(lambda: press(UIDS[1], 5) in bodies(village.county))
