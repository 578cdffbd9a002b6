"""Browan TBPB100 (Tabs push button): eight bytes on port 147."""

from __future__ import annotations

from wushi.domain.calls.wire import DeviceEvent, EventKind, Model
from wushi.gateway.devices.reading import careful, known_port, u8

VENDOR = "browan"
PORT, LENGTH = 147, 8
MODELS = (Model(VENDOR, "tbpb100", "TBPB100", {EventKind.PRESS.value: "ordinary"}, volts=(2.8, 3.6)),)


@careful
def decode(port: int, payload: bytes) -> DeviceEvent:
    """Bit 0 of the first byte: pressed. Without it the button only says that it is there."""
    known_port(port, PORT)
    u8(payload, LENGTH - 1)
    pressed = payload[0] & 1
    return DeviceEvent(
        EventKind.PRESS if pressed else EventKind.HEARTBEAT,
        # tenths of a volt above 2.5
        volts=(25 + (payload[1] & 0x0F)) / 10,
        facts={"board_c": (payload[2] & 0x7F) - 32},
    )
