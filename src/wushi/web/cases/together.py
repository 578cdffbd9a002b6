"""The panel of parts and whistles: who was called, who is there, what they answered, how both graded each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from wushi.domain.cases.queries.together import PartLine, WhistleLine
from wushi.web import labels, words
from wushi.web.cases.cards import Go, button
from wushi.web.labels import Badge
from wushi.web.offered import Around
from wushi.web.told import Names


@dataclass(frozen=True)
class PartCard:
    """One part: whose, how it stands, what was answered, the grades in both directions."""

    id: Any
    name: str
    badges: list[Badge]
    line: str
    answer: str
    grades: list[str]
    own: bool
    grading: str = ""
    go: list[Go] = field(default_factory=list)


@dataclass(frozen=True)
class WhistleCard:
    """One whistle with its parts."""

    title: str
    line: str
    badge: Badge
    plan: str
    parts: list[PartCard]
    go: list[Go] = field(default_factory=list)


@dataclass(frozen=True)
class Together:
    """The panel: whistles, and co-handlers without a whistle."""

    whistles: list[WhistleCard]
    partners: list[PartCard]

    def __bool__(self) -> bool:
        return bool(self.whistles or self.partners)


def together_of(around: Around, may: list[str], names: Names, steps: Any) -> Together:
    """The panel of one request."""
    if not around.parts:
        return Together([], [])
    cards = {part.row.id: _part(part, around, may, names) for part in around.parts}
    alone = [cards[part.row.id] for part in around.parts if part.row.whistle_id is None]
    said = {step.facts.get("whistle"): step.words for step in steps if step.verb == "plan_together"}
    whistles = [
        _whistle(line, [cards[p.row.id] for p in line.parts], around, may, said) for line in around.whistles
    ]
    return Together(whistles, alone)


def _whistle(
    line: WhistleLine, parts: list[PartCard], around: Around, may: list[str], said: dict[Any, str]
) -> WhistleCard:
    row, now = line.row, around.now
    there = sum(1 for part in line.parts if part.row.came_at is not None)
    if row.ended_at:
        badge = Badge(
            "green", "check", labels.word(labels.PART_RESULTS, row.result) if row.result else _("over")
        )
    else:
        badge = Badge(
            "amber", "people", _("%(there)s of %(all)s are there") % {"there": there, "all": len(parts)}
        )
    running = row.ended_at is None
    go = [button(around.case, verb) for verb in ("plan_together", "end_whistle") if running and verb in may]
    return WhistleCard(
        labels.word(labels.WHISTLE_KINDS, row.kind),
        _("blown %(when)s") % {"when": words.when(row.blown_at, now)},
        badge,
        said.get(str(row.id), ""),
        parts,
        go,
    )


def _state(part: PartLine, now: datetime) -> tuple[Badge, str]:
    """Where a part stands, and by when."""
    row = part.row
    if row.released_at:
        return Badge("", "x", _("not needed")), words.when(row.released_at, now)
    if row.answered_at:
        word = labels.word(labels.PART_RESULTS, row.result)
        return Badge("green" if row.result == "done" else "", "check", word), words.when(row.answered_at, now)
    if row.came_at:
        badge = Badge("dai", "walk", _("there, late") if part.came_late else _("there in time"))
    elif row.whistle_id is None:
        badge = Badge("amber", "clock", _("asked to help"))
    elif part.come_by and part.come_by < now:
        return Badge("red", "alert", _("called, not there")), _("by %(day)s") % {
            "day": words.deadline(part.come_by, now)
        }
    else:
        day = words.deadline(part.come_by, now) if part.come_by else ""
        return Badge("amber", "clock", _("called")), _("to be there by %(day)s") % {"day": day} if day else ""
    return badge, _("answer by %(day)s") % {"day": words.deadline(part.due_at, now)} if part.due_at else ""


def _part(part: PartLine, around: Around, may: list[str], names: Names) -> PartCard:
    row, own = part.row, around.is_own(part)
    badge, line = _state(part, around.now)
    badges = [badge, *([] if row.essential else [Badge("line", "info", _("helping only"))])]
    if part.late and row.is_open:
        badges.append(Badge("red", "alert", _("late")))
    grades = [
        said % {"grade": labels.word(labels.GRADES, grade)}
        for said, grade in (
            (_("graded by who called: %(grade)s"), row.grade_of_part),
            (_("graded who called: %(grade)s"), row.grade_of_caller),
        )
        if grade
    ]
    grading = _("How did they call and lead?") if own else _("How did they work with you?")
    can_grade = "grade_part" in may and any(p.row.id == row.id for p in around.own("grade_part"))
    go = [
        button(around.case, verb, query=f"?part={row.id}")
        for verb in ("release_partner",)
        if verb in may and any(p.row.id == row.id for p in around.own(verb))
    ]
    return PartCard(
        row.id,
        names.tray(part.tray.duty, part.tray.area, part.tray.unit),
        badges,
        line,
        part.answer,
        grades,
        own,
        grading if can_grade else "",
        go,
    )
