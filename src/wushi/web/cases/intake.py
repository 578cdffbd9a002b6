"""代录: a member of staff or the hotline records what somebody told him."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import get_language

from wushi.domain.accounts.duties import Duty
from wushi.domain.areas import queries as areas
from wushi.domain.cases import queries as cases
from wushi.domain.cases import services
from wushi.domain.cases.errors import AboutOfficial
from wushi.domain.cases.permissions import may_open
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import sentence
from wushi.kernel.errors import DomainError
from wushi.web import frame, words
from wushi.web.cases.forms import IntakeForm
from wushi.web.forms import photo_ids, recording_ids
from wushi.web.photos import discard
from wushi.web.routes import SeeOther


def _places(request: Any) -> list[tuple[str, Any]]:
    """The villages and grids he may record for; for a town and wider, villages by town."""
    found: dict[str, str] = {}
    for post in request.viewer.posts:
        if post.duty not in frame.TAKERS:
            continue
        area = post.area if len(post.area) >= 6 else request.actor.county
        near = [areas.place(area[:12])] if len(area) >= 12 else []
        villages = [p for p in near if p] or areas.places_under(area, "village")
        for village in villages:
            found[village.code] = village.name if near else f"{areas.name_of(village.parent)} {village.name}"
            if near:
                found |= {
                    grid.code: words.place([village.name, grid.name])
                    for grid in areas.places_under(village.code, "grid")
                }
    # what he may record for others comes first: the form begins with a place that is not refused
    return sorted(found.items(), key=lambda pair: not may_open(request.actor, pair[0], True))


def _form(request: Any, data: Any = None) -> IntakeForm:
    english = (get_language() or "").startswith("en")
    lines = cases.rulebook(request.actor.county).categories
    categories = [(line.code, (line.name_en or line.name) if english else line.name) for line in lines]
    channel = "12345" if Duty.HOTLINE in request.viewer.duties else "walk"
    spoken = data is not None and bool(recording_ids(request))
    return IntakeForm(data, spoken=spoken, places=_places(request), categories=categories, channel=channel)


def _show(request: Any, form: IntakeForm, *, refusal: str = "", channels: Any = ()) -> HttpResponse:
    return show(
        request,
        page="cases/new.html",
        status=422 if refusal or form.errors else 200,
        form=form,
        refusal=refusal,
        channels=channels,
        photos_kept=() if channels else photo_ids(request),
        voices_kept=() if channels else recording_ids(request),
        **frame.office(request, "/work/new/"),
    )


@guarded(frame.TAKERS)
def new_case(request: Any) -> HttpResponse:
    """Three fields are enough."""
    if request.method != "POST":
        return _show(request, _form(request))
    with request.reading():
        form = _form(request, request.POST)
        good = form.is_valid()
    refusal: str = ""
    channels: Any = ()
    if good:
        try:
            case = services.open_case(actor=request.actor, intake=_intake(request, form.cleaned_data))
            return SeeOther(f"/work/cases/{case.id}/")
        except AboutOfficial as error:
            # nothing is kept, and nothing is shown again that could be read over a shoulder
            discard(request)
            refusal, channels = sentence(error), error.facts["channels"]
        except DomainError as error:
            refusal = form.take(error)
    with request.reading():
        return _show(request, _form(request) if channels else form, refusal=refusal, channels=channels)


def _intake(request: Any, said: dict[str, Any]) -> services.Intake:
    names = ("text", "area_code", "key", "urgency", "place", "name", "phone", "kind", "category", "channel")
    on_behalf = said["on_behalf"] == "yes"
    return services.Intake(
        **{name: said[name] for name in names},
        number=services.take_number(request.actor.county),
        on_behalf=on_behalf,
        consent=said["consent"] if on_behalf else "",
        wants_reply=bool(said["phone"]),
        about_official=said["about_official"] == "yes",
        photos=photo_ids(request),
        recordings=recording_ids(request),
    )
