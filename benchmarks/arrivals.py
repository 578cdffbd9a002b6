"""Messages arrive, half by MQTT and half by callbacks, while all that takes them is killed; each is there and counts once.

The consumer is killed twice, the callback server twice, PostgreSQL once (all by SIGKILL), the broker is restarted once, and
a proxy cuts off a share of the replies. Senders keep a message until it is acknowledged and send the same one again. Then
the database is looked at from behind. ``python -m benchmarks.arrivals [--n 20000] [--seed S] [--dry]``.
"""

from __future__ import annotations

import argparse
import contextlib
import getpass
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.county import COUNTY, County, found
from benchmarks.cutting import Cutting
from benchmarks.ingest import MOSQUITTO, _listens
from benchmarks.place import Place, begin, free_ports, servers, until
from benchmarks.results import machine, write

EACH = 10  # messages of one device
PRESSED = (0, 4, 8)  # which of them are presses
SENDERS, PUBLISHERS = 8, 4
CUT_SHARE = 0.05
CONF = """
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
max_inflight_messages 1000
max_queued_messages 0
user {user}
"""
# at which share of all acknowledged messages what happens
FAULTS = (
    (0.08, "consumer"),
    (0.20, "pages"),
    (0.35, "broker"),
    # with the database away what was taken is in memory alone: whoever acknowledges too early loses it now
    (0.55, "database, then consumer"),
    (0.78, "pages"),
)


@dataclass(frozen=True)
class Sent:
    """One message; its number is its name for ever."""

    number: int
    device: str
    event: str

    def body(self) -> bytes:
        """As it is sent, each time the same."""
        return json.dumps({"device": self.device, "id": str(self.number), "event": self.event}).encode()


@dataclass
class Tally:
    """What the senders saw, and what was done to those who take."""

    acknowledged: set[int] = field(default_factory=set)
    sent_again: int = 0
    faults: list[tuple[str, int]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, number: int) -> None:
        """It was acknowledged."""
        with self.lock:
            self.acknowledged.add(number)


def messages_of(n: int, rng: random.Random) -> tuple[list[Sent], list[Sent]]:
    """(by MQTT, by callback): of every device some each way, in any order."""
    devices = n // EACH
    every = [
        Sent(i, f"B{i % devices:07d}", "sos" if i // devices in PRESSED else "heartbeat")
        for i in range(devices * EACH)
    ]
    ways: tuple[list[Sent], list[Sent]] = ([], [])
    for one in every:
        ways[(one.number + one.number // devices) % 2].append(one)
    for way in ways:
        rng.shuffle(way)
    return ways


# ---- who sends ----
def by_callback(port: int, secret: str, part: Sequence[Sent], tally: Tally, pause: float) -> None:
    """One after the other; each until it is said to be received."""
    for one in part:
        while not _posted(port, secret, one.body()):
            with tally.lock:
                tally.sent_again += 1
            time.sleep(0.1)
        tally.note(one.number)
        time.sleep(pause)


def _posted(port: int, secret: str, body: bytes) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        line.request("POST", f"/in/{COUNTY}/buttons", body, {"X-Wushi-Token": secret})
        answer = line.getresponse()
        return answer.status == 200 and answer.read() == b"ok\n"
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def by_mqtt(port: int, name: str, part: Sequence[Sent], tally: Tally, pause: float) -> None:
    """QoS 1 on a session the broker keeps: what it has not acknowledged is sent again after every reconnect."""
    from paho.mqtt import client as paho

    waiting: dict[int, int] = {}
    early: set[int] = set()
    own = threading.Lock()
    room = threading.Semaphore(200)

    def heard(client: Any, userdata: Any, mid: int, reason: Any, properties: Any) -> None:
        with own:
            number = waiting.pop(mid, None)
            if number is None:
                early.add(mid)
        if number is not None:
            tally.note(number)
            room.release()

    client = paho.Client(paho.CallbackAPIVersion.VERSION2, client_id=name, clean_session=False)
    client.reconnect_delay_set(min_delay=1, max_delay=2)
    client.max_inflight_messages_set(200)
    client.on_publish = heard
    client.connect("127.0.0.1", port)
    client.loop_start()
    for one in part:
        room.acquire()
        # never under a lock that its callback takes: the client holds one of its own meanwhile
        mid = client.publish(f"wushi/{one.device}", one.body(), qos=1).mid
        with own:
            if mid not in early:
                waiting[mid] = one.number
        if mid in early:
            early.discard(mid)
            tally.note(one.number)
            room.release()
        time.sleep(pause)
    until(lambda: not waiting, "the broker's acknowledgements", 300)
    client.disconnect()
    client.loop_stop()


# ---- who takes, and what is done to it ----
class Mosquitto:
    """A broker that keeps what it has on disk when it ends in order."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_ports()
        (folder / "mosquitto.conf").write_text(
            CONF.format(port=self.port, folder=folder, user=getpass.getuser())
        )

    def start(self) -> None:
        """Start, and wait until it listens."""
        with (self.folder / "mosquitto.log").open("ab") as log:
            self.process = subprocess.Popen(
                [MOSQUITTO, "-c", str(self.folder / "mosquitto.conf")], stdout=log, stderr=log
            )
        until(lambda: _listens(self.port), "mosquitto")

    def stop(self) -> None:
        """In order."""
        self.process.terminate()
        self.process.wait(30)


@contextmanager
def brokered(folder: Path) -> Iterator[Mosquitto]:
    """A broker for a block; the installation listens to it."""
    broker = Mosquitto(folder)
    broker.start()
    os.environ["MQTT_URL"] = f"mqtt://127.0.0.1:{broker.port}"
    try:
        yield broker
    finally:
        del os.environ["MQTT_URL"]
        broker.stop()


def deeds(place: Place, supervisor: Any, broker: Mosquitto) -> dict[str, Callable[[], None]]:
    """How each of those who take is brought down; the supervisor starts its own children again."""

    def child(name: str) -> Callable[[], None]:
        def kill() -> None:
            until(lambda: name in supervisor.pids(), name)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(supervisor.pids()[name], signal.SIGKILL)

        return kill

    def database() -> None:
        os.kill(place.cluster.status().pid, signal.SIGKILL)
        time.sleep(2.0)
        child("ingest")()
        until(lambda: _started(place), "PostgreSQL", 120)

    def restart() -> None:
        broker.stop()
        time.sleep(0.5)
        broker.start()

    return {
        "consumer": child("ingest"),
        "pages": child("pages"),
        "database, then consumer": database,
        "broker": restart,
    }


def _started(place: Place) -> bool:
    try:
        place.cluster.ensure_started()
    except Exception:
        return False
    return True


def strike(n: int, tally: Tally, done: dict[str, Callable[[], None]], over: threading.Event) -> None:
    """Each fault once its share of the messages was acknowledged, while the others still arrive."""
    for share, what in FAULTS:
        while len(tally.acknowledged) < share * n and not over.is_set():
            time.sleep(0.02)
        tally.faults.append((what, len(tally.acknowledged)))
        done[what]()


# ---- the run ----
def send_all(place: Place, n: int, secret: str, rng: random.Random, seconds: float) -> tuple[Tally, Cutting]:
    """Everything is sent in about so many seconds if nothing stood in the way; back when all of it was acknowledged."""
    mqtt, posts = messages_of(n, rng)
    tally, over = Tally(), threading.Event()
    with (
        brokered(place.home) as broker,
        servers(place, ("pages", "calls", "ingest")) as supervisor,
        Cutting(place.port, CUT_SHARE, rng).open() as line,
    ):
        _listening(place, broker)
        paces = seconds * SENDERS / len(posts), seconds * PUBLISHERS / len(mqtt)
        threads = [
            threading.Thread(target=by_callback, args=(line.port, secret, posts[k::SENDERS], tally, paces[0]))
            for k in range(SENDERS)
        ]
        threads += [
            threading.Thread(
                target=by_mqtt, args=(broker.port, f"sender-{k}", mqtt[k::PUBLISHERS], tally, paces[1])
            )
            for k in range(PUBLISHERS)
        ]
        murderer = threading.Thread(target=strike, args=(n, tally, deeds(place, supervisor, broker), over))
        for thread in (*threads, murderer):
            thread.start()
        for thread in threads:
            thread.join()
        over.set()
        murderer.join()
        # what does not come is found by looking back
        with contextlib.suppress(RuntimeError):
            until(lambda: _one(place, "SELECT count(DISTINCT body) FROM calls_wire") > n, "the inbox", 60)
        until(
            lambda: _one(place, "SELECT count(*) FROM calls_wire WHERE result = ''") == 0, "the reader", 300
        )
    return tally, line


def _listening(place: Place, broker: Mosquitto) -> None:
    """The consumer has its session: from now on the broker keeps for it."""
    from paho.mqtt import client as paho

    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()

    def arrived() -> bool:
        client.publish("wushi/B9999999", b"first", qos=1)
        time.sleep(0.3)
        return _one(place, "SELECT count(*) FROM calls_wire") > 0

    until(arrived, "the consumer")
    client.disconnect()
    client.loop_stop()


def _one(place: Place, sql: str) -> int:
    import psycopg

    with psycopg.connect(place.superuser()) as connection:
        row = connection.execute(sql.encode()).fetchone()
    return int(row[0]) if row else 0


def equip(county: County, n: int) -> str:
    """The devices hang, the way in is open; its secret."""
    from wushi.domain.calls.services import found_gateway
    from wushi.domain.calls.services.enlisting import KnownDevice, enter_devices
    from wushi.kernel.actor import Actor

    house, at, villages = Actor.of_house(COUNTY), datetime.now(UTC), county.villages
    known = [
        KnownDevice(f"B{k:07d}", "wushi/4g", villages[k % len(villages)], installed_at=at)
        for k in range(n // EACH)
    ]
    enter_devices(actor=house, devices=known)
    way = found_gateway(actor=house, code="buttons", name="buttons", envelope="plain", topic="wushi/+")
    return str(way.secret)


def look_back(place: Place, n: int, tally: Tally, line: Cutting) -> dict[str, Any]:
    """What is in the database beside what was acknowledged; what should be nought is nought in a sound house."""
    import psycopg

    with psycopg.connect(place.superuser()) as connection:
        rows = connection.execute("SELECT body, result FROM calls_wire WHERE body <> 'first'").fetchall()
    kept = [int(json.loads(bytes(body))["id"]) for body, _result in rows]
    devices = n // EACH
    presses = devices * len(PRESSED)
    heard = "SELECT count(*) FROM calls_heard"
    leaves = "SELECT count(*) FROM audit_leaf WHERE verb = 'calls.receive_event'"
    return {
        "messages": n,
        "acknowledged": len(tally.acknowledged),
        "acknowledged_but_missing": len(tally.acknowledged - set(kept)),
        "kept_twice": len(kept) - len(set(kept)),
        "not_read": sum(result != "read" for _body, result in rows),
        "presses": presses,
        "presses_not_heard": presses - _one(place, heard),
        "presses_without_their_leaf": presses - _one(place, leaves),
        "presses_not_counted": presses - _one(place, "SELECT coalesce(sum(presses), 0) FROM calls_call"),
        "calls": _one(place, "SELECT count(*) FROM calls_call"),
        "devices_without_a_call": devices - _one(place, "SELECT count(DISTINCT device_id) FROM calls_call"),
        "devices_not_seen": _one(place, "SELECT count(*) FROM calls_device WHERE seen_at IS NULL"),
        "rungs_twice": _one(place, "SELECT count(*) - count(DISTINCT (call_id, number)) FROM calls_rung"),
        "sent_again": tally.sent_again,
        "replies_cut": line.cuts,
        "faults": [f"{what} at {at}" for what, at in tally.faults],
        "faults_after_the_last": sum(at >= n for _what, at in tally.faults),
    }


def sound(result: dict[str, Any], n: int) -> bool:
    """All there, each press heard once, every fault while messages still came."""
    noughts = (
        "acknowledged_but_missing", "not_read", "presses_not_heard", "presses_without_their_leaf",
        "presses_not_counted", "devices_without_a_call", "devices_not_seen", "rungs_twice", "faults_after_the_last",
    )  # fmt: skip
    return (
        result["acknowledged"] == result["messages"] == n
        and result["calls"] == n // EACH
        and len(result["faults"]) == len(FAULTS)
        and not any(result[name] for name in noughts)
    )


def main() -> int:
    """Run the bar and write its line; 1 when a count is not what it must be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=20_000, help="how many messages; a multiple of 10")
    parser.add_argument("--seconds", type=float, default=120.0, help="how long they would take undisturbed")
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    parser.add_argument("--dry", action="store_true", help="print the result, write no line")
    given = parser.parse_args()
    if not Path(MOSQUITTO).exists():
        print("mosquitto is not installed; nothing was tried.", file=sys.stderr)
        return 1
    before, n = machine(), given.n // EACH * EACH
    with begin(COUNTY) as place:
        county = found()
        secret = equip(county, n)
        began = time.monotonic()
        tally, line = send_all(place, n, secret, random.Random(given.seed), given.seconds)
        result = {
            **look_back(place, n, tally, line),
            "seconds": round(time.monotonic() - began, 1),
            "seed": given.seed,
        }
    print(json.dumps(result))
    if not given.dry:
        write("arrivals", n, given.seed, result, before)
    return 0 if sound(result, n) else 1


if __name__ == "__main__":
    sys.exit(main())
