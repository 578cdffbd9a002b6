"""What every verb on a call does: load and lock, check the move and the right, step forward, keep the words, tell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from wushi.domain.audit.models import Leaf
from wushi.domain.audit.services import digest, new_salt, record
from wushi.domain.calls.models import Call, Remark, Rung
from wushi.domain.calls.permissions import may_move
from wushi.domain.calls.queries.scopes import visible_to
from wushi.domain.calls.states import MOVES, CallState
from wushi.domain.outbox.services import leave_notice
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed, NotFound
from wushi.kernel.states import move
from wushi.plumbing.text import clean
from wushi.plumbing.writes import insert_plain

WORDS_LIMIT = 1000
_BY_CLOCK = ("calls.ring_next", "calls.mark_call_late")
_LAMP_MOVES = frozenset({CallState.RINGING, CallState.ARRIVED, CallState.ENDED})


def locked(actor: Actor, call_id: UUID, verb: str) -> Call:
    """The row, locked, when it exists for the actor (NotFound), the verb is his (NotAllowed) and goes from its state.

    A phone with bad signal asks twice: the very deed that brought the call where it is gives back the row, and
    ``is_repeated`` says so.
    """
    call = locked_row(actor, call_id)
    step = MOVES[verb]
    if call.state not in step.sources and is_repeated(actor, call, verb):
        return call
    if not may_move(actor, step, call):
        raise NotAllowed(verb=verb)
    move(MOVES, verb, call.state)
    return call


def locked_row(actor: Actor, call_id: UUID) -> Call:
    """The row, locked. Raises NotFound for what does not exist for the actor."""
    ids = visible_to(actor).filter(id=call_id).values("id")[:1]
    rows = Call.objects.select_for_update(of=("self",)).filter(county=actor.county, id__in=ids)
    call = rows.first()
    if call is None:
        raise NotFound()
    return call


def is_repeated(actor: Actor, call: Call, verb: str) -> bool:
    """Whether the last thing anybody did to it is this very deed by the same person; what the clock did since is no deed."""
    leaves = Leaf.objects.filter(
        county=call.county, subject="calls.call", subject_id=str(call.id), step__gt=0
    )
    last = leaves.exclude(verb__in=_BY_CLOCK).order_by("-step").only("verb", "actor").first()
    return last is not None and last.verb == f"calls.{verb}" and last.actor == actor.ref


def done_already(call: Call, verb: str) -> bool:
    """After ``locked``: the deed was asked for a second time, there is nothing to do."""
    return call.state not in MOVES[verb].sources


def advance(call: Call, verb: str, **changes: Any) -> None:
    """To the next step: the target of the table (where it has one) and the changed columns, written together."""
    target = MOVES[verb].target
    if target:
        changes["state"] = target
    changes["step"] = call.step + 1
    for name, value in changes.items():
        setattr(call, name, value)
    call.save(update_fields=list(changes))


def keep_words(
    call: Call, actor: Actor, words: str, now: datetime, *, required: bool = False
) -> dict[str, Any]:
    """Words of the step just reached; returns its leaf's facts (a hash, never text). Raises Invalid."""
    text = clean(words, field="words", limit=WORDS_LIMIT, required=required)
    if not text:
        return {}
    salt = new_salt()
    insert_plain(
        Remark(
            county=call.county,
            call=call,
            at_step=call.step,
            text=text,
            salt=salt,
            author=actor.ref,
            said_at=now,
        )
    )
    return {"words": digest(text, salt)}


def leaf(call: Call, **facts: Any) -> None:
    """The step's leaf, with the state it reached."""
    record(subject=call, state=call.state, **facts)


def topics_of(call: Call) -> list[str]:
    """Whose pages show it: its own, its line of duty's lists, and the lamps where their colour may have changed."""
    lists = [f"calls:{code}" for code in (call.grid, call.village, call.town, call.county) if code]
    # a lamp is everybody's: it moves where it turns red or calm, and tells no step in between
    if not call.test and call.state in _LAMP_MOVES:
        lists += [f"lamp:{call.village or call.county}", f"lamps:{call.town}", f"lamps:{call.county}"]
    return [call.topic, *lists]


def rang_so_far(call: Call) -> set[str]:
    """Ids of everybody whom its rungs have rung."""
    rows = Rung.objects.filter(county=call.county, call=call).values_list("rang", flat=True)
    return {user for rang in rows for user in rang}


def tell(call: Call, rang: Iterable[str] | None = None) -> None:
    """Open pages read again after the commit; whoever was rung hears it stop, or ring."""
    people = rang_so_far(call) if rang is None else set(rang)
    if call.answerer_id:
        people.add(str(call.answerer_id))
    leave_notice([*topics_of(call), *(f"ring:{user}" for user in people)])
