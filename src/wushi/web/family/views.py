"""家人: a resident follows a parent who agreed, sees who follows him, and looks on at what the parent told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse

from wushi.domain.cases import queries as cases
from wushi.domain.files.queries import photo_of, recording_of
from wushi.domain.people import services
from wushi.domain.people.queries import bond_to, followed_by, followers_of, people_by_id
from wushi.edge import live
from wushi.edge.guard import resident_page
from wushi.edge.pages import show
from wushi.edge.refusals import sentence, status_of
from wushi.kernel.errors import DomainError
from wushi.web import frame
from wushi.web.family.cards import bond_cards, name_of, relatives_case
from wushi.web.family.forms import FollowForm, ReadAloudForm
from wushi.web.photos import photo_response
from wushi.web.recordings import recording_response
from wushi.web.routes import SeeOther
from wushi.web.track.views import sheet_for


def _page(request: Any, form: FollowForm, refusal: str = "", status: int = 422) -> HttpResponse:
    actor = request.actor
    return show(
        request,
        page="family/family.html",
        status=status if refusal or form.errors else 200,
        form=form,
        refusal=refusal,
        followed=bond_cards(actor, followed_by(actor), side="followed"),
        followers=bond_cards(actor, followers_of(actor), side="follower"),
        **frame.resident("/me/"),
    )


@resident_page
def family(request: Any) -> HttpResponse:
    """Both lists, and the wish to follow: a code goes to the relative's phone, whoever that is."""
    form, refusal, status = FollowForm(request.POST or None), "", 422
    if request.method != "POST":
        return _page(request, form)
    if form.is_valid():
        try:
            services.ask_for_consent(actor=request.actor, phone=form.cleaned_data["phone"])
            with request.reading():
                return _code_page(request, ReadAloudForm(initial=form.cleaned_data))
        except DomainError as error:
            refusal, status = form.take(error), status_of(error)
    with request.reading():
        return _page(request, form, refusal, status)


def _code_page(request: Any, form: ReadAloudForm, refusal: str = "", status: int = 200) -> HttpResponse:
    return show(
        request,
        page="family/code.html",
        status=status,
        form=form,
        refusal=refusal,
        phone=str(form["phone"].value() or ""),
        called=str(form["called"].value() or ""),
    )


@resident_page
def code(request: Any) -> HttpResponse:
    """The code the relative read aloud ties the two."""
    form, refusal, status = ReadAloudForm(request.POST), "", 422
    if form.is_valid():
        said = form.cleaned_data
        try:
            code_id = services.check_consent(actor=request.actor, phone=said["phone"], code=said["code"])
            services.tie_bond(
                actor=request.actor, code_id=code_id, phone=said["phone"], called=said["called"]
            )
            return SeeOther("/me/family/")
        except DomainError as error:
            refusal, status = form.take(error), status_of(error)
    with request.reading():
        return _code_page(request, form, refusal, status)


@resident_page
def end(request: Any, bond_id: UUID) -> HttpResponse:
    """Either side ends it, at once."""
    try:
        services.end_bond(actor=request.actor, bond_id=bond_id)
    except DomainError as error:
        with request.reading():
            return _page(request, FollowForm(), sentence(error), status_of(error))
    return SeeOther("/me/family/")


def _matter(request: Any, matter_id: UUID) -> Any:
    """The row, while the bond lasts and nothing seals it."""
    case = cases.of_family(request.actor).filter(id=matter_id).first()
    if case is None:
        raise Http404
    return case


@resident_page
def matter(request: Any, matter_id: UUID) -> HttpResponse:
    """The relative's matter as it goes, live; without its receipt code, so without the rights of whoever told it."""
    case = _matter(request, matter_id)
    bond = bond_to(request.actor, case.reporter_id)
    person = people_by_id(request.actor, [case.reporter_id]).get(case.reporter_id)
    name = name_of(person, bond.called if bond else "")
    sheet = relatives_case(case, sheet_for(request, case, base=f"/me/family/{case.id}/"), name)
    return show(
        request,
        page="family/matter.html",
        piece="family/_matter.html",
        case=sheet,
        name=name,
        sent=request.GET.get("sent") == "1",
        live_ticket=live.ticket(request, [sheet.topic]),
    )


@resident_page
def photo(request: Any, matter_id: UUID, photo_id: UUID) -> HttpResponse:
    """A photo of the matter."""
    case = _matter(request, matter_id)
    shown = {one.id for step in cases.timeline_of_master(case) for one in step.photos}
    owner = case.merged_into_id if photo_id in shown else None
    return photo_response(photo_of(case.county, [owner or case.id], photo_id))


@resident_page
def voice(request: Any, matter_id: UUID, recording_id: UUID) -> HttpResponse:
    """A recording of the matter."""
    case = _matter(request, matter_id)
    told = {one.id for step in cases.timeline_of_master(case) for one in step.recordings}
    owner = case.merged_into_id if recording_id in told else None
    return recording_response(request, recording_of(case.county, [owner or case.id], recording_id))
