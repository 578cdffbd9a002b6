"""What somebody of the village has to see to: left once, seen to by one of those who look after devices there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wushi.domain.audit.services import record
from wushi.domain.calls.models import Device, Errand, ErrandKind
from wushi.domain.calls.queries.scopes import errands_of
from wushi.domain.outbox.services import leave_job, leave_notice
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed, NotFound
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.writes import insert_plain

TELL = "calls.tell_errand"
# how the person was told afterwards what was done with what is known of him
HOW_TOLD = frozenset({"there", "phone", "paper", "nobody_left"})


def leave_errand(errand: Errand, now: datetime) -> bool:
    """Inside a verb: left unless the same is open already; whether it is new. Its own leaf."""
    errand.since = now
    if not insert_plain(errand, " ON CONFLICT DO NOTHING"):
        return False
    record(
        subject=errand,
        as_verb="calls.leave_errand",
        kind=errand.kind,
        device=errand.device_id,
        call=errand.call_id,
        due_at=errand.due_at,
    )
    leave_job(TELL, county=errand.county, errand_id=errand.id)
    leave_notice(topics_of(errand))
    return True


def topics_of(errand: Errand) -> list[str]:
    """Whose lists show it: who looks after devices there; what a call left, only those who know of calls there."""
    kind = "calls" if errand.call_id else "errands"
    areas = (errand.grid, errand.village, errand.town, errand.county)
    return [f"{kind}:{area}" for area in areas if area]


def errand_at(device: Device, kind: str) -> Errand:
    """One that is about to be left at a device."""
    return Errand(
        county=device.county,
        kind=kind,
        town=device.town,
        village=device.village,
        grid=device.grid,
        device=device,
    )


def settle(device: Device, kinds: list[str], now: datetime, by: str, how: str) -> int:
    """Inside a verb or chore: what the device itself shows to be over (it is heard again, its battery is new). How many."""
    rows = Errand.objects.filter(county=device.county, device=device, kind__in=kinds, done_at=None)
    return rows.update(done_at=now, done_by=by, how=how)


@verb
def do_errand(*, actor: Actor, errand_id: UUID, how: str = "done", now: datetime = DB_TIME) -> Errand:
    """Somebody has seen to it; whoever was to be told afterwards was told, and how."""
    ids = errands_of(actor).filter(id=errand_id).order_by().values("id")[:1]
    rows = Errand.objects.select_for_update(of=("self",)).filter(county=actor.county, id__in=ids)
    errand = rows.first()
    if errand is None:
        raise NotFound()
    if actor.kind != "user":
        raise NotAllowed()
    if errand.kind == ErrandKind.INFORM and how not in HOW_TOLD:
        raise Invalid(fields={"how": "required"})
    if errand.done_at is not None:
        return errand
    errand.done_at, errand.done_by, errand.how = now, actor.ref, how[:16]
    errand.step += 1
    errand.save(update_fields=["done_at", "done_by", "how", "step"])
    record(subject=errand, kind=errand.kind, how=errand.how)
    leave_notice(topics_of(errand))
    return errand
