"""Who keeps an eye on a request: people, and trays one level up or below."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wushi.domain.accounts.duties import Duty
from wushi.domain.cases.models import Case, Watch
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services.desk import all_of, keep
from wushi.kernel.ids import uuid7
from wushi.plumbing.writes import insert_once

_KEY = ("county", "case", "user", "tray_duty", "tray_area", "unit", "reason")


def watch(
    case: Case, reason: str, now: datetime, *, tray: Tray | None = None, user_id: UUID | None = None
) -> bool:
    """A person or a tray sees it from now on; whether that is new. What is sealed above a tray stays unseen by it."""
    if tray is not None and len(tray.area) > case.seal:
        return False
    row = Watch(
        id=uuid7(),
        county=case.county,
        case=case,
        user_id=user_id,
        tray_duty=tray.duty if tray else "",
        tray_area=tray.area if tray else "",
        unit=_unit(tray) if tray else "",
        reason=reason,
        since=now,
    )
    stored, fresh = insert_once(row, key=_KEY)
    if not fresh and stored.until is not None:
        stored.until, stored.since = None, now
        keep(stored, "until", "since")
        return True
    return fresh


def _unit(tray: Tray) -> str:
    """Only a department's tray is told apart by its unit."""
    return tray.unit if tray.duty == Duty.DEPARTMENT else ""


def end_watch(case: Case, reason: str, now: datetime, tray: Tray) -> None:
    """A tray need not watch it any more."""
    all_of(Watch).filter(
        county=case.county,
        case=case,
        reason=reason,
        tray_duty=tray.duty,
        tray_area=tray.area,
        unit=_unit(tray),
        until=None,
    ).update(until=now)
