"""Second looks: what the level above is told of, and the calls by which a supervisor asks whether it is so (回访)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wushi.domain.accounts.duties import Duty
from wushi.domain.cases import queries as cases
from wushi.domain.cases import services
from wushi.domain.cases.rules import LOCAL
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import status_of
from wushi.kernel.errors import DomainError
from wushi.web import frame, labels, words
from wushi.web.cases.forms.plain import DayInput
from wushi.web.cases.views import READERS
from wushi.web.forms import Form
from wushi.web.labels import Badge
from wushi.web.routes import SeeOther

WEEK = 7


@dataclass(frozen=True)
class Look:
    """One line: what it is, the matter, when; ``id`` while it waits for somebody."""

    title: str
    line: str
    url: str
    badge: Badge | None = None
    id: UUID | None = None


class Draw(Form):
    """How many of what was closed in a span."""

    since = forms.DateField(label=_("Closed from"), widget=DayInput)
    until = forms.DateField(label=_("Closed until"), widget=DayInput)
    number = forms.IntegerField(label=_("How many?"), min_value=1, max_value=200)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        today = timezone.localdate()
        self.fields["since"].initial, self.fields["until"].initial = today - timedelta(days=WEEK), today
        self.fields["number"].initial = 5
        self.fields["number"].widget.attrs.update({"class": "input", "inputmode": "numeric"})


def _flag(row: Any, known: dict[Any, Any], now: datetime) -> Look:
    case = known.get(row.case_id)
    times = row.facts.get("times")
    facts = [
        case.number if case else "",
        ngettext("%(n)s time", "%(n)s times", int(times)) % {"n": times} if times else "",
        words.when(row.raised_at, now),
    ]
    return Look(
        labels.word(labels.FLAGS, row.kind),
        " · ".join(part for part in [case.title if case else "", *facts] if part),
        f"/work/cases/{case.id}/" if case else "",
        Badge("green", "check", str(_("looked at"))) if row.seen_at else None,
        None if row.seen_at else row.id,
    )


@guarded(READERS)
def flags(request: Any) -> HttpResponse:
    """What his trays were told of, unseen first. It accuses nobody."""
    now, rows = timezone.now(), cases.flags_for(request.actor)
    known = cases.cases_of(request.actor, [row.case_id for row in rows])
    looks = [_flag(row, known, now) for row in rows]
    return show(request, page="cases/flags.html", looks=looks, **frame.office(request, "/work/flags/"))


@guarded(READERS)
def look(request: Any, flag_id: UUID) -> HttpResponse:
    """Looked at."""
    services.look_at_flag(actor=request.actor, flag_id=flag_id)
    return SeeOther("/work/flags/")


def _call(row: Any, known: dict[Any, Any], now: datetime) -> Look:
    case = known.get(row.case_id)
    at = row.made_at or row.drawn_at
    result = labels.word(labels.CALLBACK_RESULTS, row.result) if row.made_at else ""
    ending = "" if row.made_at else "callback/"
    return Look(
        case.title if case else str(_("Not yours to see any more")),
        " · ".join(part for part in [case.number if case else "", words.when(at, now)] if part),
        f"/work/cases/{case.id}/{ending}" if case else "",
        Badge("", "phone", result) if result else Badge("amber", "phone", str(_("to be called"))),
    )


def _callbacks(request: Any, form: Draw, refusal: str = "", status: int = 200) -> HttpResponse:
    now, rows = timezone.now(), cases.callbacks_for(request.actor)
    known = cases.cases_of(request.actor, [row.case_id for row in rows])
    return show(
        request,
        page="cases/callbacks.html",
        status=status,
        form=form,
        refusal=refusal,
        looks=[_call(row, known, now) for row in rows],
        **frame.office(request, "/work/callbacks/"),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=LOCAL)


@guarded(Duty.SUPERVISOR)
def callbacks(request: Any) -> HttpResponse:
    """A random few of what was closed are called; who was drawn, and what they said."""
    form = Draw(request.POST or None)
    if request.method != "POST":
        return _callbacks(request, form)
    refusal, status = "", 422
    if form.is_valid():
        said = form.cleaned_data
        since, until = _midnight(said["since"]), _midnight(said["until"] + timedelta(days=1))
        try:
            services.draw_callbacks(actor=request.actor, since=since, until=until, number=said["number"])
            return SeeOther("/work/callbacks/")
        except DomainError as error:
            refusal, status = form.take(error), status_of(error)
    with request.reading():
        return _callbacks(request, form, refusal, status)
