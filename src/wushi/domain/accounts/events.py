"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wushi.kernel.actor import Actor


@dataclass(frozen=True)
class PostEnded:
    """A person no longer holds a post; whatever he held by it goes back to the duty's tray."""

    actor: Actor
    at: datetime
    user_id: UUID
    duty: str
    area: str
    unit: str
    vacant: bool
