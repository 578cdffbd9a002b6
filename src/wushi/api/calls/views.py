"""Calls over the API, for staff: the list, one with its trace, and the verbs of whoever comes. Each may be asked for twice."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from wushi.api.calls.schemas import (
    ArriveIn,
    CallFilter,
    CallOut,
    CallPage,
    EndIn,
    MistakenIn,
    ServiceIn,
    WordsIn,
)
from wushi.api.cases.schemas import Refused
from wushi.api.guard import Token, staff_operation
from wushi.domain.accounts.duties import Duty
from wushi.domain.areas.rules import BELOW_COUNTY, level_of
from wushi.domain.calls import services
from wushi.domain.calls.models import Call
from wushi.domain.calls.permissions import READERS, may_ring, verbs_now
from wushi.domain.calls.queries import rungs_of
from wushi.domain.calls.queries.listed import STAGES, WantedCalls, calls_wanted, trace_told
from wushi.domain.calls.queries.pages import call_for
from wushi.domain.calls.states import CallState
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotFound
from wushi.plumbing.pages import Cursor
from wushi.plumbing.personal import mask_name, mask_phone

router = Router(auth=Token())
# who wrote a call down may follow it, wherever his post is
SEERS = READERS | {Duty.HOTLINE.value}
ANSWERS: Any = {200: CallOut, 401: Refused, 403: Refused, 404: Refused, 409: Refused, 422: Refused}
SAME = (
    *("id", "urgency", "state", "way", "area", "place", "device_id", "opened_at", "pressed_at", "presses"),
    *("acknowledged_at", "on_way_at", "arrived_at", "ended_at", "stand_in", "late"),
)
MORE = ("arrived_how", "confirmed_how", "finding", "services", "rating", "case_id")


def line_of(actor: Actor, call: Call) -> dict[str, Any]:
    """One call as a list has it."""
    whole = may_ring(actor, call)
    name = call.person.name if call.person_id and call.person else ""
    return {
        **{field: getattr(call, field) for field in SAME},
        "name": name if whole else mask_name(name),
        "phone": call.phone if whole else mask_phone(call.phone),
    }


def sheet_of(actor: Actor, call: Call) -> dict[str, Any]:
    """One call with everything around it."""
    device = call.device if call.device_id else None
    rungs = [{"number": r.number, "code": r.code, "at": r.at, "rang": len(r.rang)} for r in rungs_of(call)]
    clocks = [
        {"clock": name, "due_at": due, "done_at": done, "late": name in call.late}
        for name, due, done in (
            ("acknowledge", call.acknowledge_by, call.acknowledged_at),
            ("arrive", call.arrive_by, call.arrived_at),
        )
    ]
    return {
        **line_of(actor, call),
        **{field: getattr(call, field) for field in MORE},
        "helps": device.helps if device and may_ring(actor, call) else [],
        "clocks": clocks,
        "rungs": rungs,
        "steps": [asdict(step) for step in trace_told(call)],
        "may": verbs_now(actor, call),
    }


def _wanted(asked: CallFilter) -> WantedCalls:
    wrong: dict[str, str] = {}
    if asked.stage and asked.stage not in STAGES and asked.stage not in set(CallState):
        wrong["stage"] = "unknown"
    if asked.area and level_of(asked.area) not in BELOW_COUNTY:
        wrong["area"] = "bad_area"
    if wrong:
        raise Invalid(fields=wrong)
    return WantedCalls(asked.stage, asked.urgency, asked.area, asked.device, asked.since, asked.until)


@router.get(
    "", response={200: CallPage, 401: Refused, 403: Refused, 422: Refused}, summary="Calls, the newest first"
)
@staff_operation(SEERS)
def listed(request: HttpRequest, asked: Query[CallFilter]) -> Any:
    """Those the reader may know of: his line of duty's, and what he wrote down himself."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    page = calls_wanted(actor, _wanted(asked), Cursor.decode(asked.after), asked.limit)
    return {"calls": [line_of(actor, call) for call in page.rows], "next": page.next_cursor}


@router.get(
    "/{call_id}", response={200: CallOut, 401: Refused, 403: Refused, 404: Refused}, summary="One call"
)
@staff_operation(SEERS)
def one(request: HttpRequest, call_id: UUID) -> Any:
    """Who, where, the two clocks, the ladder so far, every step."""
    return _shown(request, call_id)


def _shown(request: Any, call_id: UUID) -> dict[str, Any]:
    call = call_for(request.actor, call_id)
    if call is None:
        raise NotFound()
    return sheet_of(request.actor, call)


def _done(request: Any, call_id: UUID, verb: Callable[..., Any], **given: Any) -> dict[str, Any]:
    """The verb, then the call as it is now. Asked for twice by the same person it is the same answer."""
    verb(actor=request.actor, call_id=call_id, **given)
    with request.reading():
        return _shown(request, call_id)


@router.post("/{call_id}/acknowledge", response=ANSWERS, summary="接警: I have it")
@staff_operation(SEERS)
def acknowledge(request: HttpRequest, call_id: UUID) -> Any:
    """It stops ringing everywhere; 409 `calls.already_taken` where another was first."""
    return _done(request, call_id, services.acknowledge_call)


@router.post("/{call_id}/set-out", response=ANSWERS, summary="出发")
@staff_operation(SEERS)
def set_out(request: HttpRequest, call_id: UUID) -> Any:
    """He is on the way."""
    return _done(request, call_id, services.set_out)


@router.post("/{call_id}/arrive", response=ANSWERS, summary="到场")
@staff_operation(SEERS)
def arrive(request: HttpRequest, call_id: UUID, body: ArriveIn | None = None) -> Any:
    """Somebody is there; by word, by the code at the door, or by one position."""
    return _done(request, call_id, services.arrive_at_call, **(body.dict() if body else {}))


@router.post("/{call_id}/end", response=ANSWERS, summary="End it with what was found")
@staff_operation(SEERS)
def end(request: HttpRequest, call_id: UUID, body: EndIn) -> Any:
    """Only after somebody was there (409)."""
    return _done(request, call_id, services.end_call, **body.dict())


@router.post("/{call_id}/end-mistaken", response=ANSWERS, summary="误触: end a mistaken press")
@staff_operation(SEERS)
def end_mistaken(request: HttpRequest, call_id: UUID, body: MistakenIn) -> Any:
    """After a word with the person."""
    return _done(request, call_id, services.end_mistaken_call, **body.dict())


@router.post("/{call_id}/release", response=ANSWERS, summary="交还: it rings on")
@staff_operation(SEERS)
def release(request: HttpRequest, call_id: UUID, body: WordsIn | None = None) -> Any:
    """He cannot come after all."""
    return _done(request, call_id, services.release_call, **(body.dict() if body else {}))


@router.post("/{call_id}/take-over", response=ANSWERS, summary="接手")
@staff_operation(SEERS)
def take_over(request: HttpRequest, call_id: UUID) -> Any:
    """Another of the line takes it over."""
    return _done(request, call_id, services.take_over_call)


@router.post("/{call_id}/service", response=ANSWERS, summary="110, 119 or 120 was called too")
@staff_operation(SEERS)
def service(request: HttpRequest, call_id: UUID, body: ServiceIn) -> Any:
    """Somebody of the village comes all the same."""
    return _done(request, call_id, services.hand_to_service, **body.dict())
