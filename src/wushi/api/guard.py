"""The same guard as the pages', for operations of the API: declared access, one reading for a GET."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ninja.security import HttpBearer

from wushi.edge.guard import SAFE, Access
from wushi.edge.receipts import actor_of
from wushi.kernel.errors import DomainError, NotAllowed
from wushi.kernel.verb import reading


class NotSignedIn(DomainError):
    """Nobody is signed in by the token that was sent, or the second factor is still to be shown (401)."""

    code = "api.not_signed_in"


class Token(HttpBearer):
    """``Authorization: Bearer`` with what a sign-in gave; looked at before the body is. Who it is the edge has read already."""

    def authenticate(self, request: Any, token: str) -> Any:
        """The viewer, or None."""
        viewer = request.viewer
        return viewer if viewer.is_staff and not viewer.needs_second_factor else None


def open_operation(reason: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Open to everybody without sign-in; says why."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def inner(request: Any, *args: Any, **kwargs: Any) -> Any:
            if request.method in SAFE:
                with reading(request.actor):
                    return view(request, *args, **kwargs)
            return view(request, *args, **kwargs)

        inner.access = Access("public", reason=reason)  # type: ignore[attr-defined]
        return inner

    return decorate


def receipt_operation(view: Callable[..., Any]) -> Callable[..., Any]:
    """For whoever names a receipt (argument ``receipt_code``); raises NotFound for one nobody was given."""

    @functools.wraps(view)
    def inner(request: Any, receipt_code: str, **kwargs: Any) -> Any:
        request.actor = actor_of(receipt_code)
        with reading(request.actor):
            return view(request, receipt_code=receipt_code, **kwargs)

    inner.access = Access("receipt", reason="the receipt code is the right")  # type: ignore[attr-defined]
    return inner


def staff_operation(duties: frozenset[str]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For staff who hold one of the duties, signed in by ``Authorization: Bearer``; a cookie counts for nothing here."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def inner(request: Any, *args: Any, **kwargs: Any) -> Any:
            viewer = request.viewer
            if not viewer.is_staff or viewer.needs_second_factor:
                raise NotSignedIn()
            if not request.actor.has_duty(duties):
                raise NotAllowed()
            if request.method in SAFE:
                with reading(request.actor):
                    return view(request, *args, **kwargs)
            return view(request, *args, **kwargs)

        inner.access = Access("staff", duties)  # type: ignore[attr-defined]
        return inner

    return decorate
