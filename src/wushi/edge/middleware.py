"""Around every request: an id and a log line, the content policy, who it is."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from wushi.domain.accounts.services import touch
from wushi.edge import live
from wushi.edge.viewer import load_viewer
from wushi.kernel.verb import current_scope, reading

Answer = Callable[[HttpRequest], HttpResponse]
log = structlog.get_logger("wushi.request")
_TOUCH_EVERY = timedelta(seconds=60)


class RequestLog:
    """One line a request: id, method, the route's name, status, milliseconds. Never a path with a code in it, never a body."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.wushi_id = secrets.token_hex(6)  # type: ignore[attr-defined]
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=request.wushi_id):  # type: ignore[attr-defined]
            response = self.answer(request)
            match = request.resolver_match
            log.info(
                "request",
                method=request.method,
                route=(match.view_name or match.route) if match else "",
                status=response.status_code,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )
        response["X-Request-Id"] = request.wushi_id  # type: ignore[attr-defined]
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """A fault leaves its stack in the log under the request's id; the page shows only the id."""
        log.error("fault", error_id=request.wushi_id, kind=type(error).__name__, exc_info=True)  # type: ignore[attr-defined]


class ContentPolicy:
    """Nothing from another host, no inline script or style; ``live`` is the one other origin, where it has its own port."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        parts = urlsplit(live.base_url(request))
        origin = f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
        response.headers.setdefault(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
            f"media-src 'self' blob:; worker-src 'self'; connect-src 'self'{origin}; "
            "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        )
        response.headers.setdefault(
            "Permissions-Policy", "camera=(self), microphone=(self), geolocation=(self)"
        )
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class Who:
    """Sets ``request.viewer``, ``request.actor`` and ``request.reading``; notes once a minute that a browser was seen."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> None:
        """Only for routes that exist; health and static files ask nobody who he is."""
        if getattr(view, "asks_nobody", False) or current_scope() is not None:
            return
        viewer = load_viewer(request)
        request.viewer, request.actor = viewer, viewer.actor
        request.reading = lambda: reading(request.actor)
        if (
            viewer.sign_in
            and viewer.sign_in.seen_at
            and timezone.now() - viewer.sign_in.seen_at > _TOUCH_EVERY
        ):
            touch(viewer.county, viewer.sign_in.sign_in_id)
