"""Rows and lists as staff see them: sorted by need, one verb a card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
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
SOLID = (
    "accept_case",
    "assign_case",
    "claim_case",
    "report_for_roll_call",
    "answer_part",
    "decide_extension",
    "handle_case",
    "resume_case",
)
# What a list offers at once; everything else is on the case's own page.
IN_LISTS = ("accept_case", "assign_case", "claim_case", "handle_case", "return_case")
# What a row must know of: what it offers, and what would stand solid before it.
KNOWN_IN_LISTS = tuple(dict.fromkeys((*IN_LISTS, *SOLID)))
# So many stand in the row of a case; the rest is one tap away in its menu, the grave ones last.
IN_ROW = 4


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
    flags: list[Badge] = field(default_factory=list)
    pick: bool = False


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
class Picking:
    """Choosing several to be given to one tray: the way in, the way out, all of them."""

    on: bool
    all: bool
    begin: str
    end: str
    every: str


@dataclass(frozen=True)
class WorkList:
    """The left half of the desk, the whole of the phone."""

    title: str
    order: str
    url: str
    name: str
    narrow: Any
    kept: list[Any]
    shareable: list[tuple[str, str]]
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
    picking: Picking | None = None


def buttons(case: Any, may: Iterable[str], *, assigning: bool = False) -> list[Go]:
    """The verbs of the table as buttons; one solid and first, the grave ones last.

    Assigning has its own place on the case's page, and so has what belongs to parts and whistles.
    """
    allowed = [VERBS[verb] for verb in may if verb in VERBS and not VERBS[verb].panel]
    allowed = [verb for verb in allowed if assigning or verb.code != "assign_case"]
    order = list(VERBS)
    solid = next(
        (verb.code for verb in sorted(allowed, key=lambda v: order.index(v.code)) if verb.code in SOLID), ""
    )
    allowed.sort(key=lambda verb: (verb.last, verb.code != solid, order.index(verb.code)))
    return [button(case, verb.code, primary=verb.code == solid) for verb in allowed]


def button(case: Any, code: str, *, primary: bool = False, query: str = "") -> Go:
    """One verb as a button."""
    verb = VERBS[code]
    url = f"/work/cases/{case.id}/{verb.slug}/{query}"
    return Go(code, verb.word, verb.icon, url, verb.at_once, primary, verb.last)


def row_and_menu(found: list[Go]) -> tuple[list[Go], list[Go]]:
    """A calm row: at most four buttons, everything else in the menu; the grave ones are always there."""
    plain = [go for go in found if not go.last]
    row = plain[:IN_ROW]
    rest = [go for go in found if go not in row]
    return (found, []) if len(found) <= IN_ROW else (row, rest)


def badge_of(case: Any, now: datetime) -> Badge:
    """Its state; overdue and urgent go before it."""
    if case.is_running and case.due_at < now:
        return Badge(
            "red", "alert", _("overdue, %(state)s") % {"state": labels.STAFF_STATES[case.state].word}
        )
    if case.is_open and case.urgency == "urgent":
        return Badge("red", "bell", _("urgent, %(state)s") % {"state": labels.STAFF_STATES[case.state].word})
    return labels.STAFF_STATES[case.state]


def flags_of(case: Any) -> list[Badge]:
    """What makes it stand out in a list: supervised, pressing."""
    found = [labels.SUPERVISED[case.supervised]] if case.supervised in labels.SUPERVISED else []
    return found + [Badge("line", "heart", labels.word(labels.TAGS, tag)) for tag in case.tags]


def due_of(case: Any, now: datetime) -> Due | None:
    """By when; for what is handled or over, when that was. What rests has no hour."""
    if case.state == S.PAUSED:
        return None
    if case.is_open:
        colour = colour_of(used(case.opened_at, case.due_at, now), case.due_at, now)
        return Due(words.deadline(case.due_at, now), words.exact(case.due_at), colour)
    at = case.closed_at or case.handled_at
    return Due(words.when(at, now), words.exact(at), "") if at else None


def group_of(case: Any, mine: bool, now: datetime) -> str:
    """What it needs: now, today, a signature, work, or only the resident's word."""
    if case.state == S.PAUSED:
        return "resting"
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
        "called": _("You were called to it"),
        "overdue": _("Past its time"),
        "today": _("Due today"),
        "new": _("To be taken on"),
        "waiting": _("With others, not taken on yet"),
        "working": _("Being handled"),
        "resting": _("Resting"),
        "asked": _("Waiting for the resident"),
        "over": _("Over"),
    }


def row_of(
    case: Any,
    *,
    may: Sequence[str],
    holder: str,
    names: Names,
    now: datetime,
    query: str,
    called: bool = False,
) -> CaseRow:
    """One case in a list; ``query`` keeps the list beside the opened case, ``called``: others have it, a part is ours."""
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
        "called" if called else group_of(case, bool(offered), now),
        flags_of(case),
        "assign_case" in may,
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
        "parts": pgettext("list", "Called to"),
        "area": pgettext("list", "My area"),
        "watching": pgettext("list", "Watching"),
        "overdue": pgettext("list", "Overdue"),
    }
