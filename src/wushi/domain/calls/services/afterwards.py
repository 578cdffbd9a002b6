"""After it ended: somebody asks again, the caller says how it was, and it is laid away. And the marks of its clocks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from wushi.domain.audit.services import record
from wushi.domain.calls.models import Call, Rating
from wushi.domain.calls.permissions import is_caller
from wushi.domain.calls.queries.ladder import call_rules
from wushi.domain.calls.services.steps import advance, done_already, keep_words, leaf, locked, tell
from wushi.domain.calls.states import MOVES
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.verb import DB_TIME, reading, verb

BATCH = 200


@verb
def follow_up_call(
    *, actor: Actor, call_id: UUID, words: str = "", rating: str = "", now: datetime = DB_TIME
) -> Call:
    """回访: somebody else than who came asks whether it helped; what the caller says of it is written down with it."""
    if rating and rating not in Rating.values:
        raise Invalid(fields={"rating": "unknown"})
    call = locked(actor, call_id, "follow_up_call")
    if done_already(call, "follow_up_call"):
        return call
    if actor.id is not None and actor.id in (call.arrived_by_id, call.answerer_id):
        raise NotAllowed(verb="follow_up_call")
    told = call.rating or rating
    advance(call, "follow_up_call", followed_up_at=now, rating=told)
    leaf(call, rating=rating, **keep_words(call, actor, words, now))
    tell(call, ())
    return call


@verb
def rate_call(*, actor: Actor, call_id: UUID, rating: str, words: str = "", now: datetime = DB_TIME) -> Call:
    """评价: the caller, or who called for him, says whether it helped. Never a member of staff in his name."""
    if rating not in Rating.values:
        raise Invalid(fields={"rating": "unknown" if rating else "required"})
    call = locked(actor, call_id, "rate_call")
    if done_already(call, "rate_call"):
        return call
    if not is_caller(actor, call) or any(r.startswith("beside:") for r in actor.relations):
        raise NotAllowed(verb="rate_call")
    advance(call, "rate_call", rating=rating)
    leaf(call, rating=rating, **keep_words(call, actor, words, now))
    tell(call, ())
    return call


@verb
def archive_call(*, actor: Actor, call_id: UUID, now: datetime = DB_TIME) -> Call:
    """归档: nobody has said anything more about it for some days."""
    call = locked(actor, call_id, "archive_call")
    if done_already(call, "archive_call"):
        return call
    advance(call, "archive_call")
    leaf(call)
    return call


@verb
def mark_call_late(*, actor: Actor, call_id: UUID, now: datetime = DB_TIME) -> bool:
    """A promise has passed: nobody answered, or nobody was there in time. Once each; the lists show it."""
    if "house" not in actor.relations:
        raise NotAllowed()
    call = Call.objects.select_for_update(of=("self",)).filter(county=actor.county, id=call_id).first()
    if call is None or call.next_mark_at is None or call.next_mark_at > now:
        return False
    late = [
        name
        for name, by, done in (
            ("acknowledge", call.acknowledge_by, call.acknowledged_at),
            ("arrive", call.arrive_by, call.arrived_at),
        )
        if by <= now and done is None and name not in call.late
    ]
    coming = [by for by in (call.acknowledge_by, call.arrive_by) if by > now]
    call.next_mark_at = min(coming) if coming and call.is_unanswered else None
    call.late = [*call.late, *(late if call.is_unanswered else ())]
    call.step += 1
    call.save(update_fields=["next_mark_at", "late", "step"])
    record(subject=call, state=call.state, late=list(call.late))
    tell(call)
    return bool(late)


def sweep_calls(county: str, fault: Callable[[UUID, Exception], None] | None = None) -> int:
    """Promises that have passed, and calls to be laid away; how many."""
    house, done = Actor.of_house(county), 0
    with reading(house) as scope:
        habits = call_rules(county).habits
        rows = Call.objects.filter(county=county)
        late = list(
            rows.filter(next_mark_at__lte=scope.now)
            .order_by("next_mark_at")
            .values_list("id", flat=True)[:BATCH]
        )
        sources = sorted(str(s) for s in MOVES["archive_call"].sources)
        before = scope.now - timedelta(days=habits.archive_days)
        old = rows.filter(state__in=sources, ended_at__lt=before).order_by("ended_at")
        over = list(old.values_list("id", flat=True)[:BATCH])
    for what, ids in ((mark_call_late, late), (archive_call, over)):
        for call_id in ids:
            try:
                what(actor=house, call_id=call_id)
                done += 1
            except Exception as error:
                if fault is None:
                    raise
                fault(call_id, error)
    return done
