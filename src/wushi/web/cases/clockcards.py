"""The clocks of a request as a row of four cards: signing, the first word, handling, and the whole, which nobody sets back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from wushi.domain.cases.queries.clocks import ClockLine
from wushi.web import labels, words
from wushi.web.amounts import amount

# Card by card, the clocks that may stand in it; the newest run is shown.
PLACES = (("claim", "handover"), ("contact",), ("resolution",), ("whole",))


@dataclass(frozen=True)
class ClockCard:
    """One clock; the whole one is locked, nobody sets it back."""

    name: str
    word: str
    line: str
    percent: int
    colour: str
    locked: bool = False


def clock_cards(clocks: Sequence[ClockLine], now: datetime, case: Any) -> list[ClockCard]:
    """One card a place; a place without a clock (nobody wants an answer) is left out."""
    found = []
    for names in PLACES:
        mine = [clock for clock in clocks if clock.name in names and not clock.part_id]
        if mine:
            found.append(_card(max(mine, key=lambda clock: (clock.started_at, clock.run)), now, case))
    return found


def _used(clock: ClockLine, now: datetime) -> str:
    """The colour of the time that is used."""
    return "red" if clock.share >= 100 else "amber" if now >= clock.yellow_at else ""


def _card(clock: ClockLine, now: datetime, case: Any) -> ClockCard:
    name = labels.word(labels.CLOCKS, clock.name)
    by = _("by %(day)s") % {"day": words.deadline(clock.due_at, now)}
    length = amount(clock.amount + clock.extended, clock.unit)
    if clock.name == "whole":
        return _whole(clock, now, name)
    if clock.ended_at is not None:
        word = _("late") if clock.late else _("in time")
        return ClockCard(name, word, words.when(clock.ended_at, now), 100, "red" if clock.late else "green")
    if clock.paused_at is not None:
        return ClockCard(name, _("rests"), _("it goes on from where it stood"), min(100, clock.share), "")
    percent, colour = min(100, max(3, clock.share)), _used(clock, now)
    if clock.name == "resolution" and not colour:
        extended = " · " + _("extended") if clock.extended else ""
        return ClockCard(name, words.deadline(clock.due_at, now), f"{length}{extended}", percent, colour)
    return ClockCard(name, words.left(clock.due_at, now), f"{by} · {length}", percent, colour)


def _whole(clock: ClockLine, now: datetime, name: str) -> ClockCard:
    """How long it has taken in all; it runs until it is closed, whatever happens in between."""
    end = clock.ended_at or now
    word = _("%(span)s so far") if clock.ended_at is None else _("%(span)s in all")
    since = words.deadline(timezone.localtime(clock.started_at), now)
    line = _("since %(day)s; nobody sets it back") % {"day": since}
    colour = ("red" if clock.late else "green") if clock.ended_at else _used(clock, now)
    percent = 100 if clock.ended_at else min(100, max(3, clock.share))
    return ClockCard(
        name, word % {"span": words.span(end - clock.started_at)}, line, percent, colour, locked=True
    )
