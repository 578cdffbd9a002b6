"""值班表: from when to when somebody is rung in the place of a post's holder. The rungs stay what they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone

from wushi.domain.accounts.duties import Duty
from wushi.domain.areas import queries as areas
from wushi.domain.calls import services
from wushi.domain.calls.queries.pages import watch_posts, watches_of
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import status_of
from wushi.kernel.errors import DomainError, NotFound
from wushi.web import frame, labels
from wushi.web.calls.forms import WatchForm
from wushi.web.routes import SeeOther

HERE = "/work/calls/watch/"
ROSTERERS = frozenset(
    {Duty.SECRETARY, Duty.TOWN_CLERK, Duty.TOWN_LEAD, Duty.DISTRICT_CLERK, Duty.DISTRICT_ADMIN}
)


@dataclass(frozen=True)
class WatchRow:
    """One watch."""

    id: UUID
    name: str
    line: str
    begins_at: datetime
    ends_at: datetime
    now: bool


def _rows(request: Any, now: datetime) -> list[WatchRow]:
    return [
        WatchRow(
            row.id,
            row.user.name,
            f"{labels.word(labels.DUTIES, row.duty)} · {areas.name_of(row.area)}",
            row.begins_at,
            row.ends_at,
            row.begins_at <= now,
        )
        for row in watches_of(request.actor, now)
    ]


def _form(request: Any, data: Any = None) -> WatchForm:
    now = timezone.localtime()
    posts = watch_posts(request.actor, now.date())
    places = {
        f"{p.duty}@{p.area}": f"{labels.word(labels.DUTIES, p.duty)} · {areas.name_of(p.area)}" for p in posts
    }
    people: dict[str, str] = {}
    for post in posts:
        people.setdefault(str(post.user_id), f"{post.user.name} · {places[f'{post.duty}@{post.area}']}")
    evening = now.replace(hour=18, minute=0, second=0, microsecond=0)
    first = {"begins_at": evening, "ends_at": (evening + timedelta(days=1)).replace(hour=8)}
    return WatchForm(data, posts=list(places.items()), people=list(people.items()), initial=first)


def _page(request: Any, form: WatchForm | None = None, refusal: str = "", status: int = 200) -> HttpResponse:
    return show(
        request,
        page="calls/watch.html",
        status=status,
        rows=_rows(request, timezone.now()),
        form=form or _form(request),
        refusal=refusal,
        **frame.office(request, HERE),
    )


@guarded(ROSTERERS)
def watch(request: Any) -> HttpResponse:
    """Who is on watch now and next, and putting somebody on it."""
    if request.method != "POST":
        return _page(request)
    with request.reading():
        form = _form(request, request.POST)
        good = form.is_valid()
    refusal, status = "", 422
    if good:
        said = form.cleaned_data
        duty, _at, area = said["post"].partition("@")
        try:
            services.put_on_watch(
                actor=request.actor,
                area=area,
                duty=duty,
                user_id=UUID(said["user_id"]),
                begins_at=said["begins_at"],
                ends_at=said["ends_at"],
            )
            return SeeOther(HERE)
        except DomainError as error:
            refusal, status = form.take(error), status_of(error)
    with request.reading():
        return _page(request, form, refusal, status)


@guarded(ROSTERERS)
def off(request: Any, watch_id: UUID) -> HttpResponse:
    """The watch ends now; the post's holders are rung again."""
    try:
        services.take_off_watch(actor=request.actor, watch_id=watch_id)
    except NotFound as error:
        raise Http404 from error
    return SeeOther(HERE)
