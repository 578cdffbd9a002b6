"""Rows and lists as staff see them: sorted by need, one verb a card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from wushi.domain.cases.states import OPEN, CaseState
from wushi.web import labels, words
from wushi.web.labels import VERBS, Badge, Word
from wushi.web.told import Names
from wushi.web.track.cards import colour_of, used

S = CaseState
SOLID = ("accept_case", "assign_case", "claim_case", "handle_case")
# What a list offers at once; everything else is on the case's own page.
IN_LISTS = ("accept_case", "assign_case", "claim_case", "handle_case", "return_case")


@dataclass(frozen=True)
class Go:
    """A verb the reader may use now."""

    verb: str
    word: Word
    icon: str
    url: str
    at_once: bool
    primary: bool = False
    last: bool = False


@dataclass(frozen=True)
class Due:
    """A deadline in a list."""

    word: str
    exact: str
    colour: str


@dataclass(frozen=True)
class CaseRow:
    """One line or card."""

    id: Any
    title: str
    url: str
    badge: Badge
    due: Due | None
    facts: str
    go: list[Go]
    group: str


@dataclass(frozen=True)
class Group:
    """Rows that need the same."""

    word: str
    line: str
    rows: list[CaseRow]


@dataclass(frozen=True)
class ListTab:
    """One of the lists, with its count."""

    url: str
    word: str
    here: bool
    count: str = ""


@dataclass(frozen=True)
class Further:
    """Where a list goes on."""

    url: str
    word: str


@dataclass(frozen=True)
class WorkList:
    """The left half of the desk, the whole of the phone."""

    title: str
    order: str
    url: str
    topic: str
    lists: list[ListTab]
    groups: list[Group]
    further: list[Further]
    calm: bool
    calm_line: str
    lamp: Any
    empty_title: str
    empty_text: str
    empty_url: str = ""
    empty_action: str = ""
    calm_last: str = ""


def buttons(case: Any, may: Iterable[str], *, assigning: bool = False) -> list[Go]:
    """The verbs of the table as buttons; one solid, the grave ones last. Assigning has its own place on the case's page."""
    allowed = [VERBS[verb] for verb in may if verb in VERBS and (assigning or verb != "assign_case")]
    allowed.sort(key=lambda verb: (verb.last, list(VERBS).index(verb.code)))
    solid = next((verb.code for verb in allowed if verb.code in SOLID), "")
    grave = next((verb.code for verb in allowed if verb.last), "")
    return [
        Go(
            verb.code,
            verb.word,
            verb.icon,
            f"/work/cases/{case.id}/{verb.slug}/",
            verb.at_once,
            verb.code == solid,
            verb.code == grave,
        )
        for verb in allowed
    ]


def badge_of(case: Any, now: datetime) -> Badge:
    """Its state; overdue and urgent go before it."""
    if case.is_open and case.due_at < now:
        return Badge(
            "red", "alert", _("overdue, %(state)s") % {"state": labels.STAFF_STATES[case.state].word}
        )
    if case.is_open and case.urgency == "urgent":
        return Badge("red", "bell", _("urgent, %(state)s") % {"state": labels.STAFF_STATES[case.state].word})
    return labels.STAFF_STATES[case.state]


def due_of(case: Any, now: datetime) -> Due | None:
    """By when; for what is handled or over, when that was."""
    if case.is_open:
        colour = colour_of(used(case.opened_at, case.due_at, now), case.due_at, now)
        return Due(words.deadline(case.due_at, now), words.exact(case.due_at), colour)
    at = case.closed_at or case.handled_at
    return Due(words.when(at, now), words.exact(at), "") if at else None


def group_of(case: Any, mine: bool, now: datetime) -> str:
    """What it needs: now, today, a signature, work, or only the resident's word."""
    if case.state in OPEN:
        if case.due_at < now:
            return "overdue"
        if timezone.localdate(case.due_at) == timezone.localdate(now):
            return "today"
        if case.state == S.WORKING:
            return "working"
        return "new" if mine else "waiting"
    return "asked" if case.state == S.HANDLED else "over"


def group_words() -> dict[str, str]:
    """In the order a list shows them."""
    return {
        "overdue": _("Past its time"),
        "today": _("Due today"),
        "new": _("To be taken on"),
        "waiting": _("With others, not taken on yet"),
        "working": _("Being handled"),
        "asked": _("Waiting for the resident"),
        "over": _("Over"),
    }


def row_of(case: Any, *, may: Sequence[str], holder: str, names: Names, now: datetime, query: str) -> CaseRow:
    """One case in a list; ``query`` keeps the list beside the opened case."""
    who = holder or names.tray(case.tray_duty, case.tray_area, case.unit)
    place = names.area(case.grid or case.village or case.town or case.county)
    facts = [place, labels.word(labels.KINDS, case.kind), who]
    offered = [go for go in buttons(case, may, assigning=True) if go.verb in IN_LISTS and case.state in OPEN]
    return CaseRow(
        case.id,
        case.title,
        f"/work/cases/{case.id}/{query}",
        badge_of(case, now),
        due_of(case, now),
        "　".join(facts),
        offered[:2],
        group_of(case, bool(offered), now),
    )


def groups_of(rows: Iterable[CaseRow]) -> list[Group]:
    """Rows in their groups, in the order of need; inside a group as they came."""
    held: dict[str, list[CaseRow]] = {}
    for row in rows:
        held.setdefault(row.group, []).append(row)
    return [
        Group(
            word,
            ngettext("%(n)s matter", "%(n)s matters", len(held[name])) % {"n": len(held[name])},
            held[name],
        )
        for name, word in group_words().items()
        if name in held
    ]


def list_words() -> dict[str, str]:
    """The lists, in order."""
    return {
        "todo": pgettext("list", "To do"),
        "mine": pgettext("list", "Mine"),
        "tray": pgettext("list", "My tray"),
        "area": pgettext("list", "My area"),
        "watching": pgettext("list", "Watching"),
        "overdue": pgettext("list", "Overdue"),
    }
