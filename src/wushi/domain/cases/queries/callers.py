"""What a caller told before, for whoever has him on the line and records for him."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from wushi.domain.accounts.duties import Duty
from wushi.domain.cases.models import UNSEALED, Case
from wushi.domain.cases.queries.scopes import base, visible_to
from wushi.kernel.actor import Actor

EARLIER_MOST = 10


@dataclass(frozen=True)
class Earlier:
    """An earlier request by number, title, state and time; ``id`` and where it was only for who may open it."""

    number: str
    title: str
    state: str
    opened_at: datetime
    id: UUID | None = None
    area: str = ""
    place: str = ""


def earlier_of(actor: Actor, person_ids: Iterable[UUID]) -> list[Earlier]:
    """The newest of them: those he may see, and for the hotline all of the county that are not sealed.

    What is sealed for him is not there, and not counted either.
    """
    wanted = list(person_ids)
    if not wanted:
        return []
    told = base(actor).filter(reporter__in=wanted)
    mine = set(visible_to(actor).filter(reporter__in=wanted).values_list("id", flat=True))
    scope = Q(id__in=mine)
    if actor.holds(Duty.HOTLINE, over=actor.county):
        scope |= Q(seal=UNSEALED)
    rows = told.filter(scope).order_by("-opened_at", "-id")[:EARLIER_MOST]
    return [_line(row, row.id in mine) for row in rows]


def _line(case: Case, opens: bool) -> Earlier:
    if not opens:
        return Earlier(case.number, case.title, case.state, case.opened_at)
    area = case.grid or case.village
    return Earlier(case.number, case.title, case.state, case.opened_at, case.id, area, case.place)
