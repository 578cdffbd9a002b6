"""The sticker at a door: who goes there says by it that he is there; staff find the device; anybody else can call from here.

Whoever has no call of this door in hand learns neither who lives there nor whether somebody calls.
"""

from __future__ import annotations

import functools
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from wushi.domain.calls.permissions import may_ring
from wushi.domain.calls.queries.pages import device_at_door, device_for, open_call_at
from wushi.edge.guard import public
from wushi.edge.pages import show
from wushi.edge.viewer import VILLAGE_COOKIE
from wushi.kernel.actor import Actor
from wushi.web import frame
from wushi.web.calls.cards import card_of
from wushi.web.calls.sheet import verbs_of
from wushi.web.routes import remember

COUNTY = 6


def _in_its_county(view: Any) -> Any:
    """A door belongs to the county its code begins with; whoever comes from another one is nobody here.

    Outside the guard, because that opens the reading in the actor's county.
    """

    @functools.wraps(view)
    def inner(request: Any, code: str) -> HttpResponse:
        county = code[:COUNTY]
        if county != request.actor.county:
            request.actor = Actor.anonymous(county)
        response: HttpResponse = view(request, code)
        return response

    return inner


@_in_its_county
@public("the code at the door of a wireless caller; it says nothing of who lives there")
def sticker(request: Any, code: str) -> HttpResponse:
    """By one tap "I am there" for who goes there; the device for who looks after it; calling for anybody else."""
    device = device_at_door(code[:COUNTY], code[COUNTY:].upper())
    if device is None:
        raise Http404
    actor = request.actor
    if actor.kind == "user":
        call = open_call_at(actor, device)
        if call is not None:
            if "arrive_at_call" in verbs_of(actor, call):
                return _there(request, call, device.door_code)
            return HttpResponseRedirect(f"/work/calls/{call.id}/")
        if device_for(actor, device.id) is not None:
            return HttpResponseRedirect(f"/work/devices/{device.id}/")
    area = device.grid or device.village
    answer = HttpResponseRedirect(f"/call/?at={area}" if area else "/call/")
    if area:
        remember(answer, VILLAGE_COOKIE, area[:12])
    return answer


def _there(request: Any, call: Any, door_code: str) -> HttpResponse:
    card = card_of(call, {}, timezone.now(), whole=may_ring(request.actor, call))
    return show(
        request,
        page="devices/door.html",
        call=card,
        door_code=door_code,
        **frame.office(request, "/work/calls/"),
    )
