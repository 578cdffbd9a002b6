"""Error pages: never a stack trace, always what to do next, and for our own faults an id that stands in the log."""

from __future__ import annotations

import contextlib
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from wushi.edge.refusals import field_sentences, sentence, status_of
from wushi.kernel.errors import DomainError
from wushi.kernel.verb import current_scope, reading


def _wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or "X-Queue" in request.headers


def _page(request: Any, status: int, title: str, text: str, **more: Any) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"code": more.get("code", f"http.{status}"), "message": text}, status=status)
    context = {
        "title": title,
        "text": text,
        "href": "/work/" if request.path.startswith("/work/") else "/",
        "action": _("Back to the start"),
        "status": status,
        **more,
    }
    # a page is rendered inside a reading wherever one can be had; a fault may have no database at all
    with contextlib.ExitStack() as stack:
        if current_scope() is None and status < 500 and getattr(request, "actor", None) is not None:
            stack.enter_context(reading(request.actor))
        return render(request, "errors/error.html", context, status=status)


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A verb said no: the sentence of its code, with its status."""
    status = status_of(error)
    if _wants_json(request):
        return refused_json(error)
    if status == 404:
        return not_found(request)
    titles = {
        403: _("This is not yours to do"),
        409: _("It has moved on"),
        422: _("Something is missing"),
        429: _("Please wait a little"),
    }
    fields = " ".join(field_sentences(error).values())
    return _page(
        request,
        status,
        titles.get(status, _("This cannot be done")),
        f"{sentence(error)} {fields}".strip(),
        code=error.code,
    )


def refused_json(error: DomainError) -> JsonResponse:
    """For the API: the code, the facts, and the sentence."""
    body: dict[str, Any] = {"code": error.code, "message": sentence(error)}
    if "fields" in error.facts:
        body["fields"] = error.facts["fields"]
    facts = {k: v for k, v in error.facts.items() if k != "fields"}
    if facts:
        body["facts"] = facts
    return JsonResponse(body, status=status_of(error))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, also for a body that is too large for a page (photos go another way)."""
    return _page(
        request,
        400,
        _("That could not be read"),
        _("The page was sent incompletely. Go back and send it once more."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _page(
        request,
        403,
        _("This page is not for you"),
        _("You are signed in, but your post does not open this page. Ask your administrator if it should."),
    )


def forbidden_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose proof of origin was missing (cookies off, or the page was open for days)."""
    return _page(
        request,
        403,
        _("The form is too old"),
        _("Open the page again and send it once more. If it happens again, allow cookies for this site."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: what is not there, and what one may not see."""
    return _page(
        request,
        404,
        _("There is nothing here"),
        _("Check the address or the number. With a receipt you can look up your matter."),
        href=None,
    )


def server_fault(request: HttpRequest) -> HttpResponse:
    """500: our fault, with the id the operator finds in the log."""
    return _page(
        request,
        500,
        _("Something went wrong with us"),
        _("It is not your fault. Try again in a minute; if it is urgent, ring."),
        error_id=getattr(request, "wushi_id", ""),
    )
