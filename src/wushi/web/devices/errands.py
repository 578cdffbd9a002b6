"""待办: devices that lost contact, batteries, tests, and people to be told afterwards; each seen to by one of the village."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone

from wushi.domain.calls import services
from wushi.domain.calls.permissions import KEEPERS, READERS
from wushi.domain.calls.queries.pages import done_errands, open_errands
from wushi.edge import live
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import status_of
from wushi.kernel.errors import DomainError, NotFound
from wushi.web import frame, labels, words
from wushi.web.calls.cards import where_of
from wushi.web.forms import Form
from wushi.web.labels import Badge
from wushi.web.labels import calls as said
from wushi.web.routes import SeeOther

HERE = "/work/devices/errands/"


@dataclass(frozen=True)
class ErrandRow:
    """One errand: what, where, since when, by when."""

    id: UUID
    badge: Badge
    title: str
    line: str
    url: str
    since: datetime
    due: str
    due_colour: str
    tells: bool
    done: str = ""
    done_at: datetime | None = None


def _area(errand: Any) -> str:
    return errand.grid or errand.village or errand.town or errand.county


def row_of(errand: Any, now: datetime) -> ErrandRow:
    """In words, with the way to the device or the call."""
    device = errand.device if errand.device_id else None
    place = f"{where_of(_area(errand))} {device.place if device else ''}".strip()
    url = (
        f"/work/calls/{errand.call_id}/"
        if errand.call_id
        else f"/work/devices/{device.id}/"
        if device
        else ""
    )
    late = errand.due_at is not None and errand.due_at <= now
    return ErrandRow(
        errand.id,
        said.ERRANDS[errand.kind],
        place,
        str(said.ERRAND_LINES[errand.kind]),
        url,
        errand.since,
        words.deadline(errand.due_at, now) if errand.due_at else "",
        "red" if late else "",
        errand.kind == "inform",
        labels.word(said.DONE_HOW, errand.how) if errand.done_at else "",
        errand.done_at,
    )


def topics_of(request: Any) -> list[str]:
    """The areas whose devices he looks after; what a call leaves is heard of by its line of duty alone."""
    posts = [p for p in request.viewer.posts if p.duty in KEEPERS and len(p.area) >= 6]
    found = {live.topic("errands", post.area) for post in posts}
    return sorted(found | {live.topic("calls", post.area) for post in posts if post.duty in READERS})


def _page(request: Any, refusal: str = "", status: int = 200) -> HttpResponse:
    now, topics = timezone.now(), topics_of(request)
    return show(
        request,
        page="devices/errands.html",
        piece="devices/_errands.html",
        status=status,
        rows=[row_of(errand, now) for errand in open_errands(request.actor)],
        done=[row_of(errand, now) for errand in done_errands(request.actor)],
        told=list(said.TOLD_HOW.items()),
        refusal=refusal,
        topic=" ".join(topics),
        live_ticket=live.ticket(request, topics),
        **frame.office(request, "/work/devices/"),
    )


@guarded(KEEPERS)
def errands(request: Any) -> HttpResponse:
    """What is to be seen to, the oldest first."""
    return _page(request)


@guarded(KEEPERS)
def done(request: Any, errand_id: UUID) -> HttpResponse:
    """Seen to; whoever was to be told was told, and how."""
    try:
        services.do_errand(
            actor=request.actor, errand_id=errand_id, how=request.POST.get("how", "") or "done"
        )
    except NotFound as error:
        raise Http404 from error
    except DomainError as error:
        with request.reading():
            return _page(request, Form().take(error), status_of(error))
    return SeeOther(HERE)
