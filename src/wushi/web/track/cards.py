"""A case as its resident sees it: where it is, who has it, what comes next, by when, what if not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wushi.domain.cases.states import ENDED, CaseState
from wushi.web import labels, words
from wushi.web.labels import Badge
from wushi.web.told import Shot, Told

S = CaseState
# How many of the five steps are behind: 收到 接办 在办 办好 您点头.
BEHIND = {S.RECEIVED: 1, S.WAITING: 1, S.ASSIGNED: 1, S.WORKING: 2, S.HANDLED: 4, S.CLOSED: 5}


@dataclass(frozen=True)
class Row:
    """A line in a list of one's own matters."""

    url: str
    title: str
    line: str
    badge: Badge


@dataclass(frozen=True)
class StepDot:
    """One of the five dots."""

    word: str
    state: str


@dataclass(frozen=True)
class DueCard:
    """A deadline: weekday and hour, then what is left, then how much of the time is used."""

    line: str
    small: str
    percent: int
    colour: str


@dataclass(frozen=True)
class Holder:
    """Who has it now."""

    initial: str
    line: str
    small: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Final:
    """How it ended."""

    colour: str
    icon: str
    words: str


@dataclass(frozen=True)
class ResidentCase:
    """Everything the tracking page shows."""

    title: str
    number: str
    code: str
    topic: str
    meta: str
    steps: list[StepDot]
    may: list[str]
    final: Final | None
    holder: Holder
    next: str
    due: DueCard | None
    if_not: str
    why: list[str]
    timeline: list[Told]
    higher: list[tuple[str, str]]
    ask: str = ""
    answer_by: datetime | None = None
    before_after: list[Shot] = field(default_factory=list)
    rated: bool = False

    @property
    def has_actions(self) -> bool:
        """Whether something can be added or taken back."""
        return bool({"add_words", "withdraw_case"} & set(self.may))


def used(opened: datetime, due: datetime, now: datetime) -> int:
    """Percent of the time that is used."""
    whole = (due - opened).total_seconds()
    return min(100, max(3, round((now - opened).total_seconds() * 100 / whole))) if whole > 0 else 100


def colour_of(percent: int, due: datetime, now: datetime) -> str:
    """Yellow at 70 %, red past the hour (the field's custom)."""
    return "red" if now > due else "amber" if percent >= 70 else ""


def due_card(case: Any, now: datetime) -> DueCard | None:
    """None once it is handled or over."""
    if not case.is_open:
        return None
    percent = used(case.opened_at, case.due_at, now)
    line = _("done by %(day)s") % {"day": words.deadline(case.due_at, now)}
    return DueCard(
        line,
        f"{words.date(case.due_at, now)} · {words.left(case.due_at, now)}",
        percent,
        colour_of(percent, case.due_at, now),
    )


def dots(state: str) -> list[StepDot]:
    """The five dots; none for a case that was declined or taken back."""
    if state not in BEHIND:
        return []
    behind = BEHIND[CaseState(state)]
    names = [
        pgettext("step", "Received"),
        pgettext("step", "Taken on"),
        pgettext("step", "In hand"),
        pgettext("step", "Done"),
        pgettext("step", "You agree"),
    ]
    return [
        StepDot(name, "done" if n < behind else "now" if n == behind else "") for n, name in enumerate(names)
    ]


def final_of(case: Any) -> Final | None:
    """The ending, in words."""
    if case.state not in ENDED:
        return None
    if case.state == S.CLOSED and case.closing == "reporter":
        rating = labels.RATINGS.get(case.rating)
        text = _("You said it is right.") + (
            " " + _("You were: %(rating)s.") % {"rating": rating} if rating else ""
        )
        return Final("green", "check", text)
    if case.state == S.CLOSED:
        return Final("", "archive", _("It was closed without your answer. That is not counted as satisfied."))
    if case.state == S.WITHDRAWN:
        return Final("", "undo", _("You took it back."))
    return Final("", "ban", _("It is not handled here. Below you see where to turn."))


def next_of(state: str) -> str:
    """What comes next, for somebody who waits."""
    return {
        S.RECEIVED: _("Somebody reads it and gives it to whoever can settle it"),
        S.WAITING: _("It is given to whoever can settle it"),
        S.ASSIGNED: _("They sign for it, then see to it"),
        S.WORKING: _("They see to it, then ask you whether it is right"),
    }.get(CaseState(state), "")


def rows_of(cases: Iterable[Any], now: datetime | None = None) -> list[Row]:
    """Lines of a list of one's own matters."""
    moment = now or timezone.now()
    found = []
    for case in cases:
        if case.is_open:
            line = _("by %(day)s") % {"day": words.deadline(case.due_at, moment)}
        else:
            at = case.closed_at or case.handled_at or case.opened_at
            line = words.when(at, moment)
        found.append(Row(f"/r/{case.receipt}/", case.title, line, labels.RESIDENT_STATES[case.state]))
    return found
