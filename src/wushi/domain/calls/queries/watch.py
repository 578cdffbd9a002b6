"""What is ringing, what is open, what was there before: reads for the alarm, the duty room and the resident."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Case as When
from django.db.models import Count, IntegerField, QuerySet, Value
from django.db.models import When as If

from wushi.domain.areas.rules import level_of
from wushi.domain.calls.models import Call, Remark, Rung, Urgency
from wushi.domain.calls.queries.scopes import visible_to
from wushi.domain.calls.states import OPEN, UNANSWERED, CallState
from wushi.kernel.actor import Actor

_OPEN = sorted(s.value for s in OPEN)
# emergencies first, then whoever waits longest
_MOST_URGENT = When(
    If(urgency=Urgency.EMERGENCY, then=Value(0)), default=Value(1), output_field=IntegerField()
)


def ordered(rows: QuerySet[Call]) -> QuerySet[Call]:
    """The most urgent first: nobody has answered, nobody is there, red before green, the longest wait first."""
    stage = When(
        If(state=CallState.RINGING, then=Value(0)),
        If(state=CallState.ARRIVED, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    return rows.order_by(stage, _MOST_URGENT, "opened_at", "id")


def ringing_for(actor: Actor) -> list[Call]:
    """What rings at this member of staff now: rungs that rang him, of calls that nobody has answered."""
    if actor.kind != "user" or actor.id is None:
        return []
    rang = Rung.objects.filter(county=actor.county, rang__contains=[str(actor.id)]).values("call_id")
    rows = visible_to(actor).filter(state=CallState.RINGING, id__in=rang)
    return list(ordered(rows).select_related("device", "person")[:50])


def in_hand_of(actor: Actor) -> list[Call]:
    """What he has acknowledged and not ended."""
    if actor.kind != "user" or actor.id is None:
        return []
    rows = visible_to(actor).filter(state__in=_OPEN, answerer_id=actor.id)
    return list(ordered(rows).select_related("device", "person")[:50])


def open_calls(actor: Actor, area: str = "", limit: int = 200) -> list[Call]:
    """Open calls the actor may know of, the most urgent first; trials of the installation are not among them."""
    rows = visible_to(actor).filter(state__in=_OPEN, test=False)
    if area:
        rows = rows.filter(**{level_of(area): area})
    return list(ordered(rows).select_related("device", "person")[:limit])


def lamps_red(county: str, area: str = "") -> dict[str, int]:
    """Village -> how many call there and nobody has come yet. The county's own, for lamps that show a number and no name."""
    rows = Call.objects.filter(county=county, state__in=sorted(s.value for s in UNANSWERED), test=False)
    if area:
        rows = rows.filter(**{level_of(area): area})
    counted = rows.values("village").annotate(n=Count("id")).order_by()
    return {row["village"]: row["n"] for row in counted}


def rungs_of(call: Call) -> list[Rung]:
    """The rungs that were taken, in order."""
    return list(Rung.objects.filter(county=call.county, call=call).order_by("number"))


def last_rungs(county: str, calls: Sequence[Call]) -> dict[UUID, Rung]:
    """The newest rung of each call, in one statement."""
    found: dict[UUID, Rung] = {}
    rows = Rung.objects.filter(county=county, call__in=[c.id for c in calls]).order_by("number")
    for rung in rows:
        found[rung.call_id] = rung
    return found


def remarks_of(call: Call) -> dict[int, list[Remark]]:
    """Step -> the words said at it."""
    found: dict[int, list[Remark]] = defaultdict(list)
    for remark in Remark.objects.filter(county=call.county, call=call).order_by("at_step"):
        found[remark.at_step].append(remark)
    return found


def earlier_calls(actor: Actor, call: Call, limit: int = 5) -> list[Call]:
    """What the same device or person called before, newest first, as far as the actor may know of it."""
    rows = visible_to(actor).filter(opened_at__lt=call.opened_at, test=False)
    if call.device_id:
        rows = rows.filter(device=call.device_id)
    elif call.person_id:
        rows = rows.filter(person=call.person_id)
    else:
        return []
    return list(rows.order_by("-opened_at", "-id")[:limit])


def page_of_calls(
    actor: Actor, *, area: str = "", after: tuple[datetime, UUID] | None = None, limit: int = 50
) -> list[Call]:
    """The ledger of calls, newest first, ``limit`` + 1 rows after a cursor (the last only tells that there are more)."""
    rows = visible_to(actor).filter(test=False)
    if area:
        rows = rows.filter(**{level_of(area): area})
    if after is not None:
        at, last = after
        rows = rows.filter(opened_at__lte=at).exclude(opened_at=at, id__gte=last)
    return list(rows.select_related("device", "person").order_by("-opened_at", "-id")[: limit + 1])
