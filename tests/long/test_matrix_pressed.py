"""Everybody whom tests/web/test_matrix.py leaves out presses every verb where he sees the matter."""

from __future__ import annotations

import pytest

from tests.web.test_matrix import EVERYBODY, PRESSING, World, press_every_verb, world

__all__ = ["world"]


@pytest.mark.parametrize("who", [who for who in EVERYBODY if who not in PRESSING])
def test_pressing_a_verb_where_one_sees_the_matter(world: World, who: str) -> None:
    press_every_verb(world, who)
