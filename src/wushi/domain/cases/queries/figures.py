"""What is counted of requests: each figure is one condition, which counts it and also opens its rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import F, Q

from wushi.domain.cases.models import UNSEALED, Rating
from wushi.domain.cases.states import OPEN, UNDER_WAY, CaseState

_OPEN = Q(state__in=sorted(s.value for s in OPEN))
_RUNNING = Q(state__in=sorted(s.value for s in UNDER_WAY))
# Whatever is sealed is in no figure: a small village could be read off it.
COUNTED = Q(seal=UNSEALED)

# How soon and how well is asked only of what was handled here: histories of other systems had no clock of ours.
_HERE = Q(imported_at=None)

# Figures that only a deed changes. Completed (办结) is what is no longer open, whatever became of it
# (of what came in as history, only where that is known); closed (归档) is over.
FIGURES: Mapping[str, Q] = {
    "collected": Q(),
    "completed": ~_OPEN & ~Q(state=CaseState.IMPORTED),
    "open": _OPEN,
    "handled": Q(state=CaseState.HANDLED),
    "closed": Q(state=CaseState.CLOSED),
    "declined": Q(state=CaseState.DECLINED),
    "withdrawn": Q(state=CaseState.WITHDRAWN),
    "merged": Q(state=CaseState.MERGED),
    "imported": Q(state=CaseState.IMPORTED),
    "signed": Q(claimed_at__isnull=False),
    "answered": _HERE & Q(handled_at__isnull=False),
    "in_time": _HERE & Q(handled_at__isnull=False, handled_at__lte=F("due_at")),
    "at_grid": Q(resolved_level="grid"),
    "at_village": Q(resolved_level="village"),
    "at_town": Q(resolved_level="town"),
    "at_district": Q(resolved_level="district"),
    "confirmed": Q(state=CaseState.CLOSED, closing="reporter"),
    "unanswered": Q(state=CaseState.CLOSED, closing="unanswered"),
    "rated": _HERE & ~Q(rating=""),
    "satisfied": _HERE & Q(rating=Rating.SATISFIED),
    "neutral": _HERE & Q(rating=Rating.NEUTRAL),
    "unsatisfied": _HERE & Q(rating=Rating.UNSATISFIED),
    "refused": Q(refusals__gt=0),
    "appealed": ~Q(appealed_to=""),
}
# Half an hour to a month: "half of them within two hours" is read off these counts exactly.
STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (15, 30, 60, 120, 240, 480, 1440, 2880, 4320, 7200, 10080, 21600, 43200)
)


def figure(name: str, now: datetime) -> Q:
    """The condition of a figure, with what is overdue now. Raises KeyError for an unknown one."""
    if name == "overdue":
        return COUNTED & _RUNNING & Q(due_at__lt=now)
    return COUNTED & FIGURES[name]


def within(since: str, until: str) -> Mapping[str, Q]:
    """For each of the steps, that the second moment came so soon after the first; by its place in STEPS."""
    return {
        f"{until}_{number}": _HERE & Q(**{f"{until}__isnull": False, f"{until}__lte": F(since) + step})
        for number, step in enumerate(STEPS)
    }
