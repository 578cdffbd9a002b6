"""标签: a sticker for each wireless caller, 24 on A4, with the code its door is known by and nothing of whom it is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse

from wushi.domain.calls.permissions import KEEPERS
from wushi.domain.calls.queries.pages import device_for, label_prints, page_of_devices
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.web import frame
from wushi.web.devices.narrowing import after_asked, narrowed, query_of
from wushi.web.devices.views import HERE, model_name
from wushi.web.paper import qr
from wushi.web.paper.label_facts import ACROSS, DOWN, Label, of_labels
from wushi.web.paper.views import printed

# ten sheets: about a second of one core, and what fits into a printer
EACH = 10 * ACROSS * DOWN


@dataclass(frozen=True)
class Print:
    """One PDF of a long list: from the how many-th label to the how many-th."""

    url: str
    first: int
    last: int
    sheets: int


def _label(request: Any, device: Any) -> Label:
    address = request.build_absolute_uri(f"/d/{device.county}{device.door_code}/")
    return Label(device.uid, model_name(device.model), device.door_code, qr.svg(address, error="q"))


@guarded(KEEPERS)
def prints(request: Any) -> HttpResponse:
    """The labels of the list as it is narrowed, in prints a printer can take."""
    narrow = narrowed(request)
    query, found, first = query_of(narrow), [], 1
    for after, count in label_prints(request.actor, **narrow, each=EACH):
        more = urlencode({**query, **({"after": str(after)} if after else {})})
        sheets = -(-count // (ACROSS * DOWN))
        found.append(Print(f"{HERE}labels.pdf?{more}", first, first + count - 1, sheets))
        first += count
    return show(
        request,
        page="devices/labels.html",
        prints=found,
        total=first - 1,
        back=f"{HERE}?{urlencode(query)}",
        **frame.office(request, HERE),
    )


@guarded(KEEPERS)
def sheets(request: Any) -> HttpResponse:
    """One print, at most ten sheets."""
    after = after_asked(request)
    rows = page_of_devices(request.actor, **narrowed(request), after=after, limit=EACH, living=True)
    if not rows:
        raise Http404
    return printed(request, "labels", "labels", of_labels([_label(request, row) for row in rows[:EACH]]))


@guarded(KEEPERS)
def one(request: Any, device_id: UUID) -> HttpResponse:
    """The label of one device."""
    device = device_for(request.actor, device_id)
    if device is None:
        raise Http404
    return printed(request, "labels", f"label-{device.uid}", of_labels([_label(request, device)]))
