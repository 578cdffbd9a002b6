"""Whole histories at once: the very verbs, told on the bench at the times they are said to have happened, written together.

Nothing is decided here: every rule, refusal, clock and leaf is that of the verb that is told. What is past is told to
nobody. What a history cannot hold (photos, recordings, posts that ended, a draw by lot that somebody answered) is refused.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from wushi.domain.audit.models import Leaf
from wushi.domain.audit.services import leaves_of, record
from wushi.domain.cases.events import HistoriesWritten
from wushi.domain.cases.models import (
    CallBack,
    Case,
    Clock,
    Entry,
    Extension,
    Flag,
    Link,
    Part,
    Pause,
    Watch,
    Whistle,
)
from wushi.domain.cases.services import (
    assignment,
    closing,
    contest,
    levels,
    merging,
    resting,
    supervision,
    together,
    upward,
)
from wushi.domain.cases.services.desk import all_of
from wushi.domain.cases.services.intake import Intake, body_hash, open_case
from wushi.domain.cases.services.sweep import mark_clock
from wushi.domain.people.models import Person
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, KeyReused, NotAllowed
from wushi.kernel.events import announce
from wushi.kernel.verb import DB_TIME, take_traces, verb
from wushi.plumbing.bench import Bench, bench_for
from wushi.plumbing.fields import blind_index
from wushi.plumbing.personal import normal_phone
from wushi.plumbing.writes import insert_bulk

# In the order in which their keys allow them to be written.
TABLES: tuple[type[models.Model], ...] = (
    Person, Case, Whistle, Part, Clock, Entry, Watch, Pause, Extension, Link, CallBack, Flag, Leaf,
)  # fmt: skip

TELLABLE: dict[str, Callable[..., Any]] = {
    deed.__name__: deed
    for deed in (
        assignment.accept_case, assignment.decline_case, assignment.assign_case, assignment.claim_case,
        assignment.return_case, levels.transfer_case, levels.escalate_case, levels.hand_back_case,
        levels.contact_case, resting.request_extension, resting.decide_extension, resting.pause_case,
        resting.resume_case, closing.handle_case, closing.send_back_case, closing.confirm_case, closing.rate_case,
        closing.reopen_case, closing.close_case, closing.withdraw_case, contest.contest_case, merging.merge_case,
        merging.unmerge_case, merging.link_cases, merging.revise_case, supervision.supervise_case,
        supervision.instruct_case, together.blow_whistle, together.plan_together, together.end_whistle,
        together.ask_partner, together.release_partner, together.report_for_roll_call, together.answer_part,
        together.grade_part, upward.add_words, upward.appeal_case, upward.mark_official,
    )
}  # fmt: skip


class CannotBeTold(Exception):
    """A history that cannot be written like this; says which and why. Nothing of its batch is written."""


@dataclass(frozen=True)
class Deed:
    """One thing somebody did: the verb's name, when, who (None: whoever holds the receipt), and the verb's own words.

    ``facts`` are the verb's further arguments; where it asks for an id, ``master`` and ``other`` are the client key of
    another history, ``part`` is the unit (or tray area) whose latest part is meant.
    """

    verb: str
    at: datetime
    by: Actor | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class History:
    """One request from the first word on: what was said when and by whom, and what was done, in order of time."""

    intake: Intake
    opened_at: datetime
    opened_by: Actor
    deeds: tuple[Deed, ...] = ()


@verb
def write_histories(*, actor: Actor, histories: Sequence[History], now: datetime = DB_TIME) -> list[Case]:
    """Requests that came in and were handled elsewhere or before are entered whole, with everything that happened to them.

    The clocks strike by themselves up to ``now``. Those whose key is there already are left as they are. Raises
    CannotBeTold, and whatever the verbs refuse: then none of them is written.
    """
    if "house" not in actor.relations:
        raise NotAllowed()
    fresh = _not_there(actor.county, histories)
    with bench_for(TABLES) as bench:
        _known_people(bench, actor.county, fresh)
        _Teller(bench, actor, now).tell(fresh)
        cases: list[Case] = bench.fresh(Case)
        rows = {model: bench.fresh(model) for model in TABLES}
    for found in rows.values():
        insert_bulk(found)
    if cases:
        record(subject=cases[0], step=0, requests=len(cases), leaves=len(rows[Leaf]))
        announce(HistoriesWritten(actor=actor, at=now, county=actor.county))
    return cases


def _not_there(county: str, histories: Sequence[History]) -> list[History]:
    """Those whose key is not there yet. Raises KeyReused where it is and says something else."""
    keys = [history.intake.key for history in histories]
    if len(set(keys)) < len(keys):
        raise CannotBeTold("two histories have one key")
    rows = Case.objects.filter(county=county, client_key__in=keys).values_list("client_key", "body_hash")
    there = {key: bytes(said) for key, said in rows}
    for history in histories:
        if there.get(history.intake.key, said := body_hash(history.intake)) != said:
            raise KeyReused()
    return [history for history in histories if history.intake.key not in there]


def _known_people(bench: Bench, county: str, histories: Sequence[History]) -> None:
    """Who is known already is the same person."""
    indexes = {blind_index("phone", normal_phone(h.intake.phone)) for h in histories if h.intake.phone}
    ids = {h.opened_by.id for h in histories if h.opened_by.kind == "person"}
    ids |= {h.intake.for_person for h in histories if h.intake.for_person}
    for where in (models.Q(phone_index__in=indexes), models.Q(id__in=ids)):
        for person in Person.objects.filter(where, county=county):
            bench.put(person, loaded=True)


class _Teller:
    """Tells histories on the bench, all of them in order of time, each one's clocks striking in between."""

    def __init__(self, bench: Bench, house: Actor, now: datetime) -> None:
        self.bench, self.house, self.now = bench, house, now
        self.cases: dict[str, Case] = {}

    def tell(self, histories: Sequence[History]) -> None:
        """Everything, then the clocks of each up to now."""
        coming = [(h.opened_at, number, 0) for number, h in enumerate(histories)]
        heapq.heapify(coming)
        while coming:
            at, number, place = heapq.heappop(coming)
            history = histories[number]
            if at > self.now:
                raise CannotBeTold(f"{history.intake.number}: {at} has not come yet")
            if place == 0:
                self._open(history)
            else:
                self._strike(self.cases[history.intake.key], at)
                self._do(history, history.deeds[place - 1])
            if place < len(history.deeds):
                following = history.deeds[place].at
                if following < at:
                    raise CannotBeTold(f"{history.intake.number}: {following} lies before {at}")
                heapq.heappush(coming, (following, number, place + 1))
        for case in list(self.bench.fresh(Case)):
            self._strike(case, self.now)

    def _open(self, history: History) -> None:
        if history.intake.photos or history.intake.recordings:
            raise CannotBeTold(
                f"{history.intake.number}: photos and recordings are not told, they are uploaded"
            )
        case = open_case(actor=history.opened_by, intake=history.intake, now=history.opened_at)
        self.cases[history.intake.key] = case
        self._keep_leaves()

    def _do(self, history: History, deed: Deed) -> None:
        case = self.cases[history.intake.key]
        if deed.verb not in TELLABLE:
            raise CannotBeTold(f"{history.intake.number}: {deed.verb} cannot be told")
        if deed.facts.get("photos") or deed.facts.get("recordings"):
            raise CannotBeTold(
                f"{history.intake.number}: photos and recordings are not told, they are uploaded"
            )
        given = self._with_ids(case, deed.facts)
        for one in self._company(case, given):
            # a deed that touches others finds them as they are by then
            self._strike(one, deed.at)
        by = deed.by or Actor(f"receipt:{case.id}", case.county, relations=frozenset({"receipt"}))
        TELLABLE[deed.verb](actor=by, case_id=case.id, now=deed.at, **given)
        self._keep_leaves()

    def _company(self, case: Case, given: Mapping[str, Any]) -> list[Case]:
        """The requests that belong together with this one, or are about to."""
        ids = [given.get("master_id"), given.get("other_id"), case.merged_into_id]
        found = [all_of(Case).get(county=case.county, id=one) for one in ids if one]
        for master in (case, *found):
            if master.merged:
                found += all_of(Case).filter(county=case.county, merged_into=master.id)
        return found

    def _with_ids(self, case: Case, facts: Mapping[str, Any]) -> dict[str, Any]:
        given = dict(facts)
        for name in ("master", "other"):
            if name in given:
                key = given.pop(name)
                if key not in self.cases:
                    raise CannotBeTold(f"{case.number}: {name} {key} is not among those told before")
                given[f"{name}_id"] = self.cases[key].id
        if "part" in given:
            place = given.pop("part")
            parts = all_of(Part).filter(county=case.county, case=case).order_by("-asked_at")
            found = next((part for part in parts if place in (part.unit, part.tray_area)), None)
            if found is None:
                raise Invalid(fields={"part": "unknown"})
            given["part_id"] = found.id
        return given

    def _strike(self, case: Case, until: datetime) -> None:
        """Every mark that comes until a moment passes at its own time."""
        while True:
            due = all_of(Clock).filter(county=case.county, case=case, next_at__lte=until)
            clock = due.order_by("next_at", "name", "run").first()
            if clock is None or clock.next_at is None:
                return
            mark_clock(actor=self.house, clock_id=clock.id, now=clock.next_at)
            self._keep_leaves()

    def _keep_leaves(self) -> None:
        """A deed is over: its leaves are there for the next one, as after its commit."""
        for leaf in leaves_of(self.house.county, take_traces()):
            self.bench.put(leaf)
