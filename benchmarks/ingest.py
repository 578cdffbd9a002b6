"""Heartbeats through one MQTT consumer, beside bare COPY of the same rows in the same run; and callbacks over HTTP.

The messages wait in a mosquitto of its own before the consumer comes, so that the publisher takes none of its time. Bar: at least
half of COPY, both durable, both in batches of at most 500. ``python -m benchmarks.ingest [--n 40000] [--seconds 10] [--dry]``.
"""

from __future__ import annotations

import argparse
import getpass
import http.client
import json
import math
import multiprocessing
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.place import Place, begin, free_ports, servers, until
from benchmarks.results import Figures, machine, write

COUNTY = "990901"
BATCH = 500
BAR = 0.5
DEVICES, CLIENTS = 1000, 8
MOSQUITTO = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
CONF = """
listener {port} 127.0.0.1
allow_anonymous true
max_inflight_messages 1000
max_queued_messages 0
user {user}
"""


def heartbeat(number: int) -> tuple[str, bytes]:
    """A device's topic and what it says."""
    device = f"B{number % DEVICES:06d}"
    return f"wushi/{device}", json.dumps(
        {"device": device, "id": str(number), "event": "heartbeat", "battery": 80, "signal": -71}
    ).encode()


@contextmanager
def mosquitto(folder: Path) -> Iterator[int]:
    """A broker in a folder; its port."""
    port = free_ports()
    conf = folder / "mosquitto.conf"
    conf.write_text(CONF.format(port=port, user=getpass.getuser()))
    with (folder / "mosquitto.log").open("wb") as log:
        process = subprocess.Popen([MOSQUITTO, "-c", str(conf)], stdout=log, stderr=log)
    try:
        until(lambda: _listens(port), "mosquitto")
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    try:
        http.client.HTTPConnection("127.0.0.1", port, timeout=1).connect()
    except OSError:
        return False
    return True


def publish(port: int, n: int) -> None:
    """So many heartbeats to the broker; returns when it has acknowledged each."""
    from paho.mqtt import client as paho

    client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id="publisher")
    client.max_inflight_messages_set(1000)
    client.connect("127.0.0.1", port)
    client.loop_start()
    for one in [client.publish(*heartbeat(number), qos=1) for number in range(n)]:
        one.wait_for_publish(60)
    client.disconnect()
    client.loop_stop()


@contextmanager
def consuming(url: str) -> Iterator[Any]:
    """The consumer, as the ingest runs it."""
    from wushi.gateway.mqtt import Consumer

    consumer = Consumer(COUNTY, url)
    thread = threading.Thread(target=consumer.run)
    thread.start()
    try:
        yield consumer
    finally:
        consumer.stop()
        thread.join(20)


def through_consumer(place: Place, n: int, keeps: bool = True) -> dict[str, Any]:
    """Messages a second from the first that is kept to the last; without ``keeps`` what reading and acknowledging cost."""
    from wushi.domain.calls.services import inbox

    with mosquitto(place.home) as port:
        url = f"mqtt://127.0.0.1:{port}"
        with consuming(url) as first:
            until(first._client.is_connected, "the consumer")
            time.sleep(1)
        child = multiprocessing.get_context("spawn").Process(target=publish, args=(port, n))
        child.start()
        child.join()
        sizes: list[int] = []
        plain, began = inbox.keep_messages, math.inf

        def counted(county: str, messages: Any) -> Any:
            sizes.append(len(messages))
            return plain(county, messages) if keeps else None

        from wushi.gateway.mqtt import Consumer

        consumer = Consumer(COUNTY, url, counted)
        thread = threading.Thread(target=consumer.run)
        busy = time.process_time()
        thread.start()
        while consumer.kept < n:
            if math.isinf(began) and consumer.kept:
                began, at_first = time.monotonic(), consumer.kept
            time.sleep(0.001)
        seconds = time.monotonic() - began
        busy = time.process_time() - busy
        consumer.stop()
        thread.join(20)
    rate = (n - at_first) / seconds
    return {
        "per_second": round(rate, 1),
        "batches": len(sizes),
        "largest": max(sizes),
        "processor_us_each": round(busy / n * 1e6, 1),
    }


def kept_alone(n: int) -> float:
    """Rows a second by what the consumer calls, without a broker: where the time goes."""
    from wushi.domain.calls.services.inbox import Arrived, keep_messages

    came = [Arrived("buttons", "plain", body, {"topic": topic}) for topic, body in map(heartbeat, range(n))]
    began = time.monotonic()
    for first in range(0, n, BATCH):
        keep_messages(COUNTY, came[first : first + BATCH])
    return n / (time.monotonic() - began)


def bare_copy(place: Place, n: int) -> float:
    """Rows a second by COPY of the same columns, as superuser, in batches of the same size, each committed."""
    import psycopg

    from wushi.kernel.ids import uuid7

    rows = [(uuid7(), *heartbeat(number)) for number in range(n)]
    sql = """COPY calls_wire (id, county, gateway, envelope, body, beside, received_at, result, said, uid, read_at)
             FROM STDIN"""
    now = time.strftime("%Y-%m-%d %H:%M:%S+00", time.gmtime())
    with psycopg.connect(place.superuser()) as connection:
        connection.execute("TRUNCATE calls_wire")
        connection.commit()
        began = time.monotonic()
        for first in range(0, n, BATCH):
            with connection.cursor() as cursor, cursor.copy(sql) as copy:
                for key, topic, body in rows[first : first + BATCH]:
                    beside = json.dumps({"topic": topic})
                    copy.write_row((key, COUNTY, "buttons", "plain", body, beside, now, "", "", "", None))
            connection.commit()
        return n / (time.monotonic() - began)


def callbacks(place: Place, secret: str, seconds: float) -> Figures:
    """Clients that post one heartbeat after the other, each on a line of its own."""
    found: list[list[float]] = [[] for _ in range(CLIENTS)]
    end = time.monotonic() + seconds

    def client(number: int) -> None:
        line, count = http.client.HTTPConnection("127.0.0.1", place.port, timeout=10), number
        while time.monotonic() < end:
            began = time.monotonic()
            line.request("POST", f"/in/{COUNTY}/buttons", heartbeat(count)[1], {"X-Wushi-Token": secret})
            answer = line.getresponse()
            answer.read()
            if answer.status != 200:
                raise RuntimeError(f"answered {answer.status}")
            found[number].append((time.monotonic() - began) * 1000)
            count += CLIENTS

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Figures.of([one for line in found for one in line], seconds)


def main() -> int:
    """Consumer, what it calls, COPY, callbacks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=40_000, help="how many messages through the consumer")
    parser.add_argument("--seconds", type=float, default=10, help="how long callbacks are posted")
    parser.add_argument("--dry", action="store_true", help="keep no line")
    given = parser.parse_args()
    if not Path(MOSQUITTO).exists():
        print("mosquitto is not installed; nothing was measured.")
        return 0
    before = machine()
    with begin(COUNTY) as place:
        from wushi.domain.calls.services import found_gateway
        from wushi.kernel.actor import Actor

        gate = found_gateway(
            actor=Actor.of_house(COUNTY), code="buttons", name="buttons", envelope="plain", topic="wushi/+"
        )
        consumer = through_consumer(place, given.n)
        print("consumer", json.dumps(consumer), flush=True)
        read = through_consumer(place, given.n, keeps=False)
        print("only read and acknowledged", json.dumps(read), flush=True)
        alone = kept_alone(given.n)
        copy = bare_copy(place, given.n)
        ratio = round(consumer["per_second"] / copy, 2)
        print(f"kept without a broker {alone:.1f}/s, bare COPY {copy:.1f}/s, ratio {ratio}", flush=True)
        with servers(place, ("pages",)):
            posted = callbacks(place, str(gate.secret), given.seconds)
        print("callbacks", posted.line())
    result = {
        "consumer": consumer,
        "only_read": read,
        "kept_alone_per_second": round(alone, 1),
        "copy_per_second": round(copy, 1),
        "ratio": ratio,
        "callbacks": posted,
    }
    if not given.dry:
        write("ingest", given.n, 0, result, before)
    return 0 if ratio >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
