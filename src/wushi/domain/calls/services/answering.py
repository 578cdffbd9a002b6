"""Somebody answers, sets out, is there, says what he found. Everything here may be asked for twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.queries import still_serves
from wushi.domain.calls.errors import AlreadyTaken
from wushi.domain.calls.events import CallEnded
from wushi.domain.calls.models import Call, Errand, ErrandKind, Finding, How, Service, Spoke, Urgency
from wushi.domain.calls.permissions import may_move
from wushi.domain.calls.queries.ladder import call_rules
from wushi.domain.calls.services.errands import leave_errand
from wushi.domain.calls.services.ladder import TELL_FAMILY, ring_on
from wushi.domain.calls.services.steps import (
    advance,
    done_already,
    keep_words,
    leaf,
    locked,
    locked_row,
    tell,
)
from wushi.domain.calls.states import MOVES, OPEN
from wushi.domain.cases.models import Case
from wushi.domain.cases.services import open_case
from wushi.domain.cases.services.intake import Intake
from wushi.domain.outbox.services import leave_job
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.events import announce
from wushi.kernel.states import move
from wushi.kernel.verb import DB_TIME, verb


@verb
def acknowledge_call(*, actor: Actor, call_id: UUID, now: datetime = DB_TIME) -> Call:
    """接警: one of the line says that he has it; it stops ringing everywhere. Raises AlreadyTaken where another was first."""
    call = _taken(actor, call_id, "acknowledge_call")
    if done_already(call, "acknowledge_call"):
        return call
    _answer(call, actor, "acknowledge_call", now)
    leaf(call)
    tell(call)
    return call


def _taken(actor: Actor, call_id: UUID, verb_name: str) -> Call:
    """``locked``, but two who press at once are told who was first instead of what state it is in."""
    call = locked_row(actor, call_id)
    mine = call.answerer_id is not None and call.answerer_id == actor.id
    if call.state in OPEN and call.state not in MOVES[verb_name].sources and call.answerer_id and not mine:
        if not may_move(actor, MOVES[verb_name], call):
            raise NotAllowed(verb=verb_name)
        raise AlreadyTaken(by=str(call.answerer_id))
    if mine and call.state in OPEN and call.state not in MOVES[verb_name].sources:
        return call
    return locked(actor, call_id, verb_name)


def _answer(call: Call, actor: Actor, verb_name: str, now: datetime, **more: Any) -> None:
    """He has it in hand from now on, and the ladder stands still."""
    changes: dict[str, Any] = {"next_rung_at": None, **more}
    if call.answerer_id is None or verb_name == "take_over_call":
        changes["answerer_id"] = actor.id
    if call.acknowledged_at is None:
        changes["acknowledged_at"] = now
        changes["next_mark_at"] = call.arrive_by
    advance(call, verb_name, **changes)


@verb
def release_call(*, actor: Actor, call_id: UUID, words: str = "", now: datetime = DB_TIME) -> Call:
    """He cannot come after all: it rings on, from the next rung, at once."""
    call = locked(actor, call_id, "release_call")
    if done_already(call, "release_call"):
        return call
    advance(call, "release_call", answerer_id=None, on_way_at=None)
    leaf(call, **keep_words(call, actor, words, now))
    ring_on(call, now)
    tell(call)
    return call


@verb
def take_over_call(*, actor: Actor, call_id: UUID, now: datetime = DB_TIME) -> Call:
    """Another of the line takes it over: he is nearer."""
    call = locked_row(actor, call_id)
    if call.answerer_id == actor.id:
        return call
    call = locked(actor, call_id, "take_over_call")
    before = call.answerer_id
    _answer(call, actor, "take_over_call", now, on_way_at=None)
    leaf(call, before=before)
    tell(call)
    return call


@verb
def set_out(*, actor: Actor, call_id: UUID, now: datetime = DB_TIME) -> Call:
    """He is on the way."""
    call = _taken(actor, call_id, "set_out")
    if done_already(call, "set_out"):
        return call
    _others_hands_off(actor, call)
    _answer(call, actor, "set_out", now, on_way_at=now)
    leaf(call)
    tell(call)
    return call


def _others_hands_off(actor: Actor, call: Call) -> None:
    """What another has in hand is taken over by a word of its own."""
    if call.answerer_id is not None and call.answerer_id != actor.id:
        raise AlreadyTaken(by=str(call.answerer_id))


@verb
def arrive_at_call(
    *,
    actor: Actor,
    call_id: UUID,
    how: str = How.WORD.value,
    door_code: str = "",
    now: datetime = DB_TIME,
) -> Call:
    """到场: somebody is there; who, when, how known. No photo, no track: his word, the code at the door, or one position."""
    call = locked(actor, call_id, "arrive_at_call")
    if done_already(call, "arrive_at_call"):
        return call
    known = _known_by(call, how, door_code)
    secretary = actor.id is not None and still_serves(
        actor.id, (Duty.SECRETARY.value,), call.village, timezone.localdate(now)
    )
    _answer(
        call,
        actor,
        "arrive_at_call",
        now,
        arrived_at=now,
        arrived_by_id=actor.id,
        arrived_how=known,
        stand_in=not secretary,
        confirmed_how=[] if known == How.WORD else [known],
        next_mark_at=None,
    )
    leaf(call, how=known, stand_in=call.stand_in)
    if call.device_id or call.person_id:
        leave_job(TELL_FAMILY, county=call.county, call_id=call.id, what="arrived")
    tell(call)
    return call


def _known_by(call: Call, how: str, door_code: str) -> str:
    """``How``; a code at the door counts only where it is that door's. Raises Invalid."""
    if door_code:
        own = call.device.door_code if call.device_id and call.device else ""
        if not own or door_code.strip().upper() != own:
            raise Invalid(fields={"door_code": "wrong_door"})
        return How.DOOR.value
    if how not in (How.WORD, How.FIX):
        raise Invalid(fields={"how": "unknown"})
    return how


@verb
def confirm_arrival(*, actor: Actor, call_id: UUID, how: str, now: datetime = DB_TIME) -> Call:
    """The person's own press, or the code at the door, bears out that somebody was there."""
    call = locked(actor, call_id, "confirm_arrival")
    if how not in How.values or how == How.WORD:
        raise Invalid(fields={"how": "unknown"})
    if how in call.confirmed_how:
        return call
    advance(call, "confirm_arrival", confirmed_how=[*call.confirmed_how, how])
    leaf(call, how=how)
    tell(call)
    return call


@verb
def hand_to_service(*, actor: Actor, call_id: UUID, service: str, now: datetime = DB_TIME) -> Call:
    """110, 119 or 120 was called too. Somebody of the village comes all the same."""
    if service not in Service.values:
        raise Invalid(fields={"service": "unknown"})
    call = locked(actor, call_id, "hand_to_service")
    if service in call.services:
        return call
    advance(call, "hand_to_service", services=[*call.services, service])
    leaf(call, service=service)
    tell(call)
    return call


@verb
def note_call(*, actor: Actor, call_id: UUID, words: str, now: datetime = DB_TIME) -> Call:
    """Something worth knowing about it."""
    call = locked(actor, call_id, "note_call")
    advance(call, "note_call")
    leaf(call, **keep_words(call, actor, words, now, required=True))
    tell(call)
    return call


@verb
def end_call(*, actor: Actor, call_id: UUID, finding: str, words: str = "", now: datetime = DB_TIME) -> Call:
    """It is over: what was found. Only after somebody was there."""
    if finding not in Finding.values or finding == Finding.CASE:
        raise Invalid(fields={"finding": "unknown" if finding else "required"})
    call = locked(actor, call_id, "end_call")
    if done_already(call, "end_call"):
        return call
    _end(call, actor, "end_call", finding, words, now)
    return call


@verb
def end_mistaken_call(
    *, actor: Actor, call_id: UUID, spoke: str, words: str = "", now: datetime = DB_TIME
) -> Call:
    """误触: he spoke with the person, and it was a mistake. Without a word with the person it is not known to be one."""
    if spoke not in Spoke.values:
        raise Invalid(fields={"spoke": "unknown" if spoke else "required"})
    call = locked(actor, call_id, "end_mistaken_call")
    if done_already(call, "end_mistaken_call"):
        return call
    _end(call, actor, "end_mistaken_call", Finding.MISTAKEN.value, words, now, spoke=spoke)
    return call


def _end(
    call: Call, actor: Actor, verb_name: str, finding: str, words: str, now: datetime, **more: Any
) -> None:
    found = finding if call.case_id is None or finding != Finding.OTHER else Finding.CASE.value
    advance(call, verb_name, finding=found, ended_at=now, next_rung_at=None, next_mark_at=None, **more)
    leaf(call, finding=found, **more, **keep_words(call, actor, words, now))
    if call.urgency == Urgency.EMERGENCY and finding != Finding.MISTAKEN and not call.test:
        # 个人信息保护法 18: in an emergency people are told afterwards what was done with what is known of them
        leave_errand(_inform(call, now), now)
    announce(CallEnded(actor=actor, at=now, call_id=call.id, village=call.village))
    tell(call)


def _inform(call: Call, now: datetime) -> Errand:
    days = call_rules(call.county).habits.inform_days
    return Errand(
        county=call.county,
        kind=ErrandKind.INFORM,
        town=call.town,
        village=call.village,
        grid=call.grid,
        device=call.device,
        call_id=call.id,
        since=now,
        due_at=now + timedelta(days=days),
    )


@verb
def turn_call_into_case(*, actor: Actor, call_id: UUID, intake: Intake, now: datetime = DB_TIME) -> Case:
    """What the caller needs takes longer: it becomes a request, and the request carries the trace on. The call still ends
    by an arrival of its own."""
    call = locked_row(actor, call_id)
    if not may_move(actor, MOVES["turn_call_into_case"], call):
        raise NotAllowed(verb="turn_call_into_case")
    if call.case_id is not None:
        return Case.objects.get(county=call.county, id=call.case_id)
    move(MOVES, "turn_call_into_case", call.state)
    whole = replace(
        intake,
        area_code=call.area,
        on_behalf=True,
        consent=intake.consent or "word",
        name=intake.name or (call.person.name if call.person_id and call.person else ""),
        phone=intake.phone or call.phone,
    )
    case = open_case(actor=actor, intake=whole, now=now)
    advance(call, "turn_call_into_case", case=case)
    leaf(call, case=case.id)
    tell(call)
    return case
