"""Every route says who may use it; a GET is read and rendered inside one reading, a POST calls one verb (house tests 3, 18)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from wushi.domain.accounts.duties import Duty
from wushi.edge import errors
from wushi.edge.receipts import actor_of
from wushi.kernel.errors import DomainError, NotFound
from wushi.kernel.verb import reading

View = Callable[..., HttpResponse]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Access:
    """Who may use a route: ``kind`` is public, staff, resident, receipt or sign_in; ``reason`` why it is open."""

    kind: str
    duties: frozenset[str] = frozenset()
    reason: str = ""


def _enter(view: View, request: Any, args: Any, kwargs: Any) -> HttpResponse:
    try:
        if request.method in SAFE:
            with reading(request.actor):
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                    response.render()
                return response
        return view(request, *args, **kwargs)
    except DomainError as error:
        return errors.refusal(request, error)


def _declared(view: View, access: Access, inner: View) -> View:
    wrapped: Any = functools.wraps(view)(inner)
    wrapped.access = access
    return wrapped  # type: ignore[no-any-return]


def public(reason: str) -> Callable[[View], View]:
    """Open to everybody; says why."""

    def decorate(view: View) -> View:
        def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            return _enter(view, request, args, kwargs)

        return _declared(view, Access("public", reason=reason), inner)

    return decorate


def guarded(*duties: str | frozenset[str]) -> Callable[[View], View]:
    """For staff who hold one of the duties; others are told to sign in, or refused."""
    wanted: frozenset[str] = frozenset().union(
        *(d if isinstance(d, frozenset) else {d} for d in duties)
    ) or frozenset(Duty)

    def decorate(view: View) -> View:
        def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            viewer = request.viewer
            if not viewer.is_staff:
                return _to_sign_in(request, "work_sign_in")
            if viewer.needs_second_factor:
                return HttpResponseRedirect(reverse("work_totp"))
            if not request.actor.has_duty(wanted):
                return errors.forbidden(request)
            return _enter(view, request, args, kwargs)

        return _declared(view, Access("staff", wanted), inner)

    return decorate


def staff_signing_in(view: View) -> View:
    """For staff who are signed in, with or without their second factor yet."""

    def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.viewer.is_staff:
            return _to_sign_in(request, "work_sign_in")
        return _enter(view, request, args, kwargs)

    return _declared(view, Access("sign_in", reason="the second factor itself, and signing out"), inner)


def resident_page(view: View) -> View:
    """For a resident signed in by a code to his phone."""

    def inner(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.viewer.kind != "resident":
            return _to_sign_in(request, "sign_in")
        return _enter(view, request, args, kwargs)

    return _declared(view, Access("resident"), inner)


def receipt_page(view: View) -> View:
    """For whoever holds the receipt in the URL (argument ``code``): 60 random bits are the right to see and to speak."""

    def inner(request: Any, code: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            holder = actor_of(code, request.actor.county)
        except NotFound as error:
            raise Http404 from error
        if request.viewer.is_staff:
            # a member of staff is signed in on this device: agreeing and rating are not his (services refuse them)
            beside = frozenset({f"beside:{request.viewer.actor.ref}"})
            holder = replace(holder, relations=holder.relations | beside)
        request.actor = holder
        return _enter(view, request, (code, *args), kwargs)

    return _declared(view, Access("receipt", reason="the receipt code is the right"), inner)


def _to_sign_in(request: Any, name: str) -> HttpResponse:
    if request.method in SAFE:
        return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()})}")
    return errors.forbidden(request)
