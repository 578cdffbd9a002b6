"""Which verbs a page offers: those of the table, without the ones that would only be refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wushi.domain.cases import queries as cases
from wushi.domain.cases.permissions import is_holder, is_in_tray
from wushi.domain.cases.rules import may_still_reopen

TOWN, DISTRICT = 9, 6


def verbs_for(actor: Any, case: Any, now: datetime) -> list[str]:
    """The verbs the actor may use on it now; reopening only within the county's days."""
    found = cases.may(actor, case)
    if "reopen_case" in found and case.closed_at is not None:
        days = cases.rulebook(case.county).profile.reopen_days
        if not may_still_reopen(closed=case.closed_at, now=now, days=days):
            found = [verb for verb in found if verb != "reopen_case"]
    return found


def appeal_levels(case: Any) -> list[str]:
    """The levels 向上反映 can still turn to: none it has reached, none that is shut out of the matter."""
    found = []
    if case.town and not case.appealed_to and case.seal >= TOWN:
        found.append("town")
    if case.appealed_to != "district" and case.seal >= DISTRICT:
        found.append("district")
    return found


def handles(actor: Any, case: Any) -> bool:
    """Whether he handles it, and so may read the whole telephone number."""
    return is_holder(actor, case) or is_in_tray(actor, case)
