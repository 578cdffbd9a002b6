"""What a kind of notice is. Each room lists its own kinds in its ``messages.py``; the words stand in ``edge/notices.py``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """How it is sent: what is urgent passes the quiet hours and wakes people; a reminder waits and is put together."""

    URGENT = "urgent"
    NORMAL = "normal"
    REMINDER = "reminder"


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice: ``variables`` are the facts its sentence needs; ``group``: it may also go to a group's robot.

    ``at_once``: the answer to what somebody does this moment, or about what he must know of at once; no quiet hours.
    ``step``: a resident is told of it only when he asked to hear of every step.
    ``quiet``: that it was sent at all is nobody's but the recipient's; it stands in no list of the ledger, only in its sums.
    """

    code: str
    variables: tuple[str, ...]
    weight: Weight = Weight.NORMAL
    group: bool = False
    step: bool = False
    at_once: bool = False
    quiet: bool = False

    def __post_init__(self) -> None:
        if self.quiet:
            _quiet.add(self.code)


_quiet: set[str] = set()


def quiet_kinds() -> list[str]:
    """Codes of the kinds that stand in no list."""
    return sorted(_quiet)


SILENT = NoticeKind("notify.channel_silent", ("channel", "minutes"), Weight.URGENT)
TEST = NoticeKind("notify.test", ("channel",))
DIGEST = NoticeKind("notify.digest", ("n", "first"))
KINDS = (SILENT, TEST, DIGEST)
