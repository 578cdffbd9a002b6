"""Dragino TrackerD (tracker with an alarm key): the port tells what the bytes are, and where in them alarm and battery lie."""

from __future__ import annotations

from typing import Any

from wushi.domain.calls.wire import DeviceEvent, EventKind, Model
from wushi.gateway.devices.reading import Odd, careful, known_port, signed, u8, u16

VENDOR = "dragino"
MODELS = (
    Model(
        VENDOR, "trackerd", "TrackerD", {EventKind.PRESS_SOS.value: "emergency"}, 6 * 3600, volts=(3.4, 4.1)
    ),
)
ALARM, VOLTS = 0x40, 0x3FFF
PLACE_AND_WEATHER, PLACE, EARLIER, STATUS, BEACON, NO_PLACE, WIFI = 2, 3, 4, 5, 6, 7, 8
# port -> where alarm and battery lie, and how long the payload is at least
_AT = {PLACE_AND_WEATHER: (8, 15), PLACE: (8, 11), BEACON: (24, 27), NO_PLACE: (0, 3), WIFI: (7, 10)}
TRACKERD = 0x13


@careful
def decode(port: int, payload: bytes) -> DeviceEvent:
    """An alarm, or that it is there; a place that is told later is no alarm."""
    known_port(port, EARLIER, STATUS, *_AT)
    if port == STATUS:
        return _status(payload)
    if port == EARLIER:
        u8(payload, 14)
        return DeviceEvent(EventKind.HEARTBEAT, facts={"earlier": True, **_place(payload)})
    at, length = _AT[port]
    u8(payload, length - 1)
    word = u16(payload, at)
    facts = _place(payload) if port in (PLACE, PLACE_AND_WEATHER) else {}
    if port == PLACE_AND_WEATHER:
        facts |= {"hum_pct": u16(payload, 11) / 10, "temp_c": signed(payload, 13, 2) / 10}
    alarm = bool(word >> 8 & ALARM)
    return DeviceEvent(
        EventKind.PRESS_SOS if alarm else EventKind.HEARTBEAT, volts=(word & VOLTS) / 1000, facts=facts
    )


def _status(payload: bytes) -> DeviceEvent:
    if u8(payload, 0) != TRACKERD:
        raise Odd("device", device=payload[0])
    volts = u16(payload, 5) / 1000
    firmware = f"{payload[1] & 0x0F}.{payload[2] >> 4}.{payload[2] & 0x0F}"
    return DeviceEvent(EventKind.ONLINE, volts=volts, firmware=firmware)


def _place(payload: bytes) -> dict[str, Any]:
    latitude, longitude = signed(payload, 0, 4) / 1e6, signed(payload, 4, 4) / 1e6
    if abs(latitude) > 90 or abs(longitude) > 180 or not (latitude or longitude):
        return {}
    return {"lat": latitude, "lon": longitude}
