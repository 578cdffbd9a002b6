"""What lies on particular desks: flags for the level above, call-backs for supervisors, lists people keep."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q

from wushi.domain.cases.models import CallBack, Case, Extension, Flag, SavedFilter
from wushi.domain.cases.permissions import may_draw, trays_of
from wushi.domain.cases.queries.scopes import any_of, visible_to
from wushi.kernel.actor import Actor
from wushi.kernel.verb import current_scope

MOST = 100
SEEN_DAYS = 30


def flags_for(actor: Actor) -> list[Flag]:
    """What the actor's trays were told, unseen first; seen ones for 30 days."""
    whose = [Q(tray_duty=duty, tray_area=area) for duty, area, _unit in trays_of(actor)]
    scope = current_scope()
    assert scope is not None
    rows = Flag.objects.filter(any_of(whose), county=actor.county).exclude(about=actor.ref)
    fresh = Q(seen_at=None) | Q(seen_at__gt=scope.now - timedelta(days=SEEN_DAYS))
    ordered = rows.filter(fresh).order_by("-raised_at", "-id")[:MOST]
    return sorted(ordered, key=lambda flag: flag.seen_at is not None)


def cases_of(actor: Actor, ids: list[Any]) -> dict[Any, Case]:
    """Requests by id, of those the actor may see."""
    wanted = [i for i in ids if i]
    return {c.id: c for c in visible_to(actor).filter(id__in=wanted)} if wanted else {}


def callbacks_for(actor: Actor) -> list[CallBack]:
    """The calls that are still to be made, and the latest that were."""
    if not may_draw(actor):
        return []
    rows = CallBack.objects.filter(county=actor.county)
    return [
        *rows.filter(made_at=None).order_by("drawn_at", "id")[:MOST],
        *rows.filter(made_at__isnull=False).order_by("-made_at")[:MOST],
    ]


def filters_for(actor: Actor) -> list[SavedFilter]:
    """His own lists, and those shared with an area one of his posts lies in."""
    if actor.kind != "user":
        return []
    areas = {grant.area[:n] for grant in actor.grants for n in (6, 9, 12, 15) if len(grant.area) >= n}
    rows = SavedFilter.objects.filter(
        Q(owner=actor.id) | Q(shared_area__in=sorted(areas)), county=actor.county
    )
    return list(rows.order_by("name", "id"))


def plea_of(case: Case) -> Extension | None:
    """The plea for more time that is not decided yet."""
    return Extension.objects.filter(county=case.county, case=case, decided_at=None).first()
