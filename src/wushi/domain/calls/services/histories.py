"""Whole lives of calls written down at once: the same table of moves, ladder and promises, and one leaf a step.

For the demonstration's year and for what another system held. Each step is taken through ``MOVES``; a history that no verb could
have made is refused. Nobody is rung and nobody is told: it is past.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushi.domain.areas.rules import columns_of
from wushi.domain.audit.services import record
from wushi.domain.calls.models import Call, Device, Finding, Rung
from wushi.domain.calls.queries.ladder import call_rules, people_on_rung
from wushi.domain.calls.rules import LadderRule, rung_area, rung_of, when_next
from wushi.domain.calls.services.opening import Calling, body_hash, promise
from wushi.domain.calls.states import MOVES
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.ids import receipt_code, uuid7
from wushi.kernel.states import move
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.writes import insert_bulk


@dataclass(frozen=True)
class Deed:
    """One step: its verb, when, by whom (None: the house, or the caller), and what it says."""

    verb: str
    at: datetime
    by: UUID | None = None
    facts: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class CallHistory:
    """A press and all that followed, in order of time."""

    key: str
    device: Device
    urgency: str
    opened_at: datetime
    deeds: tuple[Deed, ...] = ()


# the columns a deed sets: (its time, whoever did it)
_TIMES = {
    "acknowledge_call": ("acknowledged_at", "answerer_id"),
    "set_out": ("on_way_at", "answerer_id"),
    "arrive_at_call": ("arrived_at", "arrived_by_id"),
    "end_call": ("ended_at", ""),
    "end_mistaken_call": ("ended_at", ""),
    "follow_up_call": ("followed_up_at", ""),
}


class _Rungs:
    """Whom each rung rings, asked once a place: a year's calls ring the same people."""

    def __init__(self, now: datetime) -> None:
        self._now, self._known = now, dict[tuple[str, str], list[str]]()

    def of(self, call: Call, rule: LadderRule) -> list[str]:
        """Their ids."""
        key = (rule.code, call.area)
        if key not in self._known:
            self._known[key] = people_on_rung(call, rule, self._now)
        return self._known[key]


@verb
def write_call_histories(
    *, actor: Actor, histories: Sequence[CallHistory], now: datetime = DB_TIME
) -> list[Call]:
    """What was lived through elsewhere, or is shown as an example, is written down; a key that is there stays. The new ones.

    Raises MoveRefused for a life that no verb could have made.
    """
    if "house" not in actor.relations:
        raise NotAllowed()
    keys = [history.key for history in histories]
    rows = Call.objects.filter(county=actor.county, client_key__in=keys)
    there = set(rows.values_list("client_key", flat=True))
    calls, rungs, people = list[Call](), list[Rung](), _Rungs(now)
    for history in histories:
        if history.key in there:
            continue
        call = _opened(actor, history)
        rungs += _lived(call, history, people, now)
        # beside the steps, each at its own time: that it was written down now, and not lived through here
        record(subject=call, step=0, steps=call.step)
        calls.append(call)
    insert_bulk(calls)
    insert_bulk(rungs)
    return calls


def _opened(actor: Actor, history: CallHistory) -> Call:
    device, at = history.device, history.opened_at
    calling = Calling(history.key, device.area, history.urgency, "button", device.place, pressed_at=at)
    call = Call(
        id=uuid7(),
        county=actor.county,
        **{k: v for k, v in columns_of(device.area).items() if k != "county"},
        place=device.place,
        receipt=receipt_code(actor.county),
        client_key=history.key,
        body_hash=body_hash(calling, device.id),
        urgency=history.urgency,
        way="button",
        device=device,
        person_id=device.person_id,
        phone=device.contact_phone,
        pressed_at=at,
        opened_at=at,
        last_press_at=at,
        ladder_at=at,
        step=0,
    )
    promise(call, at)
    _leaf(call, "open_call", at, way=call.way, urgency=call.urgency, device=device.id)
    return call


def _leaf(call: Call, name: str, at: datetime, **facts: Any) -> None:
    call.step += 1
    record(subject=call, as_verb=f"calls.{name}", step=call.step, happened_at=at, state=call.state, **facts)


def _lived(call: Call, history: CallHistory, people: _Rungs, now: datetime) -> list[Rung]:
    """The rungs until somebody answered, then the deeds, each by the table; the row as they left it."""
    ladder = call_rules(call.county).ladder_of(call.urgency, timezone.localdate(call.opened_at))
    answered = history.deeds[0].at if history.deeds else now
    rungs = list(_rung_until(call, ladder, people, answered))
    for deed in history.deeds:
        _did(call, deed)
    if call.acknowledged_at or not call.is_open:
        call.next_rung_at = None
    coming = [at for at in (call.acknowledge_by, call.arrive_by) if at > now]
    call.next_mark_at = min(coming) if coming and call.is_unanswered else None
    late = (
        ("acknowledge", call.acknowledge_by, call.acknowledged_at),
        ("arrive", call.arrive_by, call.arrived_at),
    )
    mistaken = call.finding == Finding.MISTAKEN and call.arrived_at is None
    call.late = [n for n, by, at in late if by < (at or now) and not (mistaken and n == "arrive")]
    return rungs


def _rung_until(call: Call, ladder: Sequence[LadderRule], people: _Rungs, until: datetime) -> Iterator[Rung]:
    at: datetime | None = call.opened_at
    while at is not None and at <= until:
        call.rung, call.rungs = call.rung + 1, call.rungs + 1
        rule = rung_of(ladder, call.rung)
        lines = ladder if call.rung > len(ladder) else (rule,)
        rang = list(dict.fromkeys(user for line in lines for user in people.of(call, line)))
        area = rung_area(rule.level, grid=call.grid, village=call.village, county=call.county)
        call.ladder_version = rule.version
        _leaf(call, "ring_next", at, rung=call.rungs, code=rule.code, rang=[UUID(user) for user in rang])
        yield Rung(
            id=uuid7(), county=call.county, call=call, number=call.rungs, code=rule.code, area=area, rang=rang,
            empty=not rang, at=at,
        )  # fmt: skip
        at = when_next(ladder, taken=call.rung, opened=call.ladder_at, now=at, empty=not rang)
        call.next_rung_at = at


def _did(call: Call, deed: Deed) -> None:
    """One deed by the table. Raises MoveRefused."""
    target = move(MOVES, deed.verb, call.state).target
    call.state = target or call.state
    time_column, who_column = _TIMES.get(deed.verb, ("", ""))
    if time_column:
        setattr(call, time_column, deed.at)
    if who_column:
        setattr(call, who_column, deed.by)
    if deed.verb in ("arrive_at_call", "set_out") and call.acknowledged_at is None:
        call.acknowledged_at, call.answerer_id = deed.at, deed.by
    facts = dict(deed.facts)
    for name in ("finding", "spoke", "rating", "stand_in"):
        if name in facts:
            setattr(call, name, facts[name])
    if "how" in facts:
        call.arrived_how = facts["how"]
    _leaf(call, deed.verb, deed.at, by=deed.by, **facts)
