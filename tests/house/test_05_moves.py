"""House test 5: every state can be reached, every move names known states and people."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from wushi.domain.accounts.duties import Duty
from wushi.domain.cases.states import HOLDER, HOUSE, MOVES, PARTNER, REPORTER, TRAY, UPPER, CaseState
from wushi.kernel.states import Move, MoveRefused, machine, move

BORN = {CaseState.RECEIVED.value}
KNOWN = {HOLDER, HOUSE, PARTNER, REPORTER, TRAY, UPPER, *(d.value for d in Duty)}


def unreachable(table: Mapping[str, Move], states: set[str], born: set[str]) -> set[str]:
    """States no chain of moves reaches from those a thing is born in."""
    reached = set(born)
    while True:
        more = {m.target for m in table.values() if m.target and m.sources & reached} - reached
        if not more:
            return states - reached
        reached |= more


def test_every_state_is_reachable() -> None:
    assert unreachable(MOVES, {s.value for s in CaseState}, BORN) == set()


def test_an_island_is_found() -> None:
    table = machine(("go", ["a"], "b", {"x"}), ("back", ["c"], "a", {"x"}))
    assert unreachable(table, {"a", "b", "c"}, {"a"}) == {"c"}


def test_moves_name_known_states_and_people() -> None:
    states = {s.value for s in CaseState}
    for row in MOVES.values():
        assert {str(s) for s in row.sources} <= states and (row.target in states or row.target == "")
        assert row.who <= KNOWN, row.who - KNOWN


@pytest.mark.parametrize("verb", sorted(MOVES))
def test_the_table_lets_through_what_it_names_and_nothing_else(verb: str) -> None:
    for state in CaseState:
        if state in MOVES[verb].sources:
            assert move(MOVES, verb, state).verb == verb
        else:
            with pytest.raises(MoveRefused):
                move(MOVES, verb, state)
