"""Our own plain JSON, for buttons with a program of their own; written down in docs/DEVICES.md."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from wushi.domain.calls.wire import DeviceEvent, EventKind, Unreadable, Uplink
from wushi.gateway.envelopes.reading import (
    Fields,
    as_object,
    from_base64,
    from_hex,
    number,
    percent,
    read_json,
    signal,
    text,
    uid,
    when,
    whole,
)

MOST = 500
PROBE = "PROBE"
EVENTS = {
    "press": EventKind.PRESS,
    "long": EventKind.PRESS_LONG,
    "double": EventKind.PRESS_DOUBLE,
    "sos": EventKind.PRESS_SOS,
    "release": EventKind.RELEASE,
    "cancel": EventKind.CANCEL,
    "test": EventKind.TEST,
    "heartbeat": EventKind.HEARTBEAT,
    "online": EventKind.ONLINE,
    "offline": EventKind.OFFLINE,
    "tamper": EventKind.TAMPER,
}
DAY = 24 * 3600


def uplinks(body: bytes, beside: Mapping[str, str]) -> list[Uplink]:
    """One message, or a list of them (what a receiver has gathered). Raises Unreadable."""
    told = read_json(body)
    items = told if isinstance(told, list) else [told]
    if not items or len(items) > MOST:
        raise Unreadable("no messages, or too many")
    found = [_uplink(as_object(item, "message")) for item in items]
    _of_its_topic(found, beside.get("topic", ""))
    return found


def _of_its_topic(found: list[Uplink], topic: str) -> None:
    """By MQTT the topic's last word is the device: the broker lets each write only its own, so nobody speaks for another.

    A receiver speaks for the buttons around it, on ``.../receiver/<name>``. Raises Unreadable.
    """
    words = topic.split("/")
    if not topic or (len(words) > 1 and words[-2] == "receiver"):
        return
    if any(one.uid != uid(words[-1]) for one in found):
        raise Unreadable("the topic of another device")


def _uplink(fields: Fields) -> Uplink:
    if "probe" in fields:
        key = text(fields["probe"], 80)
        if not key:
            raise Unreadable("no key of a trial")
        return Uplink(PROBE, dedupe=key)
    return Uplink(
        uid(fields.get("device")),
        dedupe=_once(fields),
        occurred_at=when(fields.get("time")),
        signal=signal(fields.get("signal")),
        **_said(fields),
    )


def _once(fields: Fields) -> str:
    """What names this message, the same in every retry: its number, its time, or both. Raises Unreadable without either."""
    number_of, at = text(fields.get("id"), 80), when(fields.get("time"))
    if not number_of and at is None:
        raise Unreadable("neither id nor time")
    if number_of and at is None:
        return number_of
    # a number that begins anew after a battery was changed meets no old one
    stamp = at.isoformat() if at else ""
    if number_of:
        return f"{number_of}@{stamp}"
    told = "|".join(str(fields.get(name)) for name in ("event", "button", "port", "hex", "payload"))
    return f"{stamp}|{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _said(fields: Fields) -> dict[str, Any]:
    """The event, or the bytes of a device whose maker's form is passed on as it is. Raises Unreadable."""
    if "event" in fields:
        return {"event": event_of(fields)}
    port = whole(fields.get("port", 0), 0, 255) or 0
    if "hex" in fields:
        return {"payload": from_hex(fields["hex"]), "port": port}
    if "payload" in fields:
        return {"payload": from_base64(fields["payload"]), "port": port}
    raise Unreadable("neither event nor payload")


def event_of(fields: Fields) -> DeviceEvent:
    """The event a plain message tells. Raises Unreadable."""
    word = text(fields.get("event"), 20)
    if word not in EVENTS:
        raise Unreadable("no event we know")
    return DeviceEvent(
        EVENTS[word],
        battery=percent(fields.get("battery")),
        volts=number(fields.get("volts"), 0, 60),
        battery_low=fields.get("low") is True,
        tamper=fields.get("tamper") is True,
        button=whole(fields.get("button"), 1, 99),
        interval=whole(fields.get("interval"), 60, 31 * DAY),
        firmware=text(fields.get("firmware"), 24),
    )
