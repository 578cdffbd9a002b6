"""A list leaves the house as a file: who took which list, how many rows, masked or not and why, before any byte goes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from wushi.domain.audit.services import record
from wushi.domain.imports.models import Export
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.text import clean


@dataclass(frozen=True)
class NewExport:
    """Which list (``kind``), by which filter, how many rows; ``reason`` only where numbers stand in it whole."""

    kind: str
    rows: int
    wanted: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@verb
def export_list(*, actor: Actor, new: NewExport, now: datetime = DB_TIME) -> Export:
    """Somebody takes a list with him as a file; what is in it he could read row by row (the caller has read it as him)."""
    if actor.kind != "user":
        raise NotAllowed()
    row = Export(
        county=actor.county,
        kind=new.kind,
        wanted=dict(new.wanted),
        rows=new.rows,
        reason=clean(new.reason, field="reason", limit=200),
        by=actor.ref,
        taken_at=now,
        step=1,
    )
    row.save(force_insert=True)
    record(subject=row, list=new.kind, rows=new.rows, whole=bool(row.reason))
    return row
