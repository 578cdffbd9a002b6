"""The relay: what a deed left in the outbox goes out, to open pages by NOTIFY and to the job queue.

Imported once Django is set up (``wushi.config.worker``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import structlog
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from wushi.domain.outbox.models import Row, RowKind
from wushi.domain.outbox.services import mark_failed, mark_sent, waiting_rows
from wushi.edge.live import opaque
from wushi.kernel.verb import unscoped

log = structlog.get_logger("wushi.worker")
BATCH = 500
CHANNEL = "wushi_live"
# PostgreSQL refuses a NOTIFY payload of 8,000 bytes and more
PAYLOAD_LIMIT = 7000


def relay_once(live_only: bool = False) -> int:
    """Hand on what waits; returns how many rows.

    Open pages first and in a transaction of their own: a ring waits for no job to be queued.
    """
    live = _hand_on(RowKind.LIVE, _notify)
    return live if live_only else live + _hand_on(RowKind.JOB, _queue)


def _hand_on(kind: RowKind, go_out: Callable[[Sequence[Row]], Sequence[Row]]) -> int:
    """The oldest rows of one kind; ``go_out`` says which of them nothing takes."""
    with unscoped("the relay reads the outbox of all counties"):
        rows = waiting_rows(kind, BATCH)
        if not rows:
            return 0
        failed = go_out(rows)
        mark_sent([row for row in rows if row not in failed])
        if failed:
            mark_failed(failed)
            log.error("outbox rows that no task takes", rows=[str(r.id) for r in failed])
    return len(rows)


def _notify(rows: Sequence[Row]) -> Sequence[Row]:
    """The topics of all of them together, as few NOTIFYs; PostgreSQL sends them at the commit."""
    topics = {opaque(topic) for row in rows for topic in row.payload["topics"]}
    with connection.cursor() as cursor:
        for payload in _payloads(sorted(topics), str(rows[-1].id)):
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
    return ()


def _queue(rows: Sequence[Row]) -> Sequence[Row]:
    """Each into the job queue."""
    return [row for row in rows if not _defer(row.name, row.id.hex, row.payload)]


def _payloads(topics: list[str], version: str) -> Iterable[str]:
    line: list[str] = []
    for topic in topics:
        if sum(map(len, line)) + len(line) + len(topic) > PAYLOAD_LIMIT:
            yield f"{version} {' '.join(line)}"
            line = []
        line.append(topic)
    if line:
        yield f"{version} {' '.join(line)}"


def _defer(name: str, key: str, payload: dict[str, str]) -> bool:
    """Put a job into the queue once (its key is the outbox row); False for a task nobody wrote."""
    if name not in app.tasks:
        return False
    try:
        app.configure_task(name, queueing_lock=key).defer(**payload)
    except AlreadyEnqueued:
        log.info("job was there already", name=name)
    return True
