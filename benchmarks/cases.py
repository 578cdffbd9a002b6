"""Creating, listing, searching and opening requests with 10 thousand, 100 thousand and a million of them in one county.

Every operation stands beside pgbench sending the same statements in the same minute; the ratio is what a change of machine
leaves alone. ``python -m benchmarks.cases [--sizes 10000 100000 1000000] [--seconds 3]``.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import bars, operations, replay
from benchmarks.clients import Clients
from benchmarks.county import COUNTY, County, found
from benchmarks.place import Place, begin, servers
from benchmarks.results import Figures, machine, write
from wushi.config import generator_texts as texts
from wushi.config.generator import Mountain, fill
from wushi.kernel.actor import Actor

SIZES = (10_000, 100_000, 1_000_000)
READERS, WRITERS = 4, 8
SCRIPTS = 24
# The search needs the server to trust the words' operator behind row-level security: docs/PERFORMANCE.md, "Search".
TRUST = "ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) LEAKPROOF"
DISTRUST = "ALTER FUNCTION pg_catalog.ts_match_vq(tsvector, tsquery) NOT LEAKPROOF"


def lists_of(county: County) -> dict[str, tuple[Actor, dict[str, str]]]:
    """Whose lists, and which."""
    busy, area = county.secretary(county.busy), {"list": "area"}
    return {
        "list: busy village": (busy, area),
        "list: village without a request": (county.secretary(county.empty), area),
        "list: two posts": (county.two_posts(), area),
        "list: stand-in": (county.stand_in(), area),
        "list: town": (county.town_clerk(), area),
        "list: district": (county.district_clerk(), area),
        "tray: busy village": (busy, {"list": "tray"}),
        "overdue: busy village": (busy, {"list": "overdue"}),
        "overdue: two posts": (county.two_posts(), {"list": "overdue"}),
        "mine: busy secretary": (busy, {"list": "mine"}),
        "mine: stand-in": (county.stand_in(), {"list": "mine"}),
    }


def searches_of(county: County) -> dict[str, tuple[Actor, dict[str, str]]]:
    """Who looks for what; each with a state, as the bar asks."""
    found: dict[str, tuple[Actor, dict[str, str]]] = {}
    for who, actor in (("village", county.secretary(county.busy)), ("district", county.district_clerk())):
        for what, word in (
            ("common", texts.COMMON),
            ("middling", texts.MEDIUM),
            ("rare", texts.RARE),
            ("no", texts.NONE),
        ):
            found[f"search: {what} word, {who}"] = (actor, {"list": "area", "text": word, "state": "closed"})
    return found


def cpu_ms(one: operations.Operation, most: int = 100, seconds: float = 5.0) -> dict[str, float]:
    """Processor time of one call, ours and the database's: what grows here has grown, whatever the neighbours do."""
    from django.db import connection

    for _ in range(3):
        one()
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    ours, theirs = time.thread_time_ns(), _on_processor(backend)
    turns, end = 0, time.monotonic() + seconds
    while turns < most and time.monotonic() < end:
        one()
        turns += 1
    ours, theirs = time.thread_time_ns() - ours, _on_processor(backend) - theirs
    return {"python_ms": round(ours / turns / 1e6, 2), "database_ms": round(theirs / turns / 1e6, 2)}


def _on_processor(path: Path) -> int:
    try:
        return int(path.read_text().split()[0])
    except OSError:  # not a Linux
        return 0


class Bench:
    """One size: everything is measured on the same rows."""

    def __init__(self, place: Place, county: County, clients: Clients, seconds: float) -> None:
        self.place, self.county, self.clients, self.seconds = place, county, clients, seconds
        self.found: dict[str, dict[str, Any]] = {}

    def superuser(self, sql: str) -> list[tuple[Any, ...]]:
        """Behind row-level security."""
        with psycopg.connect(self.place.superuser(), autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def note(self, name: str, figures: Figures, **more: Any) -> None:
        """Keep and print one line; ``pgbench`` is the limit beside it, the rest what a call costs."""
        line: dict[str, Any] = {"figures": figures, **more, "load": round(os.getloadavg()[0], 1)}
        if more.get("pgbench"):
            line["ratio"] = round(figures.per_second / more["pgbench"], 2)
        self.found[name] = line
        beside = "  ".join(f"{key} {value}" for key, value in more.items())
        print(f"  {name:<34} {figures.line()}  {beside}", flush=True)

    def read(self, name: str, operation: str, **arguments: Any) -> None:
        """A reading by 4 clients, then the same statements by pgbench."""
        one = operations.OPERATIONS[operation](**arguments)
        sent, cost = replay.statements_of(one), cpu_ms(one)
        figures = self.clients.run(operation, READERS, self.seconds, **arguments)
        limit = replay.pgbench(self.place, [replay.read_script(sent)], READERS, 2) if sent else 0.0
        self.note(name, figures, pgbench=limit, statements=len(sent), **cost)

    def reads(self) -> None:
        """Lists, searches, one request."""
        for name, (actor, wanted) in lists_of(self.county).items():
            self.read(name, "page", actor=actor, wanted=wanted)
        self.superuser(DISTRUST)
        actor, wanted = searches_of(self.county)["search: rare word, district"]
        self.read("search: rare word, index barred", "page", actor=actor, wanted=wanted)
        self.superuser(TRUST)
        for name, (actor, wanted) in searches_of(self.county).items():
            self.read(name, "page", actor=actor, wanted=wanted)
        ids = [row[0] for row in self._some("id")]
        self.read(
            "detail: with its history", "detail", actor=self.county.secretary(self.county.busy), ids=ids
        )

    def figures(self) -> None:
        """The page of figures: nothing folded yet, then folded, then with what happened since."""
        from wushi.domain.insight.services import fold_figures

        year: dict[str, Any] = {"area": COUNTY, "months": 12}
        self.read("figures: district, counted from the rows", "figures", **year)
        began = time.monotonic()
        cells = fold_figures(COUNTY)
        print(f"  {cells:,} cells folded in {time.monotonic() - began:.1f} s", flush=True)
        self.read("figures: district", "figures", **year)
        self.read("figures: district, three years", "figures", **{**year, "months": 36})
        self.read("figures: busy village", "figures", area=self.county.busy, months=12)

    def _some(self, column: str) -> list[tuple[Any, ...]]:
        village = self.county.busy
        return self.superuser(
            f"SELECT {column} FROM cases_case WHERE village = '{village}' AND state = 'closed' ORDER BY client_key LIMIT 500"
        )

    def creates(self, rng: random.Random, seed: int) -> None:
        """The verb and pgbench in turns, twice, so that a neighbour on the machine disturbs both."""
        villages = rng.choices(self.county.villages, self.county.weights, k=500)
        said = {
            "areas": [rng.choice(self.county.grids[v]) for v in villages],
            "texts": [texts.sentence(rng) for _ in range(500)],
            "seed": seed,
        }
        scripts, count = self._create_scripts(said)
        own, limits = [], []
        for _ in range(2):
            own.append(self.clients.run("create", WRITERS, self.seconds, **said))
            limits.append(replay.pgbench(self.place, scripts, WRITERS, int(self.seconds) + 1))
        best = max(own, key=lambda figures: figures.per_second)
        cost = cpu_ms(operations.create(**said))
        self.note("create: the verb", best, pgbench=max(limits), statements=count, **cost)
        self.found["create: the verb"]["runs"] = [[f.per_second for f in own], limits]
        with servers(self.place, ("pages",)):
            self.note("create: over HTTP", self._http("http_create", WRITERS, **said), pgbench=max(limits))
            self._pages()

    def _create_scripts(self, said: dict[str, Any]) -> tuple[list[str], int]:
        from wushi.domain.cases.services import Intake, open_case, take_number

        version = int(self.superuser("SHOW server_version_num")[0][0])
        scripts, count = [], 0
        for number, area in enumerate(said["areas"][:SCRIPTS]):
            intake = Intake(
                said["texts"][number],
                area,
                "qr",
                f"benchmark-key-{number:020d}-{os.getpid()}",
                take_number(COUNTY),
            )
            with replay.recorded() as sent:
                case = open_case(actor=Actor.anonymous(COUNTY), intake=intake)
            count = len(sent)
            scripts.append(replay.create_script(case, sent, version))
        return scripts, count

    def _http(self, operation: str, threads: int, **arguments: Any) -> Figures:
        return self.clients.run(operation, threads, self.seconds, base=self.place.base, **arguments)

    def _pages(self) -> None:
        """What a browser waits for: the same things as whole pages."""
        from wushi.domain.accounts.services import open_sign_in

        actor = self.county.secretary(self.county.busy)
        cookie = f"wushi={open_sign_in(actor=actor, user_id=actor.id).token}"
        for name, paths in (
            ("page: work list of 50", ["/work/?list=area"]),
            ("page: one request", [f"/work/cases/{row[0]}/" for row in self._some("id")]),
            ("API: tracking by receipt", [f"/api/v1/cases/{row[0]}" for row in self._some("receipt")]),
        ):
            try:
                self.note(
                    name, self._http("http_get", READERS, paths=paths, cookie="" if "API" in name else cookie)
                )
            except RuntimeError as error:
                print(f"  {name}: {error}")


def main() -> int:
    """Measure every size; one line of results a size."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    arguments.add_argument("--seconds", type=float, default=3.0)
    arguments.add_argument("--seed", type=int, default=20261123)
    arguments.add_argument("--dry", action="store_true", help="write no line")
    given = arguments.parse_args()
    short, least = [], None
    with begin(COUNTY, static=True) as place:
        county, clients = found(), Clients()
        for size in given.sizes:
            before, bench = machine(), Bench(place, county, clients, given.seconds)
            filled = fill(place.superuser(), county.layout(), Mountain(size, given.seed), emptied=True)
            print(f"{size:,} requests (filled in {filled} s, load {before['load_before']})", flush=True)
            bench.reads()
            bench.figures()
            bench.creates(random.Random(given.seed), given.seed)
            bench.read("figures: district, right after the creations", "figures", area=COUNTY, months=12)
            short += [f"{size:,}: {words}" for words in bars.missed(bench.found, least)]
            least = least or bench.found
            if not given.dry:
                write(
                    "cases", size, given.seed, {"filled_seconds": filled, "operations": bench.found}, before
                )
        clients.close()
    print("\n".join(["missed:", *short] if short else ["every bar met"]))
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
