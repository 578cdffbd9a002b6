"""What a device says, whoever made it: the neutral forms between ``gateway`` (which reads bytes) and this room.

An envelope (ChirpStack, OneNET, ...) holds uplinks; a decoder of the device's family reads each into one event. Both are
pure functions of ``gateway`` and are handed in by ``config/wiring.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class EventKind(StrEnum):
    """What happened at the device."""

    PRESS = "press"  # short press
    PRESS_LONG = "press_long"
    PRESS_DOUBLE = "press_double"
    PRESS_SOS = "press_sos"  # a red button, or a fall
    RELEASE = "release"  # let go, held on: the end of a press that was told before
    CANCEL = "cancel"  # the device's own way to take a press back
    TEST = "test"
    HEARTBEAT = "heartbeat"
    ONLINE = "online"
    OFFLINE = "offline"
    TAMPER = "tamper"
    CONFIG = "config"
    COMMAND_ACK = "command_ack"
    UNDECODABLE = "undecodable"


PRESSES = frozenset({EventKind.PRESS, EventKind.PRESS_LONG, EventKind.PRESS_DOUBLE, EventKind.PRESS_SOS})


@dataclass(frozen=True)
class DeviceEvent:
    """One event. ``battery`` in percent (0-100), ``volts`` where the device tells only those; ``button`` counts from 1."""

    kind: EventKind
    battery: int | None = None
    volts: float | None = None
    battery_low: bool = False
    tamper: bool = False
    button: int | None = None
    # seconds between two heartbeats, where the device told its own setting
    interval: int | None = None
    firmware: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Uplink:
    """One message of one device, out of its envelope.

    ``uid`` is the device's own number (EUI, IMEI) in capital letters without separators. ``dedupe`` is the network's name
    for this message, the same in every copy ('' where it gives none; then ``counter`` and ``session`` name it).
    ``event`` is set where the network has read the payload itself; ``signal`` in dBm.
    """

    uid: str
    payload: bytes = b""
    port: int = 0
    dedupe: str = ""
    counter: int | None = None
    session: str = ""
    occurred_at: datetime | None = None
    signal: int | None = None
    battery: int | None = None
    event: DeviceEvent | None = None


class Unreadable(ValueError):
    """The message is no envelope of its kind; the text says what is wrong, for whoever looks at it later."""


@dataclass(frozen=True)
class Model:
    """A kind of device: how it is called, what its presses mean, how often it speaks by itself.

    ``classes`` maps an event kind to an urgency (emergency 紧急 red, ordinary 普通 green); ``buttons`` overrides it by button.
    ``heartbeat`` is in seconds; ``volts`` (empty, full) turns volts into percent.
    """

    vendor: str
    code: str
    name: str
    classes: Mapping[str, str]
    heartbeat: int = 24 * 3600
    buttons: Mapping[int, str] = field(default_factory=dict)
    volts: tuple[float, float] | None = None

    @property
    def key(self) -> str:
        """``vendor/code``, as a device's row keeps it."""
        return f"{self.vendor}/{self.code}"


# (envelope, body, headers in lower-case letters) -> uplinks; raises Unreadable
Opener = Callable[[str, bytes, Mapping[str, str]], Sequence[Uplink]]
# (model's key, port, payload) -> event; never raises
Decoder = Callable[[str, int, bytes], DeviceEvent]

_openers: list[Opener] = []
_decoders: list[Decoder] = []
_models: dict[str, Model] = {}


def register(opener: Opener, decoder: Decoder, models: Sequence[Model]) -> None:
    """Called only from ``config/wiring.py``."""
    _openers[:] = [opener]
    _decoders[:] = [decoder]
    _models.clear()
    _models.update({model.key: model for model in models})


def opened(envelope: str, body: bytes, headers: Mapping[str, str] | None = None) -> Sequence[Uplink]:
    """What a message holds. Raises Unreadable."""
    return _openers[0](envelope, body, headers or {})


def decoded(model: str, uplink: Uplink) -> DeviceEvent:
    """What an uplink of a device of this model says."""
    if uplink.event is not None:
        return uplink.event
    return _decoders[0](model, uplink.port, uplink.payload)


def models() -> Mapping[str, Model]:
    """The kinds of device this installation can read, by key."""
    return _models
