"""Small things about addresses: where to go back to, what a cookie of ours looks like."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

YEAR = 365 * 86400


class SeeOther(HttpResponseRedirect):
    """After a POST: read the answer with GET (303)."""

    status_code = 303


def back(request: Any, fallback: str) -> str:
    """The page the form came from, if it is ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    good = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if good else fallback


def remember(response: HttpResponse, name: str, value: str, *, secret: bool = False, age: int = YEAR) -> None:
    """A cookie of ours; ``secret`` ones no script may read."""
    if not value:
        response.delete_cookie(name, samesite="Lax")
        return
    response.set_cookie(
        name, value, max_age=age, samesite="Lax", httponly=secret, secure=bool(settings.CSRF_COOKIE_SECURE)
    )
