"""代录: a member of staff or the hotline records what somebody told him."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from wushi.domain.accounts.duties import Duty
from wushi.domain.areas import queries as areas
from wushi.domain.cases import queries as cases
from wushi.domain.cases import services
from wushi.domain.cases.errors import AboutOfficial
from wushi.domain.cases.permissions import may_open
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import field_sentences, sentence
from wushi.kernel.errors import DomainError
from wushi.web import frame, labels, words
from wushi.web.cases.forms import IntakeForm
from wushi.web.forms import photo_ids, recording_ids
from wushi.web.labels import Badge
from wushi.web.photos import discard
from wushi.web.routes import SeeOther, remember

# How the last one came that was recorded on this device: the next one mostly comes the same way.
CHANNEL = "intake_channel"
VILLAGE = 12
GRID = frozenset({Duty.GRID_LEAD, Duty.GRID_WORKER, Duty.GRID_ASSISTANT})


@dataclass(frozen=True)
class EarlierRow:
    """A line of what the caller told before; no ``url`` where it is not his to open."""

    url: str
    title: str
    line: str
    badge: Badge


@dataclass(frozen=True)
class Again:
    """Name and place of the newest one he may open, to be taken over by one tap."""

    name: str
    area: str
    place: str


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
    # the form begins with a place that is not refused: what he may record for others comes first, his own grid before all
    own = {post.area for post in request.viewer.posts}
    return sorted(
        found.items(),
        key=lambda pair: (
            not may_open(request.actor, pair[0], True),
            len(pair[0]) != 15 or pair[0] not in own,
        ),
    )


def _channel(request: Any) -> str:
    """How it probably came: as the last one on this device, else as his duty has it."""
    last = request.COOKIES.get(CHANNEL, "")
    if last in IntakeForm.CAME:
        return str(last)
    duties = request.viewer.duties
    return "12345" if Duty.HOTLINE in duties else "visit" if duties & GRID else "walk"


def _form(request: Any, data: Any = None, initial: Any = None) -> IntakeForm:
    english = (get_language() or "").startswith("en")
    lines = cases.rulebook(request.actor.county).categories
    categories = [(line.code, (line.name_en or line.name) if english else line.name) for line in lines]
    return IntakeForm(
        data,
        initial=initial,
        spoken=data is not None and bool(recording_ids(request)),
        places=_places(request),
        categories=categories,
        channel=_channel(request),
        own_place=any(len(post.area) >= VILLAGE for post in request.viewer.posts),
    )


def _show(
    request: Any, form: IntakeForm, *, refusal: str = "", channels: Any = (), status: int = 0, **more: Any
) -> HttpResponse:
    return show(
        request,
        page="cases/new.html",
        piece="cases/_earlier.html",
        status=status or (422 if refusal or form.errors else 200),
        form=form,
        refusal=refusal,
        channels=channels,
        photos_kept=() if channels else photo_ids(request),
        voices_kept=() if channels else recording_ids(request),
        **more,
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
            answer = SeeOther(f"/work/cases/{case.id}/")
            remember(answer, CHANNEL, case.channel, secret=True)
            return answer
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


@guarded(frame.TAKERS)
def earlier(request: Any) -> HttpResponse:
    """What this caller told before. A POST: a number stands in no address, no history and no log.

    A script asks for the piece; without one the page comes again with what was typed.
    """
    caller, wrong = None, ""
    try:
        caller = services.look_up_caller(actor=request.actor, phone=request.POST.get("phone", ""))
    except DomainError as error:
        wrong = field_sentences(error).get("phone") or sentence(error)
    with request.reading():
        known = {name: request.POST[name] for name in IntakeForm.base_fields if request.POST.get(name)}
        return _show(
            request,
            _form(request, initial=known),
            status=422 if wrong else 200,
            caller=caller,
            rows=[_row(line) for line in caller.earlier] if caller else [],
            again=_again(caller) if caller else None,
            wrong=wrong,
        )


def _row(line: Any) -> EarlierRow:
    told = words.when(line.opened_at, timezone.now())
    url = f"/work/cases/{line.id}/" if line.id else ""
    return EarlierRow(url, line.title, f"{line.number} · {told}", labels.STAFF_STATES[line.state])


def _again(caller: services.Caller) -> Again | None:
    newest = next((line for line in caller.earlier if line.id), None)
    return Again(caller.name, newest.area, newest.place) if newest else None
