"""Showing a page or its piece, from the same context."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wushi.edge import live


def show(
    request: HttpRequest, *, page: str, piece: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """The piece when a script asks for it (``X-Piece``), else the whole page."""
    template = piece if piece and request.headers.get("X-Piece") else page
    response = render(request, template, context, status=status)
    response["Vary"] = "X-Piece, Cookie, Accept-Language"
    return response


def common(request: HttpRequest) -> dict[str, Any]:
    """Context processor: where ``live`` is."""
    return {"live_url": live.stream_url(request), "wushi_id": getattr(request, "wushi_id", "")}
