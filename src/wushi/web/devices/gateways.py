"""接入网关: the ways messages of devices come in, their secret shown once, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone

from wushi.domain.accounts.duties import Duty
from wushi.domain.calls import services
from wushi.domain.calls.queries.pages import NOT_TAKEN, gateways_of, unread_wires, wire_sums
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import status_of
from wushi.kernel.errors import DomainError, NotFound
from wushi.web import frame, labels
from wushi.web.devices.forms import GatewayForm
from wushi.web.labels import calls as said
from wushi.web.routes import SeeOther

HERE = "/work/devices/gateways/"
DAYS = 7


@dataclass(frozen=True)
class GatewayRow:
    """One way in and what came by it."""

    id: UUID
    name: str
    line: str
    active: bool
    heard_at: datetime | None
    counts: list[tuple[str, int, bool]]


@dataclass(frozen=True)
class UnreadRow:
    """One message that could not be read."""

    at: datetime
    gateway: str
    uid: str
    what: str
    said: str


def _rows(actor: Any, since: datetime) -> list[GatewayRow]:
    sums = wire_sums(actor, since)
    return [
        GatewayRow(
            row.id,
            row.name or row.code,
            " · ".join(
                part
                for part in (
                    row.code,
                    labels.word(said.ENVELOPES, row.envelope),
                    labels.word(said.PROOFS, row.proof),
                    row.topic,
                )
                if part
            ),
            row.active,
            row.heard_at,
            [
                (str(word), sums[row.code][code], code in NOT_TAKEN)
                for code, word in said.WIRES.items()
                if sums.get(row.code, {}).get(code)
            ],
        )
        for row in gateways_of(actor)
    ]


def _page(
    request: Any, form: GatewayForm | None = None, refusal: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    since = timezone.now() - timedelta(days=DAYS)
    return show(
        request,
        page="devices/gateways.html",
        status=status,
        rows=_rows(request.actor, since),
        unread=[
            UnreadRow(row.received_at, row.gateway, row.uid, labels.word(said.WIRES, row.result), row.said)
            for row in unread_wires(request.actor, since)
        ],
        days=DAYS,
        form=form or GatewayForm(),
        refusal=refusal,
        **more,
        **frame.office(request, HERE),
    )


@guarded(Duty.DISTRICT_ADMIN)
def gateways(request: Any) -> HttpResponse:
    """The ways in; a new one shows its secret once, on the page that answers."""
    if request.method != "POST":
        return _page(request)
    form, refusal, status = GatewayForm(request.POST), "", 422
    if form.is_valid():
        try:
            known = {row.code for row in _known(request)}
            made = services.found_gateway(actor=request.actor, **form.cleaned_data)
            fresh = "" if made.code in known else made.secret
            with request.reading():
                return _page(request, secret=fresh, made=made.code, address=f"/in/{made.county}/{made.code}/")
        except DomainError as error:
            refusal, status = form.take(error), status_of(error)
    with request.reading():
        return _page(request, form, refusal, status)


def _known(request: Any) -> list[Any]:
    with request.reading():
        return gateways_of(request.actor)


@guarded(Duty.DISTRICT_ADMIN)
def close(request: Any, gateway_id: UUID) -> HttpResponse:
    """Nothing is taken any more by this way."""
    try:
        services.close_gateway(actor=request.actor, gateway_id=gateway_id)
    except NotFound as error:
        raise Http404 from error
    return SeeOther(HERE)
