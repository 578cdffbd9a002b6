"""发送台账: every message with what became of it, in words; providers, a trial, sending again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.queries import names_of
from wushi.domain.notify import queries as notify
from wushi.domain.notify import services
from wushi.domain.notify.carriers import carriers, trouble
from wushi.domain.notify.states import AGAIN
from wushi.edge.guard import guarded
from wushi.edge.notices import render
from wushi.edge.pages import show
from wushi.edge.refusals import status_of
from wushi.kernel.errors import DomainError
from wushi.plumbing.pages import PAGE, Cursor, beyond
from wushi.plumbing.personal import mask_phone
from wushi.web import asked, frame, words
from wushi.web.forms import Form
from wushi.web.labels import Badge
from wushi.web.labels.channels import CHANNELS, CODES, STATES
from wushi.web.routes import SeeOther

HERE = "/work/notices/"


@dataclass(frozen=True)
class Line:
    """One delivery in words."""

    id: UUID
    title: str
    whom: str
    channel: str
    at: datetime
    badge: Badge
    says: str
    url: str


class TryForm(Form):
    """One message to see whether a channel works."""

    carrier = forms.ChoiceField(label=gettext_lazy("Channel"), choices=())
    to = forms.CharField(
        label=gettext_lazy("To"),
        help_text=gettext_lazy("a number, an address; nothing for a group"),
        required=False,
        max_length=200,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["carrier"].choices = [(name, name) for name in carriers()]  # type: ignore[attr-defined]


def says(row: Any, now: datetime) -> str:
    """What became of it and what comes next, in a sentence or two."""
    tries = ngettext("%(n)s try", "%(n)s tries", row.tries) % {"n": row.tries}
    code = CODES.get(row.code, _("The provider's answer: %(code)s.") % {"code": row.code} if row.code else "")
    again = words.deadline(row.next_at, now) if row.next_at else ""
    if row.state == "waiting" and not row.code:
        said = _("Goes out %(when)s.") % {"when": again}
    else:
        said = {
            "waiting": _("After %(tries)s; the next one %(when)s.") % {"tries": tries, "when": again},
            "sending": _("Handed to the provider this moment."),
            "sent": _("The provider took it; it counts its own steps from here."),
            "unsure": _("It most likely arrived, so it is not sent again by itself."),
            "refused": _("It can never arrive this way."),
            "failed": _("Given up after %(tries)s.") % {"tries": tries},
            "unfiled": _("Nothing was sent."),
            "merged": _("It went out as a line of another message."),
            "expired": _("It would have come too late to be of use, so it was not sent."),
        }.get(row.state, "")
    if row.state == "sent" and row.channel == "inbox":
        said, code = _("It stands in the person's own list."), ""
    return f"{said} {code if row.state not in ('sent', 'merged') else ''}".strip()


def _whom(row: Any, names: dict[UUID, str]) -> str:
    kind, _sep, tail = row.notice.recipient.partition(":")
    if kind == "robot":
        return _("group %(name)s") % {"name": tail}
    if kind == "person":
        return _("a resident") + (f" {mask_phone(row.address)}" if row.address else "")
    return names.get(UUID(tail), "") or _("a member of staff")


def _line(row: Any, names: dict[UUID, str], now: datetime) -> Line:
    title = render(row.notice.kind, row.notice.facts, "", row.channel).title
    return Line(
        row.id,
        title,
        _whom(row, names),
        str(CHANNELS.get(row.channel, row.channel)),
        row.created_at,
        STATES[row.state],
        says(row, now),
        f"{HERE}{row.id}/",
    )


def _names(rows: list[Any]) -> dict[UUID, str]:
    users = [r.notice.recipient.partition(":")[2] for r in rows if r.notice.recipient.startswith("user:")]
    return names_of(UUID(user) for user in users)


def _show(request: Any, form: TryForm, refusal: str = "", status: int = 200) -> HttpResponse:
    now, after = timezone.now(), asked.cursor(request)
    found = notify.ledger_for(request.actor)
    state, channel = request.GET.get("state", ""), request.GET.get("channel", "")
    if state in STATES:
        found = found.filter(state=state)
    if channel in CHANNELS:
        found = found.filter(channel=channel)
    rows = list(found.filter(beyond("created_at", after, True))[: PAGE + 1])
    more = Cursor(rows[PAGE - 1].created_at, rows[PAGE - 1].id).encode() if len(rows) > PAGE else ""
    rows = rows[:PAGE]
    names = _names(rows)
    return show(
        request,
        page="notify/ledger.html",
        status=status,
        lines=[_line(row, names, now) for row in rows],
        carriers=[(one, CHANNELS.get(one.channel, "")) for one in notify.carrier_lines(request.actor, now)],
        states=[(code, badge.word, code == state) for code, badge in STATES.items()],
        channels=[(code, word, code == channel) for code, word in CHANNELS.items()],
        form=form,
        refusal=refusal,
        trouble=trouble(),
        next_url=f"{HERE}?state={state}&channel={channel}&after={more}" if more else "",
        **frame.office(request, HERE),
    )


@guarded(Duty.DISTRICT_ADMIN)
def ledger(request: Any) -> HttpResponse:
    """Providers and messages, newest first, by state and channel."""
    return _show(request, TryForm())


@guarded(Duty.DISTRICT_ADMIN)
def trial(request: Any) -> HttpResponse:
    """One trial message."""
    form, refusal, status = TryForm(request.POST), "", 422
    if form.is_valid():
        try:
            services.send_test(
                actor=request.actor, carrier=form.cleaned_data["carrier"], to=form.cleaned_data["to"]
            )
            return SeeOther(HERE)
        except DomainError as error:
            refusal, status = form.take(error), status_of(error)
    with request.reading():
        return _show(request, form, refusal, status)


@guarded(Duty.DISTRICT_ADMIN)
def line(request: Any, delivery_id: UUID) -> HttpResponse:
    """One message: the exact text, what became of it, and sending it again."""
    refusal, status = "", 200
    if request.method == "POST":
        try:
            services.send_again(actor=request.actor, delivery_id=delivery_id)
            return SeeOther(f"{HERE}{delivery_id}/")
        except DomainError as error:
            refusal, status = TryForm().take(error), status_of(error)
            if status == 404:
                raise Http404 from error
        with request.reading():
            return _one(request, delivery_id, refusal, status)
    return _one(request, delivery_id, refusal, status)


def _one(request: Any, delivery_id: UUID, refusal: str, status: int) -> HttpResponse:
    row = notify.delivery_for(request.actor, delivery_id)
    if row is None:
        raise Http404
    notice = row.notice
    facts = {**notice.facts, "link": notice.link}
    # the receipt code opens a resident's matter: the administrator sees that it is there, not which
    if "receipt" in facts:
        facts["receipt"] = "*" * len(str(facts["receipt"]))
        facts["link"] = ""
    text = render(notice.kind, facts, notice.language, row.channel).text
    return show(
        request,
        page="notify/line.html",
        status=status,
        line=_line(row, _names([row]), timezone.now()),
        row=row,
        text=text,
        may_again=row.state in AGAIN and bool(row.address or row.channel == "robot"),
        refusal=refusal,
        **frame.office(request, HERE),
    )
