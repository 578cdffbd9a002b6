"""What this room announces."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wushi.kernel.actor import Actor


@dataclass(frozen=True)
class CaseOpened:
    """A request was taken in."""

    actor: Actor
    at: datetime
    case_id: UUID
    village: str


@dataclass(frozen=True)
class CaseHandled:
    """The holder says it is done; the resident is asked."""

    actor: Actor
    at: datetime
    case_id: UUID
    outcome: str


@dataclass(frozen=True)
class CaseClosed:
    """It is over: confirmed, or closed with a supervisor's reason."""

    actor: Actor
    at: datetime
    case_id: UUID
    closing: str


@dataclass(frozen=True)
class HistoriesWritten:
    """Many requests with times of their own were written in one transaction."""

    actor: Actor
    at: datetime
    county: str
