"""Every component once, with made-up words; axe looks at it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from wushi.edge.guard import public
from wushi.edge.pages import show
from wushi.web import labels
from wushi.web.home.cards import LampCard
from wushi.web.report.forms import ReportForm
from wushi.web.told import Told
from wushi.web.track.cards import dots


@public("shows components with made-up words, no data")
def style(request: Any) -> HttpResponse:
    """The style sheet page."""
    now = timezone.now()
    lamps = [
        LampCard("green", _("All quiet today"), "", now),
        LampCard("amber", _("In hand"), "", now),
        LampCard("red", _("Somebody is calling"), "", now),
        LampCard("grey", _("Cannot tell"), "", now),
    ]
    told = [
        Told("todo", "user", _("You agree"), None, by=_("by %(day)s") % {"day": _("Friday")}),
        Told("now", "hour", _("In hand"), now, _("Seen. A new lamp comes tonight.")),
        Told("done", "check", _("Taken on"), now - timedelta(hours=5)),
        Told("warn", "alert", _("Past its time"), now - timedelta(days=1)),
    ]
    bars = [("", 34), ("amber", 78), ("red", 100), ("green", 100)]
    badges = [
        *labels.STAFF_STATES.values(),
        labels.OVERDUE,
        labels.URGENT,
        labels.APPEALED,
        labels.SEALED,
        labels.AGAIN,
    ]
    form = ReportForm({"text": "", "urgency": "normal", "phone": "138 0000"})
    return show(
        request,
        page="style/style.html",
        lamps=lamps,
        badges=badges,
        timeline=told,
        steps=dots("working"),
        bars=bars,
        form=form,
    )
