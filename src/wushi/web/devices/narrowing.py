"""By what the list of wireless callers is narrowed: the same for the page, its labels and its file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wushi.web import asked

WHICH = ("", "installed", "silent", "low", "stock", "repair", "returned")


def narrowed(request: Any) -> dict[str, Any]:
    """What the address says, as ``page_of_devices`` takes it."""
    which = request.GET.get("which", "")
    return {"which": which if which in WHICH else "", "text": asked.words(request, "q", 40)}


def query_of(narrow: dict[str, Any]) -> dict[str, str]:
    """The same for an address again, without what is empty."""
    return {name: value for name, value in (("which", narrow["which"]), ("q", narrow["text"])) if value}


def after_asked(request: Any) -> UUID | None:
    """The device the last page ended with."""
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None
