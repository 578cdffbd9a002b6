"""值班室: every open call of a town, the district or a village, who is where in the ladder, what is late, all lamps. Live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wushi.domain.accounts.queries import names_of
from wushi.domain.areas import queries as areas
from wushi.domain.calls.permissions import KEEPERS, READERS, may_ring
from wushi.domain.calls.queries import call_rules
from wushi.domain.calls.queries.pages import DeviceSums, device_sums, on_watch_now
from wushi.domain.calls.queries.watch import lamps_red, open_calls, rungs_of
from wushi.domain.cases import queries as cases
from wushi.edge import live
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.web import asked, frame, labels
from wushi.web.calls.cards import CallCard, card_of, ladder_of, people_in

# so many stand with their whole ladder; the others as lines
WHOLE = 12


@dataclass(frozen=True)
class VillageLamp:
    """One lamp with its name and its word."""

    code: str
    name: str
    colour: str
    word: str
    url: str


@dataclass(frozen=True)
class TownLamps:
    """A town's lamps, and how many of them are green."""

    name: str
    green: int
    lamps: list[VillageLamp]


@dataclass(frozen=True)
class Room:
    """Everything of the duty room."""

    place: str
    calls: list[CallCard]
    towns: list[TownLamps]
    green: int
    amber: int
    red: int
    watch: list[str]
    devices: DeviceSums | None
    moment: str


def own_area(request: Any) -> str:
    """The widest area the reader answers for in the line of duty."""
    found = [post.area for post in request.viewer.posts if post.duty in READERS and len(post.area) >= 6]
    return min(found, key=len, default=request.actor.county)


def area_shown(request: Any) -> str:
    """The area asked for, where it lies in his own; else his own."""
    own, wanted = own_area(request), asked.code(request.GET.get("code", ""), 9, 12)
    return wanted if wanted.startswith(own) else own


def lamp_colours(county: str, area: str) -> list[VillageLamp]:
    """Every village of an area: red while somebody calls and nobody is there, else amber or green."""
    red = lamps_red(county, area if len(area) <= 12 else area[:12])
    found = []
    for lamp in cases.lamps_under(county, area[:12]):
        n = red.get(lamp.village, 0)
        colour = "red" if n else lamp.colour
        word = {"red": _("somebody is calling"), "amber": _("something in hand"), "green": _("all quiet")}[
            colour
        ]
        url = f"/work/calls/duty/?code={lamp.village}"
        found.append(VillageLamp(lamp.village, areas.name_of(lamp.village), colour, word, url))
    return found


def towns_of(lamps: list[VillageLamp]) -> list[TownLamps]:
    """The lamps by town, in the order of their codes."""
    held: dict[str, list[VillageLamp]] = {}
    for lamp in sorted(lamps, key=lambda one: one.code):
        held.setdefault(lamp.code[:9], []).append(lamp)
    return [
        TownLamps(areas.name_of(code), sum(one.colour == "green" for one in rows), rows)
        for code, rows in held.items()
    ]


def _calls(request: Any, area: str, now: Any) -> list[CallCard]:
    actor, rules = request.actor, call_rules(request.actor.county)
    found = open_calls(actor, area)
    rungs = {call.id: rungs_of(call) for call in found[:WHOLE]}
    names = names_of(people_in(found, [rung for rows in rungs.values() for rung in rows]))
    by_text = {str(key): name for key, name in names.items()}
    cards = []
    for call in found:
        rows = rungs.get(call.id)
        ladder = ladder_of(call, rules, rows, by_text, now, str(actor.id)) if rows is not None else []
        # whom a ladder may ring there reads the name; who looks on from above the line sees it hidden
        cards.append(
            card_of(call, names, now, whole=may_ring(actor, call) and len(area) >= 12, ladder=ladder)
        )
    return cards


def room_of(request: Any, area: str) -> Room:
    """Reads calls, ladders, lamps, who is on watch and how devices are."""
    now, county = timezone.now(), request.actor.county
    lamps = lamp_colours(county, area)
    watched = on_watch_now(county, {area, area[:9], county}, now)
    return Room(
        place=areas.name_of(area),
        calls=_calls(request, area, now),
        towns=towns_of(lamps),
        green=sum(lamp.colour == "green" for lamp in lamps),
        amber=sum(lamp.colour == "amber" for lamp in lamps),
        red=sum(lamp.colour == "red" for lamp in lamps),
        watch=[
            f"{row.user.name} · {labels.word(labels.DUTIES, row.duty)} · {areas.name_of(row.area)}"
            for row in watched
        ],
        devices=device_sums(request.actor, area) if request.viewer.duties & KEEPERS else None,
        moment=date_format(timezone.localtime(now), "H:i"),
    )


def topics_of(area: str) -> list[str]:
    """Calls of the area, and what changes its lamps."""
    lamp = live.topic("lamp", area[:12]) if len(area) >= 12 else live.topic("area", area)
    return [live.topic("calls", area), lamp]


@guarded(READERS)
def duty(request: Any) -> HttpResponse:
    """The duty room."""
    area = area_shown(request)
    topics = topics_of(area)
    return show(
        request,
        page="calls/duty.html",
        piece="calls/_duty.html",
        room=room_of(request, area),
        topic=" ".join(topics),
        live_ticket=live.ticket(request, topics),
        **frame.office(request, "/work/calls/duty/"),
    )
