"""Buttons that speak our own plain JSON (docs/DEVICES.md): 4G buttons, receivers of 433 MHz buttons, anything with a program.

The envelope has read such a message already; this reads one that came inside another envelope, as its bytes.
"""

from __future__ import annotations

from wushi.domain.calls.wire import DeviceEvent, EventKind, Model, Unreadable
from wushi.gateway.devices.reading import Odd, careful
from wushi.gateway.envelopes.plain import event_of
from wushi.gateway.envelopes.reading import read_object

VENDOR = "wushi"
_CLASSES = {
    EventKind.PRESS.value: "ordinary",
    EventKind.PRESS_DOUBLE.value: "emergency",
    EventKind.PRESS_LONG.value: "emergency",
    EventKind.PRESS_SOS.value: "emergency",
}
MODELS = (
    Model(VENDOR, "4g", "4G button", _CLASSES),
    # the red one beside it is the emergency (红键紧急、绿键求助)
    Model(VENDOR, "4g-two", "4G button, red and green", _CLASSES, buttons={1: "emergency", 2: "ordinary"}),
)


@careful
def decode(port: int, payload: bytes) -> DeviceEvent:
    """The event of one plain message."""
    try:
        return event_of(read_object(payload))
    except Unreadable as error:
        raise Odd("not_plain", error=str(error)[:80]) from None
