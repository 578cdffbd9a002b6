"""Old systems' requests come in as history: 7,142 petitions, then 74,401 requests of a city; how long, how fast, how much memory.

The data lies beside the checkout (``../shared/data``); without it this says so and ends with 0. Carried out twice: the second
time nothing may be new. ``python -m benchmarks.imports [--rows 74401] [--dry]``.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.county import COUNTY, County, found
from benchmarks.place import begin
from benchmarks.results import machine, write

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
PETITIONS = [DATA / "messages" / f"{name}.csv.gz" for name in ("replies", "hot_issues")]
CITY = DATA / "chicago311" / "sanitation_2000_2014.csv.gz"
CITY_ROWS = 74_401
# seconds: what the two lists may take
MOST = {"petitions": 60.0, "city": 300.0}
OF_CITY = {
    "source_id": "request_no", "told_at": "created", "closed_at": "closed", "state": "status", "text": "nature",
    "place": "address", "longitude": "lon", "latitude": "lat",
}  # fmt: skip
CITY_WORDS = {
    "default_text": "Sanitation code violation",
    "states": {
        "Completed": "closed",
        "Completed - Dup": "duplicate",
        "Open": "open",
        "Open - Dup": "duplicate",
    },
}


def bring_in(
    path: Path, source: str, told: dict[str, str], options: dict[str, Any]
) -> tuple[int, int, int, int]:
    """(rows, requests new by it, rows that say an earlier one again, new if it came once more), as page and shell do it."""
    from wushi.domain.cases.importing import Requests
    from wushi.domain.imports import queries, services
    from wushi.domain.imports.services.judging import seen
    from wushi.kernel.actor import Actor
    from wushi.kernel.verb import reading

    house = Actor.of_house(COUNTY)
    batch = services.take_file(actor=house, new=services.NewFile("cases", source, path.name, path))
    services.tell_words(actor=house, batch_id=batch.id, options={"historic": True, **options})
    with reading(house):
        mapping = queries.offered_mapping(batch, Requests.columns)
    mapping |= {ours: batch.heads.index(head) for ours, head in told.items()}
    batch = services.map_columns(actor=house, batch_id=batch.id, mapping=mapping)
    services.preview(COUNTY, batch.id, batch.step)
    services.commit_batch(actor=house, batch_id=batch.id)
    services.carry_out_batch(actor=house, batch_id=batch.id)
    batch = seen(house, batch.id)
    again = services.look_again(house, batch)
    twice = batch.counts.get("duplicate", 0)
    return batch.total, batch.counts.get("new", 0), twice, again.get("new", 0) + again.get("changed", 0)


def measured(lists: list[tuple[Path, str, dict[str, str], dict[str, Any]]]) -> dict[str, Any]:
    """What some lists took together, the second look included."""
    began, busy = time.monotonic(), time.process_time()
    rows = [bring_in(*one) for one in lists]
    seconds = time.monotonic() - began
    total = sum(one[0] for one in rows)
    return {
        "rows": total,
        "new": sum(one[1] for one in rows),
        "twice_in_file": sum(one[2] for one in rows),
        "lost": total - sum(one[1] + one[2] for one in rows),
        "new_again": sum(one[3] for one in rows),
        "seconds": round(seconds, 1),
        "processor_seconds": round(time.process_time() - busy, 1),
        "rows_per_second": round(total / seconds, 1),
        "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _city(rows: int, folder: Path) -> Path:
    """The city's list, or its first rows as a file of their own."""
    if rows >= CITY_ROWS:
        return CITY
    path = folder / "city.csv"
    with gzip.open(CITY, "rt", encoding="utf-8") as file, path.open("w", encoding="utf-8", newline="") as out:
        lines = csv.reader(file)
        csv.writer(out).writerows(line for number, line in enumerate(lines) if number <= rows)
    return path


def _differences() -> int:
    """In how many of the newest requests rows and traces do not agree."""
    from wushi.domain.cases.queries.replay import replay_county

    return sum(len(lines) for _, lines in replay_county(COUNTY, 2000))


def main() -> int:
    """Both lists into one county."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=CITY_ROWS, help="how many of the city's requests")
    parser.add_argument("--dry", action="store_true", help="keep no line")
    given = parser.parse_args()
    if not all(path.is_file() for path in (*PETITIONS, CITY)):
        print(f"{DATA} does not hold the lists; nothing was measured.")
        return 0
    before = machine()
    with begin(COUNTY) as place:
        county: County = found()
        area = {"default_area": county.busy}
        petitions = measured([(path, "petitions", {}, area) for path in PETITIONS])
        print("petitions", json.dumps(petitions), flush=True)
        city = measured([(_city(given.rows, place.home), "311", OF_CITY, {**CITY_WORDS, **area})])
        print("city", json.dumps(city), flush=True)
        result = {"petitions": petitions, "city": city, "differences": _differences()}
        print("differences", result["differences"])
    if not given.dry:
        write("imports", petitions["rows"] + city["rows"], 0, result, before)
    sound = all(one["lost"] == one["new_again"] == 0 for one in (petitions, city))
    in_time = petitions["seconds"] <= MOST["petitions"] and city["seconds"] <= MOST["city"]
    return 0 if sound and in_time and not result["differences"] else 1


if __name__ == "__main__":
    sys.exit(main())
