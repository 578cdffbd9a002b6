"""A case as its resident sees it: where it is, who has it, what comes next, by when, what if not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wushi.domain.cases.queries.clocks import ClockLine
from wushi.domain.cases.states import CLOSED_ELSEWHERE, CONTESTED, ENDED, CaseState
from wushi.web import labels, words
from wushi.web.amounts import amount
from wushi.web.labels import Badge
from wushi.web.told import Shot, Told

S = CaseState
# How many of the five steps are behind: 收到 接办 在办 办好 您点头.
BEHIND = {
    S.RECEIVED: 1,
    S.WAITING: 1,
    S.ASSIGNED: 1,
    S.WORKING: 2,
    S.PAUSED: 2,
    S.HANDLED: 4,
    S.CLOSED: 5,
}


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
    rests: bool = False


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
    coming: list[str]
    timeline: list[Told]
    higher: list[tuple[str, str]]
    ask: str = ""
    answer_by: datetime | None = None
    before_after: list[Shot] = field(default_factory=list)
    rated: bool = False
    beside: bool = False
    plan: str = ""
    merged: str = ""
    contest_by: date | None = None
    others: list[Row] = field(default_factory=list)
    of_master: list[Told] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Whether the resident is asked now; beside a member of staff he is shown the question without the buttons."""
        return "confirm_case" in self.may or (self.beside and self.steps_asked)

    @property
    def steps_asked(self) -> bool:
        """Whether it stands at the resident's own step."""
        return not self.merged and bool(self.steps) and self.steps[-1].state == "now"

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


def due_card(case: Any, now: datetime, clocks: Iterable[ClockLine] = (), reason: str = "") -> DueCard | None:
    """None once it is handled or over. What rests says what it waits for, and until when at most."""
    if not case.is_open:
        return None
    running = {clock.name: clock for clock in clocks if clock.ended_at is None and not clock.part_id}
    percent = used(case.opened_at, case.due_at, now)
    if case.state == S.PAUSED:
        return _rest_card(running, reason, now, percent)
    line = _("done by %(day)s") % {"day": words.deadline(case.due_at, now)}
    small = f"{words.date(case.due_at, now)} · {words.left(case.due_at, now)}"
    clock = running.get("resolution")
    if clock and clock.extended:
        small += " · " + _("extended by %(amount)s") % {"amount": amount(clock.extended, clock.unit)}
    return DueCard(line, small, percent, colour_of(percent, case.due_at, now))


def _rest_card(running: dict[str, ClockLine], reason: str, now: datetime, percent: int) -> DueCard:
    until = running.get("pause")
    line = labels.word(labels.WAITS, reason)
    if until:
        # the clock ends at midnight: the last day of the rest is the one before
        day = words.date(until.due_at - timedelta(seconds=1), now)
        line = _("%(reason)s, until %(day)s at the latest") % {"reason": line, "day": day}
    handling = running.get("resolution")
    share = min(100, max(3, handling.share)) if handling else percent
    return DueCard(line, _("the time for handling stands still meanwhile"), share, "", rests=True)


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
    if case.closing == CONTESTED:
        return Final("", "ban", _contested(case))
    if case.state == S.CLOSED and case.closing == "reporter":
        return Final("green", "check", _("You said it is right.") + _rated(case))
    if case.closing == CLOSED_ELSEWHERE:
        return Final(
            "", "archive", _("It was settled before this system began. That is not counted as satisfied.")
        )
    if case.state == S.IMPORTED:
        return Final(
            "", "archive", _("It was told before this system began; what became of it is not known here.")
        )
    if case.state == S.CLOSED:
        text = _("It was closed without your answer. That is not counted as satisfied.")
        return Final("", "archive", text + _rated(case))
    if case.state == S.WITHDRAWN:
        return Final("", "undo", _("You took it back."))
    return Final("", "ban", _("It is not handled here. Below you see where to turn."))


def _contested(case: Any) -> str:
    said = _("You said that this was not your wish. It counts as neither agreed to nor satisfied.")
    if case.state == S.WITHDRAWN:
        return said + " " + _("It ends here; the level above looks at how it came to be recorded.")
    return said + " " + _("The level above looks at how it came to be recorded.")


def _rated(case: Any) -> str:
    rating = labels.RATINGS.get(case.rating)
    return " " + _("You were: %(rating)s.") % {"rating": rating} if rating else ""


def next_of(state: str) -> str:
    """What comes next, for somebody who waits."""
    return {
        S.RECEIVED: _("Somebody reads it and gives it to whoever can settle it"),
        S.WAITING: _("It is given to whoever can settle it"),
        S.ASSIGNED: _("They sign for it, then see to it"),
        S.WORKING: _("They see to it, then ask you whether it is right"),
        S.PAUSED: _("When what it waits for is there, they go on with it"),
    }.get(CaseState(state), "")


def rows_of(cases: Iterable[Any], now: datetime | None = None) -> list[Row]:
    """Lines of a list of one's own matters."""
    moment = now or timezone.now()
    found = []
    for case in cases:
        if case.is_running:
            line = _("by %(day)s") % {"day": words.deadline(case.due_at, moment)}
        else:
            at = case.closed_at or case.handled_at or case.opened_at
            line = words.when(at, moment)
        found.append(Row(f"/r/{case.receipt}/", case.title, line, labels.RESIDENT_STATES[case.state]))
    return found
