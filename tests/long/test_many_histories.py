"""312 random lives, written at once beside the verbs: more of what tests/domain/cases/test_histories.py tries with a few."""

from __future__ import annotations

import pytest

from tests.domain.cases.test_histories import live_alike, other
from tests.domain.cases.test_replay import found
from tests.domain.cases.walks import Walker
from tests.village import Village

__all__ = ["other"]
SEEDS, EACH = (11, 12, 13, 14, 15, 16), 52


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_written_at_once_equals_what_the_verbs_left(
    village: Village, other: Village, seed: int
) -> None:
    """Six villages: every row and leaf, and every refusal."""
    live_alike(village, other, seed, EACH)


@pytest.mark.parametrize("seed", [22, 23])
def test_nothing_differs_in_more_random_lives(village: Village, seed: int) -> None:
    """More of what tests/domain/cases/test_replay.py tells again."""
    Walker(village, seed).live(60)
    assert found(village) == []
