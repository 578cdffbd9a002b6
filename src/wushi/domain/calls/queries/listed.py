"""A list of calls as another program asks for it: narrowed, in pages by keyset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wushi.domain.accounts.queries import names_of
from wushi.domain.areas.rules import level_of
from wushi.domain.audit.models import Leaf
from wushi.domain.audit.queries import trace_of
from wushi.domain.calls.models import Call
from wushi.domain.calls.queries.scopes import visible_to
from wushi.domain.calls.queries.watch import remarks_of
from wushi.domain.calls.states import OPEN, OVER, UNANSWERED
from wushi.kernel.actor import Actor
from wushi.plumbing.pages import Cursor, Page, beyond

# what a list may be narrowed to, beside a state by its own name
STAGES = {
    "open": sorted(s.value for s in OPEN),
    "unanswered": sorted(s.value for s in UNANSWERED),
    "over": sorted(s.value for s in OVER),
}


@dataclass(frozen=True)
class WantedCalls:
    """``stage`` is a state, or open, unanswered (nobody is there yet), over; ``area`` has 9, 12 or 15 digits."""

    stage: str = ""
    urgency: str = ""
    area: str = ""
    device_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def calls_wanted(actor: Actor, wanted: WantedCalls, after: Cursor | None, limit: int) -> Page[Call]:
    """The newest first, as far as the actor may know of them; trials of the installation are not among them."""
    rows = visible_to(actor).filter(test=False)
    if wanted.stage:
        rows = rows.filter(state__in=STAGES.get(wanted.stage, [wanted.stage]))
    if wanted.urgency:
        rows = rows.filter(urgency=wanted.urgency)
    if wanted.area:
        rows = rows.filter(**{level_of(wanted.area): wanted.area})
    if wanted.device_id:
        rows = rows.filter(device=wanted.device_id)
    if wanted.since:
        rows = rows.filter(opened_at__gte=wanted.since)
    if wanted.until:
        rows = rows.filter(opened_at__lt=wanted.until)
    rows = rows.filter(beyond("opened_at", after, True)).select_related("device", "person")
    found = list(rows.order_by("-opened_at", "-id")[: limit + 1])
    more = Cursor(found[limit - 1].opened_at, found[limit - 1].id).encode() if len(found) > limit else ""
    return Page(found[:limit], more)


@dataclass(frozen=True)
class TracedStep:
    """One step of a call: which verb, when, what kind of actor, the name of a member of staff, the words said at it."""

    verb: str
    state: str
    at: datetime
    by: str
    name: str
    words: str


def trace_told(call: Call) -> list[TracedStep]:
    """The whole life of a call, for who may know of it."""
    leaves = trace_of(county=call.county, subject="calls.call", subject_id=call.id)
    staff = [UUID(leaf.actor[5:]) for leaf in leaves if leaf.actor.startswith("user:")]
    names, words = names_of(staff), remarks_of(call)
    return [_step(leaf, names, [remark.text for remark in words.get(leaf.step, ())]) for leaf in leaves]


def _step(leaf: Leaf, names: dict[UUID, str], words: Sequence[str]) -> TracedStep:
    kind, _sep, tail = leaf.actor.partition(":")
    by = {"user": "staff", "house": "house"}.get(kind, "caller")
    if leaf.behind.startswith("device:"):
        by = "device"
    name = names.get(UUID(tail), "") if kind == "user" else ""
    state = str(leaf.facts.get("state", ""))
    return TracedStep(leaf.verb.partition(".")[2], state, leaf.at, by, name, "\n".join(words))
