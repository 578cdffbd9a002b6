"""Those who see to ladders are killed again and again between rungs: each rung is rung once, with its leaf and its job.

Real processes that run ``sweep_rungs`` on this run's database, two at a time, on ladders that repeat every second, so that
somebody is always in the middle of one. ``WUSHI_LONG`` is how many call.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from uuid import uuid4

from tests.house.tree import ROOT
from tests.stories.calling import line_of
from tests.village import SINCE, Village
from wushi.domain.audit.models import Leaf
from wushi.domain.calls.models import Call, Rung
from wushi.domain.calls.queries.replay import replay_calls
from wushi.domain.calls.services import CallBook, Calling, acknowledge_call, adopt_ladder, open_call
from wushi.domain.outbox.models import Row
from wushi.kernel.verb import reading, unscoped

WORKER = """
import sys, time
import django
django.setup()
from wushi.domain.calls.services import sweep_rungs
print("ready", flush=True)
while True:
    sweep_rungs(sys.argv[1])
    time.sleep(0.05)
"""
CALLS = int(os.environ.get("WUSHI_LONG", "40"))
KILLS = 16


def worker(village: Village) -> subprocess.Popen[str]:
    """A process of its own that sees to ladders."""
    command = [sys.executable, "-c", WORKER, village.county]
    started = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert started.stdout is not None and started.stdout.readline().strip() == "ready"
    return started


def rung(village: Village) -> int:
    """How many rungs were rung so far."""
    with reading(village.house):
        return Rung.objects.filter(county=village.county).count()


def test_each_rung_is_rung_once_whoever_dies_in_between() -> None:
    village, rng, killed = Village.founded("988815"), random.Random(20261123), 0
    line = line_of(village)
    places = (("village", "secretary"), ("grid", "grid_lead"), ("county", "district_clerk"))
    ladder = [
        {
            "code": f"r{n}",
            "after_seconds": n,
            "level": level,
            "duties": [duty],
            "again_seconds": 1,
            "basis": "test",
        }
        for n, (level, duty) in enumerate(places)
    ]
    adopt_ladder(actor=village.house, book=CallBook(SINCE, ladder))
    calls = [
        open_call(actor=village.resident(), calling=Calling(str(uuid4()), village.grid)) for _ in range(CALLS)
    ]
    deadline = time.monotonic() + 240
    while killed < KILLS:
        pair = [worker(village), worker(village)]
        for victim in pair:
            enough = rung(village) + rng.randint(1, 2 * CALLS)
            while rung(village) < enough and time.monotonic() < deadline:
                time.sleep(0.005)
            victim.kill()
            victim.communicate()
            killed += 1
    assert time.monotonic() < deadline
    for call in calls:
        acknowledge_call(actor=line["secretary"], call_id=call.id)
    with reading(village.house):
        rows = list(Rung.objects.filter(county=village.county).values_list("call_id", "number"))
        leaves = Leaf.objects.filter(county=village.county, verb="calls.ring_next").count()
        ended = list(Call.objects.filter(county=village.county))
    assert len(rows) > 3 * CALLS, "they went on while others were killed"
    by_call = {call.id: sorted(number for key, number in rows if key == call.id) for call in ended}
    assert all(by_call[call.id] == list(range(1, call.rungs + 1)) for call in ended), (
        "none twice, none left out"
    )
    assert leaves == len(rows)
    assert all(call.next_rung_at is None for call in ended)
    with unscoped("test: the outbox"):
        told = Row.objects.filter(county=village.county, name="calls.tell_rung").values_list(
            "payload", flat=True
        )
        jobs = Counter((row["call_id"], row["number"]) for row in told)
    assert len(jobs) == len(rows) and set(jobs.values()) == {1}, "each rung is told by one job"
    assert [line for _n, lines in replay_calls(village.county) for line in lines] == []
