"""A resident tells something; the receipt; and the way that does not pass through here."""

from __future__ import annotations

import io
from typing import Any

import segno
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from wushi.domain.areas import queries as areas
from wushi.domain.cases import queries as cases
from wushi.domain.cases import services
from wushi.domain.cases.errors import AboutOfficial
from wushi.domain.cases.rules import decide_pace, due_at
from wushi.edge.guard import public, receipt_page
from wushi.edge.pages import show
from wushi.kernel.errors import DomainError
from wushi.web import words
from wushi.web.forms import photo_ids
from wushi.web.report.cards import channel_cards, receipt_card
from wushi.web.report.forms import ReportForm
from wushi.web.routes import SeeOther


def _place(code: str, scanned: bool) -> dict[str, str] | None:
    found = areas.place(code) if code.isdigit() and len(code) in (12, 15) else None
    if found is None or found.ended:
        return None
    name = words.place([areas.name_of(code[:12]), found.name]) if len(code) == 15 else found.name
    return {"name": name, "line": _("Known from the door, nothing to fill in") if scanned else ""}


def _promise(county: str) -> str:
    """By when an ordinary matter told now is done at the latest."""
    now = timezone.now()
    pace = decide_pace(
        cases.rulebook(county).paces, kind="help", urgency="normal", category="", day=timezone.localdate(now)
    )
    return words.deadline(due_at(opened=now, pace=pace, calendar=areas.calendar_of(county)).due, now)


@public("anybody may say that something is wrong")
def report(request: Any) -> HttpResponse:
    """One field, a photo, and one question."""
    if request.method == "POST":
        return _send(request)
    code = request.GET.get("at", "")
    at_door = len(code) in (12, 15)
    form = ReportForm(initial={"area_code": code if at_door else request.viewer.village})
    return _form(request, form, scanned=at_door)


def _form(
    request: Any, form: ReportForm, *, scanned: bool = False, refusal: str = "", status: int = 200
) -> HttpResponse:
    code = str(form["area_code"].value() or "")
    place = _place(code, scanned)
    if place is None or code[:6] != request.actor.county:
        return HttpResponseRedirect("/places/?next=/report/")
    return show(
        request,
        page="report/report.html",
        status=status,
        form=form,
        place=place,
        refusal=refusal,
        promise=_promise(request.actor.county),
        photos_kept=photo_ids(request),
        scanned=scanned,
    )


def _send(request: Any) -> HttpResponse:
    if request.POST.get("about_official") == "yes":
        return SeeOther("/report/official/")
    form, refusal = ReportForm(request.POST), ""
    scanned = request.POST.get("scanned") == "1"
    if form.is_valid():
        try:
            case = services.open_case(
                actor=request.actor, intake=_intake(request, form.cleaned_data, scanned)
            )
            return SeeOther(f"/report/done/{case.receipt}/")
        except AboutOfficial:
            return SeeOther("/report/official/")
        except DomainError as error:
            refusal = form.take(error)
    with request.reading():
        return _form(request, form, scanned=scanned, refusal=refusal, status=422)


def _intake(request: Any, said: dict[str, Any], scanned: bool) -> services.Intake:
    kept = {name: said[name] for name in ("text", "area_code", "key", "urgency", "place", "name", "phone")}
    return services.Intake(
        **kept,
        channel="qr" if scanned else "h5",
        number=services.take_number(request.actor.county),
        wants_reply=bool(said["phone"]),
        photos=photo_ids(request),
    )


@public("the discipline inspection's ways in; keeps nothing")
def official(request: Any) -> HttpResponse:
    """Where a complaint about an official goes; printable."""
    channels = channel_cards(cases.rulebook(request.actor.county).profile.discipline_channels)
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
