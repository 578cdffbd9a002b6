"""The consumer on a real mosquitto: nothing is acknowledged that is not kept, and everything comes back until it is."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.gateway.broker import Broker, consuming, eventually, publish, publisher, running
from tests.gateway.calling import bodies, kept, shut, way_in
from tests.village import Village
from wushi.config.env import EnvironmentRefused, load
from wushi.config.postgres import Cluster
from wushi.domain.calls.services.inbox import keep_messages
from wushi.gateway import mqtt

TOPIC = "wushi/+"
MANY = 1500


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with running(tmp_path) as made:
        yield made


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mqtt, "LOOK_SECONDS", 0.2)


def press(number: int) -> bytes:
    """A press with a name of its own."""
    return json.dumps({"device": "B0001", "event": "press", "id": str(number)}).encode()


def ready(broker: Broker, county: str, topic: str = "wushi/B0000") -> None:
    """Publish until something arrives: the subscription is there, and the broker keeps from now on."""

    def arrived() -> bool:
        publish(broker, topic, b"first")
        time.sleep(0.1)
        return b"first" in bodies(county)

    eventually(arrived)


def told(county: str) -> list[bytes]:
    """What came in, without the first tries."""
    return [body for body in bodies(county) if body != b"first"]


def test_what_is_published_is_kept_with_its_topic(village: Village, broker: Broker) -> None:
    way_in(village, topic=TOPIC)
    with consuming(village.county, broker.url):
        ready(broker, village.county)
        publish(broker, "wushi/B0001", press(1))
        eventually(lambda: told(village.county))
    row = kept(village.county)[-1]
    assert (row.gateway, row.envelope, row.beside) == ("buttons", "plain", {"topic": "wushi/B0001"})
    # it was acknowledged: nobody who comes later is given it again
    with consuming(village.county, broker.url) as again:
        publish(broker, "wushi/B0001", press(2))
        eventually(lambda: again.kept)
        time.sleep(0.3)
    assert told(village.county) == [press(1), press(2)]


def test_what_comes_while_it_is_away_waits_for_it(village: Village, broker: Broker) -> None:
    way_in(village, topic=TOPIC)
    with consuming(village.county, broker.url):
        ready(broker, village.county)
    wanted = [press(n) for n in range(50)]
    publish(broker, "wushi/B0001", *wanted)
    assert told(village.county) == []
    with consuming(village.county, broker.url):
        eventually(lambda: len(told(village.county)) == 50)
    assert sorted(told(village.county)) == sorted(wanted)


def test_a_database_that_is_away_is_waited_for(village: Village, broker: Broker) -> None:
    way_in(village, topic=TOPIC)
    away = {"now": False, "tries": 0}

    def keep(county: str, messages: Sequence[Any]) -> object:
        if away["now"]:
            away["tries"] += 1
            raise OSError("the database is away")
        return keep_messages(county, messages)

    with consuming(village.county, broker.url, keep):
        ready(broker, village.county)
        away["now"] = True
        publish(broker, "wushi/B0001", press(1), press(2))
        eventually(lambda: away["tries"] >= 2)
    # it ended without having kept them: they were never acknowledged
    assert told(village.county) == []
    away["now"] = False
    with consuming(village.county, broker.url, keep):
        eventually(lambda: len(told(village.county)) == 2)
        away["now"] = True
        publish(broker, "wushi/B0001", press(3))
        eventually(lambda: away["tries"] >= 4)
        away["now"] = False
        eventually(lambda: len(told(village.county)) == 3)
    assert sorted(told(village.county)) == [press(1), press(2), press(3)]


def test_a_broker_that_ends_is_found_again(village: Village, broker: Broker) -> None:
    way_in(village, topic=TOPIC)
    with consuming(village.county, broker.url):
        ready(broker, village.county)
        for number, how in enumerate((signal.SIGTERM, signal.SIGKILL)):
            broker.stop(how)
            time.sleep(0.3)
            broker.start()
            ready(broker, village.county)
            before = len(bodies(village.county))
            # after a kill the broker may have forgotten the session: until it is made anew nothing is waited for
            eventually(lambda n=before: _again(broker, village.county, n))
            publish(broker, "wushi/B0001", press(number))
            eventually(lambda n=number: press(n) in told(village.county))


def _again(broker: Broker, county: str, before: int) -> bool:
    publish(broker, "wushi/B0000", b"first")
    time.sleep(0.1)
    return len(bodies(county)) > before


def test_gateways_that_open_and_close_are_followed(village: Village, broker: Broker) -> None:
    first = way_in(village, topic=TOPIC)
    with consuming(village.county, broker.url):
        ready(broker, village.county)
        way_in(village, "lora", envelope="chirpstack", topic="application/+/device/+/event/+")
        up = "application/a/device/24e124535b000001/event/up"
        ready_at = {"up": False}

        def arrived() -> bool:
            publish(broker, up, b"{}")
            time.sleep(0.1)
            ready_at["up"] = any(row.gateway == "lora" for row in kept(village.county))
            return ready_at["up"]

        eventually(arrived)
        shut(village, first)
        time.sleep(0.6)
        before = len(bodies(village.county))
        publish(broker, "wushi/B0001", press(1))
        publish(broker, up, b"{}")
        eventually(lambda: len(bodies(village.county)) > before)
    assert told(village.county).count(press(1)) == 0


def test_what_is_retained_or_too_large_is_left_out(village: Village, broker: Broker) -> None:
    way_in(village, topic=TOPIC)
    publish(broker, "wushi/B0001", press(1), retain=True)
    with consuming(village.county, broker.url):
        ready(broker, village.county)
        publish(broker, "wushi/B0001", b"0" * (mqtt.BODY_LIMIT + 1), press(2), b"", b"\x00\xff")
        eventually(lambda: len(told(village.county)) == 3)
        time.sleep(0.2)
    assert sorted(told(village.county)) == sorted([press(2), b"", b"\x00\xff"])


def test_an_acknowledgement_belongs_to_its_connection(village: Village, broker: Broker) -> None:
    consumer = mqtt.Consumer(village.county, broker.url)
    acked: list[int] = []
    consumer._client.ack = lambda mid, qos: acked.append(mid)  # type: ignore[method-assign,assignment,return-value]
    old = mqtt.Came(consumer._number, 7, 1, "wushi/B0001", b"")
    consumer._acknowledge([old])
    consumer._begin()
    # the number 7 may name another message by now
    consumer._acknowledge([old, mqtt.Came(consumer._number, 8, 1, "wushi/B0001", b"")])
    assert acked == [7, 8]


def test_killed_while_messages_come_it_loses_none(village: Village, broker: Broker) -> None:
    way_in(village, topic=TOPIC)
    given = {**os.environ, "MQTT_URL": broker.url}
    command = [sys.executable, "-m", "wushi.gateway.mqtt", village.county]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, env=given, stderr=subprocess.DEVNULL)

    process = start()
    try:
        ready(broker, village.county)
        with publisher(broker) as client:
            sent = []
            for number in range(MANY):
                sent.append(client.publish("wushi/B0001", press(number), qos=1))
                if number in (MANY // 3, 2 * MANY // 3):
                    time.sleep(0.2)
                    process.kill()
                    process.wait(10)
                    process = start()
            for one in sent:
                one.wait_for_publish(30)
        wanted = {press(n) for n in range(MANY)}
        eventually(lambda: wanted <= set(told(village.county)), 60)
        process.terminate()
        assert process.wait(15) == 0
    finally:
        if process.poll() is None:
            process.kill()


def cut_connections(name: str) -> int:
    """End every connection to the database that has this name, as a restart of the server does; how many."""
    superuser = Cluster(Path(os.environ["WUSHI_HOME"]), durable=False).superuser_url()
    with psycopg.connect(superuser, autocommit=True) as line:
        return len(
            line.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", [name]
            ).fetchall()
        )


def test_a_database_that_cuts_its_lines_loses_none(village: Village, broker: Broker) -> None:
    way_in(village, topic=TOPIC)
    given = {**os.environ, "MQTT_URL": broker.url, "PGAPPNAME": village.county}
    command = [sys.executable, "-m", "wushi.gateway.mqtt", village.county]
    process = subprocess.Popen(command, env=given, stderr=subprocess.DEVNULL)
    try:
        ready(broker, village.county)
        cut, sent = 0, []
        with publisher(broker) as client:
            for number in range(600):
                sent.append(client.publish("wushi/B0001", press(number), qos=1))
                if number % 150 == 75:
                    cut += eventually(lambda: cut_connections(village.county))
            for one in sent:
                one.wait_for_publish(30)
        wanted = {press(n) for n in range(600)}
        eventually(lambda: wanted <= set(told(village.county)), 60)
        assert cut >= 4
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait(15)


def test_it_needs_a_broker(capsys: pytest.CaptureFixture[str]) -> None:
    assert mqtt.main() == 2
    assert "MQTT_URL is not set" in capsys.readouterr().err


def test_the_broker_s_address(tmp_path: Path) -> None:
    home = {"WUSHI_HOME": str(tmp_path)}
    for good in ("", "mqtt://h", "mqtt://u:p@h:1883", "mqtts://h:8883?ca=/etc/ca.crt"):
        found = load({**home, "MQTT_URL": good})
        assert found.mqtt_url == good
        assert not good or good not in repr(found)
    for wrong in ("h:1883", "http://h", "mqtt://", "mqtt://h:0", "mqtt://h:port"):
        with pytest.raises(EnvironmentRefused, match="MQTT_URL must look like"):
            load({**home, "MQTT_URL": wrong})
