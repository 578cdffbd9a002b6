"""电话代呼: somebody rang the village or the hotline and cannot press; it is written down and rings like any other."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from wushi.domain.areas import queries as areas
from wushi.domain.calls import services
from wushi.domain.calls.permissions import WRITES_DOWN
from wushi.domain.calls.services import Calling
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import status_of
from wushi.kernel.errors import DomainError
from wushi.web import frame, words
from wushi.web.calls.forms import WrittenForm
from wushi.web.routes import SeeOther

VILLAGE, COUNTY = 12, 6


def places_of(request: Any) -> list[tuple[str, str]]:
    """The villages and grids he may write down a call for, his own grid first; for a town and wider, villages by town."""
    found: dict[str, str] = {}
    for post in request.viewer.posts:
        if post.duty not in WRITES_DOWN:
            continue
        area = post.area if len(post.area) >= COUNTY else request.actor.county
        if len(area) > VILLAGE:
            found[area] = words.place([areas.name_of(area[:VILLAGE]), areas.name_of(area)])
        elif len(area) == VILLAGE:
            found[area] = areas.name_of(area)
            for grid in areas.places_under(area, "grid"):
                found[grid.code] = words.place([areas.name_of(area), grid.name])
        else:
            for village in areas.places_under(area, "village"):
                found[village.code] = f"{areas.name_of(village.parent)} {village.name}"
    return list(found.items())


def _page(request: Any, form: WrittenForm, refusal: str = "", status: int = 200) -> HttpResponse:
    return show(
        request,
        page="calls/written.html",
        status=status,
        form=form,
        refusal=refusal,
        **frame.office(request, "/work/calls/"),
    )


@guarded(WRITES_DOWN)
def new_call(request: Any) -> HttpResponse:
    """Where, and how urgent; the number to ring back where there is one."""
    if request.method != "POST":
        return _page(request, WrittenForm(places=places_of(request)))
    with request.reading():
        form = WrittenForm(request.POST, places=places_of(request))
        good = form.is_valid()
    refusal, status = "", 422
    if good:
        names = ("key", "area_code", "urgency", "place", "phone")
        try:
            calling = Calling(**{name: form.cleaned_data[name] for name in names}, way="phone")
            opened = services.open_call(actor=request.actor, calling=calling)
            return SeeOther(f"/work/calls/{opened.id}/")
        except DomainError as error:
            refusal, status = form.take(error), status_of(error)
    with request.reading():
        return _page(request, form, refusal, status)
