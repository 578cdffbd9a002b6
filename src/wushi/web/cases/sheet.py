"""The case as staff see it: clocks, trays to choose from, facts, the trace. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wushi.domain.cases.states import ENDED, CaseState
from wushi.plumbing.personal import mask_name, mask_phone
from wushi.web import labels
from wushi.web.amounts import amount
from wushi.web.cases.cards import Go, badge_of, buttons, flags_of, row_and_menu
from wushi.web.cases.clockcards import ClockCard, clock_cards
from wushi.web.cases.together import Together
from wushi.web.labels import Badge
from wushi.web.recordings import Voice, voices
from wushi.web.told import Known, Reader, Shot, Told, tell
from wushi.web.why import coming_lines, why_lines

UNSEALED = 15


@dataclass(frozen=True)
class TrayChoice:
    """Somewhere it can be assigned to."""

    value: str
    word: str
    line: str


@dataclass(frozen=True)
class Fact:
    """A name and a value."""

    name: str
    value: str
    href: str = ""
    link: str = ""


@dataclass(frozen=True)
class Note:
    """A sentence that stands out: colour, icon, words."""

    colour: str
    icon: str
    words: str


@dataclass(frozen=True)
class Other:
    """Another request beside this one."""

    url: str
    title: str
    line: str
    badge: Badge


@dataclass(frozen=True)
class Beside:
    """What is read around the row for its sheet."""

    facts: list[Fact]
    trays: list[TrayChoice]
    together: Together
    linked: list[Other] = field(default_factory=list)
    near: list[Other] = field(default_factory=list)
    same: list[Other] = field(default_factory=list)


@dataclass(frozen=True)
class CaseSheet:
    """The right half of the desk."""

    id: Any
    number: str
    title: str
    url: str
    topic: str
    opened_at: datetime
    badges: list[Badge]
    go: list[Go]
    more: list[Go]
    clocks: list[ClockCard]
    notes: list[Note]
    trays: list[TrayChoice]
    text: str
    photos: list[Shot]
    voices: tuple[Voice, ...]
    facts: list[Fact]
    together: Together
    linked: list[Other]
    near: list[Other]
    same: list[Other]
    why: list[str]
    coming: list[str]
    timeline: list[Told] = field(default_factory=list)


def badges_of(case: Any, now: datetime) -> list[Badge]:
    """State, kind, where it came from, and the flags."""
    channel = "phone" if case.channel in ("tel", "12345") else "doc"
    found = [
        badge_of(case, now),
        Badge("", "talk", labels.word(labels.KINDS, case.kind)),
        Badge("", channel, labels.word(labels.CHANNELS, case.channel)),
        *flags_of(case),
    ]
    if case.came_from:
        found.append(labels.ESCALATED)
    if case.open_parts:
        word = ngettext("%(n)s part open", "%(n)s parts open", case.open_parts) % {"n": case.open_parts}
        found.append(Badge("amber", "people", word))
    if case.merged:
        word = ngettext("%(n)s more told the same", "%(n)s more told the same", case.merged) % {
            "n": case.merged
        }
        found.append(Badge("line", "doc", word))
    if case.returns:
        word = ngettext("returned %(n)s time", "returned %(n)s times", case.returns) % {"n": case.returns}
        found.append(Badge("line", "undo", word))
    if case.refusals:
        word = ngettext("%(n)s time not yet right", "%(n)s times not yet right", case.refusals)
        found.append(Badge("line", "redo", word % {"n": case.refusals}))
    if case.plan_on:
        found.append(
            Badge("", "cal", _("planned for %(day)s") % {"day": date_format(case.plan_on, _("M j, Y"))})
        )
    if case.appealed_to:
        found.append(labels.APPEALED)
    if case.seal < UNSEALED:
        found.append(labels.SEALED)
    return found


def facts_of(case: Any, person: Any, taker: str, place: str, *, handles: bool) -> list[Fact]:
    """Who, telephone, where, whether an answer is wanted; the whole number only for those who handle it."""
    name = mask_name(person.name) if person and person.name else _("not said")
    if case.on_behalf:
        name = _("%(name)s, told by %(taker)s (%(consent)s)") % {
            "name": name,
            "taker": taker,
            "consent": labels.word(labels.CONSENTS, case.consent),
        }
    found = [Fact(_("Who"), name), Fact(_("Where"), f"{place} {case.place}".strip())]
    if person and person.phone:
        link = (f"tel:{person.phone}", _("Call")) if handles else ("", "")
        found.insert(1, Fact(_("Phone"), mask_phone(person.phone), *link))
    found.append(Fact(_("How urgent?"), labels.word(labels.URGENCIES, case.urgency)))
    found.append(Fact(_("Answer wanted"), _("yes") if case.wants_reply else _("no")))
    if case.source:
        found.append(Fact(_("From another system"), f"{case.source} {case.source_id}".strip()))
    return found


def tray_choices(
    case: Any,
    mine: Iterable[tuple[str, str, str]],
    places: Sequence[Any],
    upper: Sequence[Any],
    units: Iterable[Any],
) -> list[TrayChoice]:
    """Where it may go: the village and its grids, the levels above, the departments; one's own tray last."""
    own = {(duty, area) for duty, area, _unit in mine}
    found: list[tuple[bool, TrayChoice]] = []

    def add(duty: str, area: str, unit: str, name: str, line: str) -> None:
        if len(area) <= case.seal:
            title = name if duty == "department" else f"{name}　{labels.word(labels.DUTIES, duty)}"
            found.append(((duty, area) in own, TrayChoice(f"{duty}|{area}|{unit}", title, line)))

    for place in places:
        duty = "grid_lead" if len(place.code) == 15 else "secretary"
        line = place.lead_name or (
            _("no lead at present: the village sees it") if duty == "grid_lead" else _("the village's tray")
        )
        add(duty, place.code, "", place.name, line)
    for place in upper:
        add(
            "town_clerk" if len(place.code) == 9 else "district_clerk",
            place.code,
            "",
            place.name,
            _("when it is beyond the village"),
        )
    for unit in units:
        add("department", unit.area[:6], unit.code, unit.name, _("when it is theirs by law"))
    return [choice for _own, choice in sorted(found, key=lambda pair: pair[0])]


def sheet_of(case: Any, known: Known, around: Beside) -> CaseSheet:
    """The whole card."""
    base = f"/work/cases/{case.id}/"
    first = next((step for step in known.steps if step.verb == "open_case"), None)
    alt = _("Photo of the matter")
    go, more = row_and_menu(buttons(case, known.may))
    return CaseSheet(
        id=case.id,
        number=case.number,
        title=case.title,
        url=base,
        topic=known.topic,
        opened_at=case.opened_at,
        badges=badges_of(case, known.now),
        go=go,
        more=more,
        clocks=clock_cards(known.why.clocks, known.now, case),
        notes=notes_of(case, known),
        trays=around.trays if "assign_case" in known.may else [],
        text=case.text,
        photos=[Shot(f"{base}photo/{photo.id}/", alt) for photo in (first.photos if first else ())],
        voices=voices(first.recordings if first else (), base),
        facts=around.facts,
        together=around.together,
        linked=around.linked,
        near=around.near,
        same=around.same,
        why=why_lines(known.why, known.names, known.now),
        coming=coming_lines(known.why, known.names, known.now),
        timeline=tell(known, reader=Reader(base), open_=case.state not in ENDED),
    )


def notes_of(case: Any, known: Known) -> list[Note]:
    """What everybody who opens it must know first: it rests, more time was asked for, it went into another one."""
    found = []
    if case.state == CaseState.PAUSED and known.why.rests:
        reason = labels.word(labels.PAUSE_REASONS, known.why.rests[-1][0])
        until = next((c.due_at for c in known.why.clocks if c.name == "pause" and c.ended_at is None), None)
        day = date_format(timezone.localtime(until - timedelta(seconds=1)), _("M j, Y")) if until else ""
        found.append(
            Note(
                "",
                "pause",
                _("Rests until %(day)s at the latest: %(reason)s") % {"day": day, "reason": reason},
            )
        )
    plea = known.why.plea
    if plea and plea[1] is None:
        unit = next(
            (c.unit for c in known.why.clocks if c.name == "resolution" and c.ended_at is None), "workday"
        )
        more = _("%(amount)s more") % {"amount": amount(plea[0], unit)}
        found.append(
            Note("amber", "hour", _("More time was asked for (%(more)s); not decided yet.") % {"more": more})
        )
    return found
