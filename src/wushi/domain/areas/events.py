"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime

from wushi.kernel.actor import Actor


@dataclass(frozen=True)
class AreasReplaced:
    """Areas ended and others took their place (merge or split)."""

    actor: Actor
    at: datetime
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class CalendarChanged:
    """Holidays, make-up days or working hours were loaded; ``county`` 000000 is the nation."""

    actor: Actor
    at: datetime
    county: str
