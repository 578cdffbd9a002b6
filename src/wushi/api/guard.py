"""The same guard as the pages', for operations of the API: declared access, one reading for a GET."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from wushi.edge.guard import SAFE, Access
from wushi.edge.receipts import actor_of
from wushi.kernel.verb import reading


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
