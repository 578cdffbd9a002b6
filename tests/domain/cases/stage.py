"""A village with everybody in it, and requests brought to any state through the verbs: what the matrix is played on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from tests.village import SINCE, Village
from wushi.domain.accounts.services import found_unit
from wushi.domain.accounts.services.posts import NewUnit
from wushi.domain.audit.models import Leaf
from wushi.domain.cases import services
from wushi.domain.cases.models import UNSEALED, CallBack, Case, Clock, Entry, Part, Watch, Whistle
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services import Called, take_number
from wushi.domain.cases.services.setup import default_rules
from wushi.domain.cases.states import CaseState
from wushi.kernel.actor import Actor
from wushi.kernel.errors import DomainError
from wushi.kernel.verb import reading

S = CaseState
# What verbs of people lead to. A request of another system comes in by a list alone: stories/test_requests_are_imported.
STATES = [state for state in S if state != S.IMPORTED]
WORDS = {"words": "说明"}
# What is told of roads waits at the town to be given out by hand; everything else lies with the village at once.
AT_TOWN = {S.RECEIVED, S.WAITING, S.DECLINED}
DUTIES = (
    "secretary",
    "deputy",
    "grid_lead",
    "grid_worker",
    "town_clerk",
    "town_lead",
    "district_clerk",
    "district_lead",
    "supervisor",
    "hotline",
)
Deed = tuple[str, str, dict[str, Any]]

# What each verb is given besides the request.
GIVEN: dict[str, Callable[[Stage, Case], dict[str, Any]]] = {
    "accept_case": lambda s, c: {},
    "decline_case": lambda s, c: {"channel_code": "court", **WORDS},
    "assign_case": lambda s, c: {"tray": Tray("secretary", s.village.code)},
    "claim_case": lambda s, c: {},
    "return_case": lambda s, c: {"reason_code": "not_our_duty"},
    "transfer_case": lambda s, c: {"tray": s.tray("JT"), "reason_code": "not_our_duty"},
    "escalate_case": lambda s, c: WORDS,
    "hand_back_case": lambda s, c: WORDS,
    "contact_case": lambda s, c: {"way": "phone"},
    "request_extension": lambda s, c: {"amount": 1, **WORDS},
    "decide_extension": lambda s, c: {"granted": True},
    "pause_case": lambda s, c: {"reason_code": "weather", "until_on": tomorrow(), **WORDS},
    "resume_case": lambda s, c: {},
    "handle_case": lambda s, c: {"outcome": "resolved", **WORDS},
    "send_back_case": lambda s, c: WORDS,
    "confirm_case": lambda s, c: {},
    "rate_case": lambda s, c: {"rating": "neutral"},
    "reopen_case": lambda s, c: WORDS,
    "close_case": lambda s, c: WORDS,
    "withdraw_case": lambda s, c: {},
    "contest_case": lambda s, c: {},
    "merge_case": lambda s, c: {"master_id": s.other.id},
    "unmerge_case": lambda s, c: {},
    "split_case": lambda s, c: {
        "text": "还有水沟堵了",
        "number": take_number(s.village.county),
        "key": key(),
    },
    "link_cases": lambda s, c: {"other_id": s.other.id, "kind": "related"},
    "revise_case": lambda s, c: {"urgency": "soon"},
    "supervise_case": lambda s, c: {"colour": "yellow", **WORDS},
    "instruct_case": lambda s, c: WORDS,
    "blow_whistle": lambda s, c: {"kind": "everyday", "called": [Called("ZJ", essential=False)], **WORDS},
    "plan_together": lambda s, c: {"words": "各办各的，周五碰头"},
    "end_whistle": lambda s, c: {"result": "done", **WORDS},
    "ask_partner": lambda s, c: {"tray": s.tray("ZJ"), "essential": False, **WORDS},
    "release_partner": lambda s, c: {"part_id": s.part(c)},
    "report_for_roll_call": lambda s, c: {"part_id": s.part(c)},
    "answer_part": lambda s, c: {"part_id": s.part(c), "result": "done", **WORDS},
    "grade_part": lambda s, c: {"part_id": s.part(c), "grade": "good"},
    "record_callback": lambda s, c: {"result": "satisfied"},
    "add_words": lambda s, c: {"words": "再说一句"},
    "appeal_case": lambda s, c: {"level": "district"},
    "mark_official": lambda s, c: {"accused_id": None},
    # the house's own
    "release_case": lambda s, c: {},
    "readdress_case": lambda s, c: {"area": s.village.sibling},
    "replan_case": lambda s, c: {"cause": "calendar"},
}


def key() -> str:
    """A client key nobody used."""
    return str(uuid4())


def tomorrow() -> date:
    """The day after today, as the village counts days."""
    return date.today() + timedelta(days=1)


@dataclass
class Stage:
    """A village, its people, and a fresh request in any state, as often as one is used up."""

    village: Village
    people: dict[str, Actor] = field(default_factory=dict)
    _other: Case | None = None

    @classmethod
    def set_up(cls, county: str) -> Stage:
        """Everybody the matrix tries, and a route that leaves the choice to the town."""
        village = Village.founded(county)
        town = {"code": "town", "level": "town", "duty": "town_clerk", "category": "road"}
        rules = default_rules(SINCE, "SY")
        routes = (*rules.routes, {**town, "automatic": False, "basis": "试验"})
        services.adopt_rules(actor=village.house, rules=replace(rules, routes=routes))
        found_unit(actor=village.house, unit=NewUnit("ZJ", "区住房城乡建设局", "department", county))
        stage = cls(village)
        for duty in DUTIES:
            area = {"deputy": village.code, "town_lead": village.town}.get(duty, "")
            stage.people[duty] = village.officer(f"人-{duty}", duty=duty, area=area)
        stage.people |= {
            "department": village.officer("人-交通", duty="department", unit="JT"),
            "partner": village.officer("人-住建", duty="department", unit="ZJ"),
            "neighbour": village.officer("外村书记", area=village.sibling),
            "administrator": village.officer("管理员", duty="district_admin"),
            "anybody": village.resident(),
            "other_receipt": village.holding(village.case("别的事")),
            "house": village.house,
        }
        return stage

    @property
    def everybody(self) -> list[str]:
        """Who tries."""
        return [*self.people, "reporter"]

    @property
    def other(self) -> Case:
        """A second request of the village: what others are merged into and linked with."""
        if self._other is None or self.village.again(self._other).seal < UNSEALED:
            # told before the others: the later one is merged into the elder
            self._other = self.village.told("同一盏灯不亮", timezone.now() - timedelta(minutes=5))
        return self._other

    def tray(self, unit: str) -> Tray:
        """A department's."""
        return Tray("department", self.village.county, unit)

    def part(self, case: Case) -> UUID:
        """The latest part of others in it; an id of nothing where there is none."""
        with reading(self.village.house):
            rows = Part.objects.filter(county=case.county, case=case).order_by("-asked_at")
            return rows.values_list("id", flat=True).first() or uuid4()

    def actor(self, who: str, case: Case) -> Actor:
        """One of the people, or whoever holds the receipt of this very request."""
        return self.village.holding(case) if who == "reporter" else self.people[who]

    def do(self, verb: str, who: str, case: Case, **more: Any) -> Any:
        """The deed, with what it is given."""
        given = {**GIVEN[verb](self, case), **more}
        return getattr(services, verb)(actor=self.actor(who, case), case_id=case.id, **given)

    def attempt(self, verb: str, who: str, case: Case) -> DomainError | None:
        """None when it was done."""
        try:
            self.do(verb, who, case)
        except DomainError as error:
            return error
        return None

    def play(self, road: list[Deed], *, at_town: bool, for_somebody: bool = False) -> Case:
        """A fresh request, led along a road of deeds; ``for_somebody``: the hotline recorded it in another's name."""
        taken: dict[str, Any] = {"actor": self.people["hotline"], "on_behalf": True, "consent": "word"}
        case = self.village.case(
            "路面塌了" if at_town else "路灯不亮",
            category="road" if at_town else "light",
            **(taken if for_somebody else {}),
        )
        for verb, who, more in road:
            if verb == "draw":
                self.draw(case)
            else:
                self.do(verb, who, case, **more)
        return self.village.again(case)

    def case(self, state: S, *first: Deed) -> Case:
        """A request in a state; the ``first`` deeds are done as soon as it is there."""
        case = self.play([*first, *ROADS[state]], at_town=state in AT_TOWN)
        assert case.state == state
        return case

    def draw(self, case: Case) -> None:
        """It, and no other, is drawn to be called back."""
        closed = self.village.again(case).closed_at
        assert closed is not None
        rows = services.draw_callbacks(
            actor=self.people["supervisor"],
            since=closed,
            until=closed + timedelta(microseconds=1),
            number=1,
        )
        assert [row.case_id for row in rows] == [case.id]

    def glance(self, case: Case) -> tuple[dict[str, Any], int]:
        """The row and how many leaves it has: no table of its handling is written without a leaf (house rule 4)."""
        with reading(self.village.house):
            leaves = Leaf.objects.filter(county=case.county, subject="cases.case", subject_id=str(case.id))
            return Case.objects.filter(county=case.county, id=case.id).values().get(), leaves.count()

    def look(self, case: Case) -> dict[str, Any]:
        """Everything that is kept of it: unchanged means that all of this is."""
        with reading(self.village.house):
            found: dict[str, Any] = {
                model.__name__: list(
                    model.objects.filter(county=case.county, case=case).order_by("id").values()
                )
                for model in (Clock, Entry, Part, Watch, Whistle, CallBack)
            }
            found["row"] = Case.objects.filter(county=case.county, id=case.id).values().get()
            leaves = Leaf.objects.filter(county=case.county, subject="cases.case", subject_id=str(case.id))
            found["leaves"] = leaves.count()
        return found


CLAIM: Deed = ("claim_case", "secretary", {})
HANDLE: Deed = ("handle_case", "secretary", {})
CONFIRM: Deed = ("confirm_case", "reporter", {})
ROADS: dict[S, list[Deed]] = {
    S.RECEIVED: [],
    S.WAITING: [("accept_case", "town_clerk", {})],
    S.DECLINED: [("decline_case", "town_clerk", {})],
    S.ASSIGNED: [],
    S.WORKING: [CLAIM],
    S.PAUSED: [CLAIM, ("pause_case", "secretary", {})],
    S.HANDLED: [CLAIM, HANDLE],
    S.CLOSED: [CLAIM, HANDLE, CONFIRM],
    S.WITHDRAWN: [("withdraw_case", "reporter", {})],
    S.MERGED: [("merge_case", "secretary", {})],
}
