"""Dragino LGT-92 (tracker with an alarm key), port 2: where it is, alarm and battery, and after 2019 four bytes a coordinate.

While its alarm is on it repeats it every minute until it is told to stop; the repetitions belong to the call that is open.
"""

from __future__ import annotations

from wushi.domain.calls.wire import DeviceEvent, EventKind, Model
from wushi.gateway.devices.reading import careful, known_port, signed, u8, u16

VENDOR = "dragino"
PORT = 2
# six hours without moving, as delivered
MODELS = (
    Model(VENDOR, "lgt92", "LGT-92", {EventKind.PRESS_SOS.value: "emergency"}, 6 * 3600, volts=(3.4, 4.1)),
)
ALARM, VOLTS = 0x40, 0x3FFF
# the first firmware: three bytes a coordinate, ten-thousandths of a degree; with or without the motion sensor
OLD = (8, 12)


@careful
def decode(port: int, payload: bytes) -> DeviceEvent:
    """An alarm, or that it is there; the place only as it was told."""
    known_port(port, PORT)
    if len(payload) in OLD:
        return _event(payload, 6, (signed(payload, 0, 3) / 1e4, signed(payload, 3, 3) / 1e4), "")
    latitude, longitude = signed(payload, 0, 4) / 1e6, signed(payload, 4, 4) / 1e6
    return _event(payload, 8, (latitude, longitude), str(160 + (u8(payload, 10) & 0x1F)))


def _event(payload: bytes, at: int, place: tuple[float, float], firmware: str) -> DeviceEvent:
    word = u16(payload, at)
    alarm = bool(word >> 8 & ALARM)
    return DeviceEvent(
        EventKind.PRESS_SOS if alarm else EventKind.HEARTBEAT,
        volts=(word & VOLTS) / 1000,
        firmware=firmware,
        # without a fix it sends zeros, or a latitude beyond the pole
        facts={"lat": place[0], "lon": place[1]} if abs(place[0]) <= 90 and any(place) else {},
    )
