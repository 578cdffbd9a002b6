"""Those who send are killed again and again: every message arrives, and one that was handed over twice carried the same key.

Real processes on this run's database against a local provider that counts. ``WUSHI_LONG`` is how many messages wait.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.gateway import providers
from tests.gateway.channels import http, set_up
from tests.gateway.providers import Provider
from tests.house.tree import ROOT
from tests.village import Village
from wushi.domain.notify import services
from wushi.domain.notify.models import Delivery
from wushi.kernel.verb import chore, reading

SENDER = """
import sys, time
import django
django.setup()
from tests.gateway.channels import http, set_up
from wushi.domain.notify.services import deliver
with set_up(http("office", "sms", sys.argv[2])):
    print("ready", flush=True)
    while deliver(sys.argv[1]):
        pass
"""
KILLS, MOST_ROUNDS = 8, 40


@dataclass
class Fire:
    """The village, its provider, and how it went."""

    village: Village
    provider: Provider
    messages: int
    killed: int = 0


def left(village: Village) -> int:
    """Deliveries that are not over."""
    with reading(village.house):
        return Delivery.objects.filter(county=village.county, next_at__isnull=False).count()


def leases_run_out(village: Village) -> None:
    """A minute later."""
    with chore(village.county, "test_time_passes") as scope:
        Delivery.objects.filter(county=village.county, next_at__isnull=False).update(next_at=scope.now)


def sender(village: Village, url: str) -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [sys.executable, "-c", SENDER, village.county, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None and started.stdout.readline().strip() == "ready"
    return started


def burn(fire: Fire, rng: random.Random) -> None:
    """Two send at once; after a few messages one is killed, then the other; after enough of that they may finish."""
    rounds = 0
    while left(fire.village) and rounds < MOST_ROUNDS:
        rounds += 1
        pair = [sender(fire.village, fire.provider.url) for _n in range(2)]
        if fire.killed < KILLS:
            for victim in pair:
                until = len(fire.provider.taken) + rng.randint(1, 4)
                while victim.poll() is None and len(fire.provider.taken) < until:
                    time.sleep(0.001)
                fire.killed += victim.poll() is None
                victim.kill()
        for one in pair:
            one.communicate(timeout=120)
        leases_run_out(fire.village)


@pytest.fixture(scope="module")
def fire() -> Iterator[Fire]:
    village, n = Village.founded("988812"), int(os.environ.get("WUSHI_LONG", "120"))
    with providers.serving(providers.sms) as provider:
        provider.limit = 10 * n
        admin = village.officer("李管理", duty="district_admin")
        with set_up(http("office", "sms", provider.url)):
            for number in range(n):
                services.send_test(actor=admin, carrier="office", to=f"138{number:07d}1")
        found = Fire(village, provider, n)
        burn(found, random.Random(20261123))
        yield found


def test_they_were_killed_in_the_middle_of_it(fire: Fire) -> None:
    assert fire.killed >= KILLS
    assert left(fire.village) == 0


def test_every_message_arrived_and_none_twice(fire: Fire) -> None:
    keys = [one["id"] for one in fire.provider.taken]
    assert len(keys) == len(set(keys)) == fire.messages
    assert fire.provider.asked >= fire.messages


def test_the_ledger_says_so(fire: Fire) -> None:
    with reading(fire.village.house):
        rows = Delivery.objects.filter(county=fire.village.county)
        assert {row.state for row in rows} == {"sent"}
        assert {row.id.hex for row in rows} == {one["id"] for one in fire.provider.taken}
