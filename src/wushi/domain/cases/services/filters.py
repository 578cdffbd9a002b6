"""Lists people keep for themselves or share with everybody whose posts lie in an area."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from wushi.domain.audit.services import record
from wushi.domain.cases.errors import FilterNameTaken
from wushi.domain.cases.models import SavedFilter
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed, NotFound
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.text import clean

NAME_LIMIT = 40


@verb
def save_filter(
    *, actor: Actor, name: str, wanted: dict[str, Any], shared_area: str = "", now: datetime = DB_TIME
) -> SavedFilter:
    """A list is kept under a name; shared, it is offered to all whose posts lie in the area (one he answers for himself)."""
    if actor.kind != "user" or actor.id is None:
        raise NotAllowed()
    text = clean(name, field="name", limit=NAME_LIMIT, required=True)
    if shared_area and not any(shared_area.startswith(g.area) for g in actor.grants):
        raise NotAllowed()
    if SavedFilter.objects.filter(county=actor.county, owner=actor.id, name=text).exists():
        raise FilterNameTaken(name=text)
    row = SavedFilter(
        county=actor.county,
        owner_id=actor.id,
        name=text,
        wanted=wanted,
        shared_area=shared_area,
        made_at=now,
    )
    row.save(force_insert=True)
    record(subject=row, shared=shared_area)
    return row


@verb
def drop_filter(*, actor: Actor, filter_id: UUID, now: datetime = DB_TIME) -> None:
    """Its owner does not need the list any more; asked twice it is gone just the same."""
    row = SavedFilter.objects.filter(county=actor.county, id=filter_id).first()
    if row is None or row.owner_id != actor.id:
        raise NotFound()
    record(subject=row)
    SavedFilter.objects.filter(county=actor.county, id=filter_id).delete()
