"""A press, however it comes in: one door. The same press told twice is one call; a press while a call is open is that call."""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushi.domain.areas import queries as areas
from wushi.domain.areas.rules import columns_of
from wushi.domain.audit.services import record
from wushi.domain.calls.events import CallOpened
from wushi.domain.calls.models import Call, Device, Urgency, Way
from wushi.domain.calls.permissions import may_call_for
from wushi.domain.calls.queries.ladder import call_rules
from wushi.domain.calls.services.ladder import begin_ringing, ring_again, ring_anew
from wushi.domain.calls.services.steps import advance, done_already, leaf, locked, tell
from wushi.domain.calls.states import OPEN, CallState
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.rules import NoRule, PaceRule, decide_pace, plan
from wushi.domain.cases.services.setup import PACES
from wushi.domain.people.models import Person
from wushi.domain.people.queries import bond_to
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.events import announce
from wushi.kernel.ids import receipt_code, uuid7
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.personal import is_mobile, normal_phone
from wushi.plumbing.text import clean
from wushi.plumbing.writes import insert_once

# A client key must not be guessable or reused by chance (house rule 11).
_KEY = re.compile(r"[A-Za-z0-9_:.-]{20,64}")
CLOCKS = ("acknowledge", "arrive")


@dataclass(frozen=True)
class Calling:
    """What is known of a call when it comes in. ``key`` is made where it was pressed; ``area_code`` has 12 or 15 digits."""

    key: str
    area_code: str
    urgency: str = Urgency.ORDINARY.value
    way: str = Way.PAGE.value
    place: str = ""
    phone: str = ""
    # whom a signed-in relative calls for
    for_person: UUID | None = None
    pressed_at: datetime | None = None


@verb
def open_call(*, actor: Actor, calling: Calling, now: datetime = DB_TIME) -> Call:
    """Somebody calls: by the page, for his parents, or by telephone through whoever writes it down; one key, one call."""
    calling = _checked(calling)
    place = areas.existing(calling.area_code)
    if place.code[:6] != actor.county:
        raise NotAllowed()
    person = _person(actor, calling)
    if actor.kind == "user" and not may_call_for(actor, place.code):
        raise NotAllowed()
    standing = _standing(person) if person is not None else None
    if standing is not None and standing.client_key != calling.key:
        again(actor, standing, calling.urgency, now)
        return standing
    return enter(actor, calling, now, person=person)


def _checked(calling: Calling) -> Calling:
    """With its texts made safe. Raises Invalid naming every field that cannot be taken."""
    wrong: dict[str, str] = {}
    if not _KEY.fullmatch(calling.key):
        wrong["key"] = "bad_key"
    if calling.urgency not in Urgency.values:
        wrong["urgency"] = "unknown"
    if calling.way not in Way.values:
        wrong["way"] = "unknown"
    code = calling.area_code
    if len(code) not in (12, 15) or not (code.isdigit() and code.isascii()):
        wrong["area_code"] = "bad_area"
    phone = normal_phone(calling.phone)
    if calling.phone.strip() and not is_mobile(phone):
        wrong["phone"] = "bad_phone"
    place = ""
    try:
        place = clean(calling.place, field="place", limit=120)
    except Invalid as error:
        wrong.update(error.facts["fields"])  # type: ignore[call-overload]
    if wrong:
        raise Invalid(fields=wrong)
    return replace(calling, place=place, phone=phone)


def _person(actor: Actor, calling: Calling) -> Person | None:
    """Who calls: himself, or whom he follows. Raises NotAllowed without a bond."""
    wanted = calling.for_person
    if wanted is not None:
        if bond_to(actor, wanted) is None:
            raise NotAllowed()
    elif actor.kind == "person":
        wanted = actor.id
    return Person.objects.filter(county=actor.county, id=wanted).first() if wanted else None


def _standing(person: Person) -> Call | None:
    """A call of his that nobody has ended."""
    rows = Call.objects.select_for_update(of=("self",)).filter(
        county=person.county, person=person, state__in=sorted(s.value for s in OPEN), test=False
    )
    return rows.order_by("-opened_at").first()


def body_hash(calling: Calling, device_id: UUID | None) -> bytes:
    """What makes two calls with one key the same."""
    said = [
        calling.area_code,
        calling.urgency,
        calling.way,
        calling.place,
        calling.phone,
        calling.for_person,
        device_id,
    ]
    return hashlib.sha256(json.dumps(said, default=str).encode()).digest()


def enter(
    actor: Actor,
    calling: Calling,
    now: datetime,
    *,
    device: Device | None = None,
    person: Person | None = None,
    test: bool = False,
) -> Call:
    """The row, its first rung, its leaves and its notice. ``calling`` was checked."""
    row = _row(actor, calling, now, device, person)
    row.test = test
    rungs = begin_ringing(row, now)
    stored, fresh = insert_once(row, key=("county", "client_key"), same=("body_hash",))
    if not fresh:
        return stored
    record(
        subject=row,
        as_verb="calls.open_call",
        step=1,
        state=CallState.RINGING.value,
        way=row.way,
        urgency=row.urgency,
        device=row.device_id,
        test=row.test,
        occurred_at=row.pressed_at,
    )
    rungs()
    announce(CallOpened(actor=actor, at=now, call_id=row.id, village=row.village))
    return row


def _row(actor: Actor, calling: Calling, now: datetime, device: Device | None, person: Person | None) -> Call:
    call = Call(
        id=uuid7(),
        **columns_of(calling.area_code),
        place=calling.place,
        receipt=receipt_code(actor.county),
        client_key=calling.key,
        body_hash=body_hash(calling, device.id if device else None),
        urgency=calling.urgency,
        way=calling.way,
        device=device,
        person=person,
        for_by_id=actor.id if calling.for_person is not None else None,
        taken_by_id=actor.id if actor.kind == "user" else None,
        phone=calling.phone or (person.phone if person else "") or (device.contact_phone if device else ""),
        pressed_at=calling.pressed_at,
        opened_at=now,
        last_press_at=calling.pressed_at or now,
    )
    promise(call, now)
    return call


def call_pace(paces: Sequence[PaceRule], clock: str, urgency: str, day: date) -> PaceRule:
    """The county's line for a clock of a call; where it has none, the customary one: a call never fails for want of a rule."""
    try:
        return decide_pace(paces, kind="call", urgency=urgency, category="", day=day, clock=clock)
    except NoRule:
        return decide_pace(_customary(), kind="call", urgency=urgency, category="", day=day, clock=clock)


@functools.cache
def _customary() -> tuple[PaceRule, ...]:
    empty = {
        "kind": "",
        "urgency": "",
        "category": "",
        "by_time": time(18),
        "extension_cap": 0,
        "at_red": "tell",
    }
    dated = {"version": 0, "valid_from": date.min, "valid_until": None}
    return tuple(PaceRule(**{**empty, **dated, **line}) for line in PACES if line["clock"] in CLOCKS)


def promise(call: Call, now: datetime) -> None:
    """The two clocks, by the county's paces (kind ``call``) and the engine of requests."""
    book, calendar = rulebook(call.county), areas.calendar_of(call.county)
    ends: list[datetime] = []
    why: dict[str, Any] = {}
    for clock in CLOCKS:
        pace = call_pace(book.paces, clock, call.urgency, timezone.localdate(now))
        ends.append(plan(pace, started=now, calendar=calendar, shares=book.profile.shares).due)
        why[clock] = [pace.code, pace.version, pace.amount, pace.unit]
    call.acknowledge_by, call.arrive_by = ends
    call.why = why
    call.next_mark_at = min(ends)


def again(actor: Actor, call: Call, urgency: str, now: datetime) -> None:
    """Pressed again while the call is open: counted; a red press makes it red; who is there is borne out; it rings again.

    Called with the row locked.
    """
    habits = call_rules(call.county).habits
    repeated = (now - call.last_press_at).total_seconds() <= habits.duplicate_seconds
    changes: dict[str, Any] = {
        "presses": min(call.presses + 1, 32767),
        "last_press_at": now,
        "taken_back_at": None,
    }
    redder = urgency == Urgency.EMERGENCY and call.urgency != Urgency.EMERGENCY
    if redder:
        call.urgency = Urgency.EMERGENCY.value
        promise(call, now)
        names = ("urgency", "acknowledge_by", "arrive_by", "why", "next_mark_at")
        changes |= {name: getattr(call, name) for name in names}
    advance(call, "press_again", **changes)
    record(
        subject=call,
        as_verb="calls.press_again",
        state=call.state,
        presses=call.presses,
        urgency=call.urgency,
    )
    if redder and call.state == CallState.RINGING:
        ring_anew(call, now)
    elif redder or not repeated:
        ring_again(call, now)
    tell(call)


@verb
def press_again(*, actor: Actor, call_id: UUID, now: datetime = DB_TIME) -> Call:
    """The caller presses again: nobody has come yet."""
    call = locked(actor, call_id, "press_again")
    again(actor, call, call.urgency, now)
    return call


@verb
def take_back_call(*, actor: Actor, call_id: UUID, now: datetime = DB_TIME) -> Call:
    """The caller says it was a mistake. It still wants a word with him: the call goes on, and says so."""
    call = locked(actor, call_id, "take_back_call")
    if done_already(call, "take_back_call") or call.taken_back_at:
        return call
    advance(call, "take_back_call", taken_back_at=now)
    leaf(call)
    tell(call)
    return call
