"""挂起 and 延期: the two lawful ways to more time, both visible to the resident, both capped by the county's rules."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from wushi.domain.areas import queries as areas
from wushi.domain.cases.errors import BeyondCap, NoPlea, PleaIsOpen, TooLateToExtend
from wushi.domain.cases.models import Case, Clock, Extension, Pause
from wushi.domain.cases.permissions import is_holder, lying_tray, upper_tray
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.rules import LOCAL, ClockName
from wushi.domain.cases.rules.clocks import WORKING, measured
from wushi.domain.cases.services.clocks import (
    RESTING,
    end_clocks,
    plan_again,
    resolution_columns,
    rests,
    running,
    save_planned,
)
from wushi.domain.cases.services.desk import add, all_of, keep
from wushi.domain.cases.services.steps import advance, keep_words, leaf, locked, tell
from wushi.domain.cases.services.watching import watch
from wushi.domain.cases.states import MOVES
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.ids import uuid7
from wushi.kernel.verb import DB_TIME, verb

PAUSE_REASONS = ("resident", "material", "third_party", "weather", "procedure")


def _left(case: Case, now: datetime) -> tuple[timedelta, timedelta, str]:
    """(what it may still rest, one day of that, the unit it is measured in): many short rests count like one long one."""
    clock = next(iter(running(case, (ClockName.RESOLUTION,))), None)
    unit = clock.unit if clock else "workday"
    calendar, days = areas.calendar_of(case.county), rulebook(case.county).profile.pause_workdays
    one_day = timedelta(days=1)
    if unit in WORKING:
        midnight = datetime.combine(calendar.add_workdays(timezone.localdate(now), 1), time(0), tzinfo=LOCAL)
        one_day = calendar.work_between(midnight, midnight + one_day)
    rested = sum((measured(unit, since, end, calendar) for since, end in rests(case)), timedelta())
    return max(days * one_day - rested, timedelta()), one_day, unit


def rest_left(case: Case, now: datetime) -> int:
    """Whole working days it may still rest."""
    left, one_day, _unit = _left(case, now)
    return left // one_day


@verb
def pause_case(
    *, actor: Actor, case_id: UUID, reason_code: str, until_on: date, words: str, now: datetime = DB_TIME
) -> Case:
    """挂起: it waits for the resident, a paper, the weather; the time for handling stands still, at most to a date.

    ``until_on`` is the last day of the rest (local). Raises BeyondCap with the working days that are ``left``.
    """
    case = locked(actor, case_id, "pause_case", words, reason=reason_code, until=until_on)
    if case.state not in MOVES["pause_case"].sources:
        return case
    today = timezone.localdate(now)
    if reason_code not in PAUSE_REASONS:
        raise Invalid(fields={"reason_code": "required"})
    if until_on <= today:
        raise Invalid(fields={"until_on": "in_the_past"})
    at_most = datetime.combine(until_on + timedelta(days=1), time(0), tzinfo=LOCAL)
    clock = next(iter(running(case, (ClockName.RESOLUTION,))), None)
    if clock is None or now >= clock.due_at:
        # what is late is not put to rest
        raise TooLateToExtend(due=clock.due_at if clock else case.due_at)
    left, _one_day, unit = _left(case, now)
    if measured(unit, now, at_most, areas.calendar_of(case.county)) > left:
        raise BeyondCap(left=rest_left(case, now))
    advance(case, "pause_case")
    add(Pause(county=case.county, case=case, reason=reason_code, since=now, until_at_most=at_most))
    for clock in running(case, RESTING):
        clock.paused_at, clock.next_at = now, None
        keep(clock, "paused_at", "next_at")
    _pause_clock(case, now, at_most)
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=True)
    leaf(case, reason=reason_code, until=until_on, **facts)
    tell(case)
    return case


def _pause_clock(case: Case, now: datetime, at_most: datetime) -> None:
    """The rest ends by itself: a clock of its own, without a warning, says when."""
    run = 1 + all_of(Clock).filter(county=case.county, case=case, name=ClockName.PAUSE).count()
    add(
        Clock(
            id=uuid7(),
            county=case.county,
            case=case,
            name=ClockName.PAUSE,
            run=run,
            pace="pause",
            pace_version=rulebook(case.county).profile.version,
            amount=max(1, (at_most - now).days),
            unit="day",
            by_time=time(0),
            started_at=now,
            yellow_at=at_most,
            due_at=at_most,
            supervise_at=at_most,
            reached="yellow",
            next_at=at_most,
        )
    )


@verb
def resume_case(*, actor: Actor, case_id: UUID, words: str = "", now: datetime = DB_TIME) -> Case:
    """The rest is over: what it waited for is there, or its time is; the deadline moves by exactly what it rested."""
    case = locked(actor, case_id, "resume_case", words)
    if case.state not in MOVES["resume_case"].sources:
        return case
    rest = all_of(Pause).get(county=case.county, case=case, until=None)
    # a worker that was away must not lengthen a rest beyond its last day
    rest.until = min(now, rest.until_at_most)
    keep(rest, "until")
    calendar, book = areas.calendar_of(case.county), rulebook(case.county)
    clocks = running(case, RESTING)
    for clock in clocks:
        clock.paused_at = None
        plan_again(clock, case, calendar, book)
        save_planned(clock, "paused_at")
    end_clocks(case, now, "resume_case", (ClockName.PAUSE,))
    advance(case, "resume_case", **resolution_columns(clocks))
    facts = keep_words(actor=actor, case=case, words=words, now=now)
    leaf(case, due=case.due_at, **facts)
    tell(case)
    return case


def extension_left(case: Case, clock: Clock) -> int:
    """How much may still be asked for, in the unit of its pace: the cap is the request's, not each run's."""
    pace = rulebook(case.county).pace_of(clock.pace, clock.pace_version)
    granted = all_of(Extension).filter(county=case.county, case=case, granted=True)
    given = sum(granted.values_list("amount", flat=True))
    return max(0, (pace.extension_cap if pace else 0) - given)


@verb
def request_extension(
    *, actor: Actor, case_id: UUID, amount: int, words: str, now: datetime = DB_TIME
) -> Case:
    """申请延期: before the deadline, with a reason, so many of the pace's units; the level above decides."""
    case = locked(actor, case_id, "request_extension")
    clock = next(iter(running(case, (ClockName.RESOLUTION,))), None)
    if clock is None or now >= clock.due_at:
        raise TooLateToExtend(due=clock.due_at if clock else case.due_at)
    if all_of(Extension).filter(county=case.county, case=case, decided_at=None).exists():
        raise PleaIsOpen()
    assert actor.id is not None  # a holder is a person
    left = extension_left(case, clock)
    if amount < 1:
        raise Invalid(fields={"amount": "required"})
    if amount > left:
        raise BeyondCap(left=max(0, left))
    advance(case, "request_extension")
    add(Extension(county=case.county, case=case, amount=amount, asked_at=now, asked_by_id=actor.id))
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=True)
    leaf(case, amount=amount, unit=clock.unit, **facts)
    upper = upper_tray(case)
    if upper is not None:
        watch(case, "extension", now, tray=upper)
    tell(case, *([f"tray:{upper.area}:{upper.duty}"] if upper else []))
    return case


@verb
def decide_extension(
    *, actor: Actor, case_id: UUID, granted: bool, words: str = "", now: datetime = DB_TIME
) -> Case:
    """延期审批: one level up says yes or no; a refusal says why. The deadline moves only now."""
    case = locked(actor, case_id, "decide_extension")
    plea = all_of(Extension).filter(county=case.county, case=case, decided_at=None).first()
    if plea is None:
        raise NoPlea()
    if actor.id == plea.asked_by_id or is_holder(actor, case):
        # one level up is another person, whoever has two posts
        raise NotAllowed(verb="decide_extension")
    columns = {}
    clock = next(iter(running(case, (ClockName.RESOLUTION,))), None)
    if granted and clock is not None and plea.amount > extension_left(case, clock):
        # it was sorted anew meanwhile, and the rule allows less
        raise BeyondCap(left=extension_left(case, clock))
    plea.decided_at, plea.decided_by_id, plea.granted = now, actor.id, granted
    keep(plea, "decided_at", "decided_by", "granted")
    if granted and clock is not None:
        clock.extended += plea.amount
        plan_again(clock, case, areas.calendar_of(case.county), rulebook(case.county))
        save_planned(clock, "extended")
        columns = resolution_columns([clock])
    advance(case, "decide_extension", **columns)
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=not granted)
    leaf(case, granted=granted, amount=plea.amount, due=case.due_at, **facts)
    tell(case, f"tray:{lying_tray(case).area}:{lying_tray(case).duty}")
    return case
