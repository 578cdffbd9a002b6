"""What only the house does (a post ended, an area changed, a clock struck): nobody else may, in no state."""

from __future__ import annotations

from typing import Any

import pytest

from tests.domain.cases.stage import GIVEN, STATES, S, Stage
from wushi.domain.cases import services
from wushi.domain.cases.models import Case, Clock
from wushi.domain.cases.states import HOUSE, MOVES
from wushi.kernel.errors import DomainError, NotAllowed
from wushi.kernel.states import MoveRefused
from wushi.kernel.verb import reading

OPEN = {S.RECEIVED, S.WAITING, S.ASSIGNED, S.WORKING, S.PAUSED}
NOT_OVER = OPEN | {S.HANDLED}
# verb -> the states it starts from, by hand
MAY: dict[str, set[S]] = {
    "release_case": {S.ASSIGNED, S.WORKING, S.PAUSED, S.HANDLED, S.CLOSED, S.MERGED},
    "readdress_case": NOT_OVER | {S.MERGED},
    "replan_case": NOT_OVER,
    "mark_clock": NOT_OVER,
}
# The rows of the table behind one verb of people: sealing is done by marking an official.
BEHIND = {
    "release_ended_case": "release_case",
    "seal_case": "mark_official",
    "seal_case_to_tray": "mark_official",
}
# Done to many at once, by a list: stories/test_requests_are_imported.
OF_LISTS = {"import_case", "take_back_import"}


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage.set_up("988803")


def clock_of(stage: Stage, case: Case) -> Clock:
    """One of its clocks; the one that runs longest."""
    with reading(stage.village.house):
        return Clock.objects.get(county=case.county, case=case, name="whole")


def house_deed(stage: Stage, verb: str, who: str, case: Case) -> Any:
    """By its id, or by its clock's."""
    if verb == "mark_clock":
        clock = clock_of(stage, case)
        return services.mark_clock(actor=stage.actor(who, case), clock_id=clock.id, now=clock.yellow_at)
    return stage.do(verb, who, case)


def test_the_page_declares_every_verb_of_the_house() -> None:
    assert {*MAY, *BEHIND, *OF_LISTS} == {m.verb for m in MOVES.values() if m.who == {HOUSE}}


@pytest.mark.parametrize("verb", list(MAY))
@pytest.mark.parametrize("state", STATES)
def test_nobody_but_the_house(stage: Stage, state: S, verb: str) -> None:
    case = stage.case(state)
    before = stage.look(case)
    for who in stage.everybody:
        if who != "house":
            with pytest.raises(NotAllowed):
                house_deed(stage, verb, who, case)
    assert stage.look(case) == before


@pytest.mark.parametrize("state", STATES)
def test_a_released_request_lies_in_its_tray_again(stage: Stage, state: S) -> None:
    case = stage.case(state)
    before = stage.look(case)
    if state not in MAY["release_case"]:
        with pytest.raises(MoveRefused):
            house_deed(stage, "release_case", "house", case)
        assert stage.look(case) == before
        return
    house_deed(stage, "release_case", "house", case)
    left = stage.village.again(case)
    assert (left.holder_id, left.tray_duty, left.tray_area) == (None, "secretary", stage.village.code)
    assert left.state == (S.ASSIGNED if state in OPEN else state)
    assert (left.due_at >= case.due_at) and left.step > case.step


@pytest.mark.parametrize("state", STATES)
def test_a_tray_follows_its_area(stage: Stage, state: S) -> None:
    case = stage.case(state)
    try:
        house_deed(stage, "readdress_case", "house", case)
    except DomainError as refused:
        assert isinstance(refused, MoveRefused) and state not in MAY["readdress_case"]
        assert stage.village.again(case).step == case.step
        return
    moved = stage.village.again(case)
    assert state in MAY["readdress_case"]
    assert (moved.tray_area, moved.village, moved.state) == (stage.village.sibling, case.village, state)


@pytest.mark.parametrize("state", STATES)
def test_a_clock_strikes_only_for_what_is_not_over(stage: Stage, state: S) -> None:
    case = stage.case(state)
    before, passed = stage.look(case), house_deed(stage, "mark_clock", "house", case)
    assert passed is (state in MAY["mark_clock"])
    assert (stage.look(case) != before) is passed
    assert clock_of(stage, case).reached == ("yellow" if passed else "")


@pytest.mark.parametrize("state", STATES)
def test_planning_anew_changes_nothing_where_nothing_differs(stage: Stage, state: S) -> None:
    case = stage.case(state)
    before = stage.look(case)
    assert house_deed(stage, "replan_case", "house", case) is False
    assert stage.look(case) == before


@pytest.mark.parametrize("state", STATES)
def test_sealing_takes_what_is_not_over_to_the_level_above(stage: Stage, state: S) -> None:
    case = stage.case(state)
    stage.do("mark_official", "supervisor", case)
    sealed = stage.village.again(case)
    above = (
        ("district_clerk", stage.village.county)
        if case.tray_duty == "town_clerk"
        else ("town_clerk", stage.village.town)
    )
    assert (sealed.tray_duty, sealed.tray_area, sealed.holder_id) == (*above, None)
    assert sealed.state == (S.WAITING if state in NOT_OVER else state)
    assert GIVEN["mark_official"](stage, case) == {"accused_id": None}
