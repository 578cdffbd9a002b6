"""AN301 SOS button: parts of a type and a value of known length after a zero byte, on port 210."""

from __future__ import annotations

from typing import Any

from wushi.domain.calls.wire import DeviceEvent, EventKind, Model
from wushi.gateway.devices.reading import Odd, careful, known_port, most_urgent, u8

VENDOR = "an"
PORT = 210
MODELS = (Model(VENDOR, "an301", "AN301", {EventKind.PRESS_SOS.value: "emergency"}, volts=(2.2, 3.0)),)
MODEL, MILLIVOLTS, LOW_NOW, OPEN_NOW, LOW_EVENT, OPEN_EVENT, SOS = 0x01, 0x04, 0x7D, 0x77, 0x05, 0x03, 0x14
_SIZES = {MODEL: 1, MILLIVOLTS: 2, LOW_NOW: 1, OPEN_NOW: 1, LOW_EVENT: 1, OPEN_EVENT: 1, SOS: 1}


@careful
def decode(port: int, payload: bytes) -> DeviceEvent:
    """A call for help, a lid that was opened, a battery that runs down, or that it is there."""
    known_port(port, PORT)
    u8(payload, 2)
    found: dict[int, int] = {}
    facts: dict[str, Any] = {}
    at = 1
    while at < len(payload):
        size = _SIZES.get(payload[at], 0)
        value = payload[at + 1 : at + 1 + size]
        if not size or len(value) < size:
            why = "short" if size else "unknown_part"
            if not set(found) - {MODEL}:
                raise Odd(why, at=at)
            # a part nobody knows does not take back what stood before it
            facts["why"], facts["left"] = why, payload[at:].hex()
            break
        found[payload[at]] = int.from_bytes(value, "big")
        at += 1 + size
    kinds = [
        kind
        for part, kind in ((SOS, EventKind.PRESS_SOS), (OPEN_EVENT, EventKind.TAMPER))
        if found.get(part) == 1
    ]
    return DeviceEvent(
        most_urgent(kinds),
        volts=found[MILLIVOLTS] / 1000 if MILLIVOLTS in found else None,
        battery_low=bool(found.get(LOW_NOW) or found.get(LOW_EVENT) == 1),
        tamper=found.get(OPEN_NOW) == 1 or found.get(OPEN_EVENT) == 1,
        facts=facts,
    )
