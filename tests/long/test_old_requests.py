"""7,142 real petitions and a share of a city's 311 requests come in as history: none lost, the second time nothing.

The data lies beside the checkout (``../shared/data``); without it these tests say so and are skipped.
``WUSHI_LONG_311`` is how many of the 74,401 city requests are taken (all of them: ``python -m benchmarks.imports``).
"""

from __future__ import annotations

import csv
import gzip
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.house.tree import ROOT
from tests.stories.test_register_is_imported import work
from tests.stories.test_requests_are_imported import differing, found, outgoing
from tests.village import Village
from wushi.domain.cases.importing import Requests
from wushi.domain.cases.models import Case, Clock, Entry
from wushi.domain.imports import queries
from wushi.domain.imports.models import Batch
from wushi.domain.imports.services import (
    NewFile,
    commit_batch,
    look_again,
    map_columns,
    take_file,
    tell_words,
    undo_batch,
)
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

DATA = ROOT.parent / "shared" / "data"
PETITIONS = [DATA / "messages" / f"{name}.csv.gz" for name in ("replies", "hot_issues")]
CITY = DATA / "chicago311" / "sanitation_2000_2014.csv.gz"
CITY_ROWS = int(os.environ.get("WUSHI_LONG_311", "5000"))
OF_CITY = {
    "source_id": "request_no", "told_at": "created", "closed_at": "closed", "state": "status", "text": "nature",
    "place": "address", "longitude": "lon", "latitude": "lat", "area": "community_area",
}  # fmt: skip
CITY_WORDS = {
    "historic": True,
    "default_text": "Sanitation code violation",
    "states": {
        "Completed": "closed",
        "Completed - Dup": "duplicate",
        "Open": "open",
        "Open - Dup": "duplicate",
    },
}
WITHOUT = "the data of ../shared/data does not lie beside this checkout"


def brought_in(
    village: Village, clerk: Actor, path: Path, source: str, told: dict[str, str], options: dict[str, Any]
) -> Batch:
    """Taken, told, looked at, carried out; says how long it took."""
    began = time.monotonic()
    batch = take_file(actor=clerk, new=NewFile("cases", source, path.name, path))
    tell_words(actor=clerk, batch_id=batch.id, options={"default_area": village.code, **options})
    with reading(clerk):
        mapping = queries.offered_mapping(batch, Requests.columns)
    mapping |= {ours: batch.heads.index(head) for ours, head in told.items()}
    map_columns(actor=clerk, batch_id=batch.id, mapping=mapping)
    batch = work(village, batch)
    looked = time.monotonic() - began
    commit_batch(actor=clerk, batch_id=batch.id)
    batch = work(village, batch)
    assert batch.state == "done", (batch.trouble, batch.trouble_facts, batch.counts)
    print(
        f"{path.name}: {batch.total} rows looked at in {looked:.0f} s, all {time.monotonic() - began:.0f} s"
    )
    return batch


def lines(path: Path) -> list[dict[str, str]]:
    """The rows as they stand in the file."""
    csv.field_size_limit(10**7)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.skipif(not all(path.is_file() for path in PETITIONS), reason=WITHOUT)
def test_real_petitions_come_in_whole_and_once(village: Village) -> None:
    clerk = village.officer("李分流", duty="district_clerk")
    before = outgoing(village)
    told = {"name": "user"}
    batches = [brought_in(village, clerk, p, "问政平台", told, {"historic": True}) for p in PETITIONS]
    there = [row for path in PETITIONS for row in lines(path)]
    assert len(there) == 7142
    with reading(village.house):
        rows = {c.source_id: c for c in Case.objects.filter(county=village.county)}
        answers = dict(Entry.objects.filter(county=village.county).values_list("case_id", "text"))
        assert not Clock.objects.filter(county=village.county).exists()
    ids = [row["id"] for row in there]
    assert set(rows) == set(ids), "none lost"
    same = [n for n, times in Counter(ids).items() if times > 1]
    print(f"{len(there)} rows, {len(rows)} requests, {len(same)} ids in both files")
    assert outgoing(village) == before
    for batch in batches:
        counts = look_again(clerk, batch)
        assert counts.get("new", 0) == counts.get("changed", 0) == 0, counts
    wanted = [row for row in there if row.get("reply")]
    assert sum(rows[row["id"]].state == "closed" for row in wanted) == len(wanted)
    for row in wanted[::50]:
        kept = "".join(answers[rows[row["id"]].id].split())
        assert kept[:40] == "".join(row["reply"].split())[:40]
    assert found(village, clerk, "188006") == ["188006"]
    assert differing(village) == []


@pytest.mark.skipif(not CITY.is_file(), reason=WITHOUT)
def test_a_citys_requests_come_in_and_go(village: Village, tmp_path: Path) -> None:
    clerk = village.officer("李分流", duty="district_clerk")
    some = lines(CITY)[:: max(1, 74_401 // CITY_ROWS)]
    path = tmp_path / "city.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, some[0])
        out.writeheader()
        out.writerows(some)
    batch = brought_in(village, clerk, path, "311", OF_CITY, CITY_WORDS)
    with reading(village.house):
        rows = list(Case.objects.filter(county=village.county))
    assert len(rows) == len({row["request_no"] for row in some})
    marked = {row["request_no"] for row in some if "Dup" in row["status"]}
    assert {c.source_id for c in rows if c.outcome == "duplicate"} == marked
    waiting = {row["request_no"] for row in some if row["status"] == "Open" and not row["closed"]}
    assert {c.source_id for c in rows if c.state == "imported"} == waiting
    assert look_again(clerk, batch) == {"same": len(rows)}
    assert differing(village) == []
    undo_batch(actor=clerk, batch_id=batch.id, reason="试一试")
    batch = work(village, batch)
    assert batch.state == "undone", batch.trouble
    with reading(village.house):
        assert not Case.objects.filter(county=village.county).exists()
