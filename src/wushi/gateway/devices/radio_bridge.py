"""Radio Bridge RBS301 and RBS304 push buttons: a counter, what happened, and its facts; any port.

One press is told in up to three messages: pressed, held when it lasts, released. Held makes the same call urgent; released
ends nothing and calls nobody.
"""

from __future__ import annotations

from wushi.domain.calls.wire import DeviceEvent, EventKind, Model
from wushi.gateway.devices.reading import Odd, careful, u8

VENDOR = "radio-bridge"
_CLASSES = {
    EventKind.PRESS.value: "ordinary",
    EventKind.PRESS_LONG.value: "emergency",
    EventKind.PRESS_SOS.value: "emergency",
}
MODELS = (
    Model(VENDOR, "rbs301", "RBS301", _CLASSES, volts=(2.4, 3.0)),
    Model(VENDOR, "rbs304", "RBS304", _CLASSES, volts=(2.4, 3.0)),
)
STARTED, ALIVE, OPENED, PUSHED, LINK, TRIED, ANSWERED = 0x00, 0x01, 0x02, 0x06, 0xFB, 0xFD, 0xFF
# which button: 1 and 2 of two, the only one, both at once
_BUTTONS = {0x01: 1, 0x02: 2, 0x03: 1}
BOTH = 0x12
_STATES = {0: EventKind.PRESS, 1: EventKind.RELEASE, 2: EventKind.PRESS_LONG}
LOW, OPEN = 0x02, 0x08


@careful
def decode(port: int, payload: bytes) -> DeviceEvent:
    """What the button says happened."""
    counter, what = u8(payload, 0) & 0x0F, u8(payload, 1)
    facts = {"counter": counter, "protocol": payload[0] >> 4}
    if what == PUSHED:
        return _pushed(u8(payload, 2), u8(payload, 3), facts)
    if what == ALIVE:
        flags, volts = u8(payload, 2), u8(payload, 4)
        return DeviceEvent(
            EventKind.HEARTBEAT,
            # two decimal digits, volts and tenths
            volts=(volts >> 4) + (volts & 0x0F) / 10,
            battery_low=bool(flags & LOW),
            tamper=bool(flags & OPEN),
            facts=facts,
        )
    if what == OPENED:
        closed = u8(payload, 2) != 0
        return DeviceEvent(
            EventKind.HEARTBEAT if closed else EventKind.TAMPER, tamper=not closed, facts=facts
        )
    if what == STARTED:
        return DeviceEvent(EventKind.ONLINE, firmware=_firmware(u8(payload, 4), u8(payload, 5)), facts=facts)
    plain = {LINK: EventKind.HEARTBEAT, TRIED: EventKind.TEST, ANSWERED: EventKind.COMMAND_ACK}
    if what not in plain:
        raise Odd("event", event=what)
    return DeviceEvent(plain[what], facts=facts)


def _pushed(which: int, state: int, facts: dict[str, int]) -> DeviceEvent:
    """A press in a manner nobody knows is a press all the same."""
    kind = _STATES.get(state, EventKind.PRESS)
    if which == BOTH and kind == EventKind.PRESS:
        kind = EventKind.PRESS_SOS
    return DeviceEvent(kind, button=_BUTTONS.get(which), facts={**facts, "which": which, "state": state})


def _firmware(high: int, low: int) -> str:
    """Two numbers, or three where the top bit says so."""
    if not high & 0x80:
        return f"{high}.{low}"
    return f"{high >> 2 & 0x1F}.{(high & 0x03) << 3 | low >> 5}.{low & 0x1F}"
