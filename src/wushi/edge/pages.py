"""Showing a page or its piece, from the same context."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from wushi.edge import live
from wushi.edge.browsers import opaque_name


def show(
    request: HttpRequest, *, page: str, piece: str = "", status: int = 200, **context: Any
) -> HttpResponse:
    """The piece when a script asks for it (``X-Piece``), else the whole page."""
    if request.headers.get("X-Queue"):
        return _in_words(request, status, context)
    template = piece if piece and request.headers.get("X-Piece") else page
    response = render(request, template, context, status=status)
    response["Vary"] = "X-Piece, Cookie, Accept-Language"
    viewer = getattr(request, "viewer", None)
    if viewer is not None and viewer.signed_in:
        # whose copy it is, should the browser keep one for a day without signal
        response["X-Who"] = opaque_name(viewer.actor)
    return response


def _in_words(request: HttpRequest, status: int, context: dict[str, Any]) -> HttpResponse:
    """For what was written without signal and is sent later: where it is now, or why not, in the words of the page."""
    form = context.get("form")
    beside = [str(line) for lines in form.errors.values() for line in lines] if form is not None else []
    said = " ".join(dict.fromkeys([str(context.get("refusal") or ""), *beside])).strip()
    return JsonResponse({"url": request.path, "message": said, "code": ""}, status=status)


def common(request: HttpRequest) -> dict[str, Any]:
    """Context processor: where ``live`` is."""
    return {"live_url": live.stream_url(request), "wushi_id": getattr(request, "wushi_id", "")}
