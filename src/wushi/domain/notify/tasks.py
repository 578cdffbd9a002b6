"""Background entries: load, call, nothing else."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from wushi.domain.notify.services.sending import deliver
from wushi.domain.notify.services.telling import DELIVER


@app.task(name=DELIVER)
def deliver_notice(county: str, notice_id: str) -> None:
    """Send what one notice has due; what is left is found by the worker's sweep."""
    deliver(county, UUID(notice_id))
