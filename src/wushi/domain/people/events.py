"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wushi.kernel.actor import Actor


@dataclass(frozen=True)
class PersonLeft:
    """Somebody died or moved away; whatever was kept for him alone is over."""

    actor: Actor
    at: datetime
    person_id: UUID
    reason: str
