"""呼叫书记: one tap from the home page and one to confirm; then what happens, live; press again, take back, say how it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wushi.domain.accounts.queries import names_of
from wushi.domain.areas import queries as areas
from wushi.domain.calls import services
from wushi.domain.calls.permissions import verbs_now
from wushi.domain.calls.queries import by_receipt, call_rules, of_receipt, rungs_of
from wushi.domain.calls.services import Calling
from wushi.domain.calls.states import CallState
from wushi.domain.cases.services.numbers import fresh_key
from wushi.domain.people.queries import people_by_id
from wushi.edge import live
from wushi.edge.guard import public, receipt_page
from wushi.edge.pages import show
from wushi.edge.refusals import sentence, status_of
from wushi.kernel.errors import DomainError, KeyReused
from wushi.web import asked, labels, words
from wushi.web.calls.cards import LadderLine, ladder_of, lapse, people_in, where_of
from wushi.web.calls.forms import CallForm
from wushi.web.family.cards import choices_of
from wushi.web.labels import calls as said
from wushi.web.offered import is_beside_staff
from wushi.web.report.views import for_its_county, place_known, villages_of
from wushi.web.routes import SeeOther, remember

S = CallState
# the call this phone made last: its home page leads back to it
COOKIE = "calling"
COOKIE_SECONDS = 86400


@for_its_county
@public("anybody may call for help; nobody is asked who he is")
def call(request: Any) -> HttpResponse:
    """Where it is, and two clear buttons: an emergency, or help that can wait for a little."""
    if request.method == "POST":
        return _send(request)
    code = asked.code(request.GET.get("at", ""), 12, 15)
    whose = asked.words(request, "for", 36)
    family = dict(choices_of(request.actor))
    first = {"area_code": code or request.viewer.village}
    if whose in family:
        first = {"for_person": whose, "area_code": _home_of(request, whose) or request.viewer.village}
    return _form(request, CallForm(initial=first), scanned=bool(code))


def _home_of(request: Any, person_id: str) -> str:
    """The village whom he follows lives in, where it is known."""
    person = people_by_id(request.actor, [UUID(person_id)]).get(UUID(person_id))
    return person.village if person else ""


def _form(
    request: Any, form: CallForm, *, scanned: bool = False, refusal: str = "", status: int = 200
) -> HttpResponse:
    place = place_known(str(form["area_code"].value() or ""), scanned)
    family = dict(choices_of(request.actor))
    return show(
        request,
        page="calls/start.html",
        status=status,
        form=form,
        place=place,
        scanned=scanned,
        refusal=refusal,
        towns=[] if place else villages_of(request.viewer.county),
        whose=family.get(str(form["for_person"].value() or ""), ""),
        family=list(family.items()),
    )


def _send(request: Any) -> HttpResponse:
    form, refusal, status = CallForm(request.POST), "", 422
    if form.is_valid():
        try:
            opened = _open(request, _calling(request, form.cleaned_data))
            answer = SeeOther(f"/call/{opened.receipt}/")
            remember(answer, COOKIE, opened.receipt, secret=True, age=COOKIE_SECONDS)
            return answer
        except DomainError as error:
            refusal, status = form.take(error), status_of(error)
    with request.reading():
        scanned = request.POST.get("scanned") == "1"
        return _form(request, form, scanned=scanned, refusal=refusal, status=status)


def _open(request: Any, calling: Calling) -> Any:
    try:
        return services.open_call(actor=request.actor, calling=calling)
    except KeyReused:
        # he went back on this page and pressed anew with something else: a cry for help is never refused for that
        return services.open_call(actor=request.actor, calling=replace(calling, key=fresh_key()))


def _calling(request: Any, filled: dict[str, Any]) -> Calling:
    urgency = request.POST.get("urgency", "")
    person = filled["for_person"] if filled["for_person"] else ""
    return Calling(
        # the other button of the same page is another call
        key=f"{filled['key']}:{urgency}"[:64],
        area_code=filled["area_code"],
        urgency=urgency,
        way="family" if person else "page",
        place=filled["place"],
        phone=filled["phone"],
        for_person=_uuid(person),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@dataclass(frozen=True)
class Stage:
    """One of the steps a caller waits for: done, now, to come."""

    word: str
    state: str
    at: Any = None


@dataclass(frozen=True)
class CallerSheet:
    """The page of whoever called."""

    code: str
    topic: str
    colour: str
    word: str
    line: str
    waited: int
    waited_text: str
    runs: bool
    place: str
    stages: list[Stage]
    ladder: list[LadderLine]
    may: list[str]
    rated: str
    taken_back: bool
    late: str
    over: bool
    beside: bool


def _who(call: Any, names: dict[UUID, str]) -> str:
    who = call.arrived_by_id or call.answerer_id
    return names.get(who, "") if who else ""


def _said(call: Any, who: str) -> tuple[str, str, str]:
    """The lamp's colour, its word, one sentence."""
    name = {"who": who or _("somebody")}
    village = areas.name_of(call.village or call.county)
    return {
        S.RINGING: (
            "red",
            _("We are calling for you"),
            _("The village is being rung. You may put the phone down."),
        ),
        # red until somebody is there
        S.ACKNOWLEDGED: ("red", _("%(who)s has seen it") % name, _("They take care of it and set out.")),
        S.ON_WAY: ("red", _("%(who)s is on the way") % name, _("Please stay where you are.")),
        S.ARRIVED: ("green", _("%(who)s is there") % name, _("If nobody is with you, press again.")),
    }.get(
        S(call.state),
        (
            "green",
            _("It is over"),
            _("%(village)s has written it down. Call again whenever you need to.") % {"village": village},
        ),
    )


def stages_of(call: Any) -> list[Stage]:
    """Called, seen, on the way, there."""
    moments = (
        (pgettext("call stage", "called"), call.opened_at),
        (pgettext("call stage", "seen"), call.acknowledged_at),
        (pgettext("call stage", "on the way"), call.on_way_at),
        (pgettext("call stage", "there"), call.arrived_at),
    )
    reached = max(n for n, (_word, at) in enumerate(moments) if at is not None)
    over = call.is_over
    return [
        Stage(word, "done" if n < reached or over else "now" if n == reached else "todo", at)
        for n, (word, at) in enumerate(moments)
    ]


def caller_sheet(actor: Any, call: Any) -> CallerSheet:
    """Reads the ladder and the names of those who came."""
    now, rungs = timezone.now(), rungs_of(call)
    names = names_of(people_in([call], rungs))
    by_text = {str(key): name for key, name in names.items()}
    colour, word, line = _said(call, _who(call, names))
    may = verbs_now(actor, call)
    if is_beside_staff(actor):
        # on a device of staff nothing is taken back, agreed to or rated in the caller's name; pressing again is everybody's
        may = [verb for verb in may if verb == "press_again"]
    if call.state != S.ARRIVED or "press" in call.confirmed_how:
        may = [verb for verb in may if verb != "confirm_arrival"]
    waited = (now - call.opened_at).total_seconds()
    late = call.is_unanswered and call.arrive_by <= now
    return CallerSheet(
        call.receipt,
        live.opaque(call.topic),
        colour,
        word,
        line,
        int(waited),
        lapse(waited),
        call.is_unanswered,
        words.place([where_of(call.area), call.place]) if call.place else where_of(call.area),
        stages_of(call),
        ladder_of(call, call_rules(call.county), rungs, by_text, now) if call.state == S.RINGING else [],
        may,
        labels.word(said.RATINGS, call.rating) if call.rating else "",
        call.taken_back_at is not None,
        _("It takes longer than was promised. Ring 110 or 120 if you are in danger.") if late else "",
        call.is_over,
        is_beside_staff(actor),
    )


def _page(request: Any, *, refusal: str = "", status: int = 200) -> HttpResponse:
    found = by_receipt(request.actor)
    if found is None:
        raise Http404
    sheet = caller_sheet(request.actor, found)
    return show(
        request,
        page="calls/calling.html",
        piece="calls/_calling.html",
        status=status,
        call=sheet,
        refusal=refusal,
        ratings=list(said.RATINGS.items()),
        live_ticket=live.ticket(request, [sheet.topic]),
    )


@receipt_page
def calling(request: Any, code: str) -> HttpResponse:
    """Who is rung, who has seen it, who is on the way, who is there."""
    return _page(request)


Deed = Callable[[Any], Any]
DEEDS: dict[str, Deed] = {
    "again": lambda r: services.press_again(actor=r.actor, call_id=r.actor.id),
    "mistake": lambda r: services.take_back_call(actor=r.actor, call_id=r.actor.id),
    "here": lambda r: services.confirm_arrival(actor=r.actor, call_id=r.actor.id, how="press"),
    "rate": lambda r: services.rate_call(
        actor=r.actor, call_id=r.actor.id, rating=r.POST.get("rating", ""), words=r.POST.get("words", "")
    ),
}


@receipt_page
def deed(request: Any, code: str, slug: str) -> HttpResponse:
    """One verb of the caller's, then the page again."""
    with request.reading():
        if by_receipt(request.actor) is None:
            raise Http404
    try:
        DEEDS[slug](request)
    except DomainError as error:
        with request.reading():
            return _page(request, refusal=sentence(error), status=status_of(error))
    return SeeOther(f"/call/{code}/")


def standing(request: Any) -> Any:
    """The open call this phone made, for its home page; None mostly, and then nothing is asked."""
    code = request.COOKIES.get(COOKIE, "")
    found = of_receipt(request.actor.county, code) if code else None
    return found if found is not None and found.is_open else None
