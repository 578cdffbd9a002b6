"""Without signal: the worker, who is signed in, what waits, and the forms for what one does at a door."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wushi.edge.browsers import offline_key, opaque_name
from wushi.edge.guard import guarded, public
from wushi.edge.pages import show
from wushi.web import frame
from wushi.web.offline.forms import ContactForm, HandleForm, WordsForm
from wushi.web.offline.worker import script


@public("a script without a word about anybody")
def service_worker(request: Any) -> HttpResponse:
    """Asked for anew by the browser at every visit; the same bytes, no new worker."""
    response = HttpResponse(script(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = "/"
    return response


@public("name and icon for the home screen")
def manifest(request: Any) -> HttpResponse:
    """What a phone needs to put the pages on its home screen."""
    icon = {"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml"}
    body = {"name": _("Wushi"), "short_name": _("Wushi"), "start_url": "/", "display": "standalone"}
    response = JsonResponse({**body, "icons": [icon]}, content_type="application/manifest+json")
    response["Cache-Control"] = "public, max-age=3600"
    response["Vary"] = "Accept-Language, Cookie"
    return response


@public("tells whoever asks who he is; the key is of whoever is signed in, and of nobody else")
def me(request: Any) -> HttpResponse:
    """Before what waited is sent: who is signed in now, a fresh proof of origin, and his key."""
    if not request.viewer.signed_in:
        return JsonResponse({"who": "", "csrf": get_token(request)})
    actor = request.viewer.actor
    return JsonResponse({"who": opaque_name(actor), "csrf": get_token(request), "key": offline_key(actor)})


@public("lists what this browser itself has kept; the server knows nothing of it")
def waiting(request: Any) -> HttpResponse:
    """What waits to be sent."""
    return show(request, page="offline/waiting.html")


@guarded(frame.TAKERS)
def act(request: Any) -> HttpResponse:
    """The forms of what a grid worker does at a door, empty and about nobody: opened without signal for any matter."""
    forms = [
        ("contact", pgettext("verb", "Spoken with the resident"), ContactForm(auto_id="contact_%s")),
        ("words", _("Add a word or photo"), WordsForm(auto_id="words_%s")),
        ("handle", _("What became of it?"), HandleForm(auto_id="handle_%s")),
    ]
    return show(request, page="offline/act.html", acts=forms, **frame.office(request, ""))
