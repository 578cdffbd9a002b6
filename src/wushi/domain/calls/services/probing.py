"""The installation tries its own emergency path: a marked press goes in as any other, and has to come out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.models import Post
from wushi.domain.accounts.queries import in_force
from wushi.domain.audit.services import record
from wushi.domain.calls import messages as m
from wushi.domain.calls.models import Call, Envelope, Gateway, Probe, Way
from wushi.domain.calls.queries.ladder import call_rules
from wushi.domain.calls.services.opening import Calling, enter
from wushi.domain.calls.services.setup import found_gateway
from wushi.domain.calls.services.steps import advance, leaf, locked
from wushi.domain.calls.states import MOVES
from wushi.domain.notify.services import NewNotice, Reach, tell
from wushi.domain.outbox.services import leave_notice
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.ids import uuid7
from wushi.kernel.verb import DB_TIME, chore, reading, verb

# the way trials come by
PROBE_GATEWAY = "probe"
# so long after it went in a trial counts as lost
LOST_AFTER = timedelta(minutes=2)


def send_probe(county: str, send: Callable[[str], None]) -> str:
    """Let a trial in by ``send`` (the real way: a callback or a topic), unless one went in lately; its key, or ''."""
    with chore(county, "send_probe") as scope:
        minutes = call_rules(county).habits.probe_minutes
        lately = Probe.objects.filter(county=county, sent_at__gt=scope.now - timedelta(minutes=minutes))
        if not minutes or lately.exists():
            return ""
        probe = Probe(county=county, key=f"probe-{uuid7().hex}", sent_at=scope.now)
        probe.save(force_insert=True)
        Probe.objects.filter(county=county, sent_at__lt=scope.now - timedelta(days=7)).delete()
    send(probe.key)
    return probe.key


def secret_of_trials(county: str) -> str:
    """The secret of the gateway trials come by; it is made when it is first asked for."""
    house = Actor.of_house(county)
    with reading(house):
        row = Gateway.objects.filter(county=county, code=PROBE_GATEWAY, active=True).first()
    if row is None:
        row = found_gateway(actor=house, code=PROBE_GATEWAY, name="自检", envelope=Envelope.PLAIN.value)
    return str(row.secret)


@verb
def receive_probe(*, actor: Actor, key: str, village: str, now: datetime = DB_TIME) -> Call:
    """A trial came in: it is a call like any other, marked: it rings nobody, pages hear of it, it is over."""
    if "house" not in actor.relations:
        raise NotAllowed()
    calling = Calling(key=f"probe:{key}"[:64], area_code=village, urgency="emergency", way=Way.PROBE.value)
    call = enter(actor, calling, now, test=True)
    leave_notice([topic_of(actor.county)])
    record(subject=call, step=0)
    if call.state in MOVES["close_test_call"].sources:
        close_test_call(actor=actor, call_id=call.id, now=now)
    return call


@verb
def close_test_call(*, actor: Actor, call_id: UUID, now: datetime = DB_TIME) -> Call:
    """A trial that came in is laid away; a call of somebody's never is by this."""
    call = locked(actor, call_id, "close_test_call")
    if not call.test:
        raise NotAllowed()
    advance(call, "close_test_call", ended_at=now, next_rung_at=None, next_mark_at=None)
    leaf(call)
    return call


def topic_of(county: str) -> str:
    """Where a trial comes out: what open pages would listen to."""
    return f"probe:{county}"


def note_probe(county: str, key: str) -> None:
    """It came out: a listener heard it."""
    with chore(county, "note_probe") as scope:
        Probe.objects.filter(county=county, key=key, heard_at=None).update(heard_at=scope.now)


def lost_probes(county: str) -> list[Probe]:
    """Trials that went in and did not come out, not told yet (inside a reading)."""
    with reading(Actor.of_house(county)) as scope:
        rows = Probe.objects.filter(
            county=county, heard_at=None, told_at=None, sent_at__lt=scope.now - LOST_AFTER
        )
        return list(rows.order_by("sent_at"))


@verb
def tell_of_lost_probe(*, actor: Actor, probe_id: UUID, now: datetime = DB_TIME) -> int:
    """The administrators hear that the emergency path does not carry; how many. Once a trial."""
    if "house" not in actor.relations:
        raise NotAllowed()
    probe = Probe.objects.select_for_update().filter(county=actor.county, id=probe_id).first()
    if probe is None or probe.heard_at or probe.told_at:
        return 0
    posts = Post.objects.filter(
        in_force(timezone.localdate(now)), county=actor.county, duty=Duty.DISTRICT_ADMIN, user__is_active=True
    ).select_related("user")
    minutes = int((now - probe.sent_at).total_seconds() // 60)
    told = 0
    for user in {post.user_id: post.user for post in posts}.values():
        notice = NewNotice(
            m.PROBE_LOST, f"probe:{probe.key}", Reach(f"user:{user.id}", user.phone), {"minutes": minutes}
        )
        told += tell(actor=actor, notice=notice, now=now) is not None
    probe.told_at = now
    probe.save(update_fields=["told_at"])
    record(subject=probe, told=told, minutes=minutes)
    return told
