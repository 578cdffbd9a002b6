"""Which calls, devices and errands exist for an actor: the caller's line of duty, the caller himself, nobody else."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from wushi.domain.areas.rules import DIGITS
from wushi.domain.calls.models import Call, Device, Errand, Rung
from wushi.domain.calls.permissions import KEEPERS, LINE_DUTIES, READERS
from wushi.domain.calls.states import OPEN
from wushi.domain.cases.queries.scopes import any_of
from wushi.domain.people.queries import followed_by
from wushi.kernel.actor import Actor

_COLUMN = {DIGITS["town"]: "town", DIGITS["village"]: "village", DIGITS["grid"]: "grid"}


def area_scopes(actor: Actor, duties: Collection[str]) -> list[Q]:
    """Equality on the column of each grant's level; a wider area makes the narrower ones inside it superfluous."""
    areas = {g.area for g in actor.grants if g.duty in duties and g.area[:6] == actor.county}
    found = []
    for area in sorted(areas):
        if any(area != other and area.startswith(other) for other in areas):
            continue
        size = len(area)
        if size == DIGITS["county"]:
            found.append(Q(county=actor.county))
        elif size == DIGITS["grid"]:
            found.append(Q(village=area[: DIGITS["village"]], grid=area))
        else:
            found.append(Q(**{_COLUMN[size]: area}))
    return found


def own_scopes(actor: Actor) -> list[Q]:
    """The caller's own: what he pressed, called for somebody, or holds the receipt of.

    Staff: what he wrote down, has in hand or is rung for.
    """
    if actor.kind == "person":
        followed = followed_by(actor).order_by().values("followed_id")
        return [Q(person=actor.id), Q(for_by_id=actor.id), Q(person__in=followed)]
    if actor.kind == "receipt" and actor.id:
        return [Q(id=actor.id)]
    if actor.kind == "user":
        own = [Q(taken_by_id=actor.id), Q(answerer_id=actor.id)]
        return [*own, Q(id__in=_rang(actor))] if actor.has_duty(LINE_DUTIES) else own
    return []


def _rang(actor: Actor) -> QuerySet[Rung, UUID]:
    """Open calls that ring him, though his own post may lie elsewhere: he is on watch there."""
    rungs = Rung.objects.filter(
        county=actor.county, call__county=actor.county, rang__contains=[str(actor.id)]
    )
    return rungs.filter(call__state__in=sorted(s.value for s in OPEN)).values_list("call_id", flat=True)


def visible_to(actor: Actor) -> QuerySet[Call]:
    """Every call the actor may know of. Point reads and verbs start here."""
    rows = Call.objects.filter(county=actor.county)
    if "house" in actor.relations:
        return rows
    return rows.filter(any_of([*area_scopes(actor, READERS), *own_scopes(actor)]))


def devices_of(actor: Actor) -> QuerySet[Device]:
    """The wireless callers the actor looks after."""
    rows = Device.objects.filter(county=actor.county)
    if "house" in actor.relations:
        return rows
    return rows.filter(any_of(area_scopes(actor, KEEPERS)))


def knows_calls(actor: Actor, area: str) -> bool:
    """Whether he is told of what is called there; who only keeps the devices is not."""
    return "house" in actor.relations or any(
        grant.duty in READERS and area.startswith(grant.area) for grant in actor.grants
    )


def errands_of(actor: Actor) -> QuerySet[Errand]:
    """What is to be seen to where the actor looks after devices, the oldest first; what a call left, for its line alone."""
    rows = Errand.objects.filter(county=actor.county).select_related("device").order_by("since", "id")
    if "house" in actor.relations:
        return rows
    devices = [scope & Q(call_id=None) for scope in area_scopes(actor, KEEPERS)]
    return rows.filter(any_of([*devices, *area_scopes(actor, KEEPERS & READERS)]))


def mine_of(actor: Actor) -> QuerySet[Call]:
    """What a signed-in resident called, newest first."""
    if actor.kind != "person":
        return Call.objects.none()
    rows = Call.objects.filter(Q(person=actor.id) | Q(for_by_id=actor.id), county=actor.county)
    return rows.order_by("-opened_at", "-id")


def by_receipt(actor: Actor) -> Call | None:
    """The call a receipt's holder is looking at."""
    if actor.kind != "receipt" or actor.id is None:
        return None
    return Call.objects.filter(county=actor.county, id=actor.id).first()


def of_receipt(county: str, receipt: str) -> Call | None:
    """The call a receipt code belongs to; the code itself is the right to see it."""
    return Call.objects.filter(county=county, receipt=receipt).first() if receipt else None
