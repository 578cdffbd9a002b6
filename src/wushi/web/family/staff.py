"""亲情关联 noted by the village: somebody without a phone page agreed by word or on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from wushi.domain.accounts.duties import Duty
from wushi.domain.areas import queries as areas
from wushi.domain.people import services
from wushi.domain.people.permissions import villages_tied
from wushi.domain.people.queries import bonds_here
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import sentence, status_of
from wushi.kernel.errors import DomainError
from wushi.web import frame
from wushi.web.family.cards import BondCard, bond_cards
from wushi.web.family.forms import NoteBondForm
from wushi.web.routes import SeeOther

PAGE = 50
KNOWING = (Duty.SECRETARY, Duty.DEPUTY, Duty.GRID_LEAD, Duty.GRID_WORKER)


@dataclass(frozen=True)
class Pair:
    """Who is followed, and by whom."""

    followed: BondCard
    follower: BondCard


def _form(request: Any, data: Any = None) -> NoteBondForm:
    villages = [(code, areas.name_of(code)) for code in villages_tied(request.actor)]
    return NoteBondForm(data, villages=villages)


def _page(request: Any, form: NoteBondForm, refusal: str = "", status: int = 422) -> HttpResponse:
    found = list(bonds_here(request.actor)[:PAGE])
    sides = [
        {card.id: card for card in bond_cards(request.actor, found, side=side)}
        for side in ("followed", "follower")
    ]
    return show(
        request,
        page="family/work.html",
        status=status if refusal or form.errors else 200,
        form=form,
        refusal=refusal,
        pairs=[Pair(sides[0][b.id], sides[1][b.id]) for b in found if b.id in sides[0] and b.id in sides[1]],
        **frame.office(request, "/work/family/"),
    )


@guarded(*KNOWING)
def bonds(request: Any) -> HttpResponse:
    """The village's bonds, and a small form for one more."""
    if request.method != "POST":
        return _page(request, _form(request))
    with request.reading():
        form = _form(request, request.POST)
        good = form.is_valid()
    refusal, status = "", 422
    if good:
        try:
            services.tie_bond_for(actor=request.actor, new=services.NewBond(**form.cleaned_data))
            return SeeOther("/work/family/")
        except DomainError as error:
            refusal, status = form.take(error), status_of(error)
    with request.reading():
        return _page(request, form, refusal, status)


@guarded(*KNOWING)
def end(request: Any, bond_id: UUID) -> HttpResponse:
    """The village ends it for somebody who asked."""
    try:
        services.end_bond(actor=request.actor, bond_id=bond_id)
    except DomainError as error:
        with request.reading():
            return _page(request, _form(request), sentence(error), status_of(error))
    return SeeOther("/work/family/")
