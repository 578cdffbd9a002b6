"""怎样用: one page for residents, two pages of paper for each duty."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from wushi.domain.accounts.duties import ANY_STAFF
from wushi.edge.guard import guarded, public
from wushi.edge.pages import show
from wushi.web import frame
from wushi.web.help.call_chapters import resident_calls
from wushi.web.help.chapters import resident_chapters
from wushi.web.help.guides import GUIDED, guide_for, guides


@public("how to use it is for everybody")
def residents(request: Any) -> HttpResponse:
    """How a resident uses it, in plain words and large pictures."""
    return show(
        request,
        page="help/residents.html",
        chapters=[*resident_chapters(), *resident_calls()],
        **frame.resident("/help/"),
    )


@guarded(ANY_STAFF)
def staff(request: Any) -> HttpResponse:
    """The guide of one's own duty; the others are one tap away."""
    asked_for = request.GET.get("duty", "")
    post = frame.main_post(request.viewer)
    own = guide_for(post.duty if post else "")
    duty = asked_for if asked_for in GUIDED else own
    found = guides()
    return show(
        request,
        page="help/staff.html",
        guide=found[duty],
        guides=found.values(),
        **frame.office(request, "/work/help/"),
    )
