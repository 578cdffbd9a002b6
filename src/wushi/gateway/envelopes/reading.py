"""Reading what strangers send: JSON of any shape becomes plain values within bounds, or ``Unreadable``; nothing else."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from wushi.domain.calls.wire import Unreadable

Fields = Mapping[str, Any]
# LoRaWAN carries 242 bytes, NB-IoT platforms about a thousand
PAYLOAD_LIMIT = 2048
TEXT_LIMIT = 200
SIGNAL = (-200, 0)
# what stands deeper than any platform's form would only cost whoever walks it
DEEPEST = 32
_UID = re.compile(r"[0-9A-Za-z]{4,40}")
_SEPARATORS = re.compile(r"[\s:.\-]")
# C0 and C1 controls, NUL among them, and halves of characters: no database text holds them
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_YEARS = range(2000, 2100)
_MILLISECONDS_FROM = 100_000_000_000


def read_json(body: bytes) -> Any:
    """The value of a body of UTF-8 JSON. Raises Unreadable."""
    try:
        found = json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
    except Unreadable:
        raise
    except (ValueError, RecursionError) as error:
        # too many digits is a ValueError too
        raise Unreadable(f"no JSON: {type(error).__name__}") from None
    if _deep(found):
        raise Unreadable("no JSON: too deep")
    return found


def _deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        nested = [one for one in level if isinstance(one, dict | list)]
        level = [child for one in nested for child in (one.values() if isinstance(one, dict) else one)]
        if not level:
            return False
    return True


def _no_constant(name: str) -> Any:
    raise Unreadable(f"no JSON: {name}")


def read_object(body: bytes) -> Fields:
    """The object of a body. Raises Unreadable."""
    return as_object(read_json(body), "body")


def as_object(value: Any, name: str) -> Fields:
    """The value, which must be an object. Raises Unreadable."""
    if not isinstance(value, dict):
        raise Unreadable(f"{name} is no object")
    return value


def inner(fields: Fields, name: str) -> Fields:
    """The object under a name; an empty one where there is none."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def text(value: Any, limit: int = TEXT_LIMIT) -> str:
    """A short text that a database can hold; '' for anything else. Whole numbers count as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 10**40:
            return ""
        value = str(value)
    if not isinstance(value, str) or len(value) > limit or _UNSAFE.search(value):
        return ""
    return value.strip()


def number(value: Any, low: float, high: float) -> float | None:
    """A number within bounds; None for anything else. Numbers written as texts count."""
    if isinstance(value, str) and len(value) <= 20:
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # an int of any length compares without becoming a float
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return float(value) if low <= value <= high else None


def whole(value: Any, low: int, high: int) -> int | None:
    """A whole number within bounds; None for anything else."""
    found = number(value, low, high)
    return int(found) if found is not None else None


def percent(value: Any) -> int | None:
    """0 to 100; None for anything else."""
    return whole(value, 0, 100)


def signal(value: Any) -> int | None:
    """dBm; None for what no radio measures."""
    return whole(value, *SIGNAL)


def best_signal(receptions: Any) -> int | None:
    """The strongest of what several gateways heard, in dBm."""
    heard = receptions if isinstance(receptions, list) else []
    found = [signal(one.get("rssi")) for one in heard[:50] if isinstance(one, dict)]
    return max((one for one in found if one is not None), default=None)


def when(value: Any) -> datetime | None:
    """An instant: ISO 8601 with its zone, or seconds or milliseconds since 1970; None for anything else."""
    try:
        if isinstance(value, str) and not value.isdigit():
            found = datetime.fromisoformat(value.strip()[:40])
            if found.tzinfo is None:
                return None
            found = found.astimezone(UTC)
        else:
            since = number(value, 0, 1e14)
            if since is None:
                return None
            found = datetime.fromtimestamp(since / 1000 if since >= _MILLISECONDS_FROM else since, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.year in _YEARS else None


def uid(value: Any) -> str:
    """A device's number in capital letters without separators. Raises Unreadable."""
    plain = _SEPARATORS.sub("", text(value, 80))
    if not _UID.fullmatch(plain):
        raise Unreadable("no device number")
    return plain.upper()


def from_base64(value: Any) -> bytes:
    """The bytes of a base64 text; none for none. Raises Unreadable."""
    if value is None or value == "":
        return b""
    if not isinstance(value, str) or len(value) > PAYLOAD_LIMIT * 2 or not value.isascii():
        raise Unreadable("payload is no base64")
    try:
        found = base64.b64decode(value, validate=True)
    except binascii.Error:
        raise Unreadable("payload is no base64") from None
    return _short_enough(found)


def from_hex(value: Any) -> bytes:
    """The bytes of a text of hexadecimal digits. Raises Unreadable."""
    if not isinstance(value, str) or len(value) > PAYLOAD_LIMIT * 3:
        raise Unreadable("payload is no hex")
    try:
        return _short_enough(bytes.fromhex(value))
    except ValueError:
        raise Unreadable("payload is no hex") from None


def _short_enough(found: bytes) -> bytes:
    if len(found) > PAYLOAD_LIMIT:
        raise Unreadable("payload is too long")
    return found


def first_of(fields: Fields, names: Iterable[str]) -> Any:
    """The value under the first of some names that is there."""
    return next((fields[name] for name in names if fields.get(name) is not None), None)
