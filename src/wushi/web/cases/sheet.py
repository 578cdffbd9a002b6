"""The case as staff see it: clocks, trays to choose from, facts, the trace. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wushi.domain.cases.states import ENDED
from wushi.plumbing.personal import mask_name, mask_phone
from wushi.web import labels, words
from wushi.web.cases.cards import Go, badge_of, buttons
from wushi.web.labels import Badge
from wushi.web.told import Known, Shot, Told, tell, why_lines
from wushi.web.track.cards import colour_of, used

UNSEALED = 15


@dataclass(frozen=True)
class ClockCard:
    """One clock; the whole one is locked, nobody sets it back."""

    name: str
    word: str
    line: str
    percent: int
    colour: str
    locked: bool = False


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
    clocks: list[ClockCard]
    trays: list[TrayChoice]
    text: str
    photos: list[Shot]
    facts: list[Fact]
    why: list[str]
    timeline: list[Told] = field(default_factory=list)


def badges_of(case: Any, now: datetime) -> list[Badge]:
    """State, kind, where it came from, and the flags."""
    found = [
        badge_of(case, now),
        Badge("", "talk", labels.word(labels.KINDS, case.kind)),
        Badge(
            "",
            "phone" if case.channel in ("tel", "12345") else "doc",
            labels.word(labels.CHANNELS, case.channel),
        ),
    ]
    if case.refusals:
        found.append(
            Badge(
                "line",
                "redo",
                ngettext("%(n)s time not yet right", "%(n)s times not yet right", case.refusals)
                % {"n": case.refusals},
            )
        )
    if case.appealed_to:
        found.append(labels.APPEALED)
    if case.seal < UNSEALED:
        found.append(labels.SEALED)
    return found


def clocks_of(case: Any, workdays: int, now: datetime) -> list[ClockCard]:
    """The deadline, and the whole time since it was told."""
    percent = used(case.opened_at, case.due_at, now)
    end = case.closed_at or (case.handled_at if case.state in ENDED else None) or now
    count = ngettext("%(n)s working day", "%(n)s working days", workdays) % {"n": workdays}
    if case.is_open:
        first = ClockCard(
            _("To be done"),
            words.left(case.due_at, now),
            f"{_('by %(day)s') % {'day': words.deadline(case.due_at, now)}} · {count}",
            percent,
            colour_of(percent, case.due_at, now),
        )
    else:
        late = case.handled_at and case.handled_at > case.due_at
        first = ClockCard(
            _("To be done"),
            _("late") if late else _("in time"),
            f"{words.deadline(case.due_at, now)} · {count}",
            100,
            "red" if late else "green",
        )
    whole = ClockCard(
        _("In all"),
        words.span(end - case.opened_at),
        _("since %(when)s; nobody sets it back") % {"when": words.when(case.opened_at, now)},
        percent if case.is_open else 100,
        "",
        locked=True,
    )
    return [first, whole]


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


def sheet_of(case: Any, known: Known, *, trays: list[TrayChoice], facts: list[Fact]) -> CaseSheet:
    """The whole card."""
    base = f"/work/cases/{case.id}/"
    first = next((step for step in known.steps if step.verb == "open_case"), None)
    alt = _("Photo of the matter")
    return CaseSheet(
        id=case.id,
        number=case.number,
        title=case.title,
        url=base,
        topic=known.topic,
        opened_at=case.opened_at,
        badges=badges_of(case, known.now),
        go=buttons(case, known.may),
        clocks=clocks_of(case, int(known.why.get("workdays") or 0), known.now),
        trays=trays if "assign_case" in known.may else [],
        text=case.text,
        photos=[Shot(f"{base}photo/{photo.id}/", alt) for photo in (first.photos if first else ())],
        facts=facts,
        why=why_lines(known.why, known.names),
        timeline=tell(known, you=False, base=base, open_=case.state not in ENDED),
    )
