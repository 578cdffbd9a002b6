"""B3 of the house: pages and worker are killed again and again while requests come in, and nothing is lost or doubled.

Every client keeps the key of its request and asks again until it is told a number. Afterwards the database is looked at
from behind: exactly one request a key, its three leaves, its outbox row, handed on. ``python -m benchmarks.kill [--n 2000]``.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import random
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from typing import Any
from uuid import uuid4

from benchmarks.county import COUNTY, County, found
from benchmarks.operations import Line
from benchmarks.place import Place, begin, servers, until
from benchmarks.results import machine, write
from benchmarks.texts import sentence

CLIENTS = 8
GIVE_UP_SECONDS = 40.0
LEAVES = ["cases.open_case", "cases.accept_case", "cases.assign_case"]


@dataclass
class Told:
    """What the clients were told, and how often they had to ask."""

    numbers: dict[str, set[str]] = field(default_factory=dict)
    asked: int = 0
    kills: dict[str, int] = field(default_factory=lambda: {"page_worker": 0, "pages": 0, "worker": 0})
    lock: threading.Lock = field(default_factory=threading.Lock)


def _client(place: Place, wanted: queue.SimpleQueue[tuple[str, dict[str, Any]]], told: Told) -> None:
    """Take a request, ask until somebody answers; now and then ask once more after the answer."""
    line, rng = Line(place.base), random.Random()
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while True:
        try:
            key, body = wanted.get_nowait()
        except queue.Empty:
            return
        left = 2 if rng.random() < 0.1 else 1
        while left and time.monotonic() < deadline:
            try:
                with told.lock:
                    told.asked += 1
                status, said = line.ask("POST", "/api/v1/cases", body, **{"Idempotency-Key": key})
                if status in (200, 201):
                    with told.lock:
                        told.numbers.setdefault(key, set()).add(json.loads(said)["number"])
                    left -= 1
                    continue
            except (OSError, ValueError, HTTPException):
                pass
            line = Line(place.base)
            time.sleep(rng.uniform(0.02, 0.2))


def children_of(pid: int) -> list[int]:
    """The processes whose parent it is."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1]) if entry.name.isdigit() else 0
        except (OSError, IndexError, ValueError):
            continue
        if parent == pid:
            found.append(int(entry.name))
    return found


def _kill(pid: int, told: Told, what: str) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
        told.kills[what] += 1
    except ProcessLookupError:
        pass


def _murderer(supervisor: Any, told: Told, over: threading.Event, rng: random.Random) -> None:
    """Mostly a process that serves pages; every so often the worker; seldom the parent of the pages."""
    while not over.wait(rng.uniform(0.15, 0.6)):
        pids, dice = supervisor.pids(), rng.random()
        if dice < 0.12 and "worker" in pids and told.kills["worker"] < 8:
            _kill(pids["worker"], told, "worker")
        elif dice < 0.15 and "pages" in pids and told.kills["pages"] < 3:
            _kill(pids["pages"], told, "pages")
        elif "pages" in pids and (serving := children_of(pids["pages"])):
            _kill(rng.choice(serving), told, "page_worker")


def create_under_fire(place: Place, county: County, n: int, rng: random.Random) -> Told:
    """``n`` requests through the API while processes die."""
    told, over, wanted = Told(), threading.Event(), queue.SimpleQueue[tuple[str, dict[str, Any]]]()
    villages = rng.choices(county.villages, county.weights, k=n)
    for number, village in enumerate(villages):
        body = {"area_code": county.grids[village][0], "text": sentence(rng), "channel": "api"}
        if number % 3 == 0:
            body |= {"name": "某某", "phone": f"139{number % 500:08d}"}
        wanted.put((str(uuid4()), body))
    with servers(place) as supervisor:
        killer = threading.Thread(target=_murderer, args=(supervisor, told, over, rng))
        clients = [threading.Thread(target=_client, args=(place, wanted, told)) for _ in range(CLIENTS)]
        for thread in (killer, *clients):
            thread.start()
        for thread in clients:
            thread.join()
        over.set()
        killer.join()
        until(lambda: _one(place, "SELECT count(*) FROM outbox_row WHERE state = 'new'") == 0, "the relay", 120)
    return told


def _rows(place: Place, sql: str) -> list[tuple[Any, ...]]:
    import psycopg

    with psycopg.connect(place.superuser()) as connection:
        return connection.execute(sql.encode()).fetchall()


def _one(place: Place, sql: str) -> int:
    return int(_rows(place, sql)[0][0])


def look_back(place: Place, told: Told) -> dict[str, Any]:
    """What is in the database, beside what was told; every count that should be nought is nought in a sound house."""
    cases = {key: (number, str(i)) for key, number, i in _rows(place, "SELECT client_key, number, id FROM cases_case")}
    leaves: dict[str, list[str]] = {}
    for subject, verb in _rows(
        place, "SELECT subject_id, verb FROM audit_leaf WHERE subject = 'cases.case' ORDER BY subject_id, step"
    ):
        leaves.setdefault(subject, []).append(verb)
    rows: dict[str, list[str]] = {}
    for topics, state in _rows(place, "SELECT payload->'topics', state FROM outbox_row WHERE kind = 'live'"):
        for topic in topics:
            if topic.startswith("case:"):
                rows.setdefault(topic.removeprefix("case:"), []).append(state)
    ids = [i for _, i in cases.values()]
    return {
        "cases": _one(place, "SELECT count(*) FROM cases_case"),
        "keys": len(cases),
        "told": len(told.numbers),
        "told_but_missing": sum(key not in cases for key in told.numbers),
        "told_another_number": sum(numbers != {cases[key][0]} for key, numbers in told.numbers.items() if key in cases),
        "without_its_leaves": sum(leaves.get(i) != LEAVES for i in ids),
        "without_its_outbox_row": sum(rows.get(i) != ["sent"] for i in ids),
        "leaves_of_nothing": len(set(leaves) - set(ids)),
        "outbox_rows_of_nothing": len(set(rows) - set(ids)),
        "outbox_rows_not_sent": _one(place, "SELECT count(*) FROM outbox_row WHERE state <> 'sent'"),
        "asked": told.asked,
        "kills": told.kills,
    }


def main() -> int:
    """Run the bar and write its line; 1 when a count is not what it must be."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--n", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=random.randrange(2**31))
    arguments.add_argument("--dry", action="store_true", help="print the result, write no line")
    given = arguments.parse_args()
    before = machine()
    with begin(COUNTY) as place:
        county = found()
        began = time.monotonic()
        told = create_under_fire(place, county, given.n, random.Random(given.seed))
        result = {**look_back(place, told), "seconds": round(time.monotonic() - began, 1)}
    print(json.dumps(result))
    if not given.dry:
        write("kill", given.n, given.seed, result, before)
    return 0 if sound(result, given.n) else 1


def sound(result: dict[str, Any], n: int) -> bool:
    """All there, none twice, nothing half-written."""
    noughts = (
        "told_but_missing", "told_another_number", "without_its_leaves", "without_its_outbox_row", "leaves_of_nothing",
        "outbox_rows_of_nothing", "outbox_rows_not_sent",
    )  # fmt: skip
    return all(result[name] == n for name in ("cases", "keys", "told")) and not any(result[name] for name in noughts)


if __name__ == "__main__":
    sys.exit(main())
