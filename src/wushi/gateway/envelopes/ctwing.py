"""CTWing / AEP (China Telecom), its push: reports of data in both forms, events, on and off line, results of commands.

The transparent form carries the device's own bytes (``APPdata``, base64). The other carries properties whose names every
maker chooses: those that mean a press, a battery or a signal are known by the words below.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from wushi.domain.calls.wire import DeviceEvent, EventKind, Unreadable, Uplink
from wushi.gateway.envelopes.reading import (
    Fields,
    first_of,
    from_base64,
    inner,
    number,
    percent,
    read_object,
    signal,
    text,
    uid,
    when,
)

DATA = frozenset({"dataReport", "eventReport"})
LINE = "deviceOnlineOfflineReport"
RESULT = "commandResponse"
TRANSPARENT = "APPdata"
# property names in small letters without separators
_ALARM = frozenset({"alarmstatus", "alarm", "alarmstate", "sos", "sosstatus", "sosalarm", "emergency"})
_BUTTON = frozenset({"button", "buttonstatus", "keystatus", "key", "keypress"})
_TAMPER = frozenset({"tamper", "tamperstatus", "tamperalarm"})
_BATTERY = frozenset({"batterylevel", "battery", "batterypercent", "batterypercentage"})
_LOW = frozenset({"lowbattery", "batterylow", "lowbatteryalarm"})
_SIGNAL = frozenset({"rsrp", "rssi", "signalstrength"})


def uplinks(body: bytes, beside: Mapping[str, str]) -> list[Uplink]:
    """What one message holds. Raises Unreadable."""
    fields = read_object(body)
    kind = text(fields.get("messageType"), 60)
    device = uid(first_of(fields, ("IMEI", "imei", "deviceId")))
    at = when(fields.get("timestamp"))
    stamp = text(fields.get("timestamp"), 40)
    dedupe = f"{stamp}|{_digest(fields)}" if stamp else ""
    if kind == LINE:
        online = number(fields.get("eventType"), 1, 1) is not None
        event = DeviceEvent(EventKind.ONLINE if online else EventKind.OFFLINE)
        return [Uplink(device, dedupe=dedupe, occurred_at=at, event=event)]
    if kind == RESULT:
        return [Uplink(device, dedupe=dedupe, occurred_at=at, event=DeviceEvent(EventKind.COMMAND_ACK))]
    if kind not in DATA:
        raise Unreadable("no message of AEP")
    told = inner(fields, "payload") or inner(fields, "eventContent")
    if TRANSPARENT in told:
        return [Uplink(device, payload=from_base64(told[TRANSPARENT]), dedupe=dedupe, occurred_at=at)]
    if not told:
        raise Unreadable("no payload")
    event, strength = _properties(told)
    return [Uplink(device, dedupe=dedupe, occurred_at=at, signal=strength, event=event)]


def _digest(fields: Fields) -> str:
    """What was said, without what a retry may count anew."""
    said = [fields.get(name) for name in ("messageType", "eventType", "payload", "eventContent")]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode("utf-8", "replace")).hexdigest()[:32]


def _properties(told: Fields) -> tuple[DeviceEvent, int | None]:
    """The event of named properties: an alarm that is not zero is a call for help."""
    named = {_name(key): value for key, value in list(told.items())[:200]}
    alarm, button, tamper = (_on(named, names) for names in (_ALARM, _BUTTON, _TAMPER))
    battery = next((percent(v) for k, v in sorted(named.items()) if k in _BATTERY), None)
    strength = next((signal(v) for k, v in sorted(named.items()) if k in _SIGNAL), None)
    kind = EventKind.HEARTBEAT
    if alarm:
        kind = EventKind.PRESS_SOS
    elif button:
        kind = EventKind.PRESS
    elif tamper:
        kind = EventKind.TAMPER
    return DeviceEvent(kind, battery=battery, battery_low=_on(named, _LOW), tamper=tamper), strength


def _name(key: Any) -> str:
    return "".join(ch for ch in str(key)[:60].lower() if ch.isalnum())


def _on(named: Mapping[str, Any], names: frozenset[str]) -> bool:
    return any(
        value is True or (number(value, -1e9, 1e9) or 0) != 0 for key, value in named.items() if key in names
    )
