"""What people type, made safe to keep: line ends, invisible controls, length. Refused with a reason, never cut in silence."""

import re

from wushi.kernel.errors import Invalid

# C0/C1 controls but tab and line feed; bidirectional overrides that make a text read as another
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_COMBINING = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]{4,}")


def clean(text: str, *, field: str, limit: int, required: bool = False) -> str:
    """Normalised text of at most ``limit`` characters. Raises Invalid(fields={field: required|too_long|unreadable})."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Invalid(fields={field: "unreadable"}) from error
    whole = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    whole = _COMBINING.sub("", whole).strip()
    if required and not whole:
        raise Invalid(fields={field: "required"})
    if len(whole) > limit:
        raise Invalid(fields={field: "too_long"}, limit=limit)
    return whole
