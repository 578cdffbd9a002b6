"""What carries a letter out of the house. The adapters are in ``gateway/channels``; ``config/wiring`` hands them in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Result(StrEnum):
    """What the provider made of it."""

    SENT = "sent"
    THROTTLED = "throttled"  # later, and not counted as a try
    FAILED = "failed"  # worth another try
    REFUSED = "refused"  # never: this letter or this address
    BARRED = "barred"  # us: a key, a secret, an address of ours. Everything waits until somebody mends it
    UNSURE = "unsure"  # the reply was cut off
    UNFILED = "unfiled"  # 短信签名未报备


@dataclass(frozen=True)
class Letter:
    """One message on its way: ``key`` is the same at every try, so that a provider can tell a repetition."""

    key: str
    address: str
    text: str
    kind: str
    variables: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    link: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class Answer:
    """The provider's answer: its code, its own number for the message, the seconds it wants us to wait."""

    result: Result
    code: str = ""
    ref: str = ""
    wait: float = 0.0


class Carrier(Protocol):
    """One provider that is set up."""

    @property
    def name(self) -> str:
        """What the installation calls it."""

    @property
    def channel(self) -> str:
        """sms, voice, app, mail, push or robot."""

    @property
    def area(self) -> str:
        """Robots: whose matters the group is for; '' elsewhere."""

    @property
    def filed(self) -> bool:
        """False while the operators have not filed the signature (短信签名未报备): nothing is sent."""

    @property
    def per_minute(self) -> int:
        """How many it takes in any 60 seconds; 0: no limit."""

    @property
    def tells_repetition(self) -> bool:
        """It drops a second message with the same key itself, so asking again after a cut reply is safe."""

    def send(self, letter: Letter) -> Answer:
        """Hand it over; never raises for what a provider may answer."""
        ...


@dataclass(frozen=True)
class Said:
    """A notice as a channel says it: title, text, the link as a phone can open it, and the facts as people write them.

    ``variables`` stand in the order in which the kind of notice names them: a provider's template counts them.
    """

    title: str
    text: str
    link: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)


# (kind, facts, language, channel) -> the words, which are the edge's
Renderer = Callable[[str, Mapping[str, Any], str, str], Said]

_carriers: list[Callable[[], Mapping[str, Carrier]]] = []
_renderers: list[Renderer] = []
_troubles: list[Callable[[], str]] = []


def register(
    carriers: Callable[[], Mapping[str, Carrier]],
    renderer: Renderer,
    trouble: Callable[[], str] = str,
) -> None:
    """Called only from ``config/wiring.py``; ``carriers`` is asked each time, for the file may have changed."""
    _carriers[:] = [carriers]
    _renderers[:] = [renderer]
    _troubles[:] = [trouble]


def trouble() -> str:
    """Why the file of providers cannot be read as it is now ('' when it can): the last good one is in force."""
    return _troubles[0]() if _troubles else ""


def carriers() -> Mapping[str, Carrier]:
    """What is set up, by name."""
    return _carriers[0]() if _carriers else {}


def carrier_of(channel: str) -> Carrier | None:
    """The one for a channel of single persons."""
    return next((c for c in carriers().values() if c.channel == channel), None)


def robots_for(area: str) -> list[Carrier]:
    """The robots of the groups an area's matters belong to: those of the most exact area that has any."""
    found = [c for c in carriers().values() if c.channel == "robot" and area.startswith(c.area)]
    longest = max((len(c.area) for c in found), default=0)
    return [c for c in found if len(c.area) == longest]


def words(kind: str, facts: Mapping[str, Any], language: str, channel: str) -> Said:
    """The words exactly as they are sent."""
    return _renderers[0](kind, facts, language, channel)
