"""What goes in and out of calls; a field that is not declared here neither enters nor leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime

from wushi.plumbing.pages import PAGE

Clock = Literal["acknowledge", "arrive"]


class CallFilter(Schema):
    """What a list is narrowed to."""

    stage: str = Field("", description="open, unanswered (nobody is there yet), over, or a state")
    urgency: Literal["", "emergency", "ordinary"] = ""
    area: str = Field("", description="9, 12 or 15 digits")
    device: UUID | None = Field(None, description="the id of a wireless caller")
    since: AwareDatetime | None = Field(None, description="opened at or after, with zone")
    until: AwareDatetime | None = Field(None, description="opened before, with zone")
    after: str = Field("", description="the `next` of the page before")
    limit: int = Field(PAGE, ge=1, le=200)


class CallLine(Schema):
    """One call in a list. Name and number are whole only for whom the ladder may ring there, or who has it in hand."""

    id: UUID
    urgency: Literal["emergency", "ordinary"]
    state: str
    way: str = Field(description="button, page, family or phone")
    area: str = Field(description="the most exact code, 6 to 15 digits")
    place: str
    name: str
    phone: str
    device_id: UUID | None
    opened_at: datetime
    pressed_at: datetime | None = Field(description="the device's own time, where it told one")
    presses: int
    acknowledged_at: datetime | None
    on_way_at: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    stand_in: bool = Field(description="somebody else than the village's secretary was there (代到)")
    late: list[str] = Field(description="promises that passed: acknowledge, arrive")


class CallPage(Schema):
    """Calls, the newest first; ``next`` is empty at the end."""

    calls: list[CallLine]
    next: str


class ClockOut(Schema):
    """One of the two clocks."""

    clock: Clock
    due_at: datetime
    done_at: datetime | None
    late: bool


class RungOut(Schema):
    """A rung of the ladder that was taken."""

    number: int
    code: str
    at: datetime
    rang: int = Field(description="how many people")


class StepOut(Schema):
    """One step of the trace."""

    verb: str
    state: str
    at: datetime
    by: Literal["staff", "caller", "device", "house"]
    name: str
    words: str


class CallOut(CallLine):
    """One call with its clocks, its ladder and its trace, and the verbs that are the reader's now."""

    arrived_how: str
    confirmed_how: list[str]
    finding: str
    services: list[str]
    rating: str
    case_id: UUID | None
    helps: list[str] = Field(description="what whoever comes should know; only for whom the ladder may ring")
    clocks: list[ClockOut]
    rungs: list[RungOut]
    steps: list[StepOut]
    may: list[str]


class ArriveIn(Schema):
    """How the arrival is known; nothing of it is required."""

    how: Literal["word", "fix"] = "word"
    door_code: str = Field("", max_length=24)


class EndIn(Schema):
    """What was found."""

    finding: Literal["helped", "hospital", "company", "mistaken", "device", "nobody", "other"]
    words: str = Field("", max_length=1000)


class MistakenIn(Schema):
    """How he spoke with the person."""

    spoke: Literal["phone", "there"]
    words: str = Field("", max_length=1000)


class WordsIn(Schema):
    """A word about it."""

    words: str = Field("", max_length=1000)


class ServiceIn(Schema):
    """Who was called too."""

    service: Literal["110", "119", "120"]
