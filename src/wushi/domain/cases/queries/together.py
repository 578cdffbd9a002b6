"""Parts and whistles of a request, with what was said at their steps; requests that belong together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from wushi.domain.cases.models import UNSEALED, Case, Clock, Entry, Link, LinkKind, Part, Whistle
from wushi.domain.cases.permissions import is_holder, is_in_tray
from wushi.domain.cases.queries.scopes import visible_to
from wushi.domain.cases.rules import ClockName, Tray
from wushi.kernel.actor import Actor

NEAR_DAYS = 90
NEAR_MOST = 10


@dataclass(frozen=True)
class PartLine:
    """One part: whose, what was asked, whether they came and what they answered; ``come_by`` and ``due_at`` are its clocks'."""

    row: Part
    tray: Tray
    answer: str
    come_by: datetime | None
    came_late: bool
    due_at: datetime | None
    late: bool


@dataclass(frozen=True)
class WhistleLine:
    """A whistle with its parts."""

    row: Whistle
    parts: tuple[PartLine, ...]


def parts_of(case: Case) -> list[PartLine]:
    """All parts of a request, in the order they were asked for."""
    rows = list(Part.objects.filter(county=case.county, case=case).order_by("asked_at", "id"))
    if not rows:
        return []
    steps = [row.answered_at_step for row in rows if row.answered_at_step]
    said = {e.at_step: e.text for e in Entry.objects.filter(county=case.county, case=case, at_step__in=steps)}
    clocks = {
        (c.part_id, c.name): c
        for c in Clock.objects.filter(county=case.county, case=case, part_id__isnull=False)
    }
    found = []
    for row in rows:
        roll, own = clocks.get((row.id, ClockName.ROLL_CALL)), clocks.get((row.id, ClockName.PART))
        found.append(
            PartLine(
                row,
                Tray(*row.tray),
                said.get(row.answered_at_step or 0, ""),
                roll.due_at if roll else None,
                _late(roll),
                own.due_at if own else None,
                _late(own),
            )
        )
    return found


def _late(clock: Clock | None) -> bool:
    return clock is not None and (
        clock.reached in ("red", "supervision") or bool(clock.ended_at and clock.ended_at > clock.due_at)
    )


def whistles_of(case: Case, parts: list[PartLine]) -> list[WhistleLine]:
    """The whistles of a request with their parts, the newest first."""
    rows = Whistle.objects.filter(county=case.county, case=case).order_by("-blown_at")
    return [WhistleLine(row, tuple(p for p in parts if p.row.whistle_id == row.id)) for row in rows]


def linked_to(actor: Actor, case: Case) -> list[tuple[str, Case]]:
    """(kind, other request) of what is linked with it or merged into it, of those the actor may see."""
    links = Link.objects.filter(Q(case=case.id) | Q(other=case.id), county=case.county)
    kinds = {(link.other_id if link.case_id == case.id else link.case_id): link.kind for link in links}
    rows = (
        visible_to(actor).filter(Q(id__in=list(kinds)) | Q(merged_into=case.id)).order_by("opened_at", "id")
    )
    return [(kinds.get(row.id, "merged"), row) for row in rows]


def split_off(case: Case) -> list[Case]:
    """What was split off from a request, for whoever told it: each has a receipt of its own, and this is where he learns it."""
    links = Link.objects.filter(county=case.county, case=case.id, kind=LinkKind.SPLIT)
    rows = Case.objects.filter(county=case.county, id__in=links.values("other_id"), seal=UNSEALED)
    return list(rows.order_by("opened_at", "id"))


def near_to(actor: Actor, case: Case, now: datetime) -> list[Case]:
    """What else was told of the same place lately, newest first, for those who see it: may be the same matter."""
    place = {"grid": case.grid} if case.grid else {"village": case.village}
    rows = visible_to(actor).filter(**place, opened_at__gt=now - timedelta(days=NEAR_DAYS))
    if case.category:
        rows = rows.filter(category__in=["", case.category])
    return list(rows.exclude(id=case.id).order_by("-opened_at", "-id")[:NEAR_MOST])


def of_same_person(actor: Actor, case: Case) -> list[Case]:
    """What the same resident told, for those who handle it and no others; newest first."""
    if case.reporter_id is None or not (is_holder(actor, case) or is_in_tray(actor, case)):
        return []
    rows = visible_to(actor).filter(reporter=case.reporter_id).exclude(id=case.id)
    return list(rows.order_by("-opened_at", "-id")[:NEAR_MOST])
