"""Every request told again from its leaves and its rules, beside what its rows say: what differs, and in what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wushi.domain.areas import queries as areas
from wushi.domain.areas.rules import WorkCalendar
from wushi.domain.audit.models import Leaf
from wushi.domain.audit.services import digest
from wushi.domain.cases.models import Case, Clock, Entry, Extension, Part, Pause, Profile, Whistle
from wushi.domain.cases.queries.rulebook import Rulebook, rulebook
from wushi.domain.cases.rules import LOCAL, ClockName, NoRule, PaceRule, Shares, decide_pace, plan
from wushi.domain.cases.rules.clocks import Plan, next_mark
from wushi.domain.cases.rules.retelling import UNKNOWN, Standing, Told, retell
from wushi.domain.cases.states import GENERATED
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

BATCH = 300
_COMPARED = [
    f.name for f in fields(Standing) if f.name not in {"taken_up", "rests", "revised", "replanned", "wrong"}
]


@dataclass(frozen=True)
class Difference:
    """One thing in which a request and its trace do not agree."""

    number: str
    what: str


@dataclass
class _Batch:
    """The rows of some requests, by request."""

    leaves: dict[UUID, list[Leaf]]
    clocks: dict[UUID, list[Clock]]
    pauses: dict[UUID, list[Pause]]
    pleas: dict[UUID, list[Extension]]
    entries: dict[UUID, list[Entry]]
    loudness: dict[UUID, str]


@dataclass(frozen=True)
class _Rules:
    """What the marks of the county's clocks are computed by."""

    book: Rulebook
    calendar: WorkCalendar
    shares: tuple[Shares, ...]


def replay_county(county: str, limit: int = 0) -> Iterator[tuple[int, list[Difference]]]:
    """Batch by batch, the newest first: (requests looked at, what differs); ``limit`` 0 is every one."""
    before, left = None, limit or None
    while True:
        size = BATCH if left is None else min(BATCH, left)
        with reading(Actor.of_house(county)):
            rows = Case.objects.filter(county=county).exclude(source=GENERATED)
            if before is not None:
                rows = rows.filter(id__lt=before)
            cases = list(rows.order_by("-id")[:size])
            if not cases:
                return
            found = _differences(county, cases)
        yield len(cases), found
        before, left = cases[-1].id, None if left is None else left - len(cases)
        if left == 0:
            return


def reduced_in(county: str) -> int:
    """How many of a county's requests were made by the generator, with reduced histories: they are not told again."""
    with reading(Actor.of_house(county)):
        return Case.objects.filter(county=county, source=GENERATED).count()


def _differences(county: str, cases: Sequence[Case]) -> list[Difference]:
    profiles = Profile.objects.filter(county=county).values_list("yellow_percent", "supervision_percent")
    rules = _Rules(
        rulebook(county), areas.calendar_of(county), tuple(Shares(*line) for line in set(profiles))
    )
    batch = _load(county, cases)
    return [Difference(case.number, what) for case in cases for what in differences(case, batch, rules)]


def _load(county: str, cases: Sequence[Case]) -> _Batch:
    ids = [case.id for case in cases]
    leaves: dict[UUID, list[Leaf]] = defaultdict(list)
    rows = Leaf.objects.filter(
        county=county, subject="cases.case", subject_id__in=[str(i) for i in ids], step__gt=0
    )
    for leaf in rows.order_by("subject_id", "step"):
        leaves[UUID(leaf.subject_id)].append(leaf)
    whistles = dict(Whistle.objects.filter(county=county, case__in=ids).values_list("id", "kind"))
    parts = Part.objects.filter(county=county, case__in=ids).values_list("id", "whistle_id")
    return _Batch(
        leaves,
        _by_case(Clock, county, ids, "run"),
        _by_case(Pause, county, ids, "since"),
        _by_case(Extension, county, ids, "asked_at"),
        _by_case(Entry, county, ids, "at_step"),
        {part: whistles.get(whistle, "") for part, whistle in parts},
    )


def _by_case(model: Any, county: str, ids: list[UUID], order: str) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in model.objects.filter(county=county, case__in=ids).order_by(order):
        found[row.case_id].append(row)
    return found


def differences(case: Case, batch: _Batch, rules: _Rules) -> Iterator[str]:
    """Everything in which one request's rows and its leaves and rules do not agree."""
    leaves = batch.leaves[case.id]
    told = retell(Told(x.step, x.verb.partition(".")[2], x.at, x.facts) for x in leaves)
    yield from told.wrong
    for name in _COMPARED:
        said, has = getattr(told, name), getattr(case, name)
        if name == "holder_id":
            has = str(has or "")
        if said != has and said != UNKNOWN and not (name.startswith("tray_") and told.tray_duty == UNKNOWN):
            yield f"{name} is {has or 'empty'}, its leaves say {said or 'empty'}"
    yield from _words(case, leaves, batch.entries[case.id])
    clocks = batch.clocks[case.id]
    pauses = batch.pauses[case.id]
    rests = [(p.since, p.until) for n, p in enumerate(pauses, start=1) if n in told.taken_up and p.until]
    if len(pauses) != told.rests:
        yield f"{len(pauses)} rests, its leaves say {told.rests}"
    for clock in clocks:
        yield from _clock(case, clock, told, rests, batch, rules)
    yield from _deadline(case, clocks, batch.pleas[case.id])


def _words(case: Case, leaves: Sequence[Leaf], entries: Sequence[Entry]) -> Iterator[str]:
    """What was said is what its salted hash says it is."""
    by_step = {entry.at_step: (entry.text, bytes(entry.salt)) for entry in entries}
    by_step[1] = (case.text, bytes(case.salt))
    for leaf in leaves:
        said, hashed = by_step.pop(leaf.step, None), leaf.facts.get("words")
        if bool(hashed) != (said is not None):
            yield f"leaf {leaf.step}: words are {'missing' if hashed else 'there and were not said'}"
        elif said is not None and digest(*said) != hashed:
            yield f"leaf {leaf.step}: words are others than those said"
    for step in by_step:
        yield f"words at step {step}, which has no leaf"


def _clock(
    case: Case,
    clock: Clock,
    told: Standing,
    rests: Sequence[tuple[datetime, datetime]],
    batch: _Batch,
    rules: _Rules,
) -> Iterator[str]:
    name = f"clock {clock.name} {clock.run}"
    if clock.pace == "pause":
        if not any(p.until_at_most == clock.due_at for p in batch.pauses[case.id]):
            yield f"{name} is due at {clock.due_at}, no rest ends then"
    else:
        line = rules.book.pace_of(clock.pace, clock.pace_version)
        if line is None or (line.amount, line.unit, line.by_time) != (
            clock.amount,
            clock.unit,
            clock.by_time,
        ):
            yield f"{name} runs by {clock.pace} {clock.pace_version}, which says something else"
            return
        loudness = batch.loudness.get(clock.part_id, "") if clock.part_id else ""
        chosen = _in_force(rules.book, case, clock, loudness)
        if not (told.revised or told.replanned) and chosen != (clock.pace, clock.pace_version):
            yield f"{name} runs by {clock.pace} {clock.pace_version}, on that day it was {chosen}"
        yield from _marks(clock, line, name, rests, rules)
    yield from _next(clock, name)


def _in_force(book: Rulebook, case: Case, clock: Clock, loudness: str) -> tuple[str, int] | None:
    try:
        line = decide_pace(
            book.paces,
            kind=case.kind,
            urgency=loudness or case.urgency,
            category=case.category,
            day=clock.started_at.astimezone(LOCAL).date(),
            clock=clock.name,
        )
    except NoRule:
        return None
    return line.code, line.version


def _marks(
    clock: Clock, line: PaceRule, name: str, rests: Sequence[tuple[datetime, datetime]], rules: _Rules
) -> Iterator[str]:
    """Computed anew from its start; what ended under a calendar that was a guess then is not judged by today's."""
    if clock.is_guess and clock.ended_at is not None:
        return
    end = clock.ended_at or datetime.max.replace(tzinfo=clock.started_at.tzinfo) - timedelta(days=2)
    mine = [s for s in rests if clock.started_at <= s[0] < end] if clock.name == ClockName.RESOLUTION else []
    stored = (clock.yellow_at, clock.due_at, clock.supervise_at)
    found = []
    for shares in rules.shares:
        marks = plan(
            line,
            started=clock.started_at,
            calendar=rules.calendar,
            shares=shares,
            pauses=mine,
            extended=clock.extended,
        )
        found.append((marks.yellow, marks.due, marks.supervision))
    if stored not in found and found:
        wrong = [
            k for k, a, b in zip(("yellow", "due", "supervision"), stored, found[0], strict=True) if a != b
        ]
        yield f"{name}: {', '.join(wrong)} not what its pace, rests and extension come to"


def _next(clock: Clock, name: str) -> Iterator[str]:
    marks = Plan(clock.started_at, clock.yellow_at, clock.due_at, clock.supervise_at, clock.is_guess)
    following = next_mark(clock.reached, marks)
    resting = clock.ended_at is not None or clock.paused_at is not None
    expected = following[1] if following and not resting else None
    # a mark that found the request over is put down without being passed
    if clock.next_at != expected and (clock.next_at is not None or resting):
        yield f"{name}: its next mark is {clock.next_at or 'none'}, it should be {expected or 'none'}"


def _deadline(case: Case, clocks: Sequence[Clock], pleas: Sequence[Extension]) -> Iterator[str]:
    runs = [clock for clock in clocks if clock.name == ClockName.RESOLUTION]
    if not runs:
        if case.imported_at is None:
            yield "no clock for handling"
        return
    if case.due_at != runs[-1].due_at:
        yield f"due_at is {case.due_at}, its clock says {runs[-1].due_at}"
    if case.imported_at is None and runs[0].started_at != case.opened_at:
        yield f"opened_at is {case.opened_at}, its first clock began at {runs[0].started_at}"
    granted, extended = sum(p.amount for p in pleas if p.granted), sum(run.extended for run in runs)
    if granted != extended:
        yield f"its clocks are extended by {extended}, granted were {granted}"
