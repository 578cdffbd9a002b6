"""站内消息: what one was told, newest first; opening one marks it read and leads to the matter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import get_language

from wushi.domain.notify import queries as notify
from wushi.domain.notify.services import mark_read
from wushi.edge import live
from wushi.edge.guard import guarded, resident_page
from wushi.edge.notices import render
from wushi.edge.pages import show
from wushi.plumbing.pages import PAGE, Cursor, beyond
from wushi.web import asked, frame
from wushi.web.routes import SeeOther


@dataclass(frozen=True)
class Card:
    """One notice as a row."""

    id: UUID
    title: str
    text: str
    at: datetime
    unread: bool
    urgent: bool


def cards(rows: list[Any]) -> list[Card]:
    """In the language of the page, not of the day they were made."""
    language = get_language() or ""
    found = []
    for row in rows:
        said = render(row.kind, row.facts, language, "inbox")
        title, text = said.title, said.text
        found.append(Card(row.id, title, text, row.created_at, row.read_at is None, row.weight == "urgent"))
    return found


def _page(request: Any, base: str) -> dict[str, Any]:
    after = asked.cursor(request)
    rows = list(notify.inbox_of(request.actor).filter(beyond("created_at", after, True))[: PAGE + 1])
    more = Cursor(rows[PAGE - 1].created_at, rows[PAGE - 1].id).encode() if len(rows) > PAGE else ""
    return {
        "cards": cards(rows[:PAGE]),
        "base": base,
        "next_url": f"{base}?after={more}" if more else "",
        "unread": notify.unread_of(request.actor),
        "topic": live.topic("inbox", request.actor.ref),
        "live_ticket": live.ticket(request, []),
    }


@guarded()
def work_inbox(request: Any) -> HttpResponse:
    """A member of staff's notices."""
    base = "/work/inbox/"
    known = _page(request, base) | frame.office(request, base)
    return show(request, page="notify/inbox.html", piece="notify/_inbox.html", **known)


@guarded()
def badge(request: Any) -> HttpResponse:
    """The bell alone, for the live refresh of any page."""
    return show(request, page="notify/_bell.html", **frame.bell(request))


@guarded()
def work_read_all(request: Any) -> HttpResponse:
    """Everything was seen."""
    mark_read(request.actor)
    return SeeOther("/work/inbox/")


def _open(request: Any, notice_id: UUID, fallback: str) -> HttpResponse:
    with request.reading():
        row = notify.inbox_of(request.actor).filter(id=notice_id).first()
    if row is None:
        raise Http404
    mark_read(request.actor, [row.id])
    return SeeOther(row.link or fallback)


@guarded()
def work_open(request: Any, notice_id: UUID) -> HttpResponse:
    """Read, and on to the matter."""
    return _open(request, notice_id, "/work/inbox/")


@resident_page
def my_inbox(request: Any) -> HttpResponse:
    """A resident's notices: the same words as in his text messages."""
    known = _page(request, "/me/inbox/") | frame.resident("/me/")
    return show(request, page="notify/my_inbox.html", piece="notify/_inbox.html", **known)


@resident_page
def my_open(request: Any, notice_id: UUID) -> HttpResponse:
    """Read, and on to the matter."""
    return _open(request, notice_id, "/me/inbox/")
