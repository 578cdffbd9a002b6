"""Reading calendars as they come: our CSV, and the JSON form of the public project holiday-cn."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from importlib.resources import files
from typing import Any

from wushi.domain.areas.errors import BadCalendar
from wushi.domain.areas.services import NewDay

_YES, _NO = {"1", "true", "yes", "班", "是"}, {"0", "false", "no", "休", "否"}


def seeded() -> list[NewDay]:
    """The State Council's arrangements 2004-2026 that ship with the package."""
    text = files("wushi.domain.areas").joinpath("data/calendar.csv").read_text(encoding="utf-8")
    return from_csv(text)


def read(text: str) -> list[NewDay]:
    """CSV (day,is_workday,name) or holiday-cn JSON; raises BadCalendar naming the line or the key."""
    return from_json(text) if text.lstrip().startswith(("{", "[")) else from_csv(text)


def from_csv(text: str) -> list[NewDay]:
    """Columns ``day`` (ISO date), ``is_workday`` (1/0), optional ``name``; raises BadCalendar(line=)."""
    days = []
    for number, row in enumerate(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))), start=2):
        flag = (row.get("is_workday") or "").strip().lower()
        try:
            day = date.fromisoformat((row.get("day") or "").strip())
        except ValueError as error:
            raise BadCalendar(line=number) from error
        if flag not in _YES | _NO:
            raise BadCalendar(line=number)
        days.append(NewDay(day, flag in _YES, (row.get("name") or "").strip()[:60]))
    if not days:
        raise BadCalendar(line=1)
    return days


def from_json(text: str) -> list[NewDay]:
    """``{"days": [{"name": ..., "date": "2027-01-01", "isOffDay": true}]}``; raises BadCalendar(line=)."""
    try:
        whole: Any = json.loads(text)
        rows = whole["days"] if isinstance(whole, dict) else whole
    except (ValueError, KeyError) as error:
        raise BadCalendar(line=1) from error
    days = []
    for number, row in enumerate(rows if isinstance(rows, list) else [], start=1):
        try:
            if not isinstance(row["isOffDay"], bool):
                raise BadCalendar(line=number)
            days.append(
                NewDay(date.fromisoformat(row["date"]), not row["isOffDay"], str(row.get("name", ""))[:60])
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BadCalendar(line=number) from error
    if not days:
        raise BadCalendar(line=1)
    return days
