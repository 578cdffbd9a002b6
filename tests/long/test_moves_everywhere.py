"""Every verb x everybody in the states that tests/domain/cases/test_moves.py leaves to the long run."""

from __future__ import annotations

import pytest

from tests.domain.cases.stage import STATES, S, Stage
from tests.domain.cases.test_moves import OFTEN, passes_as_declared, stage

__all__ = ["stage"]


@pytest.mark.parametrize("state", [s for s in STATES if s not in OFTEN])
def test_only_what_is_declared_passes(stage: Stage, state: S) -> None:
    passes_as_declared(stage, state)
