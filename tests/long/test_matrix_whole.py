"""The matrix of routes for everybody whom tests/web/test_matrix.py leaves out."""

from __future__ import annotations

import pytest

from tests.web import test_matrix as matrix
from tests.web.test_matrix import EVERYBODY, OFTEN, PRESSING, World, press_every_verb, world

__all__ = ["world"]
OTHERS = [who for who in EVERYBODY if who not in OFTEN]


@pytest.mark.parametrize("who", [who for who in EVERYBODY if who not in PRESSING])
def test_pressing_a_verb_where_one_sees_the_matter(world: World, who: str) -> None:
    press_every_verb(world, who)


@pytest.mark.parametrize("who", OTHERS)
def test_pressing_a_verb_where_one_does_not_see_the_matter_changes_nothing(world: World, who: str) -> None:
    matrix.test_pressing_a_verb_where_one_does_not_see_the_matter_changes_nothing(world, who)


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_routes_without_a_row_give_the_declared_answer(world: World, who: str, method: str) -> None:
    matrix.test_routes_without_a_row_give_the_declared_answer(world, who, method)


@pytest.mark.parametrize("who", OTHERS)
def test_a_receipt_opens_its_own_matter_for_whoever_holds_it(world: World, who: str) -> None:
    matrix.test_a_receipt_opens_its_own_matter_for_whoever_holds_it(world, who)


@pytest.mark.parametrize("who", OTHERS)
def test_reading_a_matter(world: World, who: str) -> None:
    matrix.test_reading_a_matter(world, who)
