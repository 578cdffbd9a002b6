"""A real mosquitto of the tests' own, and clients that publish to it."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from paho.mqtt import client as paho

from wushi.gateway.mqtt import Consumer

# Debian keeps it where only root looks
MOSQUITTO = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
OPEN = """
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
max_inflight_messages 1000
max_queued_messages 100000
user {user}
"""


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def eventually(seen: Callable[[], Any], seconds: float = 20.0) -> Any:
    """What ``seen`` gives once it is true; fails after so many seconds."""
    until = time.monotonic() + seconds
    while not (found := seen()):
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)
    return found


class Broker:
    """One mosquitto: its folder, its port; ended by force or in order."""

    def __init__(self, folder: Path, conf: str = OPEN) -> None:
        self.folder, self.port = folder, free_port()
        self.conf = folder / "mosquitto.conf"
        self.conf.write_text(conf.format(port=self.port, folder=folder, user=getpass.getuser()))
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As MQTT_URL names it."""
        return f"mqtt://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([MOSQUITTO, "-c", str(self.conf)], stdout=log, stderr=log)
        eventually(self.answers)

    def answers(self) -> bool:
        """Whether somebody listens."""
        assert self.process is not None
        assert self.process.poll() is None, (self.folder / "log").read_text()
        with socket.socket() as one:
            one.settimeout(1)
            return one.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it; what is persistent stays in its folder."""
        if self.process is not None:
            os.kill(self.process.pid, how)
            self.process.wait(10)
            self.process = None


@contextmanager
def running(folder: Path, conf: str = OPEN) -> Iterator[Broker]:
    """A broker for a block."""
    broker = Broker(folder, conf)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


@contextmanager
def publisher(broker: Broker, **login: Any) -> Iterator[paho.Client]:
    """A client that is connected for a block."""
    client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=login.get("name", ""))
    if "user" in login:
        client.username_pw_set(login["user"], login["password"])
    if "ca" in login:
        client.tls_set(ca_certs=str(login["ca"]))
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    try:
        eventually(client.is_connected, 5)
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def publish(broker: Broker, topic: str, *bodies: bytes, retain: bool = False) -> None:
    """Publish and wait until the broker has each."""
    with publisher(broker) as client:
        sent = [client.publish(topic, body, qos=1, retain=retain) for body in bodies]
        for one in sent:
            one.wait_for_publish(10)


@contextmanager
def consuming(county: str, url: str, keep: Any = None) -> Iterator[Consumer]:
    """The consumer of a county in a thread of its own."""
    import threading

    consumer = Consumer(county, url, keep)
    thread = threading.Thread(target=consumer.run)
    thread.start()
    try:
        yield consumer
    finally:
        consumer.stop()
        thread.join(15)
        assert not thread.is_alive()
