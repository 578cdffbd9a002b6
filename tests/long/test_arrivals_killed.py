"""Messages arrive by MQTT and by callbacks while consumer, pages, PostgreSQL and broker are brought down: each counts once.

Real processes on a durable database of their own, a real mosquitto. ``WUSHI_LONG`` is how many messages; ``make bars`` asks
for 20,000 (``benchmarks/arrivals.py``).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from benchmarks.arrivals import EACH, FAULTS, sound

from tests.house.tree import ROOT


@pytest.fixture(scope="module")
def asked() -> int:
    return int(os.environ.get("WUSHI_LONG", "1500")) // EACH * EACH


@pytest.fixture(scope="module")
def result(asked: int) -> dict[str, Any]:
    """What the database held afterwards. A program of its own: it must not see the settings of this run."""
    seconds = str(max(25, asked // 160))
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.arrivals", "--dry", "--n", str(asked), "--seconds", seconds],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"messages"')]
    assert lines, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(lines[-1])
    print(json.dumps(found))  # with its seed, should it ever fail
    return found


def test_everything_was_brought_down_while_messages_came(result: dict[str, Any]) -> None:
    assert [fault.split(" at ")[0] for fault in result["faults"]] == [what for _share, what in FAULTS]
    assert result["faults_after_the_last"] == 0
    assert result["sent_again"] > 0 and result["replies_cut"] > 0


def test_what_was_acknowledged_is_there(result: dict[str, Any], asked: int) -> None:
    assert result["acknowledged"] == asked
    assert result["acknowledged_but_missing"] == 0
    # a reply that was lost makes a copy, and a copy is kept too
    assert result["kept_twice"] > 0
    assert result["not_read"] == 0


def test_each_press_was_heard_once_however_often_it_came(result: dict[str, Any], asked: int) -> None:
    assert result["presses_not_heard"] == result["presses_not_counted"] == 0
    assert result["presses_without_their_leaf"] == 0
    assert result["calls"] == asked // EACH and result["devices_without_a_call"] == 0
    assert result["rungs_twice"] == 0
    assert result["devices_not_seen"] == 0
    assert sound(result, asked)


def test_a_loss_or_a_double_would_be_seen() -> None:
    """The look back finds what it is there to find."""
    noughts = (
        *("acknowledged_but_missing", "not_read", "presses_not_heard", "presses_without_their_leaf"),
        *("presses_not_counted", "devices_without_a_call", "devices_not_seen", "rungs_twice"),
        "faults_after_the_last",
    )
    whole = {
        **dict.fromkeys(noughts, 0),
        "messages": 30,
        "acknowledged": 30,
        "calls": 3,
        "faults": [what for _share, what in FAULTS],
    }
    assert sound(whole, 30)
    for name in noughts:
        assert not sound({**whole, name: 1}, 30), name
        assert not sound({**whole, name: -1}, 30), name
    assert not sound({**whole, "acknowledged": 29}, 30)
    assert not sound({**whole, "calls": 4}, 30)
    assert not sound({**whole, "faults": whole["faults"][1:]}, 30)
