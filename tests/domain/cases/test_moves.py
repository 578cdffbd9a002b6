"""Every verb x every state x everybody: only what this page declares passes, everything else changes nothing (B22).

Who may is written down by hand from the table of states and verbs the house agreed on; nothing is read from ``MOVES``
but its names, so that no verb can be forgotten here.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.domain.cases.stage import AT_TOWN, GIVEN, S, Stage
from wushi.domain.cases import errors
from wushi.domain.cases.models import Case
from wushi.domain.cases.states import HOUSE, MOVES
from wushi.kernel.errors import DomainError, NotAllowed, NotFound
from wushi.kernel.states import MoveRefused

People = set[str]
NOT_THERE: People = {
    "hotline",
    "department",
    "partner",
    "neighbour",
    "administrator",
    "anybody",
    "other_receipt",
}

# Who has to do with a request: at the town (received, waiting, declined) and at the village (all others).
TOWN: People = {"town_clerk", "town_lead"}
VILLAGE: People = {"secretary", "deputy"}
CLERKS: People = {"town_clerk", "district_clerk"}
HOLDER: People = {"secretary"}
SUPERVISOR: People = {"supervisor"}
REPORTER: People = {"reporter"}
LEADERS: People = {"town_lead", "district_lead"}
UNDER_WAY = (S.RECEIVED, S.WAITING, S.ASSIGNED, S.WORKING)
OPEN = (*UNDER_WAY, S.PAUSED)
NOT_OVER = (*OPEN, S.HANDLED)


def by_place(states: tuple[S, ...], at_town: People, at_village: People) -> dict[S, People]:
    """One set of people where it lies at the town, another where it lies at the village."""
    return {s: at_town if s in AT_TOWN else at_village for s in states}


def same(states: tuple[S, ...], people: People) -> dict[S, People]:
    """The same people in all these states."""
    return dict.fromkeys(states, people)


SPEAKERS = by_place(tuple(S), TOWN | CLERKS | SUPERVISOR | REPORTER, VILLAGE | CLERKS | SUPERVISOR | REPORTER)
# verb -> state -> who may
MAY: dict[str, dict[S, People]] = {
    "accept_case": {S.RECEIVED: TOWN | CLERKS},
    "decline_case": same((S.RECEIVED, S.WAITING), TOWN | CLERKS),
    "assign_case": {S.WAITING: TOWN | CLERKS},
    "claim_case": {S.ASSIGNED: VILLAGE},
    "return_case": {S.ASSIGNED: VILLAGE},
    # nobody holds it yet where it is only assigned; to whom it comes back after a refusal, see test_moves_with
    "transfer_case": {S.WORKING: HOLDER},
    # what somebody has in hand is his to pass up; the clock takes it from anybody
    "escalate_case": {
        **by_place(UNDER_WAY, TOWN | {"house"}, VILLAGE | {"house"}),
        S.WORKING: HOLDER | {"house"},
    },
    "hand_back_case": by_place((S.WAITING, S.ASSIGNED, S.WORKING), TOWN, VILLAGE),
    "contact_case": same((S.ASSIGNED, S.WORKING, S.PAUSED), VILLAGE),
    "request_extension": {S.WORKING: HOLDER},
    "decide_extension": same((S.WORKING, S.PAUSED), TOWN),
    "pause_case": {S.WORKING: HOLDER},
    "resume_case": {S.PAUSED: HOLDER | {"house"}},
    "handle_case": {S.WORKING: HOLDER},
    "send_back_case": {S.HANDLED: SUPERVISOR},
    "confirm_case": {S.HANDLED: REPORTER},
    "rate_case": {S.CLOSED: REPORTER},
    "reopen_case": same((S.HANDLED, S.CLOSED), REPORTER | SUPERVISOR),
    "close_case": {S.HANDLED: SUPERVISOR | {"house"}},
    "withdraw_case": same(OPEN, REPORTER),
    "contest_case": same(tuple(S), REPORTER),
    "merge_case": by_place(OPEN, TOWN | CLERKS, VILLAGE | CLERKS),
    "unmerge_case": {S.MERGED: VILLAGE | CLERKS | {"house"}},
    "split_case": by_place(OPEN, TOWN, VILLAGE),
    "link_cases": {s: people - REPORTER for s, people in SPEAKERS.items()},
    "revise_case": by_place(OPEN, TOWN | CLERKS, VILLAGE | CLERKS),
    "supervise_case": by_place(
        NOT_OVER, {"district_clerk", "house"} | SUPERVISOR, TOWN | {"house"} | SUPERVISOR
    ),
    "instruct_case": same(NOT_OVER, LEADERS),
    "blow_whistle": by_place(OPEN, TOWN, VILLAGE),
    "plan_together": by_place(OPEN, TOWN, VILLAGE),
    "end_whistle": by_place(OPEN, TOWN, VILLAGE),
    "ask_partner": same((S.WORKING, S.PAUSED), HOLDER),
    "release_partner": same((S.WORKING, S.PAUSED), HOLDER),
    # no tray has a part in it yet; with one, see test_moves_with
    "report_for_roll_call": {},
    "answer_part": {},
    "grade_part": by_place((*NOT_OVER, S.CLOSED), TOWN, VILLAGE),
    "record_callback": same((S.HANDLED, S.CLOSED), SUPERVISOR),
    "add_words": SPEAKERS,
    "appeal_case": same(tuple(s for s in S if s != S.MERGED), REPORTER),
    "mark_official": SPEAKERS,
}
# What a plain request lacks: whoever may, is told so, and nothing happens.
LACKS: dict[str, type[DomainError]] = {
    "hand_back_case": errors.NothingBelow,
    "decide_extension": errors.NoPlea,
    "plan_together": errors.NoWhistle,
    "end_whistle": errors.NoWhistle,
    "release_partner": errors.NoPart,
    "grade_part": errors.NoPart,
    "record_callback": errors.NoCallBack,
    # recorded for somebody, see test_moves_with
    "contest_case": errors.NotRecordedForYou,
}
# A second press by whoever brought it there: answered alike, nothing changed.
AGAIN = {
    (S.WAITING, "accept_case", "town_clerk"),
    (S.DECLINED, "decline_case", "town_clerk"),
    (S.WITHDRAWN, "withdraw_case", "reporter"),
    (S.WORKING, "claim_case", "secretary"),
    (S.PAUSED, "pause_case", "secretary"),
    (S.HANDLED, "handle_case", "secretary"),
    (S.CLOSED, "confirm_case", "reporter"),
    (S.MERGED, "merge_case", "secretary"),
}
# Words only: the next one may say his on the same request.
LEAVE_IT_AS_IT_IS = {"instruct_case", "add_words"}
DONE, AS_BEFORE = "done", "as before"
Wanted = str | tuple[type[DomainError], ...]


def wanted(state: S, verb: str, who: str) -> Wanted:
    """What must come of it, by this page."""
    if who in MAY[verb].get(state, set()):
        return (LACKS[verb],) if verb in LACKS else DONE
    if (state, verb, who) in AGAIN:
        return AS_BEFORE
    return (NotFound,) if who in NOT_THERE else (NotAllowed, MoveRefused)


def walk(
    stage: Stage, verbs: list[str], make: Callable[[], Case], want: Callable[[str, str], Wanted]
) -> list[str]:
    """Everybody tries every verb; what did not come as it must. A request is made anew only when it was used up."""
    wrong: list[str] = []
    case = make()
    before = stage.glance(case)
    for verb in verbs:
        for who in stage.everybody:
            must, refused = want(verb, who), stage.attempt(verb, who, case)
            if must == DONE and refused is None:
                if stage.village.again(case).step == before[0]["step"]:
                    wrong.append(f"{verb} did nothing for {who}")
                if verb not in LEAVE_IT_AS_IT_IS or case.state == S.PAUSED:
                    case = make()
                before = stage.glance(case)
            elif isinstance(must, str):
                if refused is not None:
                    wrong.append(f"{verb} was refused for {who}: {refused.code} {refused.facts}")
            elif not isinstance(refused, must):
                wrong.append(f"{verb} for {who}: {refused.code if refused else 'passed'}")
        if stage.glance(case) != before:
            wrong.append(f"{verb} changed something where it was refused")
            case = make()
            before = stage.glance(case)
    return wrong


@pytest.fixture(scope="module")
def stage() -> Stage:
    return Stage.set_up("988801")


def test_the_page_declares_every_verb_of_the_table() -> None:
    assert set(MAY) == {m.verb for m in MOVES.values() if m.who != {HOUSE}}
    assert set(MAY) <= set(GIVEN)


# where most verbs pass; the other states are walked by tests/long/test_moves_everywhere.py
OFTEN = (S.WORKING, S.CLOSED)


def passes_as_declared(stage: Stage, state: S) -> None:
    """Everybody tries every verb on a request in this state."""
    wrong = walk(stage, list(MAY), lambda: stage.case(state), lambda verb, who: wanted(state, verb, who))
    assert wrong == []


@pytest.mark.parametrize("state", OFTEN)
def test_only_what_is_declared_passes(stage: Stage, state: S) -> None:
    passes_as_declared(stage, state)
