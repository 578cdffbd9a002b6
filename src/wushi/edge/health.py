"""Two questions of a load balancer: does the process live, is it ready to answer."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from wushi.kernel.verb import unscoped

# A row waits milliseconds when the worker lives.
STUCK_AFTER_SECONDS = 60.0


def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and the outbox moves; 503 with what is wrong."""
    found: dict[str, Any] = {}
    try:
        with unscoped("readiness"), connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), extract(epoch FROM now() - min(created_at)) FROM outbox_row WHERE state = 'new'"
            )
            waiting, oldest = cursor.fetchone()
        found = {
            "database": "ok",
            "outbox_waiting": waiting,
            "outbox_oldest_seconds": round(float(oldest or 0), 1),
        }
        ready = float(oldest or 0) <= STUCK_AFTER_SECONDS
        found["outbox"] = "moves" if ready else "stuck: is the worker running?"
    except (DatabaseError, OSError):
        found, ready = {"database": "unreachable"}, False
    return JsonResponse({"ready": ready, **found}, status=200 if ready else 503)


for _view in (healthz, readyz):
    _view.asks_nobody = True  # type: ignore[attr-defined]
