"""梯次: who is rung when. Everybody of the line of duty reads it; the administrator enters a new one, from a day on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from wushi.domain.accounts.duties import Duty
from wushi.domain.calls import services
from wushi.domain.calls.permissions import READERS
from wushi.domain.calls.queries import CallRules, call_rules
from wushi.domain.calls.rules import CUSTOMARY, HabitsRule, LadderRule
from wushi.domain.calls.services import CallBook
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import field_sentences, status_of
from wushi.kernel.errors import DomainError
from wushi.web import frame, labels
from wushi.web.calls.cards import took
from wushi.web.calls.ladder_form import BookForm, StepForm, who_of
from wushi.web.labels import calls as said
from wushi.web.routes import SeeOther

HERE = "/work/calls/ladder/"
LEAST_LINES, SPARE = 6, 2


@dataclass(frozen=True)
class Line:
    """One rung as the page says it."""

    when: str
    who: str
    again: str


@dataclass(frozen=True)
class Book:
    """The lines of one version, by class; from when to when, on what basis."""

    since: date | None
    until: date | None
    basis: str
    parts: list[tuple[Any, list[Line]]]


def _line(rule: LadderRule) -> Line:
    who = _(", ").join(labels.word(labels.DUTIES, duty) for duty in rule.duties)
    when = (
        _("at once") if not rule.after_seconds else _("after %(span)s") % {"span": took(rule.after_seconds)}
    )
    again = _("then again every %(span)s") % {"span": took(rule.again_seconds)} if rule.again_seconds else ""
    return Line(when, who, again)


def _book(rules: Iterable[LadderRule], *, customary: bool = False) -> Book:
    lines = sorted(rules, key=lambda rule: (rule.after_seconds, rule.code))
    parts: list[tuple[Any, list[Line]]] = []
    for urgency in ("", "emergency", "ordinary"):
        own = [_line(rule) for rule in lines if rule.urgency == urgency]
        if own:
            parts.append((said.URGENCIES.get(urgency), own))
    first = lines[0]
    return Book(None if customary else first.valid_from, first.valid_until, first.basis, parts)


def _versions(rules: CallRules) -> dict[int, list[LadderRule]]:
    found: dict[int, list[LadderRule]] = {}
    for rule in rules.ladder:
        found.setdefault(rule.version, []).append(rule)
    return found


def _in_force(rules: CallRules, day: date) -> Sequence[LadderRule]:
    """The lines of the day; the customary ones where the county has none."""
    return [
        rule
        for rule in rules.ladder
        if rule.valid_from <= day and (rule.valid_until is None or day < rule.valid_until)
    ] or CUSTOMARY


@guarded(READERS | {Duty.DISTRICT_ADMIN})
def ladder(request: Any) -> HttpResponse:
    """Who is rung when now, what comes, what was before."""
    rules, day = call_rules(request.actor.county), timezone.localdate()
    now = _in_force(rules, day)
    coming, past = [], []
    for _version, lines in sorted(_versions(rules).items()):
        first = lines[0]
        # a book that was replaced before its first day never held
        held = first.valid_until is None or first.valid_until > first.valid_from
        if held and first.valid_from > day:
            coming.append(_book(lines))
        elif held and first.valid_until is not None and first.valid_until <= day:
            past.append(_book(lines))
    return show(
        request,
        page="calls/ladder.html",
        now=_book(now, customary=now is CUSTOMARY),
        coming=coming,
        past=past[::-1],
        may_set=Duty.DISTRICT_ADMIN in request.viewer.duties,
        kept=ngettext("kept: %(n)s book", "kept: %(n)s books", len(past)) % {"n": len(past)},
        **frame.office(request, "/work/calls/"),
    )


def _first(rules: CallRules) -> list[dict[str, Any]]:
    """The lines in force, to be changed; and some empty ones."""
    lines = sorted(_in_force(rules, timezone.localdate()), key=lambda r: (r.urgency, r.after_seconds, r.code))
    found: list[dict[str, Any]] = [
        {
            "after_seconds": rule.after_seconds,
            "who": who_of(rule.level, rule.duties),
            "urgency": rule.urgency,
            "again_seconds": rule.again_seconds or None,
        }
        for rule in lines
    ]
    return found + [{} for _n in range(max(SPARE, LEAST_LINES - len(found)))]


def _steps(request: Any, rules: CallRules, data: Any = None) -> list[StepForm]:
    first = _first(rules)
    known = {line["who"] for line in first if line}
    return [StepForm(data, prefix=f"step-{n}", initial=line, known=known) for n, line in enumerate(first)]


def _page(
    request: Any,
    book: BookForm,
    steps: Sequence[StepForm],
    refusals: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    return show(
        request,
        page="calls/ladder_new.html",
        status=status,
        form=book,
        steps=steps,
        refusals=list(dict.fromkeys(refusals)),
        **frame.office(request, "/work/calls/"),
    )


def _habits(rules: CallRules) -> dict[str, Any]:
    """What else the county set for its calls stays what it is: a book is about who is rung."""
    return {f.name: getattr(rules.habits, f.name) for f in fields(HabitsRule) if f.name != "version"}


@guarded(Duty.DISTRICT_ADMIN)
def new_ladder(request: Any) -> HttpResponse:
    """A new book: its lines, from which day, on what basis."""
    if request.method != "POST":
        rules = call_rules(request.actor.county)
        return _page(request, BookForm(), _steps(request, rules))
    with request.reading():
        rules = call_rules(request.actor.county)
        book, steps = BookForm(request.POST), _steps(request, rules, request.POST)
        good = all([book.is_valid(), *(step.is_valid() for step in steps)])
    refusals: Sequence[str] = [_("Something is missing or does not fit. It is marked below.")]
    status = 422
    if good:
        basis = book.cleaned_data["basis"]
        lines = [step.line(n, basis) for n, step in enumerate(steps, 1) if step.cleaned_data["who"]]
        habits = {**_habits(rules), "basis": basis}
        try:
            services.adopt_ladder(
                actor=request.actor, book=CallBook(book.cleaned_data["since"], lines, habits)
            )
            return SeeOther(HERE)
        except DomainError as error:
            refusals, status = _sentences(error), status_of(error)
    with request.reading():
        return _page(request, book, steps, refusals, status)


def _sentences(error: DomainError) -> list[str]:
    words = field_sentences(error)
    if "ladder" in words:
        words["ladder"] = pgettext("ladder", "Enter at least one line that holds for both kinds of calls.")
    return list(words.values())
