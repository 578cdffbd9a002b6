"""What goes in and out; a field that is not declared here neither enters nor leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema


class NewCase(Schema):
    """A request as another system sends it."""

    area_code: str = Field(description="12 digits of a village or 15 of a grid", min_length=12, max_length=15)
    text: str = Field(
        "",
        description="what is said, at most 2000 characters; may be empty with a recording",
        max_length=2000,
    )
    channel: Literal["h5", "qr", "tel", "walk", "visit", "patrol", "12345", "letter", "dept", "leader", "api"]
    kind: str = Field("", max_length=12)
    category: str = Field("", max_length=32)
    urgency: Literal["normal", "soon", "urgent"] = "normal"
    place: str = Field("", max_length=200)
    name: str = Field("", max_length=60)
    phone: str = Field("", max_length=30)
    wants_reply: bool = True
    about_official: bool = Field(
        False, description="true is refused (422) with the discipline inspection's channels; nothing is kept"
    )
    photos: list[UUID] = Field(default_factory=list, max_length=20)
    recordings: list[UUID] = Field(default_factory=list, max_length=5)
    longitude: float | None = Field(None, ge=-180, le=180)
    latitude: float | None = Field(None, ge=-90, le=90)


class Opened(Schema):
    """The receipt of a request."""

    number: str
    receipt_code: str
    track_url: str


class StepOut(Schema):
    """One step as the resident sees it."""

    verb: str
    at: datetime
    by: Literal["resident", "staff", "house"]
    words: str


class Tracked(Schema):
    """What became of a request."""

    number: str
    state: str
    opened_at: datetime
    due_at: datetime
    handled_at: datetime | None
    closed_at: datetime | None
    outcome: str
    supervised: str = Field(description="empty, yellow or red (督办)")
    follows: str = Field(
        "", description="of a merged request: the state of the one it is settled with, whose times these are"
    )
    steps: list[StepOut]


class Refused(Schema):
    """A refusal: the code is stable, the message is for people."""

    code: str
    message: str
    fields: dict[str, str] | None = None
    facts: dict[str, object] | None = None
