"""OneNET (China Mobile), its HTTP push: data points, on and off line, results of commands.

A data point is a resource of an object (``3200_0_5500``), or a stream whose value is the device's own bytes in hexadecimal
digits or base64. The newer push sends ``msg`` as a text; it was not seen from a real platform.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from wushi.domain.calls.wire import DeviceEvent, EventKind, Unreadable, Uplink
from wushi.gateway.envelopes.reading import (
    Fields,
    as_object,
    first_of,
    from_base64,
    from_hex,
    number,
    percent,
    read_json,
    read_object,
    text,
    uid,
    when,
    whole,
)

POINT, LINE, RESULT = 1, 2, 7
MOST = 200
# objects of OMA LwM2M that are pressed: a digital input, a switch, a push button; their resource 5500 is on or off
_PRESSED = frozenset({"3200", "3342", "3347"})
_STATE = "5500"
_BATTERY = ("3", "9")


def uplinks(body: bytes, beside: Mapping[str, str]) -> list[Uplink]:
    """What one message holds. Raises Unreadable."""
    told = read_object(body).get("msg")
    if isinstance(told, str):
        told = read_json(told.encode("utf-8", "replace"))
    items = told if isinstance(told, list) else [told]
    if not items or len(items) > MOST:
        raise Unreadable("no msg")
    return [_uplink(as_object(item, "msg")) for item in items]


def _uplink(item: Fields) -> Uplink:
    number_of = uid(first_of(item, ("imei", "IMEI", "dev_id", "deviceName")))
    at = when(item.get("at"))
    stream = text(item.get("ds_id"), 80)
    kind = whole(item.get("type"), 0, 99)
    stamp = text(item.get("at"), 40)
    if kind == POINT:
        event, payload = _point(stream, item.get("value"))
    elif kind == LINE:
        online = number(item.get("status"), 1, 1) is not None
        event, payload = DeviceEvent(EventKind.ONLINE if online else EventKind.OFFLINE), b""
    elif kind == RESULT:
        event, payload = DeviceEvent(EventKind.COMMAND_ACK), b""
    else:
        raise Unreadable("no type of OneNET")
    # a press and its release in one millisecond are two
    dedupe = f"{stamp}|{kind}|{stream}|{_digest(item.get('value'))}" if stamp else ""
    return Uplink(number_of, payload=payload, dedupe=dedupe[:160], occurred_at=at, event=event)


def _digest(value: Any) -> str:
    written = json.dumps(value, sort_keys=True).encode("utf-8", "replace")
    return hashlib.sha256(written).hexdigest()[:16]


def _point(stream: str, value: Any) -> tuple[DeviceEvent | None, bytes]:
    """The event of a resource that says it by itself, else the device's own bytes."""
    words = stream.split("_")
    if len(words) == 3 and words[0] in _PRESSED:
        if words[2] != _STATE:
            return DeviceEvent(EventKind.HEARTBEAT), b""
        on = value is True or (number(value, -1e9, 1e9) or 0) != 0
        return DeviceEvent(EventKind.PRESS if on else EventKind.RELEASE), b""
    if len(words) == 3 and (words[0], words[2]) == _BATTERY:
        return DeviceEvent(EventKind.HEARTBEAT, battery=percent(value)), b""
    if isinstance(value, str) and value:
        try:
            return None, from_hex(value)
        except Unreadable:
            return None, from_base64(value)
    if number(value, -1e12, 1e12) is not None:
        # a measurement of something else: the device is there
        return DeviceEvent(EventKind.HEARTBEAT, facts={"stream": stream}), b""
    raise Unreadable("no value of a data point")


# ---- its own proof: base64(md5(token + nonce + msg)) ----
def signed_by(token: str, nonce: str, msg: str, signature: str) -> bool:
    """Whether the platform that knows the token signed this, compared in constant time."""
    made = hashlib.md5(f"{token}{nonce}{msg}".encode("utf-8", "replace"), usedforsecurity=False).digest()
    # a plus in an address arrives as a space
    given = signature.replace(" ", "+").encode("utf-8", "replace")
    return hmac.compare_digest(base64.b64encode(made), given)


def proves(body: bytes, token: str) -> bool:
    """Whether a push is signed: over ``msg`` as it stands in the body, or as JSON without spaces. Never raises."""
    try:
        fields = read_object(body)
        raw = raw_value(body.decode("utf-8-sig"), "msg")
    except Unreadable:
        return False
    nonce, msg = text(fields.get("nonce"), 80), fields.get("msg")
    given = text(first_of(fields, ("msg_signature", "signature")), 80)
    if not (nonce and given):
        return False
    if isinstance(msg, str):
        forms = {msg}
    else:
        forms = {raw, json.dumps(msg, separators=(",", ":"), ensure_ascii=False)}
    # every form is tried, so that the time tells nothing
    return True in [signed_by(token, nonce, form, given) for form in sorted(forms)]


def raw_value(body: str, name: str) -> str:
    """The value of a key of the outermost object as it is written there; '' where there is none. The body is JSON."""
    decoder, at, found = json.JSONDecoder(), body.index("{") + 1, ""
    while True:
        at = _past(body, at, " \t\r\n,")
        if body[at] == "}":
            return found
        key, at = decoder.raw_decode(body, at)
        at = _past(body, at, " \t\r\n:")
        begin = at
        _, at = decoder.raw_decode(body, at)
        if key == name:
            found = body[begin:at]


def _past(body: str, at: int, blank: str) -> int:
    while body[at] in blank:
        at += 1
    return at
