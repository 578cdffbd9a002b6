"""What every page knows: how its reader likes to read, who he is, where he stands."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language

from wushi.edge.browsers import opaque_name

ELDER_STEPS = ("18", "22", "26", "30")
THEMES = ("light", "dark")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor of all faces; reads cookies and the request only, never the database."""
    elder = request.COOKIES.get("elder", "")
    theme = request.COOKIES.get("theme", "")
    language = get_language() or "zh-hans"
    viewer = getattr(request, "viewer", None)
    return {
        "viewer": viewer,
        "who": opaque_name(viewer.actor) if viewer is not None and viewer.signed_in else "",
        "elder": elder if elder in ELDER_STEPS else "",
        "theme": theme if theme in THEMES else "",
        "html_lang": "en" if language.startswith("en") else "zh-CN",
        # by plain HTTP from another machine browsers give a page neither microphone, nor offline pages, nor a lit screen
        "insecure": not request.is_secure() and request.get_host().rpartition(":")[0] not in LOOPBACK,
        "here": request.get_full_path(),
        "path": request.path,
    }
