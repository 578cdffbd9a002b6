"""The alarm of every office page: what rings at the reader now. Read again whenever his own topic moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import ngettext

from wushi.domain.accounts.queries import names_of
from wushi.domain.calls.permissions import LINE_DUTIES
from wushi.domain.calls.queries import call_rules, rungs_of
from wushi.domain.calls.queries.watch import ringing_for
from wushi.edge import live
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.web.calls.cards import CallCard, card_of, helps_of, ladder_of, numbers_of, people_in, where_of


@dataclass(frozen=True)
class Ring:
    """What rings, the most urgent first, and what the title of the page says meanwhile."""

    calls: list[CallCard]
    title: str
    emergency: bool


def ring_of(actor: Any) -> Ring:
    """The first with everything whoever goes has to know, the others as lines."""
    now, found = timezone.now(), ringing_for(actor)
    if not found:
        return Ring([], "", False)
    rungs = rungs_of(found[0])
    names = names_of(people_in(found, rungs))
    ladder = ladder_of(
        found[0], call_rules(actor.county), rungs, {str(k): v for k, v in names.items()}, now, str(actor.id)
    )
    cards = [
        card_of(
            call,
            names,
            now,
            whole=True,
            helps=helps_of(call),
            ladder=ladder if call is found[0] else [],
            **numbers_of(call, whole=True),
        )
        for call in found
    ]
    return Ring(cards, line_of(found), any(card.emergency for card in cards))


def line_of(found: list[Any]) -> str:
    """How many ring, and where the most urgent is; '' where nothing rings."""
    if not found:
        return ""
    title = ngettext("%(n)s call", "%(n)s calls", len(found)) % {"n": len(found)}
    return f"{title} · {where_of(found[0].area)}"


def alarm(request: Any) -> dict[str, Any]:
    """For every page of those whom a ladder may ring; nothing for the others."""
    if not request.viewer.duties & LINE_DUTIES:
        return {}
    actor = request.actor
    return {
        "ring_topic": live.topic("ring", actor.id),
        "ring_ticket": SimpleLazyObject(lambda: live.ticket(request, [])),
        # the line alone: who calls stands in no page that a device may keep for a day without signal
        "ring_line": SimpleLazyObject(lambda: line_of(ringing_for(actor))),
    }


@guarded(LINE_DUTIES)
def ringing(request: Any) -> HttpResponse:
    """The piece alone, for the alarm of any page."""
    return show(request, page="calls/_ringing.html", ring=ring_of(request.actor))
