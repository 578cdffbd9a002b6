"""Closing means solved: the holder says it is done, the resident says whether it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushi.domain.accounts.queries import still_serves
from wushi.domain.areas import queries as areas
from wushi.domain.cases.errors import Contested, OpenParts, RatedAlready, StaffDoNotRate, TooLateToReopen
from wushi.domain.cases.events import CaseClosed, CaseHandled
from wushi.domain.cases.models import SAYABLE, Case, Clock, Outcome, Rating
from wushi.domain.cases.permissions import SERVES, is_reporter, lying_tray
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.rules import ClockName, level_of_tray
from wushi.domain.cases.rules.clocks import may_still_reopen
from wushi.domain.cases.services.callbacks import draw_by_lot
from wushi.domain.cases.services.clocks import (
    WHILE_HANDLED,
    end_clocks,
    plan_again,
    resolution_columns,
    save_planned,
    start_clock,
    wind_up,
)
from wushi.domain.cases.services.desk import afresh, all_of, once
from wushi.domain.cases.services.flags import watch_haste, watch_own_rating
from wushi.domain.cases.services.merging import let_others_go, one_at_a_time
from wushi.domain.cases.services.steps import advance, is_repeated, keep_words, leaf, locked, tell
from wushi.domain.cases.services.supervision import supervise_case
from wushi.domain.cases.states import CONTESTED, MOVES, CaseState
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid
from wushi.kernel.events import announce
from wushi.kernel.verb import DB_TIME, verb


@verb
def handle_case(
    *,
    actor: Actor,
    case_id: UUID,
    outcome: str,
    words: str,
    photos: Sequence[UUID] = (),
    plan_on: date | None = None,
    now: datetime = DB_TIME,
) -> Case:
    """办结: the holder says what became of it; now the resident is asked. It is not closed.

    What is not possible yet (挂账) needs a plan in words and its date ``plan_on`` (济南市条例 24); nothing is done over
    open essential parts of others (OpenParts).
    """
    case = locked(actor, case_id, "handle_case", words, outcome=outcome)
    if case.state not in MOVES["handle_case"].sources:
        return case
    _check_outcome(outcome, plan_on, now)
    if case.open_parts:
        raise OpenParts(n=case.open_parts)
    settled = outcome in (Outcome.RESOLVED, Outcome.EXPLAINED)
    advance(
        case,
        "handle_case",
        outcome=outcome,
        plan_on=plan_on,
        handled_at=now,
        contacted_at=case.contacted_at or now,
        resolved_level=level_of_tray(lying_tray(case)) if settled else "",
    )
    end_clocks(case, now, "handle_case", WHILE_HANDLED)
    wind_up(case, now)
    start_clock(case, ClockName.ANSWER, now)
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=True, photos=photos)
    leaf(case, outcome=outcome, plan_on=plan_on, **facts)
    watch_haste(case, actor, now)
    tell(case)
    announce(CaseHandled(actor=actor, at=now, case_id=case.id, outcome=outcome))
    return case


def _check_outcome(outcome: str, plan_on: date | None, now: datetime) -> None:
    if outcome not in SAYABLE:
        raise Invalid(fields={"outcome": "required"})
    if outcome == Outcome.NOT_YET:
        if plan_on is None:
            raise Invalid(fields={"plan_on": "required"})
        if plan_on <= timezone.localdate(now):
            raise Invalid(fields={"plan_on": "in_the_past"})


@dataclass(frozen=True)
class Ratings:
    """What the resident says of result, attitude and speed; an empty one is not rated, never satisfied."""

    result: str = ""
    attitude: str = ""
    speed: str = ""

    def columns(self) -> dict[str, str]:
        """As the row keeps them. Raises Invalid for a word that is none of the three."""
        found = {"rating": self.result, "rating_attitude": self.attitude, "rating_speed": self.speed}
        wrong = {name: "unknown" for name, said in found.items() if said and said not in Rating.values}
        if wrong:
            raise Invalid(fields=wrong)
        return found

    def facts(self) -> dict[str, str]:
        """For the leaf."""
        return {"rating": self.result, "attitude": self.attitude, "speed": self.speed}


def refuse_staff(actor: Actor) -> None:
    """A browser in which a member of staff is signed in rates nothing: the word is the resident's (StaffDoNotRate)."""
    if any(relation.startswith("beside:") for relation in actor.relations):
        raise StaffDoNotRate()


@verb
def confirm_case(
    *,
    actor: Actor,
    case_id: UUID,
    rating: str = "",
    attitude: str = "",
    speed: str = "",
    words: str = "",
    now: datetime = DB_TIME,
) -> Case:
    """点头: the resident says it is done. Ratings are his to give or not; none is "not rated"."""
    refuse_staff(actor)
    said = Ratings(rating, attitude, speed)
    case = locked(actor, case_id, "confirm_case", words, **said.facts())
    if case.state not in MOVES["confirm_case"].sources:
        return case
    advance(case, "confirm_case", closed_at=now, closing="reporter", **said.columns())
    end_clocks(case, now, "confirm_case")
    wind_up(case, now)
    facts = keep_words(actor=actor, case=case, words=words, now=now)
    leaf(case, **said.facts(), **facts)
    watch_own_rating(case, now)
    tell(case)
    announce(CaseClosed(actor=actor, at=now, case_id=case.id, closing="reporter"))
    return case


@verb
def rate_case(
    *,
    actor: Actor,
    case_id: UUID,
    rating: str = "",
    attitude: str = "",
    speed: str = "",
    words: str = "",
    now: datetime = DB_TIME,
) -> Case:
    """评价: what the resident thinks of it, said later; once, and not after the days in which it could be reopened."""
    refuse_staff(actor)
    case = locked(actor, case_id, "rate_case", words)
    if case.closing == CONTESTED:
        raise Contested()
    said = Ratings(rating, attitude, speed)
    columns = said.columns()
    if not any(columns.values()):
        raise Invalid(fields={"rating": "required"})
    if case.rating or case.rating_attitude or case.rating_speed:
        if is_repeated(actor, case, "rate_case", words, **said.facts()):
            return case
        raise RatedAlready()
    days = rulebook(case.county).profile.reopen_days
    if not may_still_reopen(closed=case.closed_at, now=now, days=days):
        raise TooLateToReopen(days=days)
    advance(case, "rate_case", **columns)
    facts = keep_words(actor=actor, case=case, words=words, now=now)
    leaf(case, **said.facts(), **facts)
    watch_own_rating(case, now)
    tell(case)
    return case


@verb
def reopen_case(
    *, actor: Actor, case_id: UUID, words: str = "", photos: Sequence[UUID] = (), now: datetime = DB_TIME
) -> Case:
    """还没好: it goes back to its last holder (or his tray) with a new time for handling; the whole-case clock goes on.

    The second refusal goes to supervision (data of the county).
    """
    refuse_staff(actor)
    case = locked(actor, case_id, "reopen_case", words)
    if case.state not in MOVES["reopen_case"].sources:
        return case
    if case.closing == CONTESTED and is_reporter(actor, case):
        # he said that it was not his wish; what is there to be done all the same is a supervisor's to take up
        raise Contested()
    profile = rulebook(case.county).profile
    if not may_still_reopen(closed=case.closed_at, now=now, days=profile.reopen_days):
        raise TooLateToReopen(days=profile.reopen_days)
    advance(
        case,
        "reopen_case",
        holder_id=_still_his(case, now),
        refusals=case.refusals + 1,
        **_not_done(),
        rating="",
        rating_attitude="",
        rating_speed="",
        **_begin_again(case, now),
    )
    facts = keep_words(actor=actor, case=case, words=words, now=now, photos=photos)
    leaf(case, refusals=case.refusals, to=case.holder_id, due=case.due_at, **facts)
    tell(case)
    if case.refusals >= profile.refusals_to_supervise:
        supervise_case(actor=Actor.house(actor), case_id=case.id, colour="red", reason="refused", now=now)
        afresh(case)
    return case


def _not_done() -> dict[str, Any]:
    return {
        "closed_at": None,
        "closing": "",
        "outcome": "",
        "plan_on": None,
        "resolved_level": "",
        "handled_at": None,
    }


def _begin_again(case: Case, now: datetime, *, signed: bool = False) -> dict[str, Any]:
    """A new run for handling (and for signing); the whole-case clock takes up again where it stood: it never stopped."""
    end_clocks(case, now, "reopen_case", (ClockName.ANSWER,))
    whole = all_of(Clock).filter(county=case.county, case=case, name=ClockName.WHOLE).first()
    if whole is not None and whole.ended_at is not None:
        whole.ended_at, whole.ended_by = None, ""
        plan_again(whole, case, areas.calendar_of(case.county), rulebook(case.county))
        save_planned(whole, "ended_at", "ended_by")
    if not signed:
        start_clock(case, ClockName.HANDOVER, now)
    fresh = start_clock(case, ClockName.RESOLUTION, now)
    return resolution_columns([fresh]) if fresh else {}


@verb
def send_back_case(*, actor: Actor, case_id: UUID, words: str, now: datetime = DB_TIME) -> Case:
    """退回重办: the supervisor does not take it for done; whoever handled it has it in hand again."""
    case = locked(actor, case_id, "send_back_case", words)
    if case.state not in MOVES["send_back_case"].sources:
        return case
    columns = {**_not_done(), **_begin_again(case, now, signed=case.holder_id is not None)}
    if case.holder_id is None:
        columns["state"] = CaseState.ASSIGNED.value
    advance(case, "send_back_case", **columns)
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=True)
    leaf(case, due=case.due_at, **facts)
    tell(case)
    return case


def _still_his(case: Case, now: datetime) -> UUID | None:
    """The last holder, if he still serves the tray it lies in; else nobody, and the tray takes it."""
    duties = [duty.value for duty, served in SERVES.items() if case.tray_duty in served]
    if case.holder_id and once(still_serves, case.holder_id, duties, case.tray_area, timezone.localdate(now)):
        return case.holder_id
    return None


@verb
def close_case(*, actor: Actor, case_id: UUID, words: str = "", now: datetime = DB_TIME) -> Case:
    """归档: without the resident's answer, by a supervisor who says why, or by the clock after the days for answering.

    Never counted as satisfied. Of those the clock closes, a share is drawn at random to be called back.
    """
    case = locked(actor, case_id, "close_case", words)
    if case.state not in MOVES["close_case"].sources:
        return case
    by_clock = actor.kind == "house"
    closing = "unanswered" if by_clock else "supervisor"
    advance(case, "close_case", closed_at=now, closing=closing)
    end_clocks(case, now, "close_case")
    wind_up(case, now)
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=not by_clock)
    leaf(case, closing=closing, **facts)
    if by_clock:
        draw_by_lot(case, now)
    tell(case)
    announce(CaseClosed(actor=actor, at=now, case_id=case.id, closing=closing))
    return case


@verb
def withdraw_case(*, actor: Actor, case_id: UUID, words: str = "", now: datetime = DB_TIME) -> Case:
    """撤回: the resident does not need it any more."""
    refuse_staff(actor)
    one_at_a_time(actor.county)
    case = locked(actor, case_id, "withdraw_case", words)
    if case.state not in MOVES["withdraw_case"].sources:
        return case
    advance(case, "withdraw_case", closed_at=now, closing="withdrawn", outcome=Outcome.WITHDRAWN)
    end_clocks(case, now, "withdraw_case")
    wind_up(case, now)
    facts = keep_words(actor=actor, case=case, words=words, now=now)
    leaf(case, **facts)
    tell(case)
    let_others_go(actor, case, now)
    return case
