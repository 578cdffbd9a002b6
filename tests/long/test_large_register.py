"""A register of 100,000 residents (``WUSHI_LONG`` for another number) comes in whole and goes again whole.

Nothing of it is asserted by a clock; what it took is printed.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from tests.stories.test_register_is_imported import brought, table, work
from tests.village import Village
from wushi.domain.audit.models import Leaf
from wushi.domain.imports.services import commit_batch, undo_batch
from wushi.domain.people.models import Household, Person
from wushi.kernel.verb import reading

ROWS = int(os.environ.get("WUSHI_LONG", "100000"))


def counts(village: Village) -> tuple[int, int]:
    """(residents, households)."""
    with reading(village.house):
        people = Person.objects.filter(county=village.county).count()
        return people, Household.objects.filter(county=village.county).count()


def test_a_large_register_comes_in_and_goes(village: Village, tmp_path: Path) -> None:
    clerk = village.officer("李分流", duty="district_clerk")
    rows = [
        [f"王小明{n}", "", f"139{n:08d}", "孙岗村", village.grid, f"井边路{n // 4}号", f"A{n}"]
        for n in range(ROWS)
    ]
    path = table(tmp_path / "a.xlsx", rows)
    began = time.monotonic()
    batch = brought(village, clerk, path)
    assert batch.counts == {"new": ROWS}
    print(f"looked at {ROWS} rows in {time.monotonic() - began:.0f} s")
    began = time.monotonic()
    commit_batch(actor=clerk, batch_id=batch.id)
    batch = work(village, batch)
    assert batch.state == "done", batch.trouble
    print(f"carried out in {time.monotonic() - began:.0f} s")
    assert counts(village) == (ROWS, (ROWS + 3) // 4)
    with reading(village.house):
        leaves = Leaf.objects.filter(county=village.county, verb="people.enter_register").count()
    assert leaves == sum(counts(village)), "a leaf for each"
    began = time.monotonic()
    undo_batch(actor=clerk, batch_id=batch.id, reason="试一试")
    batch = work(village, batch)
    assert batch.state == "undone", batch.trouble
    print(f"taken back in {time.monotonic() - began:.0f} s")
    assert counts(village) == (0, 0)
