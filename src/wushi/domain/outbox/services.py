"""Leaving rows in a verb's transaction, and the relay's side of handing them on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models.functions import Now

from wushi.domain.outbox.models import Row, RowKind, RowState
from wushi.kernel.verb import add_outgoing, current_frame
from wushi.plumbing.bench import the_bench
from wushi.plumbing.writes import insert_many

# rows of one INSERT: the server takes 65,535 values in a statement, and a row has eight
AT_ONCE = 1000


def leave_notice(topics: Iterable[str]) -> None:
    """Tell open pages that these topics changed, after the commit. One row for all of them."""
    names = sorted(set(topics))
    if names:
        _leave(RowKind.LIVE, "live", {"topics": names})


def leave_job(name: str, **ids: Any) -> None:
    """Have a background task run after the commit; ``ids`` are ids and codes only."""
    _leave(RowKind.JOB, name, {key: str(value) for key, value in ids.items()})


def _leave(kind: str, name: str, payload: dict[str, Any]) -> None:
    if the_bench() is not None:
        # what is only being written down is past: nobody is told, nothing is to be done
        return
    frame = current_frame()
    add_outgoing(Row(county=frame.actor.county, kind=kind, name=name, payload=payload, created_at=frame.now))


def write_outgoing(rows: Sequence[Row]) -> None:
    """All that one transaction leaves, at its end; in one statement unless it is very much."""
    for first in range(0, len(rows), AT_ONCE):
        insert_many(rows[first : first + AT_ONCE])


def waiting_rows(kind: RowKind, limit: int) -> list[Row]:
    """The oldest waiting rows of a kind, locked for this relay and skipped by another."""
    rows = Row.objects.select_for_update(skip_locked=True).filter(state=RowState.NEW, kind=kind)
    return list(rows.order_by("id")[:limit])


def mark_sent(rows: Sequence[Row]) -> None:
    """The relay handed them on, in this same transaction."""
    Row.objects.filter(id__in=[row.id for row in rows]).update(state=RowState.SENT, sent_at=Now())


def mark_failed(rows: Sequence[Row]) -> None:
    """They cannot be handed on (an unknown task); kept to be seen."""
    Row.objects.filter(id__in=[row.id for row in rows]).update(state=RowState.FAILED, sent_at=Now())
