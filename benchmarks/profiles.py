"""Where the processor time of one creation, one list and one request goes, by what the code is for.

``python -m benchmarks.profiles [--size 100000]``: prints shares of the processor time of this process (the database's own
stands beside the figures of ``benchmarks.cases``) and writes a line of results. The profiler itself costs time in
proportion to the number of calls, so shares are read, not milliseconds.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import random
import sys
import time
from collections import Counter
from typing import Any

from benchmarks import operations
from benchmarks.county import COUNTY, found
from benchmarks.place import begin
from benchmarks.results import machine, write
from wushi.config import generator_texts as texts
from wushi.config.generator import Mountain, fill

TURNS = 300
# first match wins: (part of a file's path, what it is called)
PARTS = (
    ("psycopg", "psycopg: to the server and back, values to Python"),
    ("django/db/models/sql", "Django: putting statements together"),
    ("django/db/models/query", "Django: querysets and rows"),
    ("django/db/models", "Django: models, fields, expressions"),
    ("django/db", "Django: connection, wrappers"),
    ("django/", "Django: the rest"),
    ("wushi/plumbing", "plumbing: inserts, tokens, text"),
    ("wushi/kernel", "kernel: verb, guard"),
    ("wushi/domain/cases/rules", "rules: deadlines, dispatch"),
    ("wushi/domain/areas", "calendar and places"),
    ("wushi/domain/audit", "trace"),
    ("wushi/domain", "the rooms"),
    ("json", "JSON"),
)


def shares_of(one: operations.Operation) -> dict[str, float]:
    """Percent of the profiled time by what the code is for, the greatest first."""
    for _ in range(20):
        one()
    profile = cProfile.Profile(time.thread_time)  # waiting for the server is not ours
    profile.enable()
    for _ in range(TURNS):
        one()
    profile.disable()
    stats: Any = pstats.Stats(profile)
    spent: Counter[str] = Counter()
    for (path, _line, name), (_calls, _primitive, own, _cumulative, _callers) in stats.stats.items():
        spent[_part(path, name)] += own
    whole = sum(spent.values())
    return {part: round(100 * own / whole, 1) for part, own in spent.most_common() if own > whole / 200}


def _part(path: str, name: str) -> str:
    if path == "~":
        return (
            "psycopg: to the server and back, values to Python" if "psycopg" in name else "built-in functions"
        )
    return next((words for part, words in PARTS if part in path), "the rest")


def main() -> int:
    """Profile the three on rows of one size."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--size", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=20261123)
    arguments.add_argument("--dry", action="store_true", help="write no line")
    given = arguments.parse_args()
    with begin(COUNTY) as place:
        county, before = found(), machine()
        fill(place.superuser(), county.layout(), Mountain(given.size, given.seed), emptied=True)
        rng = random.Random(given.seed)
        said = [texts.sentence(rng) for _ in range(200)]
        areas = [rng.choice(county.grids[v]) for v in rng.choices(county.villages, county.weights, k=200)]
        busy = county.secretary(county.busy)
        result = {
            "create": shares_of(operations.create(areas, said, given.seed)),
            "list of 50": shares_of(operations.page(busy, {"list": "area"})),
        }
    for name, shares in result.items():
        print(name)
        for part, share in shares.items():
            print(f"  {share:5.1f} %  {part}")
    if not given.dry:
        write("profiles", given.size, given.seed, result, before)
    return 0


if __name__ == "__main__":
    sys.exit(main())
