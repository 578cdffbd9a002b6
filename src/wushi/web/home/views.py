"""Home, the choice of a village, who sees what, how one likes to read, and tickets for the live process."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse

from wushi.domain.areas import queries as areas
from wushi.domain.calls.queries import lamps_red
from wushi.domain.cases import queries as cases
from wushi.domain.files.queries import unclaimed_recording
from wushi.edge import live
from wushi.edge.guard import public
from wushi.edge.pages import show
from wushi.edge.viewer import VILLAGE_COOKIE
from wushi.kernel.actor import Actor
from wushi.web import asked, context, frame
from wushi.web.calls.resident import standing
from wushi.web.home.cards import contacts, lamp_card
from wushi.web.recordings import recording_response
from wushi.web.routes import SeeOther, back, remember
from wushi.web.track.cards import rows_of

MINE_ON_HOME = 3
GRIDS_ON_HOME = 3


@public("the first page of a resident's phone")
def home(request: Any) -> HttpResponse:
    """The lamp of my village, and what I can do."""
    village = areas.place(request.viewer.village) if request.viewer.village else None
    more: dict[str, Any] = {"lamp": None}
    if village:
        topic = live.topic("lamp", village.code)
        calling = lamps_red(village.code[:6], village.code).get(village.code, 0)
        lamp = cases.lamp_of(village.code[:6], village.code)
        more["lamp"] = lamp_card(lamp, village.name, topic, calling)
        grids = areas.places_under(village.code, "grid")
        # with many grids nobody knows his own by name: the secretary is enough, and the grids are one tap away
        more["contacts"] = contacts(village, grids if len(grids) <= GRIDS_ON_HOME else [])
        more["live_ticket"] = live.ticket(request, [topic])
    mine = rows_of(cases.mine_of(request.actor)[:MINE_ON_HOME])
    return show(
        request,
        page="home/home.html",
        piece="home/_lamp.html",
        village=village,
        mine=mine,
        calling=standing(request),
        **more,
        **frame.resident("/"),
    )


@public("choosing a village needs no account")
def places(request: Any) -> HttpResponse:
    """Search a village by name; choosing one sets a cookie and goes back."""
    if request.method == "POST":
        code = asked.code(request.POST.get("village", ""), 12)
        response = SeeOther(back(request, "/"))
        if code:
            remember(response, VILLAGE_COOKIE, code)
        return response
    query = asked.words(request, "q", 40)
    county = request.actor.county
    found = areas.search(county, query) if query else areas.places_under(county, "village")
    towns: dict[str, list[Any]] = {}
    for village in found:
        towns.setdefault(village.parent, []).append(village)
    listed = [
        {"name": areas.name_of(code), "villages": villages, "here": request.viewer.village[:9] == code}
        for code, villages in towns.items()
    ]
    return show(
        request,
        page="home/places.html",
        towns=listed,
        query=query,
        chosen=request.viewer.village,
        next=back(request, "/"),
    )


@public("the code on a door")
def door(request: Any, code: str) -> HttpResponse:
    """Scanned from a door: the phone remembers the village, and the report form knows the place."""
    response = HttpResponseRedirect(f"/report/?at={code}")
    remember(response, VILLAGE_COOKIE, code[:12])
    return response


@public("how personal words are handled")
def who_sees(request: Any) -> HttpResponse:
    """Who sees my words."""
    return show(request, page="home/who_sees.html")


@public("language, size and theme are kept in cookies of the reader's own browser")
def prefs(request: Any) -> HttpResponse:
    """One switch, remembered; back to the same page."""
    response = SeeOther(back(request, "/"))
    language, elder, theme = (request.POST.get(name) for name in ("language", "elder", "theme"))
    if language in ("zh-hans", "en"):
        remember(response, "django_language", language)
    if elder is not None:
        remember(response, "elder", elder if elder in context.ELDER_STEPS else "")
    if theme is not None:
        remember(response, "theme", theme if theme in context.THEMES else "")
    return response


@public("renews what the pages of this browser were given; a forged ticket gives nothing")
def live_ticket(request: Any) -> HttpResponse:
    """One fresh ticket for the tickets of this browser's pages."""
    try:
        return JsonResponse({"ticket": live.renew(request, request.POST.getlist("ticket"))})
    except signing.BadSignature:
        return JsonResponse({"code": "ticket"}, status=403)


@public("anybody may show what is wrong; the ticket serves once and not for long")
def upload_ticket(request: Any) -> HttpResponse:
    """Where one photo or recording may be sent; a report for another county sends its own there as well."""
    kind = "sound" if request.GET.get("kind") == "sound" else "photo"
    county = asked.code(request.GET.get("county", ""), 6)
    actor = request.actor if county in ("", request.actor.county) else Actor.anonymous(county)
    return JsonResponse({"url": live.upload_url(request, live.upload_ticket(actor, kind))})


@public("heard again by whoever spoke it, by an id only his own form knows, until it was sent with one")
def kept_voice(request: Any, recording_id: UUID) -> HttpResponse:
    """A recording that stands in a form which came back with a question."""
    found = unclaimed_recording(request.actor.county, request.actor.ref, recording_id)
    response = recording_response(request, found)
    response["Cache-Control"] = "private, no-store"
    return response
