"""What stands in an address, made safe before it is used: anybody can type anything behind a question mark."""

from __future__ import annotations

from typing import Any

from wushi.kernel.errors import Invalid
from wushi.plumbing.pages import Cursor
from wushi.plumbing.text import clean

YEARS = range(2000, 2101)


def number(request: Any, name: str, default: int = 0, least: int = 0, most: int = 100_000) -> int:
    """A number in ASCII digits between two bounds; else the default."""
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        return default
    found = int(text)
    return found if least <= found <= most else default


def words(request: Any, name: str, limit: int) -> str:
    """Words without control characters, cut at a length; '' for what is no text at all."""
    try:
        return clean(request.GET.get(name, "")[:limit], field=name, limit=limit)
    except Invalid:
        return ""


def code(text: str, *lengths: int) -> str:
    """An area's code of one of these lengths; '' for anything else."""
    return text if text.isascii() and text.isdigit() and len(text) in lengths else ""


def cursor(request: Any) -> Cursor | None:
    """Where the last page ended; raises Invalid for what this program did not write."""
    try:
        found = Cursor.decode(request.GET.get("after", ""))
    except (AttributeError, OverflowError, RecursionError) as error:
        raise Invalid(fields={"after": "bad_cursor"}) from error
    if found and (found.at.tzinfo is None or found.at.year not in YEARS):
        raise Invalid(fields={"after": "bad_cursor"})
    return found
