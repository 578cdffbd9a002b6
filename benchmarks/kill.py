"""B3 of the house: pages and worker are killed again and again while requests come in, and nothing is lost or doubled.

Every client keeps the key of its request and asks again until it is told a number. Afterwards the database is looked at
from behind: exactly one request a key, its three leaves, its outbox row, handed on. ``python -m benchmarks.kill [--n 2000]``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
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
from wushi.config.generator_texts import sentence

CLIENTS = 8
GIVE_UP_SECONDS = 120.0
LIVES_SECONDS = 6.5
MOST_ROUNDS = 40
LEAVES = ["cases.open_case", "cases.accept_case", "cases.assign_case"]


@dataclass
class Told:
    """What the clients were told, and how often they had to ask."""

    numbers: dict[str, set[str]] = field(default_factory=dict)
    asked: int = 0
    unanswered: int = 0
    kills: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("page_worker", "pages", "worker"), 0)
    )
    lock: threading.Lock = field(default_factory=threading.Lock)


Order = tuple[str, dict[str, Any]]


def _client(place: Place, orders: list[Order], told: Told, seed: int) -> None:
    """Take a request, ask until somebody answers; now and then ask once more after the answer."""
    line, rng = Line(place.base), random.Random(seed)
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while True:
        with told.lock:
            if not orders:
                return
            key, body = orders.pop()
        left = 2 if rng.random() < 0.1 else 1
        while left and time.monotonic() < deadline:
            answered = _ask(line, key, body, told)
            left -= answered
            if not answered:
                line = Line(place.base)
                time.sleep(rng.uniform(0.02, 0.2))


def _ask(line: Line, key: str, body: dict[str, Any], told: Told) -> bool:
    number = ""
    try:
        status, said = line.ask("POST", "/api/v1/cases", body, **{"Idempotency-Key": key})
        number = json.loads(said)["number"] if status in (200, 201) else ""
    except (OSError, ValueError, HTTPException):
        pass
    with told.lock:
        told.asked += 1
        told.unanswered += not number
        if number:
            told.numbers.setdefault(key, set()).add(number)
    return bool(number)


def children_of(pid: int) -> list[int]:
    """The processes whose parent it is."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, IndexError, ValueError):
            if (
                entry.name.isdigit()
                and int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == pid
            ):
                found.append(int(entry.name))
    return found


class Murderer:
    """Kills by number what serves pages, what relays, and now and then the parent of the pages.

    A server that dies again within seconds of its start is rightly given up by its parent; so each has time to live.
    """

    def __init__(self, supervisor: Any, told: Told, rng: random.Random) -> None:
        self.supervisor, self.told, self.rng = supervisor, told, rng
        self.seen: dict[int, float] = {}

    def victims(self, turn: int) -> list[tuple[int, str]]:
        """Who dies in this round: old enough to die."""
        pids, now = self.supervisor.pids(), time.monotonic()
        serving = children_of(pids["pages"]) if "pages" in pids else []
        for pid in (*serving, *pids.values()):
            self.seen.setdefault(pid, now)
        old = [pid for pid in serving if now - self.seen[pid] > LIVES_SECONDS]
        if turn % 10 == 6 and "pages" in pids:
            return [(pids["pages"], "pages")]
        if turn % 4 == 2 and "worker" in pids:
            return [(pids["worker"], "worker")]
        if turn % 4 == 3:
            return [(pid, "page_worker") for pid in old]
        return [(self.rng.choice(old), "page_worker")] if old else []

    def strike(self, victims: list[tuple[int, str]]) -> None:
        """kill -9, in the middle of what the clients are asking."""
        time.sleep(self.rng.uniform(0.0, 0.15))
        for pid, what in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.told.kills[what] += 1


def orders_of(county: County, n: int, rng: random.Random) -> list[Order]:
    """What is going to be asked, each with its key; some with a reporter."""
    orders: list[Order] = []
    for number, village in enumerate(rng.choices(county.villages, county.weights, k=n)):
        body = {"area_code": county.grids[village][0], "text": sentence(rng), "channel": "api"}
        if number % 3 == 0:
            body |= {"name": "某某", "phone": f"139{number % 500:08d}"}
        orders.append((str(uuid4()), body))
    return orders


def create_under_fire(place: Place, county: County, n: int, rng: random.Random) -> Told:
    """``n`` requests through the API in rounds; in each round somebody dies."""
    told, orders = Told(), orders_of(county, n, rng)
    rounds = min(MOST_ROUNDS, max(8, n // 30))
    with servers(place) as supervisor:
        murderer = Murderer(supervisor, told, rng)
        for turn in range(rounds):
            part = [orders.pop() for _ in range(n // rounds if turn < rounds - 1 else len(orders))]
            until_old = time.monotonic() + 2 * LIVES_SECONDS
            while not (victims := murderer.victims(turn)) and time.monotonic() < until_old:
                time.sleep(0.2)
            clients = [
                threading.Thread(target=_client, args=(place, part, told, rng.randrange(2**31)))
                for _ in range(CLIENTS)
            ]
            for thread in clients:
                thread.start()
            murderer.strike(victims)
            for thread in clients:
                thread.join()
        until(
            lambda: _one(place, "SELECT count(*) FROM outbox_row WHERE state = 'new'") == 0, "the relay", 120
        )
    return told


def _rows(place: Place, sql: str) -> list[tuple[Any, ...]]:
    import psycopg

    with psycopg.connect(place.superuser()) as connection:
        return connection.execute(sql.encode()).fetchall()


def _one(place: Place, sql: str) -> int:
    return int(_rows(place, sql)[0][0])


def look_back(place: Place, told: Told) -> dict[str, Any]:
    """What is in the database, beside what was told; every count that should be nought is nought in a sound house."""
    cases = {
        key: (number, str(i))
        for key, number, i in _rows(place, "SELECT client_key, number, id FROM cases_case")
    }
    leaves: dict[str, list[str]] = {}
    for subject, verb in _rows(
        place,
        "SELECT subject_id, verb FROM audit_leaf WHERE subject = 'cases.case' ORDER BY subject_id, step",
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
        "told_another_number": sum(
            numbers != {cases[key][0]} for key, numbers in told.numbers.items() if key in cases
        ),
        "without_its_leaves": sum(leaves.get(i) != LEAVES for i in ids),
        "without_its_outbox_row": sum(rows.get(i) != ["sent"] for i in ids),
        "leaves_of_nothing": len(set(leaves) - set(ids)),
        "outbox_rows_of_nothing": len(set(rows) - set(ids)),
        "outbox_rows_not_sent": _one(place, "SELECT count(*) FROM outbox_row WHERE state <> 'sent'"),
        "asked": told.asked,
        "unanswered": told.unanswered,
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
    return all(result[name] == n for name in ("cases", "keys", "told")) and not any(
        result[name] for name in noughts
    )


if __name__ == "__main__":
    sys.exit(main())
