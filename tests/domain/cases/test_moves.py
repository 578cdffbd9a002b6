"""Every verb x every state x everybody: only what this page declares passes, everything else changes nothing (B22)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from tests.village import SINCE, Village
from wushi.domain.cases import services
from wushi.domain.cases.models import Case
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services.setup import default_rules
from wushi.domain.cases.states import HOUSE, MOVES, CaseState
from wushi.kernel.actor import Actor
from wushi.kernel.errors import DomainError, NotAllowed, NotFound
from wushi.kernel.states import MoveRefused

S = CaseState
AT_TOWN, AT_VILLAGE = (
    {S.RECEIVED, S.WAITING, S.DECLINED},
    {S.ASSIGNED, S.WORKING, S.HANDLED, S.CLOSED, S.WITHDRAWN},
)
DISPATCH = {"town_clerk", "district_clerk"}
SPEAKERS = {"reporter", "supervisor", *DISPATCH}

# verb -> state -> who may: written down by hand, not read from the table that is tested.
MAY: dict[str, dict[S, set[str]]] = {
    "accept_case": {S.RECEIVED: DISPATCH},
    "decline_case": {S.RECEIVED: DISPATCH, S.WAITING: DISPATCH},
    "assign_case": {S.WAITING: DISPATCH},
    "claim_case": {S.ASSIGNED: {"secretary", "deputy"}},
    "return_case": {S.ASSIGNED: {"secretary", "deputy"}},
    "handle_case": {S.WORKING: {"secretary"}},
    "confirm_case": {S.HANDLED: {"reporter"}},
    "reopen_case": {S.HANDLED: {"reporter", "supervisor"}, S.CLOSED: {"reporter", "supervisor"}},
    "close_case": {S.HANDLED: {"supervisor"}},
    "withdraw_case": {s: {"reporter"} for s in (S.RECEIVED, S.WAITING, S.ASSIGNED, S.WORKING)},
    "appeal_case": {s: {"reporter"} for s in S},
    "add_words": {
        **dict.fromkeys(AT_TOWN, SPEAKERS),
        **{s: SPEAKERS | {"secretary", "deputy"} for s in AT_VILLAGE},
    },
    "mark_official": {
        **dict.fromkeys(AT_TOWN, SPEAKERS),
        **{s: SPEAKERS | {"secretary", "deputy"} for s in AT_VILLAGE},
    },
}
# A second press by whoever brought it there: answered alike, nothing changed.
AGAIN = {
    (S.WAITING, "accept_case", "town_clerk"),
    (S.DECLINED, "decline_case", "town_clerk"),
    (S.WITHDRAWN, "withdraw_case", "reporter"),
    (S.WORKING, "claim_case", "secretary"),
    (S.HANDLED, "handle_case", "secretary"),
    (S.CLOSED, "confirm_case", "reporter"),
}
WORDS = {"words": "说明"}
GIVEN: dict[str, Callable[[Village], dict[str, Any]]] = {
    "accept_case": lambda v: {},
    "claim_case": lambda v: {},
    "decline_case": lambda v: {"channel_code": "court", **WORDS},
    "assign_case": lambda v: {"tray": Tray("secretary", v.code)},
    "return_case": lambda v: {"reason_code": "not_our_duty"},
    "handle_case": lambda v: {"outcome": "resolved", **WORDS},
    "confirm_case": lambda v: {},
    "reopen_case": lambda v: WORDS,
    "close_case": lambda v: WORDS,
    "withdraw_case": lambda v: {},
    "appeal_case": lambda v: {"level": "district"},
    "add_words": lambda v: WORDS,
    "mark_official": lambda v: {"accused_id": None},
}


@dataclass
class Stage:
    """A village, its people, and a fresh request in any state."""

    village: Village
    people: dict[str, Actor]

    def case(self, state: S) -> Case:
        """Brought there through the verbs."""
        village, people = self.village, self.people
        self.route(by_hand=state in AT_TOWN)
        case = village.case("路灯不亮")
        road: list[tuple[str, str, dict[str, Any]]] = {
            S.RECEIVED: [],
            S.WAITING: [("accept_case", "town_clerk", {})],
            S.DECLINED: [("decline_case", "town_clerk", {"channel_code": "court", **WORDS})],
            S.ASSIGNED: [],
            S.WITHDRAWN: [("withdraw_case", "reporter", {})],
            S.WORKING: [("claim_case", "secretary", {})],
            S.HANDLED: [
                ("claim_case", "secretary", {}),
                ("handle_case", "secretary", {"outcome": "resolved", **WORDS}),
            ],
            S.CLOSED: [
                ("claim_case", "secretary", {}),
                ("handle_case", "secretary", {"outcome": "resolved", **WORDS}),
                ("confirm_case", "reporter", {}),
            ],
        }[state]
        for verb, who, given in road:
            actor = village.holding(case) if who == "reporter" else people[who]
            getattr(services, verb)(actor=actor, case_id=case.id, **given)
        return village.again(case)

    _by_hand: bool | None = None

    def route(self, *, by_hand: bool) -> None:
        """Everything waits at the town, or goes to the village at once."""
        if self._by_hand == by_hand:
            return
        rules = default_rules(SINCE, "SY")
        if by_hand:
            line = {
                "code": "town",
                "level": "town",
                "duty": "town_clerk",
                "automatic": False,
                "basis": "试验",
            }
            rules = replace(rules, routes=(line,))
        services.adopt_rules(actor=self.village.house, rules=rules)
        self._by_hand = by_hand


@pytest.fixture(scope="module")
def stage() -> Stage:
    village = Village.founded("988801")
    duties = (
        "secretary",
        "deputy",
        "grid_lead",
        "grid_worker",
        "town_clerk",
        "district_clerk",
        "supervisor",
        "hotline",
    )
    people = {
        d: village.officer(f"人-{d}", duty=d, area=village.code if d == "deputy" else "") for d in duties
    }
    people["department"] = village.officer("人-部门", duty="department", unit="JT")
    people["neighbour"] = village.officer("外村书记", area=village.sibling)
    people["administrator"] = village.officer("管理员", duty="district_admin")
    people["anybody"] = village.resident()
    people["other_receipt"] = village.holding(village.case("别的事"))
    return Stage(village, people)


def attempt(stage: Stage, verb: str, who: str, case: Case) -> DomainError | None:
    """None when it was done."""
    actor = stage.village.holding(case) if who == "reporter" else stage.people[who]
    try:
        getattr(services, verb)(actor=actor, case_id=case.id, **GIVEN[verb](stage.village))
    except DomainError as error:
        return error
    return None


def test_the_page_declares_every_verb_of_the_table() -> None:
    assert set(MAY) == {m.verb for m in MOVES.values() if HOUSE not in m.who}


@pytest.mark.parametrize("state", list(S))
def test_only_what_is_declared_passes(stage: Stage, state: S) -> None:
    wrong = []
    case = stage.case(state)
    assert case.state == state
    for verb, allowed in MAY.items():
        for who in [*stage.people, "reporter"]:
            refused = attempt(stage, verb, who, case)
            if refused is None and stage.village.again(case).step == case.step:
                if (state, verb, who) not in AGAIN:
                    wrong.append(f"{verb} from {state} did nothing for {who}")
            elif refused is None:
                if who not in allowed.get(state, set()):
                    wrong.append(f"{verb} from {state} passed for {who}")
                case = stage.case(state)
            elif who in allowed.get(state, set()):
                wrong.append(f"{verb} from {state} refused for {who}: {refused}")
            elif not isinstance(refused, NotAllowed | NotFound | MoveRefused):
                wrong.append(f"{verb} from {state} for {who}: {refused.code}")
            elif stage.village.again(case).step != case.step:
                wrong.append(f"{verb} from {state} was refused for {who} and changed something")
    assert wrong == []


def test_what_the_house_does_nobody_else_may(stage: Stage) -> None:
    case = stage.case(S.WORKING)
    for actor in stage.people.values():
        with pytest.raises(NotAllowed):
            services.release_case(actor=actor, case_id=case.id)
        with pytest.raises(NotAllowed):
            services.readdress_case(actor=actor, case_id=case.id, area=stage.village.sibling)
    assert isinstance(case.id, UUID)
