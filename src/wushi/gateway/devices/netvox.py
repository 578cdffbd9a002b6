"""Netvox R312A (emergency button): reports on port 6, its settings on 7, how long to press on 13."""

from __future__ import annotations

from wushi.domain.calls.wire import DeviceEvent, EventKind, Model
from wushi.gateway.devices.reading import Odd, careful, known_port, u8, u16

VENDOR = "netvox"
MODELS = (
    # made for emergencies and pressed for seconds: there is no ordinary press
    Model(VENDOR, "r312a", "R312A", {EventKind.PRESS.value: "emergency"}, volts=(2.4, 3.0)),
)
REPORT, SETTINGS, PRESS_TIME = 6, 7, 13
R312A = 0x4D
LOW = 0x80
SET_DONE, READ = 0x81, 0x82


@careful
def decode(port: int, payload: bytes) -> DeviceEvent:
    """What the button reports, or answers to what it was asked."""
    known_port(port, REPORT, SETTINGS, PRESS_TIME)
    if port == REPORT:
        return _report(payload)
    answer = u8(payload, 0)
    if answer == SET_DONE:
        status = u8(payload, 2 if port == SETTINGS else 1)
        return DeviceEvent(EventKind.COMMAND_ACK, facts={"done": status == 0})
    if answer != READ:
        raise Odd("answer", answer=answer)
    if port == PRESS_TIME:
        return DeviceEvent(EventKind.CONFIG, facts={"press_seconds": u8(payload, 1)})
    change = u8(payload, 6) / 10
    return DeviceEvent(
        EventKind.CONFIG,
        # the longest it stays silent
        interval=u16(payload, 4) or None,
        facts={"least_seconds": u16(payload, 2), "battery_change": change},
    )


def _report(payload: bytes) -> DeviceEvent:
    if u8(payload, 1) != R312A:
        raise Odd("device", device=payload[1])
    if u8(payload, 2) == 0:
        version = u8(payload, 3)
        return DeviceEvent(EventKind.ONLINE, firmware=f"{version // 10}.{version % 10}")
    volts, alarm = u8(payload, 3), u8(payload, 4)
    return DeviceEvent(
        EventKind.PRESS if alarm else EventKind.HEARTBEAT,
        volts=(volts & ~LOW) / 10,
        battery_low=bool(volts & LOW),
        facts={"alarm": alarm},
    )
