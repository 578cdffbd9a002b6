"""The ladder: each rung once, whoever dies in between; it never stops on a missing person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from wushi.domain.audit.services import record
from wushi.domain.calls.models import Call, Rung
from wushi.domain.calls.queries.ladder import call_rules, people_on_rung
from wushi.domain.calls.rules import LadderRule, rung_area, rung_of, when_next
from wushi.domain.calls.services.steps import tell
from wushi.domain.calls.states import MOVES
from wushi.domain.outbox.services import leave_job
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.states import move
from wushi.kernel.verb import DB_TIME, reading, verb
from wushi.plumbing.writes import insert_many

TELL = "calls.tell_rung"
TELL_FAMILY = "calls.tell_family"
BATCH = 200
_COLUMNS = ["rung", "rungs", "ladder_at", "ladder_version", "next_rung_at", "step"]


def _ladder(call: Call, now: datetime) -> tuple[LadderRule, ...]:
    return call_rules(call.county).ladder_of(call.urgency, timezone.localdate(now))


def _take(call: Call, now: datetime) -> list[Rung]:
    """The rungs that are due, from ``call.rung`` on; the call's columns follow, nothing is written.

    Ends by itself: beyond the ladder's end at most one is taken, which rings everybody again.
    """
    ladder = _ladder(call, now)
    taken: list[Rung] = []
    while True:
        call.rung, call.rungs = call.rung + 1, call.rungs + 1
        rule = rung_of(ladder, call.rung)
        # nobody has answered up to the district: everybody is rung again
        lines = ladder if call.rung > len(ladder) else (rule,)
        rung = [] if call.test else [user for line in lines for user in people_on_rung(call, line, now)]
        ids = list(dict.fromkeys(rung))
        taken.append(
            Rung(
                county=call.county,
                call=call,
                number=call.rungs,
                code=rule.code,
                area=rung_area(rule.level, grid=call.grid, village=call.village, county=call.county),
                rang=ids,
                empty=not ids,
                at=now,
            )
        )
        call.ladder_version = rule.version
        call.next_rung_at = (
            None
            if call.test
            else when_next(ladder, taken=call.rung, opened=call.ladder_at, now=now, empty=not ids)
        )
        if call.rung > len(ladder) or call.next_rung_at is None or call.next_rung_at > now:
            return taken


def _write(call: Call, rungs: list[Rung], first_step: int) -> set[str]:
    """The rungs with a leaf each and what tells those they ring; whom they ring."""
    insert_many(rungs)
    for offset, rung in enumerate(rungs):
        record(
            subject=call,
            as_verb="calls.ring_next",
            step=first_step + offset,
            state=call.state,
            rung=rung.number,
            code=rung.code,
            # as ids: the digits of a UUID may look like a phone number
            rang=[UUID(user) for user in rung.rang],
        )
        if rung.rang:
            leave_job(TELL, county=call.county, call_id=call.id, number=rung.number, presses=call.presses)
    return {user for rung in rungs for user in rung.rang}


def begin_ringing(call: Call, now: datetime) -> Callable[[], None]:
    """The first rungs of a call that is about to be written; what has to be called once it is."""
    call.ladder_at = now
    rungs = _take(call, now)
    call.step = 1 + len(rungs)

    def written() -> None:
        tell(call, _write(call, rungs, 2))
        if not call.test and _has_family(call):
            leave_job(TELL_FAMILY, county=call.county, call_id=call.id, what="called")

    return written


def _has_family(call: Call) -> bool:
    """Whether somebody may be there to tell: followers of the person, or the contact of the device."""
    device = call.device if call.device_id else None
    return bool(call.person_id) or (device is not None and device.tells_family and bool(device.contact_phone))


def ring_on(call: Call, now: datetime) -> None:
    """The next rungs, now. The row is locked."""
    before = call.step
    rungs = _take(call, now)
    call.step = before + len(rungs)
    call.save(update_fields=_COLUMNS)
    tell(call, _write(call, rungs, before + 1))


def ring_anew(call: Call, now: datetime) -> None:
    """From the first rung again, by the ladder of its (new) class. The row is locked."""
    call.rung, call.ladder_at = 0, now
    ring_on(call, now)


def ring_again(call: Call, now: datetime) -> None:
    """Those who were rung, or who has it in hand, are told that it was pressed again."""
    leave_job(TELL, county=call.county, call_id=call.id, number=0, presses=call.presses)


@verb
def ring_next(*, actor: Actor, call_id: UUID, now: datetime = DB_TIME) -> bool:
    """Nobody has answered in time: the next rung is rung. Whether it was; asked twice, the second finds it done."""
    if "house" not in actor.relations:
        raise NotAllowed()
    call = Call.objects.select_for_update(of=("self",)).filter(county=actor.county, id=call_id).first()
    if call is None or call.next_rung_at is None or call.next_rung_at > now:
        return False
    move(MOVES, "ring_next", call.state)
    ring_on(call, now)
    return True


def rungs_due(county: str, limit: int = BATCH) -> list[UUID]:
    """Ids of calls whose next rung has come, the longest overdue first."""
    with reading(Actor.of_house(county)) as scope:
        rows = Call.objects.filter(county=county, next_rung_at__lte=scope.now).order_by("next_rung_at", "id")
        return list(rows.values_list("id", flat=True)[:limit])


def sweep_rungs(county: str, fault: Callable[[UUID, Exception], None] | None = None) -> int:
    """See to every rung that has come; how many. One call's trouble keeps no other's ladder from going on."""
    house, done = Actor.of_house(county), 0
    for call_id in rungs_due(county):
        try:
            done += ring_next(actor=house, call_id=call_id)
        except Exception as error:
            if fault is None:
                raise
            fault(call_id, error)
    return done
