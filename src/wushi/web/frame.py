"""What stands around every page of a face: the bars, and who is looking."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from wushi.domain.accounts.duties import AREA_READERS, Duty
from wushi.domain.calls.permissions import KEEPERS, READERS, WRITES_DOWN
from wushi.domain.cases import queries as cases
from wushi.domain.cases.permissions import trays_of
from wushi.domain.notify import queries as notify
from wushi.edge import live
from wushi.web import labels
from wushi.web.calls.ring import alarm

TAKERS = frozenset(
    {
        Duty.SECRETARY,
        Duty.DEPUTY,
        Duty.GRID_LEAD,
        Duty.GRID_WORKER,
        Duty.GRID_ASSISTANT,
        Duty.TOWN_CLERK,
        Duty.TOWN_LEAD,
        Duty.DISTRICT_CLERK,
        Duty.HOTLINE,
    }
)
LIST_KEEPERS = frozenset({Duty.DISTRICT_ADMIN, Duty.DISTRICT_CLERK, Duty.TOWN_CLERK})
AREA_PAGES = TAKERS | {Duty.DISTRICT_LEAD, Duty.SUPERVISOR, Duty.DISTRICT_ADMIN}


@dataclass(frozen=True)
class Tab:
    """One entry of a bar."""

    url: str
    icon: str
    word: str
    here: bool = False
    count: Any = ""


def resident(here: str) -> dict[str, Any]:
    """The bar of the resident's phone."""
    tabs = (
        ("/", "home", _("Home")),
        ("/report/", "talk", _("Report")),
        ("/mine/", "list", _("Mine")),
        ("/me/", "user", _("Me")),
    )
    return {"tabs": [Tab(url, icon, word, url == here) for url, icon, word in tabs]}


def main_post(viewer: Any) -> Any:
    """The post a page calls its reader by: the widest area he answers for."""
    return min(viewer.posts, key=lambda post: (len(post.area), post.duty), default=None)


def _later(count: Callable[[], int]) -> Any:
    """A count that is read when a page shows it, and once; nothing for none."""
    return SimpleLazyObject(lambda: str(count() or ""))


def waiting(request: Any, here: str) -> list[Tab]:
    """What waits beside the requests themselves: second looks not taken yet, calls not made yet."""
    actor, found = request.actor, []
    if trays_of(actor):
        unseen = _later(lambda: sum(row.seen_at is None for row in cases.flags_for(actor)))
        found.append(Tab("/work/flags/", "eye", _("Second looks"), here == "/work/flags/", unseen))
    if Duty.SUPERVISOR in request.viewer.duties:
        unmade = _later(lambda: sum(row.made_at is None for row in cases.callbacks_for(actor)))
        found.append(Tab("/work/callbacks/", "phone", _("Call-backs"), here == "/work/callbacks/", unmade))
    return found


def bell(request: Any) -> dict[str, Any]:
    """The bell of every office page: how many notices are new, and what it listens to."""
    actor = request.actor

    def count() -> str:
        n = notify.unread_of(actor)
        return "" if not n else f"{notify.UNREAD_SHOWN}+" if n > notify.UNREAD_SHOWN else str(n)

    return {"bell_topic": live.topic("inbox", actor.ref), "bell_count": SimpleLazyObject(count)}


def calls_of(viewer: Any, here: str) -> list[Tab]:
    """呼叫: for the line of duty, and the devices for who looks after them."""
    found = []
    if viewer.duties & READERS:
        found.append(Tab("/work/calls/", "phone", _("Calls"), here == "/work/calls/"))
        found.append(Tab("/work/calls/duty/", "desk", _("Duty room"), here == "/work/calls/duty/"))
    elif viewer.duties & WRITES_DOWN:
        found.append(Tab("/work/calls/", "phone", _("Calls"), here == "/work/calls/"))
    if viewer.duties & KEEPERS:
        found.append(Tab("/work/devices/", "bell", _("Wireless callers"), here.startswith("/work/devices/")))
    return found


def administering(viewer: Any, here: str) -> list[Tab]:
    """What an administrator sets, and the lists that come in."""
    found = []
    if viewer.is_administrator:
        found += [
            Tab("/work/staff/", "people", _("People and posts"), here == "/work/staff/"),
            Tab("/work/calendar/", "cal", _("Working days"), here == "/work/calendar/"),
            Tab("/work/notices/", "send", _("Messages sent"), here == "/work/notices/"),
        ]
    if viewer.duties & LIST_KEEPERS:
        found.append(Tab("/work/imports/", "upload", _("Import lists"), here == "/work/imports/"))
    return found


def office(request: Any, here: str) -> dict[str, Any]:
    """The bars of the office, with only the rooms this reader may enter."""
    viewer = request.viewer
    post = main_post(viewer)
    works = bool(trays_of(request.actor))
    records, areas = viewer.duties & TAKERS, viewer.duties & AREA_PAGES
    side = [Tab("/work/", "list", _("Requests"), here == "/work/")]
    phone = [Tab("/work/", "bell", _("To do") if works else _("Requests"), here == "/work/")]
    if viewer.duties & (READERS | WRITES_DOWN):
        # everything of the area is one of the lists; who may be rung has the calls at hand instead
        phone.append(Tab("/work/calls/", "phone", _("Calls"), here == "/work/calls/"))
    elif works:
        phone.append(Tab("/work/?list=area", "list", _("All"), here == "all"))
    if records:
        phone.append(Tab("/work/new/", "plus", _("Record"), here == "/work/new/"))
    if areas:
        name = _("My village") if post and len(post.area) >= 12 else _("Villages and grids")
        side.append(Tab("/work/village/", "grid", name, here == "/work/village/"))
        phone.append(Tab("/work/village/", "leaf", name, here == "/work/village/"))
    side += calls_of(viewer, here)
    beside = waiting(request, here)
    side += beside
    if viewer.duties & AREA_READERS:
        side.append(Tab("/work/figures/", "chart", _("Figures"), here == "/work/figures/"))
    side += administering(viewer, here)
    phone.append(Tab("/work/me/", "user", _("Me"), here == "/work/me/"))
    return {
        "side": side,
        "phone_tabs": phone,
        "waiting": beside,
        "may_record": bool(records),
        "reads_area": bool(viewer.duties & AREA_READERS),
        "place_name": post.area_name if post else viewer.district_name,
        "duty_word": labels.word(labels.DUTIES, post.duty) if post else "",
        **bell(request),
        **alarm(request),
    }
