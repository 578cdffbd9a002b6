"""The lamp over a work list: one village's, or how many villages of a wider area are calm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wushi.domain.calls.queries import lamps_red
from wushi.domain.cases import queries as cases
from wushi.edge import live
from wushi.web.home.cards import LampCard, in_hand, lamp_card, red_card


@dataclass(frozen=True)
class LampSums:
    """How many villages are calm, how many have something in hand, in how many somebody calls and nobody is there."""

    green: int
    amber: int
    open: int
    red: int = 0
    calling: int = 0


def lamp_sums(actor: Any, post: Any) -> LampSums | None:
    """For a town or the district; None for one village."""
    if post is None or len(post.area) >= 12 or len(post.area) < 6:
        return None
    lamps = cases.lamps_under(actor.county, post.area)
    red = lamps_red(actor.county, post.area)
    calm = [lamp for lamp in lamps if lamp.village not in red]
    amber = [lamp for lamp in calm if lamp.open]
    opened = sum(lamp.open for lamp in lamps)
    return LampSums(len(calm) - len(amber), len(amber), opened, len(red), sum(red.values()))


def lamp_line(actor: Any, post: Any, sums: LampSums | None) -> LampCard | None:
    """The lamp card of the reader's own area; ``sums`` are those of a wider one."""
    if post is None or len(post.area) < 6:
        return None
    if len(post.area) >= 12:
        village = post.area[:12]
        calling = lamps_red(actor.county, village).get(village, 0)
        lamp = cases.lamp_of(actor.county, village)
        return lamp_card(lamp, post.area_name, live.topic("lamp", village), calling)
    if sums is not None and sums.calling:
        return red_card(sums.calling, None)
    if sums is None or not sums.amber:
        return LampCard(
            "green",
            _("All quiet today"),
            _("Nothing is open in %(village)s") % {"village": post.area_name},
            None,
        )
    line = ngettext(
        "in %(n)s village; the others are calm", "in %(n)s villages; the others are calm", sums.amber
    ) % {"n": sums.amber}
    return LampCard("amber", in_hand(sums.open), line, None)
