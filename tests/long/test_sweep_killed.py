"""The worker's sweep is killed again and again while clocks strike: each mark is passed once and whole, or not at all.

Real processes that run ``sweep_clocks`` on this run's database, two at a time. ``WUSHI_LONG`` is how many requests wait.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.house.tree import ROOT
from tests.village import Village
from wushi.domain.audit.models import Leaf
from wushi.domain.cases import services
from wushi.domain.cases.models import Case, Clock, Watch
from wushi.kernel.verb import reading

WORKER = """
import sys
import django
django.setup()
from wushi.domain.cases.services import sweep_clocks
print("ready", flush=True)
print(sweep_clocks(sys.argv[1]), flush=True)
"""
KILLS, MOST_ROUNDS, MORE = 14, 60, 20
LEVELS = ("yellow", "red", "supervision")
SIGNING = ("claim", "handover")


@dataclass
class Fire:
    """A village whose clocks have all struck, and what became of those who saw to them."""

    village: Village
    opened: datetime
    cases: list[Case] = field(default_factory=list)
    clocks: int = 0
    killed: int = 0
    rounds: int = 0
    left: int = 0
    leaves: dict[str, list[Leaf]] = field(default_factory=dict)
    rows: dict[str, Case] = field(default_factory=dict)
    timed: dict[str, list[Clock]] = field(default_factory=dict)
    watched: Counter[str] = field(default_factory=Counter)


def asked(village: Village, n: int, opened: datetime) -> list[Case]:
    """Some lie in the tray, some are in hand, some rest, some wait for the resident's answer."""
    secretary, words, found = village.officer("陈书记"), {"words": "说明"}, []
    for number in range(n):
        intake = village.intake(f"第{number}盏灯不亮", category="light")
        case = services.open_case(actor=village.resident(), intake=intake, now=opened)
        given: dict[str, Any] = {"actor": secretary, "case_id": case.id, "now": opened}
        if number % 5:
            services.claim_case(**given)
        if number % 5 == 2:
            until = opened.date() + timedelta(days=3)
            services.pause_case(**given, reason_code="weather", until_on=until, **words)
        if number % 5 == 3:
            services.handle_case(**given, outcome="resolved", **words)
        found.append(case)
    return found


def due(village: Village) -> int:
    """How many clocks the sweep still has to see to."""
    with reading(village.house) as scope:
        return Clock.objects.filter(county=village.county, next_at__lte=scope.now).count()


def light(fire: Fire, n: int) -> None:
    """So many requests more, whose clocks have all struck."""
    before = due(fire.village)
    fire.cases += asked(fire.village, n, fire.opened)
    fire.clocks += due(fire.village) - before


def worker(village: Village) -> subprocess.Popen[str]:
    """A process of its own, about to sweep."""
    started = subprocess.Popen(
        [sys.executable, "-c", WORKER, village.county], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None and started.stdout.readline().strip() == "ready"
    return started


def passed(village: Village) -> int:
    """How many marks were passed so far."""
    with reading(village.house):
        return Leaf.objects.filter(county=village.county, verb="cases.mark_clock").count()


def burn(fire: Fire, rng: random.Random) -> None:
    """Two sweep at once and are killed somewhere in the middle; after enough of that they may finish.

    The blow falls some marks after the start, not some time after it: a fast machine would else be done before it.
    """
    while (due(fire.village) or fire.killed < KILLS) and fire.rounds < MOST_ROUNDS:
        fire.rounds += 1
        if not due(fire.village):
            light(fire, MORE)  # all was done before enough of them were killed
        begun = passed(fire.village)
        pair = [worker(fire.village), worker(fire.village)]
        if fire.killed < KILLS:
            for victim in pair:
                begun += rng.randint(1, 8)
                while victim.poll() is None and passed(fire.village) < begun:
                    time.sleep(0.001)
                time.sleep(rng.uniform(0, 0.01))
                fire.killed += victim.poll() is None
                victim.kill()
        for one in pair:
            one.communicate(timeout=120)


def look_back(fire: Fire) -> None:
    """What the database holds afterwards."""
    county = fire.village.county
    with reading(fire.village.house):
        for case in Case.objects.filter(county=county):
            fire.rows[str(case.id)] = case
        for leaf in Leaf.objects.filter(county=county, subject="cases.case").order_by("step"):
            fire.leaves.setdefault(leaf.subject_id, []).append(leaf)
        for clock in Clock.objects.filter(county=county):
            fire.timed.setdefault(str(clock.case_id), []).append(clock)
        watches = Watch.objects.filter(county=county, reason="escalated", user=None)
        fire.watched.update(str(w.case_id) for w in watches)


@pytest.fixture(scope="module")
def fire() -> Fire:
    village = Village.founded("988811")
    with reading(village.house) as scope:
        opened = scope.now - timedelta(days=60)
    n = int(os.environ.get("WUSHI_LONG", "120"))
    found = Fire(village, opened)
    light(found, n)
    burn(found, random.Random(20261123))
    found.left = due(village)
    look_back(found)
    return found


def test_they_were_killed_in_the_middle_of_it(fire: Fire) -> None:
    assert fire.killed >= KILLS
    assert fire.clocks > len(fire.cases)
    assert fire.left == 0


def each(fire: Fire, check: Callable[[Case, list[Leaf], list[Clock]], bool]) -> list[str]:
    """Numbers of the requests for which it is not so."""
    return [row.number for key, row in fire.rows.items() if not check(row, fire.leaves[key], fire.timed[key])]


def marks(leaves: list[Leaf]) -> Counter[tuple[str, int, str]]:
    """(clock, run, level) of the mark leaves, with how often."""
    facts = [leaf.facts for leaf in leaves if leaf.verb == "cases.mark_clock"]
    return Counter((f["clock"], f["run"], f.get("level", "stopped")) for f in facts)


def reached(clocks: list[Clock]) -> Counter[tuple[str, int, str]]:
    """The marks the rows say were passed; a rest begins past its yellow one, nobody is warned of it."""
    found: Counter[tuple[str, int, str]] = Counter()
    for clock in clocks:
        passed = LEVELS[: LEVELS.index(clock.reached) + 1] if clock.reached else ()
        found.update((clock.name, clock.run, level) for level in passed)
        if clock.name == "pause":
            found[clock.name, clock.run, "yellow"] -= 1
    return +found


def test_each_mark_has_one_leaf_and_each_leaf_its_mark(fire: Fire) -> None:
    assert each(fire, lambda case, leaves, clocks: marks(leaves) == reached(clocks)) == []
    assert sum(sum(marks(leaves).values()) for leaves in fire.leaves.values()) > 2 * fire.clocks


def test_every_step_of_the_row_is_one_leaf(fire: Fire) -> None:
    def whole(case: Case, leaves: list[Leaf], clocks: list[Clock]) -> bool:
        return [leaf.step for leaf in leaves] == list(range(1, case.step + 1))

    assert each(fire, whole) == []


def verbs(leaves: list[Leaf], verb: str) -> int:
    """How often it was done."""
    return sum(leaf.verb == f"cases.{verb}" for leaf in leaves)


def test_each_escalation_came_once_and_whole(fire: Fire) -> None:
    def once(case: Case, leaves: list[Leaf], clocks: list[Clock]) -> bool:
        struck = sum(
            n for (clock, _run, level), n in marks(leaves).items() if clock in SIGNING and level == "red"
        )
        begun = sum(clock.name == "handover" for clock in clocks)
        moved = int(case.tray_duty == "town_clerk")
        return (
            verbs(leaves, "escalate_case")
            == struck
            == len(case.came_from)
            == begun
            == moved
            == fire.watched[str(case.id)]
        )

    assert each(fire, once) == []
    assert sum(verbs(leaves, "escalate_case") for leaves in fire.leaves.values()) == -(-len(fire.cases) // 5)


def test_what_was_not_answered_was_closed_once(fire: Fire) -> None:
    def closed(case: Case, leaves: list[Leaf], clocks: list[Clock]) -> bool:
        ended = (case.state, case.closing) == ("closed", "unanswered")
        running = any(clock.ended_at is None for clock in clocks)
        return verbs(leaves, "close_case") == ended and ended is not running

    assert each(fire, closed) == []
    assert sum(row.state == "closed" for row in fire.rows.values()) == len(
        [n for n in range(len(fire.cases)) if n % 5 == 3]
    )


def test_what_rested_works_again(fire: Fire) -> None:
    assert not [row.number for row in fire.rows.values() if row.state == "paused"]
    resumed = [verbs(leaves, "resume_case") for leaves in fire.leaves.values()]
    assert sorted(set(resumed)) == [0, 1]
    assert sum(resumed) == len([n for n in range(len(fire.cases)) if n % 5 == 2])
