"""``docs/mosquitto.conf`` as it stands there, started for real: a device speaks for itself, and does nothing else."""

from __future__ import annotations

import getpass
import ipaddress
import json
import os
import random
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from paho.mqtt import client as paho

from tests.gateway.broker import Broker, consuming, eventually
from tests.gateway.calling import bodies, kept, way_in
from tests.house.tree import ROOT
from tests.village import Village
from wushi.gateway import mqtt

SECRET = "secret-of-the-tests"
DEVICES = ("24E124535B000001", "24E124535B000002")
PASSWD = shutil.which("mosquitto_passwd") or "/usr/bin/mosquitto_passwd"
FEW = int(os.environ.get("WUSHI_FUZZ", "150"))


def press(uid: str, number: int = 1) -> bytes:
    """What a button sends."""
    return json.dumps({"device": uid, "event": "press", "id": str(number)}).encode()


def certificate(folder: Path) -> None:
    """A certificate of this machine's own, for the loopback address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir()
    (folder / "server.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The sample, with its folders, its user and its port moved into the test's own."""
    folder = tmp_path_factory.mktemp("mosquitto")
    certificate(folder / "certs")
    shutil.copy(ROOT / "docs" / "mosquitto.acl", folder / "acl")
    (folder / "passwd").touch(mode=0o600)
    for user in ("wushi-ingest", "chirpstack", *DEVICES):
        subprocess.run([PASSWD, "-b", str(folder / "passwd"), user, SECRET], check=True, capture_output=True)
    sample = (ROOT / "docs" / "mosquitto.conf").read_text()
    for there, here in (
        ("/etc/mosquitto/", f"{folder}/"),
        ("/var/lib/mosquitto/", f"{folder}/"),
        ("listener 8883", "listener {port} 127.0.0.1"),
        ("user mosquitto", f"user {getpass.getuser()}"),
    ):
        assert there in sample
        sample = sample.replace(there, here)
    made = Broker(folder, sample)
    made.start()
    yield made
    made.stop()


class Party(paho.Client):
    """A client by TLS, what it heard, and what it was answered."""

    def __init__(
        self, broker: Broker, user: str, password: str = SECRET, name: str = "", **more: Any
    ) -> None:
        super().__init__(paho.CallbackAPIVersion.VERSION2, client_id=name or user, **more)
        self.heard: list[tuple[str, bytes]] = []
        self.granted: list[bool] = []
        self.answer: Any = None
        self.username_pw_set(user, password)
        self.tls_set(ca_certs=str(broker.folder / "certs" / "server.crt"))
        self.on_message = lambda client, data, message: self.heard.append((message.topic, message.payload))
        self.on_subscribe = lambda c, d, mid, reasons, p: self.granted.extend(
            not r.is_failure for r in reasons
        )
        self.on_connect = lambda c, d, flags, reason, p: setattr(self, "answer", reason)
        self.connect("127.0.0.1", broker.port)
        self.loop_start()
        eventually(lambda: self.answer is not None, 10)

    def __enter__(self) -> Party:
        return self

    def __exit__(self, *error: object) -> None:
        self.disconnect()
        self.loop_stop()


def address(broker: Broker) -> str:
    """As MQTT_URL names it."""
    return f"mqtts://wushi-ingest:{SECRET}@127.0.0.1:{broker.port}?ca={broker.folder}/certs/server.crt"


def subscribed(broker: Broker, county: str) -> None:
    """The consumer's topics are there."""
    with Party(broker, DEVICES[0], name="first") as device:

        def arrived() -> bool:
            device.publish(f"wushi/{DEVICES[0]}", b"first", qos=1)
            time.sleep(0.1)
            return b"first" in bodies(county)

        eventually(arrived)


def test_a_button_is_heard_on_its_own_topic_alone(village: Village, broker: Broker) -> None:
    way_in(village, topic="wushi/#")
    own, other = DEVICES
    with consuming(village.county, address(broker)):
        subscribed(broker, village.county)
        with Party(broker, own) as device:
            for topic in (
                f"wushi/{other}",
                "wushi/",
                f"wushi/{own}/more",
                "wushi",
                "application/a/device/b/event/up",
                f"wushi/receiver/{own}",
                "$SYS/broker/uptime",
                f"other/{own}",
            ):
                device.publish(topic, press(other), qos=1).wait_for_publish(5)
            device.publish(f"wushi/{own}", press(own, 2), qos=1).wait_for_publish(5)
        eventually(lambda: press(own, 2) in bodies(village.county))
    assert press(other) not in bodies(village.county)
    assert {row.beside["topic"] for row in kept(village.county)} == {f"wushi/{own}"}


def test_a_device_hears_nothing(village: Village, broker: Broker) -> None:
    with Party(broker, DEVICES[0]) as spy:
        for topic in (
            "#",
            "+/#",
            "wushi/#",
            "wushi/+",
            f"wushi/{DEVICES[1]}",
            "$share/g/wushi/#",
            "application/#",
        ):
            spy.subscribe(topic, qos=1)
        eventually(lambda: len(spy.granted) == 7, 10)
        with Party(broker, DEVICES[1]) as device:
            device.publish(f"wushi/{DEVICES[1]}", press(DEVICES[1]), qos=1).wait_for_publish(5)
        time.sleep(0.5)
        assert spy.heard == []


def test_who_is_nobody_stays_outside(broker: Broker) -> None:
    for user, password in ((DEVICES[0], "guess"), ("nobody", SECRET), ("", ""), ("#", SECRET), ("+", SECRET)):
        with Party(broker, user, password, name=f"x{len(user)}") as party:
            assert party.answer.is_failure


def test_without_tls_nobody_is_answered(broker: Broker) -> None:
    with socket.create_connection(("127.0.0.1", broker.port), 5) as line:
        line.sendall(b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00")
        line.settimeout(5)
        try:
            answer = line.recv(4)
        except OSError:
            answer = b""
    # a TLS alert, or nothing; never an answer of MQTT
    assert not answer.startswith(b"\x20")


def test_nothing_is_retained_and_wills_keep_to_the_topic(village: Village, broker: Broker) -> None:
    way_in(village, topic="wushi/#")
    own, other = DEVICES
    with consuming(village.county, address(broker)):
        subscribed(broker, village.county)
        lost: list[Any] = []
        with Party(broker, own) as device:
            device.on_disconnect = lambda *args: lost.append(args)
            device.publish(f"wushi/{own}", press(own, 7), qos=1, retain=True)
            eventually(lambda: lost, 10)
        rogue = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="rogue")
        rogue.username_pw_set(own, SECRET)
        rogue.tls_set(ca_certs=str(broker.folder / "certs" / "server.crt"))
        rogue.will_set(f"wushi/{other}", press(other, 8), qos=1)
        rogue.connect("127.0.0.1", broker.port)
        rogue.loop_start()
        eventually(rogue.is_connected, 10)
        rogue.socket().shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
        rogue.loop_stop()
        time.sleep(0.5)
        # a real alarm comes all the same
        with Party(broker, own, name="real") as device:
            device.publish(f"wushi/{own}", press(own, 9), qos=1).wait_for_publish(5)
        eventually(lambda: press(own, 9) in bodies(village.county))
    assert press(other, 8) not in bodies(village.county)
    assert press(own, 7) not in bodies(village.county)


def test_a_message_beyond_all_measure_is_refused(village: Village, broker: Broker) -> None:
    way_in(village, topic="wushi/#")
    own = DEVICES[0]
    with consuming(village.county, address(broker)):
        subscribed(broker, village.county)
        with Party(broker, own) as device:
            device.publish(f"wushi/{own}", b"0" * (mqtt.BODY_LIMIT * 3), qos=1)
            time.sleep(0.3)
        with Party(broker, own, name="real") as device:
            device.publish(f"wushi/{own}", press(own, 3), qos=1).wait_for_publish(5)
        eventually(lambda: press(own, 3) in bodies(village.county))
    assert max(map(len, bodies(village.county))) <= mqtt.BODY_LIMIT


def packet(chance: random.Random) -> bytes:
    """Something like a packet of MQTT, and mostly none."""
    topic = chance.choice([b"", b"\xff\xfe", b"wushi/+", b"#", b"\x00" * 3, b"a" * 300, b"wushi/B0001"])
    body = len(topic).to_bytes(2, "big") + topic + chance.randbytes(chance.randint(0, 30))
    kinds = [
        0x10,
        0x20,
        0x30,
        0x32,
        0x34,
        0x36,
        0x3E,
        0x40,
        0x50,
        0x62,
        0x82,
        0x8F,
        0xA2,
        0xC0,
        0xE0,
        0xF0,
        0x00,
    ]
    length = chance.choice(
        [bytes([min(len(body), 127)]), b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff\xff", b"\x00"]
    )
    return bytes([chance.choice(kinds)]) + length + body


def test_packets_nobody_meant_stop_neither_broker_nor_ingest(village: Village, broker: Broker) -> None:
    way_in(village, topic="wushi/#")
    chance, own = random.Random(20261123), DEVICES[0]
    trust = ssl.create_default_context(cafile=str(broker.folder / "certs" / "server.crt"))
    user, word = own.encode(), SECRET.encode()
    hello = b"\x00\x04MQTT\x04\xc2\x00\x3c" + b"".join(
        len(part).to_bytes(2, "big") + part for part in (b"fuzz", user, word)
    )
    with consuming(village.county, address(broker)):
        subscribed(broker, village.county)
        for number in range(FEW):
            with socket.create_connection(("127.0.0.1", broker.port), 5) as bare:
                try:
                    if number % 3 == 0:
                        bare.sendall(chance.randbytes(60))
                        continue
                    with trust.wrap_socket(bare, server_hostname="127.0.0.1") as line:
                        if number % 3 == 1:
                            line.sendall(bytes([0x10, len(hello)]) + hello)
                        line.sendall(b"".join(packet(chance) for _ in range(3)))
                except OSError:
                    continue
        with Party(broker, own, name="real") as device:
            device.publish(f"wushi/{own}", press(own, 11), qos=1).wait_for_publish(5)
        eventually(lambda: press(own, 11) in bodies(village.county))
    assert broker.answers()
