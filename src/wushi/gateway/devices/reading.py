"""Reading bytes with care: what is too short or unknown becomes an event that says so, never an exception."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from wushi.domain.calls.wire import PRESSES, DeviceEvent, EventKind

Decode = Callable[[int, bytes], DeviceEvent]

# what several parts of one payload say, the most urgent first: the payload is the first of them
URGENCY = (
    EventKind.PRESS_SOS,
    EventKind.PRESS_LONG,
    EventKind.PRESS_DOUBLE,
    EventKind.PRESS,
    EventKind.CANCEL,
    EventKind.RELEASE,
    EventKind.TEST,
    EventKind.TAMPER,
    EventKind.ONLINE,
    EventKind.OFFLINE,
    EventKind.CONFIG,
    EventKind.COMMAND_ACK,
    EventKind.HEARTBEAT,
)
PERCENT = range(101)


class Odd(Exception):
    """The payload is not what this family sends; ``why`` is a code, with the facts beside it."""

    def __init__(self, why: str, **facts: Any) -> None:
        super().__init__(why)
        self.why, self.facts = why, facts


def careful(decode: Decode) -> Decode:
    """A decoder that tells ``Odd`` as an event ``undecodable`` with its reason."""

    @functools.wraps(decode)
    def inner(port: int, payload: bytes) -> DeviceEvent:
        try:
            return decode(port, payload)
        except Odd as odd:
            return unread(odd.why, port, payload, **odd.facts)

    return inner


def unread(why: str, port: int, payload: bytes, **facts: Any) -> DeviceEvent:
    """The event of a payload nobody can read."""
    return DeviceEvent(
        EventKind.UNDECODABLE, facts={"why": why, "port": port, "length": len(payload), **facts}
    )


def u8(payload: bytes, at: int) -> int:
    """One byte. Raises Odd beyond the end."""
    if at >= len(payload):
        raise Odd("short", wanted=at + 1)
    return payload[at]


def u16(payload: bytes, at: int) -> int:
    """Two bytes, the higher one first. Raises Odd beyond the end."""
    return u8(payload, at) << 8 | u8(payload, at + 1)


def signed(payload: bytes, at: int, size: int) -> int:
    """A number with a sign, the highest byte first. Raises Odd beyond the end."""
    u8(payload, at + size - 1)
    return int.from_bytes(payload[at : at + size], "big", signed=True)


def known_port(port: int, *ports: int) -> None:
    """Raises Odd for another port than the family speaks on."""
    if port not in ports:
        raise Odd("port", known=list(ports))


def most_urgent(kinds: list[EventKind]) -> EventKind:
    """What the payload is, where its parts say several things; nothing said is a heartbeat."""
    return min(kinds, key=URGENCY.index, default=EventKind.HEARTBEAT)


def is_press(kind: EventKind) -> bool:
    """Whether somebody is to come."""
    return kind in PRESSES
