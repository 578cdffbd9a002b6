"""From a button's press to the event on the right open pages, and what thousands of open pages cost.

50 presses a second are posted as a platform posts them, while 200 streams are open; each press concerns four of them (its
village's two, its town's, the district's). Bar: p50 <= 60 ms, p99 <= 300 ms from the first byte of the post to the event on the
page. Then 5,000 streams in one ``live`` process: its memory (bar: 400 MB), and how long one event takes to reach all of them.
``python -m benchmarks.calls [--seconds 20] [--streams 5000] [--dry]``.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from benchmarks.county import COUNTY, County, found
from benchmarks.place import Place, begin, servers
from benchmarks.results import Figures, machine, write

PRESSES, STREAMS = 50, 200
WARM = 50
P50, P99, MEGABYTES = 60.0, 300.0, 400
MODEL = "wushi/4g"
_SPENT = """
SELECT substr(d.uid, 2), extract(epoch FROM w.received_at), extract(epoch FROM h.heard_at),
       extract(epoch FROM o.sent_at)
  FROM calls_call c JOIN calls_device d ON d.id = c.device_id
  JOIN calls_heard h ON h.device_id = d.id JOIN calls_wire w ON w.id = h.wire_id
  JOIN LATERAL (SELECT min(r.sent_at) AS sent_at FROM outbox_row r
                 WHERE r.kind = 'live' AND r.created_at = c.opened_at AND r.payload -> 'topics' ? ('call:' || c.id)
               ) o ON o.sent_at IS NOT NULL
 WHERE c.way = 'button'"""


class Stream:
    """One open page: what it listens to, and when each event came."""

    def __init__(self, topics: list[str]) -> None:
        self.topics, self.seen = topics, list[tuple[float, str]]()

    async def run(self, place: Place, open_now: asyncio.Event) -> None:
        """Until it is cancelled."""
        from wushi.edge.live import STREAM_SALT, signing, topic

        body = {
            "t": [topic(*name.split(":")) for name in self.topics],
            "a": "user:bench",
            "s": int(time.time()),
        }
        ticket = signing.dumps(body, salt=STREAM_SALT, compress=True)
        reader, writer = await asyncio.open_connection("127.0.0.1", place.port + 1)
        writer.write(f"GET /live/stream?ticket={quote(ticket)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        try:
            while line := await reader.readline():
                if line.startswith(b"retry:"):
                    open_now.set()
                elif line.startswith(b"data: "):
                    self.seen.append((time.perf_counter(), json.loads(line[6:])["topic"]))
        finally:
            writer.close()


@contextmanager
def opened(loop: asyncio.AbstractEventLoop, place: Place, streams: list[Stream]) -> Iterator[None]:
    """All streams open; closed at the end."""

    async def start() -> list[asyncio.Task[None]]:
        tasks = []
        for first in range(0, len(streams), 100):
            part = [(one, asyncio.Event()) for one in streams[first : first + 100]]
            tasks += [loop.create_task(one.run(place, ready)) for one, ready in part]
            await asyncio.wait_for(asyncio.gather(*(ready.wait() for _, ready in part)), 60)
        return tasks

    tasks = loop.run_until_complete(start())
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


def pages(county: County) -> tuple[list[Stream], dict[str, Stream]]:
    """200 pages: two a village, one a town, the district's, the rest residents' lamps; and each village's first."""
    first = {v: Stream([f"calls:{v}", f"ring:{county.secretaries[v]}"]) for v in county.villages}
    found = [*first.values(), *(Stream([f"calls:{v}"]) for v in county.villages)]
    found += [Stream([f"calls:{town}"]) for town in county.towns]
    found += [Stream([f"calls:{COUNTY}"])]
    found += [Stream([f"inbox:person:{n}"]) for n in range(STREAMS - len(found))]
    return found, first


def hang(county: County, count: int) -> str:
    """So many buttons at doors, village by village, and a gateway; its secret."""
    from datetime import UTC, datetime

    from wushi.domain.calls.services import found_gateway
    from wushi.domain.calls.services.enlisting import KnownDevice, enter_devices
    from wushi.kernel.actor import Actor

    house, at = Actor.of_house(COUNTY), datetime.now(UTC)
    villages = county.villages
    known = [
        KnownDevice(f"B{n:07d}", MODEL, villages[n % len(villages)], installed_at=at) for n in range(count)
    ]
    enter_devices(actor=house, devices=known)
    return str(found_gateway(actor=house, code="bench", name="bench", envelope="plain").secret)


async def post(place: Place, secret: str, body: bytes) -> int:
    """As a platform posts; the status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
    head = (
        f"POST /in/{COUNTY}/bench HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX-Wushi-Token: {secret}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    line = await reader.readline()
    await reader.read()
    writer.close()
    return int(line.split()[1])


async def press(place: Place, secret: str, numbers: range) -> tuple[list[float], list[int]]:
    """One button each, evenly in time; when each was pressed, and what was answered."""
    begun, tasks = list[float](), list[asyncio.Task[int]]()
    start = time.perf_counter()
    for nth, number in enumerate(numbers):
        await asyncio.sleep(max(0.0, start + nth / PRESSES - time.perf_counter()))
        body = json.dumps({"device": f"B{number:07d}", "event": "press", "id": f"p{number}"}).encode()
        begun.append(time.perf_counter())
        tasks.append(asyncio.get_running_loop().create_task(post(place, secret, body)))
    answers = list(await asyncio.gather(*tasks))
    await asyncio.sleep(3)
    return begun, answers


def presses(place: Place, county: County, seconds: float) -> dict[str, Any]:
    """The waits of presses, from the first byte posted to the event on the village's own page."""
    count = int(PRESSES * seconds)
    secret, loop = hang(county, count + WARM), asyncio.new_event_loop()
    streams, first = pages(county)
    with opened(loop, place, streams):
        # an installation tries its own path every five minutes: what is met here is never cold
        loop.run_until_complete(press(place, secret, range(count, count + WARM)))
        for one in streams:
            one.seen.clear()
        begun, answers = loop.run_until_complete(press(place, secret, range(count)))
        wall = [time.time() - time.perf_counter() + at for at in begun]
        bare = loop.run_until_complete(bare_notices(place, Stream([f"calls:{COUNTY}:bare"])))
    waits, lost = list[float](), 0
    for number, at in enumerate(begun):
        village = county.villages[number % len(county.villages)]
        # the next press of the same village comes a second and a half later
        after = [seen - at for seen, _topic in first[village].seen if at < seen]
        if after:
            waits.append(min(after) * 1000)
        else:
            lost += 1
    loop.close()
    refused = sum(answer != 200 for answer in answers)
    figures = Figures.of(waits, seconds)
    print(f"press to page        {figures.line()}  lost {lost}  refused {refused}")
    floor = Figures.of(bare, 1)
    print(f"  bare NOTIFY to page {floor.line()}  ratio {figures.p50 / floor.p50:.1f}")
    stages = {name: Figures.of(waits, seconds) for name, waits in spent(place, wall).items()}
    for name, stage in stages.items():
        print(f"  {name:18} {stage.line()}")
    return {
        "press to page": figures,
        "lost": lost,
        "refused": refused,
        "calls": _calls(place),
        "bare NOTIFY to page": floor,
        "ratio": round(figures.p50 / floor.p50, 1),
        "stages": stages,
    }


async def bare_notices(place: Place, stream: Stream) -> list[float]:
    """The limit: the database says a topic by itself, and the page hears it; milliseconds of a hundred, one after the other."""
    from wushi.config.relay import CHANNEL
    from wushi.edge.live import opaque

    ready, waits = asyncio.Event(), list[float]()
    task = asyncio.create_task(stream.run(place, ready))
    await asyncio.wait_for(ready.wait(), 10)
    with psycopg.connect(place.superuser(), autocommit=True) as connection:
        for number in range(100):
            told = time.perf_counter()
            connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"v {opaque(stream.topics[0])}"])
            while len(stream.seen) <= number:
                await asyncio.sleep(0.0005)
            waits.append((stream.seen[-1][0] - told) * 1000)
    task.cancel()
    return waits


def spent(place: Place, wall: list[float]) -> dict[str, list[float]]:
    """Where the time went: posted, kept, read, handed on to ``live``; milliseconds of each press."""
    with psycopg.connect(place.superuser()) as connection:
        rows = connection.execute(_SPENT).fetchall()
    found: dict[str, list[float]] = {"posted to kept": [], "kept to read": [], "read to handed on": []}
    for number, kept, read, sent in rows:
        if int(number) >= len(wall):
            continue
        begun = wall[int(number)]
        for name, first, last in zip(found, (begun, kept, read), (kept, read, sent), strict=True):
            found[name].append((float(last) - float(first)) * 1000)
    return found


def _calls(place: Place) -> int:
    with psycopg.connect(place.superuser()) as connection:
        row = connection.execute("SELECT count(*) FROM calls_call WHERE way = 'button'").fetchone()
    return int(row[0]) if row else 0


def crowd(place: Place, pid: int, count: int) -> dict[str, Any]:
    """Memory of ``live`` with so many open pages, and how long one event takes to all of them."""
    from wushi.config.relay import CHANNEL
    from wushi.edge.live import opaque

    before, loop = memory(pid), asyncio.new_event_loop()
    streams = [Stream([f"crowd:{n}", "crowd:all"]) for n in range(count)]
    with opened(loop, place, streams):
        held, waits = memory(pid), list[float]()
        for _round in range(5):
            with psycopg.connect(place.superuser(), autocommit=True) as connection:
                sent = time.perf_counter()
                connection.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"v {opaque('crowd:all')}"])
            loop.run_until_complete(asyncio.sleep(3))
            waits += [
                (one.seen[-1][0] - sent) * 1000 for one in streams if one.seen and one.seen[-1][0] > sent
            ]
    loop.close()
    figures = Figures.of(waits, 5)
    print(f"{count} streams: {held} MB ({before} MB before), one event to all {figures.line()}")
    return {
        "streams": count,
        "megabytes": held,
        "megabytes_before": before,
        "one event to all": figures,
        "reached": len(waits),
    }


def postmaster(place: Place) -> int:
    """The process of PostgreSQL whose children serve."""
    with psycopg.connect(place.superuser()) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        return int(Path(f"/proc/{row[0]}/stat").read_text().rpartition(")")[2].split()[1])


def memory(pid: int) -> int:
    """Megabytes a process and its children hold, shared pages counted by their share."""
    total = 0
    for one in _family(pid):
        with suppress(OSError):
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total // 1024


def processor(pids: dict[str, int]) -> dict[str, float]:
    """Seconds of processor that programs and their children have used so far."""
    # ours is the parent of all of them
    own = {"this": _ticks(os.getpid())}
    return {name: sum(_ticks(one) for one in _family(pid)) for name, pid in pids.items()} | own


def _ticks(pid: int) -> float:
    with suppress(OSError):
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _family(pid: int) -> list[int]:
    found = [pid]
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += _family(int(child))
    return found


def main() -> int:
    """About two minutes; 1 when a bar is missed."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=float, default=20.0)
    arguments.add_argument("--streams", type=int, default=5000)
    arguments.add_argument("--dry", action="store_true", help="write no line")
    given = arguments.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    before = machine()
    with begin(COUNTY, static=True) as place:
        county = found()
        with servers(place) as supervisor:
            pids = {**supervisor.pids(), "postgres": postmaster(place)}
            before_it = processor(pids)
            pressed = presses(place, county, given.seconds)
            used = {name: round(now - before_it[name], 1) for name, now in processor(pids).items()}
            print(f"processor seconds of {given.seconds:.0f}: {used}")
            crowded = crowd(place, supervisor.pids()["live"], given.streams)
    if not given.dry:
        write("calls", int(PRESSES * given.seconds), 0, {**pressed, "processor": used, **crowded}, before)
    figures = pressed["press to page"]
    met = figures.p50 <= P50 and figures.p99 <= P99 and not pressed["lost"] and not pressed["refused"]
    return 0 if met and crowded["megabytes"] <= MEGABYTES else 1


if __name__ == "__main__":
    began = time.monotonic()
    code = main()
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(code)
