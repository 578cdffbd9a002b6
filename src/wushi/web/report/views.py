"""A resident tells something; the receipt; and the way that does not pass through here."""

from __future__ import annotations

import functools
import io
from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from wushi.domain.areas import queries as areas
from wushi.domain.cases import queries as cases
from wushi.domain.cases import services
from wushi.domain.cases.errors import AboutOfficial, NotServed
from wushi.domain.cases.rules import decide_pace, due_at
from wushi.edge.guard import public, receipt_page
from wushi.edge.pages import show
from wushi.kernel.actor import Actor
from wushi.kernel.errors import DomainError
from wushi.web import asked, words
from wushi.web.family.cards import choices_of
from wushi.web.forms import photo_ids, recording_ids
from wushi.web.photos import discard
from wushi.web.report.cards import channel_cards, receipt_card
from wushi.web.report.forms import ReportForm
from wushi.web.routes import SeeOther


def for_its_county(view: Any) -> Any:
    """A report belongs to the county of its place, whichever the phone was in before: there he is nobody yet.

    Outside the guard, because that opens the reading in the actor's county.
    """

    @functools.wraps(view)
    def inner(request: Any) -> HttpResponse:
        asked_for = (
            request.POST.get("area_code", "") if request.method == "POST" else request.GET.get("at", "")
        )
        county = asked.code(asked_for, 12, 15)[:6]
        if county and county != request.actor.county:
            request.actor = Actor.anonymous(county)
        response: HttpResponse = view(request)
        return response

    return inner


def place_known(code: str, scanned: bool) -> dict[str, str] | None:
    """A place a resident may tell of, as the page names it; None where it is not known."""
    code = asked.code(code, 12, 15)
    found = areas.place(code) if code else None
    if found is None or found.ended:
        return None
    name = words.place([areas.name_of(code[:12]), found.name]) if len(code) == 15 else found.name
    return {"name": name, "line": _("Known from the door, nothing to fill in") if scanned else ""}


def villages_of(county: str) -> list[dict[str, Any]]:
    """The villages to choose from where the place of what was typed is not known; nothing typed is lost on the way."""
    towns: dict[str, list[Any]] = {}
    for village in areas.places_under(county, "village"):
        towns.setdefault(village.parent, []).append(village)
    return [{"name": areas.name_of(code), "villages": villages} for code, villages in towns.items()]


def _promise(county: str) -> str:
    """By when an ordinary matter told now is done at the latest; '' where nobody has set rules."""
    now = timezone.now()
    try:
        paces = cases.rulebook(county).paces
    except NotServed:
        return ""
    pace = decide_pace(paces, kind="help", urgency="normal", category="", day=timezone.localdate(now))
    return words.deadline(due_at(opened=now, pace=pace, calendar=areas.calendar_of(county)).due, now)


@for_its_county
@public("anybody may say that something is wrong")
def report(request: Any) -> HttpResponse:
    """One field, a photo, and one question."""
    if request.method == "POST":
        return _send(request)
    code = asked.code(request.GET.get("at", ""), 12, 15)
    at_door = bool(code)
    family = choices_of(request.actor)
    whose = asked.words(request, "for", 36)
    first = {"area_code": code if at_door else request.viewer.village}
    first |= {"for_person": whose} if whose in dict(family) else {}
    form = ReportForm(family=family, initial=first)
    return _form(request, form, scanned=at_door)


def _form(
    request: Any, form: ReportForm, *, scanned: bool = False, refusal: str = "", status: int = 200
) -> HttpResponse:
    code = str(form["area_code"].value() or "")
    place = place_known(code, scanned)
    if place is None and request.method != "POST":
        return HttpResponseRedirect("/places/?next=/report/")
    county = request.actor.county
    return show(
        request,
        page="report/report.html",
        status=status,
        form=form,
        place=place,
        refusal=refusal,
        towns=[] if place else villages_of(request.viewer.county),
        promise=_promise(county) if place else "",
        photos_kept=photo_ids(request),
        voices_kept=recording_ids(request),
        photo_county="" if county == request.viewer.county else county,
        scanned=scanned,
    )


def _send(request: Any) -> HttpResponse:
    if request.POST.get("about_official") == "yes":
        return _to_the_discipline_inspection(request)
    family, refusal = [], ""
    if request.actor.kind == "person":
        with request.reading():
            family = choices_of(request.actor)
    form = ReportForm(request.POST, spoken=bool(recording_ids(request)), family=family)
    scanned = request.POST.get("scanned") == "1"
    if form.is_valid():
        try:
            case = services.open_case(
                actor=request.actor, intake=_intake(request, form.cleaned_data, scanned)
            )
            if form.cleaned_data["for_person"]:
                # the receipt code is the right to agree and to rate: it goes to the relative's own phone
                return SeeOther(f"/me/family/{case.id}/?sent=1")
            return SeeOther(f"/report/done/{case.receipt}/")
        except AboutOfficial:
            return _to_the_discipline_inspection(request)
        except DomainError as error:
            refusal = form.take(error)
    with request.reading():
        return _form(request, form, scanned=scanned, refusal=refusal, status=422)


def _to_the_discipline_inspection(request: Any) -> HttpResponse:
    """Nothing is kept, the photos neither; the ways in are those of the place's county."""
    discard(request)
    elsewhere = request.actor.county != request.viewer.county
    code = asked.code(request.POST.get("area_code", ""), 12, 15)
    return SeeOther(f"/report/official/?at={code[:12]}" if elsewhere else "/report/official/")


def _intake(request: Any, said: dict[str, Any], scanned: bool) -> services.Intake:
    kept = {name: said[name] for name in ("text", "area_code", "key", "urgency", "place", "name", "phone")}
    return services.Intake(
        **kept,
        channel="qr" if scanned else "h5",
        number=services.take_number(request.actor.county),
        wants_reply=bool(said["phone"] or said["for_person"]),
        for_person=UUID(said["for_person"]) if said["for_person"] else None,
        photos=photo_ids(request),
        recordings=recording_ids(request),
    )


@for_its_county
@public("the discipline inspection's ways in; keeps nothing")
def official(request: Any) -> HttpResponse:
    """Where a complaint about an official goes; printable."""
    try:
        channels = channel_cards(cases.rulebook(request.actor.county).profile.discipline_channels)
    except NotServed:
        channels = []  # the page then names the nation's line
    return show(request, page="report/official.html", channels=channels)


def _mine(request: Any) -> Any:
    case = cases.by_receipt(request.actor)
    if case is None:
        raise Http404
    return case


@receipt_page
def done(request: Any, code: str) -> HttpResponse:
    """We have it: the number, the code, the QR image."""
    case = _mine(request)
    return show(
        request,
        page="report/done.html",
        receipt=receipt_card(case, areas.name_of(case.village or case.county)),
    )


@receipt_page
def receipt_qr(request: Any, code: str) -> HttpResponse:
    """The QR image of the tracking page, as SVG."""
    case = _mine(request)
    image = segno.make(request.build_absolute_uri(f"/r/{case.receipt}/"), error="m", micro=False)
    target = io.BytesIO()
    image.save(target, kind="svg", scale=4, border=0)
    return HttpResponse(target.getvalue(), content_type="image/svg+xml")
