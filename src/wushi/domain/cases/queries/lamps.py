"""The village's lamp: it counts what is unresolved, never what is reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from wushi.domain.areas import queries as areas
from wushi.domain.cases.models import UNSEALED, Case
from wushi.domain.cases.rules import LOCAL
from wushi.domain.cases.states import OPEN, CaseState
from wushi.kernel.verb import current_scope


@dataclass(frozen=True)
class Lamp:
    """Green: nothing open. Amber: something open. (Red belongs to calls, grey to a page that lost its data.)"""

    village: str
    open: int
    due_today: int
    overdue: int
    as_of: datetime

    @property
    def colour(self) -> str:
        """green or amber."""
        return "amber" if self.open else "green"


def _counts(where: Q, county: str, now: datetime) -> dict[str, dict[str, int]]:
    tomorrow = now.astimezone(LOCAL).replace(hour=23, minute=59, second=59)
    running = ~Q(state=CaseState.PAUSED)
    rows = (
        Case.objects.filter(where, county=county, state__in=sorted(s.value for s in OPEN), seal=UNSEALED)
        .values("village")
        .annotate(
            n=Count("id"),
            due=Count("id", filter=Q(due_at__lte=tomorrow, due_at__gte=now) & running),
            late=Count("id", filter=Q(due_at__lt=now) & running),
        )
        .order_by()
    )
    return {row["village"]: row for row in rows}


def _lamp(village: str, counted: dict[str, dict[str, int]], now: datetime) -> Lamp:
    one = counted.get(village, {"n": 0, "due": 0, "late": 0})
    return Lamp(village, one["n"], one["due"], one["late"], now)


def lamp_of(county: str, village: str) -> Lamp:
    """One village's lamp. What is sealed against the village's own officials is not in their lamp."""
    scope = current_scope()
    assert scope is not None
    return _lamp(village, _counts(Q(village=village), county, scope.now), scope.now)


def lamps_under(county: str, area: str) -> list[Lamp]:
    """The lamps of all villages of a town or the district, in one statement."""
    scope = current_scope()
    assert scope is not None
    where = Q() if len(area) <= 6 else Q(town=area) if len(area) == 9 else Q(village=area[:12])
    counted = _counts(where, county, scope.now)
    return [_lamp(p.code, counted, scope.now) for p in areas.places_under(area, "village")]
