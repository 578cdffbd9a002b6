"""The office's calls: one call with its verbs, the ledger with how long people waited."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.queries import names_of
from wushi.domain.areas import queries as areas
from wushi.domain.calls import services
from wushi.domain.calls.permissions import KEEPERS, READERS, WRITES_DOWN, may_ring
from wushi.domain.calls.queries.pages import call_for
from wushi.domain.calls.queries.times import waits
from wushi.domain.calls.queries.watch import in_hand_of, open_calls, page_of_calls, ringing_for
from wushi.domain.calls.rules import Spread
from wushi.domain.cases.services import take_number
from wushi.domain.cases.services.intake import Intake
from wushi.edge import live
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import status_of
from wushi.kernel.errors import DomainError, NotFound
from wushi.plumbing.pages import PAGE, Cursor
from wushi.web import asked, frame
from wushi.web.calls.cards import card_of, people_in, took
from wushi.web.calls.forms import CaseForm, EndForm
from wushi.web.calls.sheet import sheet_of
from wushi.web.calls.watch import ROSTERERS
from wushi.web.forms import Form
from wushi.web.routes import SeeOther

# who wrote a call down may follow it, wherever his post is
SEERS = READERS | {Duty.HOTLINE.value}
DAYS = 30


def _call(request: Any, call_id: UUID) -> Any:
    call = call_for(request.actor, call_id)
    if call is None:
        raise Http404
    return call


def page_of(
    request: Any, call_id: UUID, *, refusal: str = "", status: int = 200, form: Any = None
) -> HttpResponse:
    """One call, with what was refused above it."""
    sheet = sheet_of(request, _call(request, call_id))
    return show(
        request,
        page="calls/call.html",
        piece="calls/_call.html",
        status=status,
        call=sheet,
        refusal=refusal,
        end_form=form or EndForm(),
        live_ticket=live.ticket(request, [sheet.topic]),
        **frame.office(request, "/work/calls/"),
    )


@guarded(SEERS)
def call(request: Any, call_id: UUID) -> HttpResponse:
    """Who, where, what helps, the way there, the ladder so far; one tap for the next thing."""
    return page_of(request, call_id)


def _said(request: Any, name: str = "words") -> str:
    return str(request.POST.get(name, ""))


def _door_code(request: Any) -> str:
    """As it was typed from the sticker, where it stands in two groups."""
    return "".join(_said(request, "door_code").split())[:24]


Deed = Callable[[Any, UUID], Any]
DEEDS: dict[str, Deed] = {
    "acknowledge": lambda r, i: services.acknowledge_call(actor=r.actor, call_id=i),
    "setout": lambda r, i: services.set_out(actor=r.actor, call_id=i),
    "arrive": lambda r, i: services.arrive_at_call(
        actor=r.actor, call_id=i, how=_said(r, "how") or "word", door_code=_door_code(r)
    ),
    "takeover": lambda r, i: services.take_over_call(actor=r.actor, call_id=i),
    "release": lambda r, i: services.release_call(actor=r.actor, call_id=i, words=_said(r)),
    "service": lambda r, i: services.hand_to_service(actor=r.actor, call_id=i, service=_said(r, "service")),
    "note": lambda r, i: services.note_call(actor=r.actor, call_id=i, words=_said(r)),
    "end": lambda r, i: services.end_call(
        actor=r.actor, call_id=i, finding=_said(r, "finding"), words=_said(r)
    ),
    "mistaken": lambda r, i: services.end_mistaken_call(
        actor=r.actor, call_id=i, spoke=_said(r, "spoke"), words=_said(r)
    ),
    "followup": lambda r, i: services.follow_up_call(
        actor=r.actor, call_id=i, words=_said(r), rating=_said(r, "rating")
    ),
}


@guarded(SEERS)
def deed(request: Any, call_id: UUID, slug: str) -> HttpResponse:
    """One verb of officials, then the page again; a refusal stands above it."""
    try:
        DEEDS[slug](request, call_id)
    except NotFound as error:
        raise Http404 from error
    except DomainError as error:
        form = EndForm(request.POST) if slug == "end" else None
        refusal = form.take(error) if form is not None and form.is_valid() else Form().take(error)
        with request.reading():
            return page_of(request, call_id, refusal=refusal, status=status_of(error), form=form)
    return SeeOther(f"/work/calls/{call_id}/")


@guarded(SEERS)
def to_case(request: Any, call_id: UUID) -> HttpResponse:
    """What takes longer becomes a request; the request carries the trace on, and the call still ends by an arrival."""
    if request.method != "POST":
        return _case_page(request, call_id, CaseForm())
    form, refusal, status = CaseForm(request.POST), "", 422
    with request.reading():
        _call(request, call_id)
    if form.is_valid():
        try:
            case = services.turn_call_into_case(
                actor=request.actor, call_id=call_id, intake=_intake(request, form.cleaned_data, call_id)
            )
            return SeeOther(f"/work/cases/{case.id}/")
        except DomainError as error:
            refusal, status = form.take(error), status_of(error)
    with request.reading():
        return _case_page(request, call_id, form, refusal, status)


def _case_page(
    request: Any, call_id: UUID, form: CaseForm, refusal: str = "", status: int = 200
) -> HttpResponse:
    found = _call(request, call_id)
    now = timezone.now()
    return show(
        request,
        page="calls/case.html",
        status=status,
        card=card_of(found, {}, now, whole=may_ring(request.actor, found)),
        form=form,
        refusal=refusal,
        **frame.office(request, "/work/calls/"),
    )


def _intake(request: Any, said: dict[str, Any], call_id: UUID) -> Intake:
    with request.reading():
        found = _call(request, call_id)
    return Intake(
        text=said["text"],
        area_code=found.area,
        channel="tel",
        key=said["key"],
        number=take_number(request.actor.county),
        kind=said["kind"],
        urgency=said["urgency"],
        place=found.place,
        wants_reply=bool(found.phone),
    )


@dataclass(frozen=True)
class WaitRow:
    """One village: how many called, and how long they waited."""

    name: str
    url: str
    calls: int
    mistaken: int
    open: int
    answered: dict[str, str]
    came: dict[str, str]


def _spread(found: Spread) -> dict[str, str]:
    """Half within, nine of ten within, kept of all; an empty cell where there is nothing to say."""
    if not found.of:
        return {"median": "", "p90": "", "share": ""}
    return {
        "median": _time(found.median),
        "p90": _time(found.p90),
        "share": f"{round(100 * (found.share or 0))} %",
        "of": f"{found.within}/{found.of}",
    }


def _time(seconds: int | None) -> str:
    return "…" if seconds is None else took(seconds)


def wait_rows(actor: Any, area: str, now: Any) -> list[WaitRow]:
    """The last thirty days by village, in the order of their codes; never by how well they do."""
    return [
        WaitRow(
            areas.name_of(one.village),
            f"/work/calls/?{urlencode({'code': one.village})}",
            one.calls,
            one.mistaken,
            one.open,
            _spread(one.acknowledged),
            _spread(one.arrived),
        )
        for one in waits(actor, since=now - timedelta(days=DAYS), until=now, area=area)
    ]


def area_asked(request: Any) -> str:
    """The area behind the question mark, if it is a code of the reader's county; '' for all he may know of."""
    found = asked.code(request.GET.get("code", ""), 9, 12, 15)
    return found if found[:6] == request.actor.county else ""


@guarded(SEERS)
def ledger(request: Any) -> HttpResponse:
    """What rings, what is in hand, every call of his line of duty, and how long people waited."""
    actor, now, area, topics = request.actor, timezone.now(), area_asked(request), ledger_topics(request)
    after = asked.cursor(request)
    rows = page_of_calls(actor, area=area, after=(after.at, after.id) if after else None, limit=PAGE)
    more = Cursor(rows[PAGE - 1].opened_at, rows[PAGE - 1].id).encode() if len(rows) > PAGE else ""
    rows = rows[:PAGE]
    urgent = [] if after or area else [*ringing_for(actor), *in_hand_of(actor)]
    names = names_of(people_in([*rows, *urgent]))
    first = {call.id for call in urgent}
    query = {k: v for k, v in {"code": area, "after": more}.items() if v}
    return show(
        request,
        page="calls/ledger.html",
        piece="calls/_ledger.html",
        urgent=[card_of(call, names, now, whole=True) for call in urgent],
        rows=[card_of(call, names, now) for call in rows if call.id not in first],
        waits=[] if after else wait_rows(actor, area, now),
        days=DAYS,
        place=areas.name_of(area) if area else "",
        code=area,
        next_url=f"/work/calls/?{urlencode(query)}" if more else "",
        reads_calls=bool(request.viewer.duties & READERS),
        may_roster=bool(request.viewer.duties & ROSTERERS),
        may_write=bool(request.viewer.duties & WRITES_DOWN),
        keeps_devices=bool(request.viewer.duties & KEEPERS),
        topic=" ".join(topics),
        live_ticket=live.ticket(request, topics),
        **frame.office(request, "/work/calls/"),
    )


def ledger_topics(request: Any) -> list[str]:
    """The calls of every area whose line of duty he is in, else those he wrote down; and what rings at himself."""
    posts = [post.area for post in request.viewer.posts if len(post.area) >= 6 and post.duty in READERS]
    found = {live.topic("ring", request.actor.id), *(live.topic("calls", area) for area in posts)}
    if not posts:
        found |= {live.opaque(call.topic) for call in open_calls(request.actor, limit=PAGE)}
    return sorted(found)
