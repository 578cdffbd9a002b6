"""The trace told in words: one step of a case -> what a page says of it. Residents and staff read the same trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from wushi.domain.cases.queries.clocks import Why
from wushi.web import labels, titles
from wushi.web.recordings import Voice, voices
from wushi.web.told_facts import facts_of


@dataclass(frozen=True)
class Names:
    """What codes are called: areas by a function, units by a table."""

    area: Callable[[str], str]
    units: Mapping[str, str]

    def tray(self, duty: str, area: str, unit: str) -> str:
        """What a tray is called: the place and the duty, or the department."""
        if duty == "department":
            return self.units.get(unit, unit)
        return f"{self.area(area)} {labels.word(labels.DUTIES, duty)}"


@dataclass(frozen=True)
class Known:
    """What a page has read beside the row: verbs allowed, trace, reasons, names, its live topic, the time."""

    may: list[str]
    steps: Sequence[Any]
    why: Why
    names: Names
    topic: str
    now: datetime


@dataclass(frozen=True)
class Reader:
    """Who is told: ``resident`` reads plain words, ``own``: it is his own matter; ``base`` is where its photos are."""

    base: str
    resident: bool = False
    own: bool = False


@dataclass(frozen=True)
class Shot:
    """A photo on a page."""

    url: str
    alt: str
    caption: str = ""


@dataclass(frozen=True)
class Told:
    """One step of the timeline."""

    state: str
    icon: str
    title: str
    at: datetime | None
    words: str = ""
    facts: tuple[str, ...] = ()
    photos: tuple[Shot, ...] = ()
    by: str = ""
    voices: tuple[Voice, ...] = ()


def _who(step: Any, you: bool) -> str:
    if step.by == "staff":
        return step.by_name or _("a member of staff")
    if step.by == "house":
        return _("the system")
    return _("You") if you else _("the resident")


def _deed(step: Any, you: bool, names: Names) -> titles.Deed:
    """The step's codes in words."""
    facts = step.facts
    tray = (
        names.tray(facts["duty"], facts.get("area", ""), facts.get("unit", "")) if facts.get("duty") else ""
    )
    units = _(", ").join(names.units.get(code, code) for code in facts.get("units", []))
    return titles.Deed(step.verb, facts, _who(step, you), tray, units, step.by == "house")


def told(step: Any, *, reader: Reader, names: Names, last: bool) -> Told:
    """One step as the reader is told of it."""
    title = titles.title(_deed(step, reader.own, names), resident=reader.resident, own=reader.own)
    alt = _("Photo: %(title)s") % {"title": title}
    shots = tuple(Shot(f"{reader.base}photo/{photo.id}/", alt) for photo in step.photos)
    late = step.verb == "mark_clock" and step.facts.get("level") in ("red", "supervision")
    look = "now" if last else "warn" if late or step.verb in titles.WARNING else "done"
    spoken = voices(step.recordings, reader.base)
    return Told(
        look, titles.icon(step.verb), title, step.at, step.words, facts_of(step), shots, voices=spoken
    )


def _is_told(step: Any, reader: Reader) -> bool:
    """Staff read every step. A resident is spared what says nothing to who waits: reminders, grades, lists of links.

    Where the dispatch list decides, accepting and giving are one thing to him.
    """
    if not reader.resident:
        return True
    if step.verb == "mark_clock":
        return step.facts.get("level") == "red" and step.facts.get("clock") not in ("answer", "pause")
    return step.verb not in titles.STAFF_ONLY and not (step.verb == "accept_case" and step.facts.get("route"))


def tell(known: Known, *, reader: Reader, open_: bool) -> list[Told]:
    """The whole trace, newest first; the newest step stands out while it is not over."""
    rows = [step for step in known.steps if _is_told(step, reader)]
    return [
        told(step, reader=reader, names=known.names, last=open_ and n == len(rows) - 1)
        for n, step in reversed(list(enumerate(rows)))
    ]
