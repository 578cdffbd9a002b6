"""B3: pages and worker are killed again and again while requests come in; none is lost, none doubled, none half-written.

Real processes on a durable database of their own. ``WUSHI_LONG`` is how many requests; ``make bars`` asks for 2,000.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from benchmarks.kill import sound

from tests.house.tree import ROOT


@pytest.fixture(scope="module")
def asked() -> int:
    return int(os.environ.get("WUSHI_LONG", "300"))


@pytest.fixture(scope="module")
def result(asked: int) -> dict[str, Any]:
    """What the database held afterwards. A program of its own: it must not see the settings of this run."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kill", "--dry", "--n", str(asked)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip(), done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def test_somebody_was_killed_while_others_asked(result: dict[str, Any]) -> None:
    assert result["kills"]["page_worker"] > 0
    assert result["kills"]["worker"] > 0
    assert result["asked"] > result["cases"]


def test_every_request_is_there_once(result: dict[str, Any], asked: int) -> None:
    assert (result["cases"], result["keys"], result["told"]) == (asked, asked, asked)
    assert result["told_but_missing"] == 0
    assert result["told_another_number"] == 0


def test_each_has_its_leaves_and_its_outbox_row(result: dict[str, Any]) -> None:
    assert result["without_its_leaves"] == 0
    assert result["without_its_outbox_row"] == 0
    assert result["outbox_rows_not_sent"] == 0
    assert sound(result, result["cases"])


def test_a_loss_would_be_seen() -> None:
    """The look back finds what it is there to find."""
    whole = {
        **dict.fromkeys(("cases", "keys", "told"), 3),
        **dict.fromkeys(
            (
                "told_but_missing",
                "told_another_number",
                "without_its_leaves",
                "without_its_outbox_row",
                "leaves_of_nothing",
                "outbox_rows_of_nothing",
                "outbox_rows_not_sent",
            ),
            0,
        ),
    }
    assert sound(whole, 3)
    assert not sound({**whole, "cases": 4}, 3)
    assert not sound({**whole, "without_its_leaves": 1}, 3)
    assert not sound({**whole, "outbox_rows_not_sent": 1}, 3)
