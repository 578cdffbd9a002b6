"""The families of wireless callers this installation can read: bytes in, one neutral event out.

To add one: a file like those beside it (``MODELS`` and ``decode``), its vectors in ``tests/gateway/vectors``, and its name
below. ``docs/DEVICES.md`` goes through it in twenty minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

from wushi.domain.calls.wire import DeviceEvent, Model
from wushi.gateway.devices.reading import unread

NAMES = (
    "milesight",
    "browan",
    "netvox",
    "lgt92",
    "trackerd",
    "radio_bridge",
    "an301",
    "plain",
)


class Family(Protocol):
    """What a file of a family holds."""

    @property
    def MODELS(self) -> Sequence[Model]:  # noqa: N802
        """The kinds of device it reads."""
        ...

    def decode(self, port: int, payload: bytes) -> DeviceEvent:
        """What a payload says; pure, and never raises."""
        ...


FAMILIES = {name: cast(Family, import_module(f"{__name__}.{name}")) for name in NAMES}
_BY_MODEL = {model.key: family for family in FAMILIES.values() for model in family.MODELS}


def models() -> list[Model]:
    """Every kind of device, as the families stand."""
    return [model for family in FAMILIES.values() for model in family.MODELS]


def decode(model: str, port: int, payload: bytes) -> DeviceEvent:
    """What a payload of a device of this model says; one of a model nobody knows is undecodable."""
    family = _BY_MODEL.get(model)
    if family is None:
        return unread("model", port, payload)
    return family.decode(port, payload)
