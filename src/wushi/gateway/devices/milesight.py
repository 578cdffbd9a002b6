"""Milesight WS101 (one button), WS136 and WS156 (three and five buttons): parts of channel, type and value, in any order.

A panel's button part holds the button, how it is set up (mode) and, where the mode tells more than short presses, how it
was pressed. Firmware newer than this file may add parts: what was read before an unknown one counts.
"""

from __future__ import annotations

from typing import Any

from wushi.domain.calls.wire import DeviceEvent, EventKind, Model
from wushi.gateway.devices.reading import PERCENT, Odd, careful, is_press, most_urgent, u8

VENDOR = "milesight"
# 1,080 minutes between two reports, as delivered
HEARTBEAT = 1080 * 60
_SHORT_LONG = {
    EventKind.PRESS.value: "ordinary",
    EventKind.PRESS_LONG.value: "emergency",
    # pressed twice in a row is somebody who is not sure of having been heard
    EventKind.PRESS_DOUBLE.value: "emergency",
}
MODELS = (
    Model(VENDOR, "ws101", "WS101", _SHORT_LONG, HEARTBEAT),
    # the red one, sold as SOS button: every press is a call for help
    Model(VENDOR, "ws101-sos", "WS101 SOS", dict.fromkeys(_SHORT_LONG, "emergency"), HEARTBEAT),
    Model(VENDOR, "ws136", "WS136", _SHORT_LONG, HEARTBEAT),
    Model(VENDOR, "ws156", "WS156", _SHORT_LONG, HEARTBEAT),
)

BATTERY, PRESSED, PANEL_PRESSED = (0x01, 0x75), (0xFF, 0x2E), (0xFF, 0x34)
FIRMWARE, INTERVAL, SWITCHED_ON, RESET = (0xFF, 0x0A), (0xFF, 0x03), (0xFF, 0x0B), (0xFF, 0xFE)
_ONE_BUTTON = {1: EventKind.PRESS, 2: EventKind.PRESS_LONG, 3: EventKind.PRESS_DOUBLE}
_PANEL = {0: EventKind.PRESS, 1: EventKind.PRESS, 2: EventKind.PRESS_DOUBLE, 3: EventKind.PRESS_LONG}
_SIZES = {
    BATTERY: 1,
    PRESSED: 1,
    PANEL_PRESSED: 3,
    FIRMWARE: 2,
    INTERVAL: 2,
    SWITCHED_ON: 1,
    RESET: 1,
    (0xFF, 0x01): 1,
    (0xFF, 0x09): 2,
    (0xFF, 0xFF): 2,
    (0xFF, 0x08): 6,
    (0xFF, 0x16): 8,
    (0xFF, 0x0F): 1,
    # echoes of what was set: buzzer, light, double press, restart, asked how it is
    (0xFF, 0x3E): 1,
    (0xFF, 0x2F): 1,
    (0xFF, 0x74): 1,
    (0xFF, 0x10): 1,
    (0xFF, 0x28): 1,
}


@careful
def decode(port: int, payload: bytes) -> DeviceEvent:
    """What a button or a panel says. The port is the buyer's to set, so every port is read."""
    u8(payload, 0)
    kinds: list[EventKind] = []
    said: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    at = 0
    while at < len(payload):
        part = (payload[at], u8(payload, at + 1)) if at + 1 < len(payload) else None
        size = _SIZES.get(part, 0) if part else 0
        value = payload[at + 2 : at + 2 + size]
        if part is None or not size or len(value) < size:
            why = "unknown_part" if part and not size else "short"
            if not (kinds or said):
                raise Odd(why, at=at)
            facts["left"], facts["why"] = payload[at:].hex(), why
            break
        _note(part, value, kinds, said, facts)
        at += 2 + size
    return DeviceEvent(most_urgent(kinds), facts=facts, **said)


def _note(
    part: tuple[int, int], value: bytes, kinds: list[EventKind], said: dict[str, Any], facts: dict[str, Any]
) -> None:
    """One part into what is known; a press in a manner nobody knows is a press all the same."""
    if part == BATTERY:
        if value[0] in PERCENT:
            said["battery"] = value[0]
    elif part == PRESSED:
        _press(_ONE_BUTTON.get(value[0]), value[0], kinds, facts)
    elif part == PANEL_PRESSED:
        if not any(is_press(kind) for kind in kinds):
            said["button"] = value[0]
        _press(_PANEL.get(value[2]), value[2], kinds, facts)
        facts["mode"] = value[1]
    elif part == FIRMWARE:
        said["firmware"] = f"{value[0]}.{value[1]:x}"
        kinds.append(EventKind.ONLINE)
    elif part == INTERVAL:
        seconds = int.from_bytes(value, "little")
        if seconds:
            said["interval"] = seconds
        kinds.append(EventKind.CONFIG)
    elif part in (SWITCHED_ON, RESET):
        kinds.append(EventKind.ONLINE)
    elif part[1] in (0x3E, 0x2F, 0x74, 0x10, 0x28):
        kinds.append(EventKind.COMMAND_ACK)


def _press(kind: EventKind | None, manner: int, kinds: list[EventKind], facts: dict[str, Any]) -> None:
    kinds.append(kind or EventKind.PRESS)
    if kind is None:
        facts["manner"] = manner
