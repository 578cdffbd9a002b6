"""The lamp and the people a resident can reach, as the home page shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from wushi.web import words


@dataclass(frozen=True)
class LampCard:
    """A lamp with its word and one sentence."""

    colour: str
    word: str
    line: str
    as_of: datetime | None
    topic: str = ""


@dataclass(frozen=True)
class Contact:
    """Somebody whose number is public."""

    name: str
    line: str
    phone: str


def in_hand(n: int) -> str:
    """Two in hand; beyond ten in figures."""
    if n > 10:
        return pgettext("figure", "%(n)s in hand") % {"n": n}
    return ngettext("%(n)s in hand", "%(n)s in hand", n) % {"n": words.counted(n)}


def lamp_card(lamp: Any, name: str, topic: str, calling: int = 0) -> LampCard:
    """Red while somebody calls and nobody is there, green 今天无事, amber with how many and how they stand in time."""
    if calling:
        return red_card(calling, lamp.as_of, topic)
    if lamp.colour == "green":
        return LampCard(
            "green",
            _("All quiet today"),
            _("Nothing is open in %(village)s") % {"village": name},
            lamp.as_of,
            topic,
        )
    if lamp.overdue:
        line = ngettext("%(n)s is past its time", "%(n)s are past their time", lamp.overdue) % {
            "n": lamp.overdue
        }
    elif lamp.due_today:
        line = ngettext("%(n)s is due today", "%(n)s are due today", lamp.due_today) % {"n": lamp.due_today}
    else:
        line = _("All within their time")
    return LampCard("amber", in_hand(lamp.open), line, lamp.as_of, topic)


def red_card(calling: int, as_of: datetime | None, topic: str = "") -> LampCard:
    """有人呼叫: until somebody is there."""
    line = ngettext("%(n)s call, nobody is there yet", "%(n)s calls, nobody is there yet", calling) % {
        "n": calling
    }
    return LampCard("red", _("Somebody is calling"), line, as_of, topic)


def contacts(village: Any, grids: Iterable[Any]) -> list[Contact]:
    """The village's secretary, then the grid's lead where the grid is known; only public numbers."""
    found = []
    if village and village.lead_name:
        found.append(Contact(village.lead_name, _("Secretary of the village"), village.lead_phone))
    for grid in grids:
        if grid.lead_name:
            count = ngettext("%(n)s household", "%(n)s households", grid.households or 0) % {
                "n": grid.households or 0
            }
            found.append(
                Contact(
                    grid.lead_name, f"{grid.name} {count}" if grid.households else grid.name, grid.lead_phone
                )
            )
    return found
