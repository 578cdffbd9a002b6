"""Announcements of this room."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wushi.kernel.actor import Actor


@dataclass(frozen=True)
class CallOpened:
    """Somebody called."""

    actor: Actor
    at: datetime
    call_id: UUID
    village: str


@dataclass(frozen=True)
class CallEnded:
    """Somebody was there, and it is over."""

    actor: Actor
    at: datetime
    call_id: UUID
    village: str
