"""The matrix once more for verbs that need something beside the state: an escalation, a plea, a part, a whistle, a draw.

``test_moves`` tries them where it is missing; here it is there, in every state in which it can be, with everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.domain.cases.stage import (
    AT_TOWN,
    CLAIM,
    CONFIRM,
    HANDLE,
    ROADS,
    STATES,
    Deed,
    S,
    Stage,
)
from tests.domain.cases.test_moves import (
    AS_BEFORE,
    DONE,
    HOLDER,
    NOT_THERE,
    OPEN,
    REPORTER,
    SUPERVISOR,
    TOWN,
    VILLAGE,
    People,
    Wanted,
    by_place,
    same,
    walk,
)
from wushi.domain.cases import errors
from wushi.domain.cases.models import Case
from wushi.domain.cases.rules import Tray
from wushi.kernel.errors import DomainError, NotAllowed, NotFound
from wushi.kernel.states import MoveRefused

PARTNER: People = {"partner"}
CALLED = {*NOT_THERE} - PARTNER
May = dict[str, dict[S, People]]


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage.set_up("988802")


def tried(
    stage: Stage,
    state: S,
    road: list[Deed],
    may: May,
    *,
    unseen: People = NOT_THERE,
    refused: dict[str, type[DomainError]] | None = None,
    again: set[tuple[str, str]] = frozenset(),  # type: ignore[assignment]
    at_town: bool | None = None,
) -> list[str]:
    """What did not come as it must, with a road of one's own to the state."""

    def make() -> Case:
        case = stage.play(road, at_town=state in AT_TOWN if at_town is None else at_town)
        assert case.state == state
        return case

    def want(verb: str, who: str) -> Wanted:
        if who in may[verb].get(state, set()):
            return (refused[verb],) if refused and verb in refused else DONE
        if (verb, who) in again:
            return AS_BEFORE
        return (NotFound,) if who in unseen else (NotAllowed, MoveRefused, errors.NoPart)

    return walk(stage, list(may), make, want)


# ---- escalated ----
UP: Deed = ("escalate_case", "secretary", {})
TO_TOWN_TRAY: Callable[[Stage], Deed] = lambda s: (  # noqa: E731
    "assign_case",
    "town_clerk",
    {"tray": Tray("town_clerk", s.village.town)},
)
AT_THE_TOWN: Deed = ("claim_case", "town_clerk", {})
ESCALATED: dict[S, list[Deed]] = {
    S.WAITING: [],
    S.ASSIGNED: [],
    S.WORKING: [AT_THE_TOWN],
    S.PAUSED: [AT_THE_TOWN, ("pause_case", "town_clerk", {})],
    S.HANDLED: [AT_THE_TOWN, ("handle_case", "town_clerk", {})],
    S.CLOSED: [AT_THE_TOWN, ("handle_case", "town_clerk", {}), CONFIRM],
    S.WITHDRAWN: [("withdraw_case", "reporter", {})],
    S.MERGED: [("merge_case", "town_clerk", {})],
}


@pytest.mark.parametrize("state", list(ESCALATED))
def test_what_was_escalated_is_handed_back_by_who_has_it_now(stage: Stage, state: S) -> None:
    road = [UP, *([] if state == S.WAITING else [TO_TOWN_TRAY(stage)]), *ESCALATED[state]]
    may: May = {"hand_back_case": same((S.WAITING, S.ASSIGNED, S.WORKING), TOWN)}
    assert tried(stage, state, road, may, at_town=False) == []


def test_above_the_district_there_is_nobody_to_escalate_to(stage: Stage) -> None:
    case = stage.play([UP, ("escalate_case", "town_clerk", {})], at_town=False)
    assert (case.tray_duty, case.tray_area, case.state) == ("district_clerk", stage.village.county, "waiting")
    before = stage.look(case)
    for who in ("district_clerk", "house"):
        assert isinstance(stage.attempt("escalate_case", who, case), errors.NothingAbove)
    assert stage.look(case) == before


# ---- a plea for more time ----
PLEA: Deed = ("request_extension", "secretary", {})
PLEADED: dict[S, list[Deed]] = {
    S.WORKING: [CLAIM, PLEA],
    S.PAUSED: [CLAIM, PLEA, ("pause_case", "secretary", {})],
    S.HANDLED: [CLAIM, PLEA, HANDLE],
    S.CLOSED: [CLAIM, PLEA, HANDLE, CONFIRM],
    S.ASSIGNED: [CLAIM, PLEA, HANDLE, CONFIRM, ("reopen_case", "reporter", {})],
    S.WITHDRAWN: [CLAIM, PLEA, ("withdraw_case", "reporter", {})],
}


@pytest.mark.parametrize("state", list(PLEADED))
def test_more_time_is_decided_one_level_up(stage: Stage, state: S) -> None:
    may: May = {
        "decide_extension": same((S.WORKING, S.PAUSED), TOWN),
        "request_extension": {S.WORKING: HOLDER},
    }
    wrong = tried(stage, state, PLEADED[state], may, refused={"request_extension": errors.PleaIsOpen})
    assert wrong == []


# ---- a whistle ----
def blown(state: S, *then: Deed) -> list[Deed]:
    """The whistle is blown as soon as it is there; the department called is the partner."""
    caller = "town_clerk" if state in AT_TOWN else "secretary"
    return [("blow_whistle", caller, {}), *then, *ROADS[state]]


@pytest.mark.parametrize("state", STATES)
def test_a_whistle_is_followed_by_who_blew_it_and_who_was_called(stage: Stage, state: S) -> None:
    lead = by_place(OPEN, TOWN, VILLAGE)
    caller = "town_clerk" if state in AT_TOWN else "secretary"
    # a second press, where it was the last thing that happened, is answered alike
    pressed = {caller} if not ROADS[state] else set()
    may: May = {
        "blow_whistle": {s: people - pressed for s, people in lead.items()},
        "plan_together": lead,
        "end_whistle": lead,
        "report_for_roll_call": same(OPEN, PARTNER),
        "answer_part": same(OPEN, PARTNER),
    }
    wrong = tried(
        stage,
        state,
        blown(state),
        may,
        unseen=CALLED,
        refused={"blow_whistle": errors.WhistleBlown},
        again={("blow_whistle", who) for who in pressed},
    )
    assert wrong == []


@pytest.mark.parametrize(
    "state", [S.RECEIVED, S.WAITING, S.ASSIGNED, S.WORKING, S.PAUSED, S.HANDLED, S.CLOSED]
)
def test_a_part_that_was_answered_is_graded_from_both_sides(stage: Stage, state: S) -> None:
    lead = {S.RECEIVED: TOWN, S.WAITING: TOWN}.get(state, VILLAGE)
    may: May = {"grade_part": {state: lead | PARTNER}}
    road = blown(state, ("answer_part", "partner", {}))
    assert tried(stage, state, road, may, unseen=CALLED) == []


@pytest.mark.parametrize("state", [S.WITHDRAWN, S.DECLINED, S.MERGED])
def test_where_it_is_over_without_an_answer_nobody_grades(stage: Stage, state: S) -> None:
    road = blown(state, ("answer_part", "partner", {}))
    assert tried(stage, state, road, {"grade_part": {}}, unseen=CALLED) == []


# ---- a co-handler ----
ASK: Deed = ("ask_partner", "secretary", {})
ASKED: dict[S, list[Deed]] = {
    S.WORKING: [CLAIM, ASK],
    S.PAUSED: [CLAIM, ASK, ("pause_case", "secretary", {})],
    S.HANDLED: [CLAIM, ASK, HANDLE],
    S.CLOSED: [CLAIM, ASK, HANDLE, CONFIRM],
    S.ASSIGNED: [CLAIM, ASK, HANDLE, CONFIRM, ("reopen_case", "reporter", {})],
}


@pytest.mark.parametrize("state", list(ASKED))
def test_a_co_handler_has_a_part_and_its_holder_takes_it_back(stage: Stage, state: S) -> None:
    may: May = {
        "release_partner": same((S.WORKING, S.PAUSED), HOLDER),
        "answer_part": same(OPEN, PARTNER),
        # a co-handler was not called by a whistle: there is no roll to answer
        "report_for_roll_call": same(OPEN, PARTNER),
        "ask_partner": same((S.WORKING, S.PAUSED), HOLDER),
    }
    refused: dict[str, type[DomainError]] = {
        "report_for_roll_call": errors.NoPart,
        "ask_partner": errors.NoTray,
    }
    if state == S.ASSIGNED:
        # it came back after it was said to be done: whoever only helped is asked anew, or not
        refused |= {"answer_part": errors.NoPart}
    assert tried(stage, state, ASKED[state], may, unseen=CALLED, refused=refused) == []


def test_a_called_department_cannot_be_dropped(stage: Stage) -> None:
    case = stage.play([("blow_whistle", "secretary", {}), CLAIM], at_town=False)
    before = stage.look(case)
    assert isinstance(stage.attempt("release_partner", "secretary", case), errors.NoPart)
    assert stage.look(case) == before


@pytest.mark.parametrize("verb", ["handle_case", "merge_case"])
def test_nothing_is_done_over_an_open_essential_part(stage: Stage, verb: str) -> None:
    case = stage.play([CLAIM, ("ask_partner", "secretary", {"essential": True})], at_town=False)
    before = stage.look(case)
    assert isinstance(stage.attempt(verb, "secretary", case), errors.OpenParts)
    assert stage.look(case) == before
    stage.do("answer_part", "partner", case)
    assert stage.attempt(verb, "secretary", case) is None


# ---- drawn, rated, come back, merged ----
DRAW: Deed = ("draw", "supervisor", {})
DRAWN: dict[S, list[Deed]] = {
    S.CLOSED: [CLAIM, HANDLE, CONFIRM, DRAW],
    S.ASSIGNED: [CLAIM, HANDLE, CONFIRM, DRAW, ("reopen_case", "reporter", {})],
    S.HANDLED: [CLAIM, HANDLE, CONFIRM, DRAW, ("reopen_case", "reporter", {}), CLAIM, HANDLE],
}


@pytest.mark.parametrize("state", list(DRAWN))
def test_who_was_drawn_is_called_by_a_supervisor(stage: Stage, state: S) -> None:
    may: May = {"record_callback": same((S.HANDLED, S.CLOSED), SUPERVISOR)}
    assert tried(stage, state, DRAWN[state], may) == []


def test_what_was_rated_is_not_rated_again(stage: Stage) -> None:
    road = [CLAIM, HANDLE, ("confirm_case", "reporter", {"rating": "satisfied"})]
    may: May = {"rate_case": {S.CLOSED: REPORTER}}
    assert tried(stage, S.CLOSED, road, may, refused={"rate_case": errors.RatedAlready}) == []


def test_what_came_back_is_its_last_holders_and_not_his_trays(stage: Stage) -> None:
    road: list[Deed] = [CLAIM, HANDLE, ("reopen_case", "reporter", {})]
    may: May = {
        "claim_case": {S.ASSIGNED: HOLDER},
        "return_case": {S.ASSIGNED: HOLDER},
        "transfer_case": {S.ASSIGNED: HOLDER},
        "contact_case": {S.ASSIGNED: VILLAGE},
        "escalate_case": {S.ASSIGNED: HOLDER | {"house"}},
        "handle_case": {},
        "reopen_case": {},
    }
    assert tried(stage, S.ASSIGNED, road, may, again={("reopen_case", "reporter")}) == []


@pytest.mark.parametrize("state", [S.RECEIVED, S.WAITING, S.ASSIGNED, S.WORKING, S.PAUSED])
def test_taken_apart_it_has_the_state_it_had(stage: Stage, state: S) -> None:
    clerk = "town_clerk" if state in AT_TOWN else "secretary"
    case = stage.case(state)
    stage.do("merge_case", clerk, case)
    stage.do("unmerge_case", clerk, case)
    back = stage.village.again(case)
    # a rest ends with merging: what it waited for is asked for elsewhere now
    assert back.state == (S.WORKING if state == S.PAUSED else state)
    assert (back.merged_into_id, back.closing, back.holder_id) == (None, "", case.holder_id)


@pytest.mark.parametrize("state", [S.MERGED, S.CLOSED, S.WITHDRAWN, S.DECLINED])
def test_nothing_is_merged_into_what_is_over(stage: Stage, state: S) -> None:
    over, case = stage.case(state), stage.case(S.ASSIGNED)
    before: tuple[Any, Any] = stage.look(over), stage.look(case)
    for master in (over, case):
        with pytest.raises(errors.NoMaster):
            stage.do("merge_case", "secretary", case, master_id=master.id)
    assert (stage.look(over), stage.look(case)) == before


# ---- recorded for somebody ----
RECORDED: People = {*NOT_THERE} - {"hotline"}


@pytest.mark.parametrize("state", STATES)
def test_what_was_recorded_for_somebody_is_contested_by_him_alone(stage: Stage, state: S) -> None:
    def make() -> Case:
        case = stage.play(ROADS[state], at_town=state in AT_TOWN, for_somebody=True)
        assert case.state == state
        return case

    def want(verb: str, who: str) -> Wanted:
        # who recorded it sees it, and it is not his to unsay
        return DONE if who in REPORTER else (NotFound,) if who in RECORDED else (NotAllowed,)

    assert walk(stage, ["contest_case"], make, want) == []


@pytest.mark.parametrize("state", STATES)
def test_contested_it_is_over_or_stays_as_it_was_over(stage: Stage, state: S) -> None:
    case = stage.play(ROADS[state], at_town=state in AT_TOWN, for_somebody=True)
    stage.do("contest_case", "reporter", case)
    after, before = stage.village.again(case), stage.look(case)
    over = {S.CLOSED, S.DECLINED, S.WITHDRAWN}
    assert (after.state, after.closing) == (state if state in over else S.WITHDRAWN, "contested")
    for verb in ("rate_case", "reopen_case", "confirm_case", "withdraw_case"):
        assert stage.attempt(verb, "reporter", case) is not None
    assert isinstance(stage.attempt("contest_case", "reporter", case), type(None))
    assert stage.look(case) == before, "a second press changes nothing"
