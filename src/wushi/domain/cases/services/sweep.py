"""What the clocks do by themselves: one mark a transaction, each (clock, level) once, whoever dies in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from wushi.domain.cases.models import Case, Clock
from wushi.domain.cases.permissions import upper_tray
from wushi.domain.cases.queries.clocks import escalates, may_be_supervised
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.rules import ClockName, Level, Plan
from wushi.domain.cases.rules.clocks import next_mark
from wushi.domain.cases.services.closing import close_case
from wushi.domain.cases.services.desk import all_of, keep
from wushi.domain.cases.services.levels import escalate_case
from wushi.domain.cases.services.resting import resume_case
from wushi.domain.cases.services.steps import advance, leaf, tell
from wushi.domain.cases.services.supervision import supervise_case
from wushi.domain.cases.services.watching import watch
from wushi.domain.cases.states import MOVES, CaseState
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import DB_TIME, reading, verb

SIGNING = (ClockName.CLAIM, ClockName.HANDOVER)
TOGETHER = (ClockName.ROLL_CALL, ClockName.PART)
BATCH = 200


def clocks_due(county: str, limit: int = BATCH) -> list[UUID]:
    """Ids of clocks of the county whose next mark has come, the longest overdue first."""
    with reading(Actor.of_house(county)) as scope:
        rows = all_of(Clock).filter(county=county, next_at__lte=scope.now).order_by("next_at", "id")
        return list(rows.values_list("id", flat=True)[:limit])


def sweep_clocks(county: str, fault: Callable[[UUID, Exception], None] | None = None) -> int:
    """See to every mark that has come; how many. Safe beside another worker: the second finds the mark passed.

    A clock that fails is told to ``fault`` and keeps no other from striking; without ``fault`` the first failure is raised.
    """
    house, done, failed = Actor.of_house(county), 0, set[UUID]()
    while ids := [i for i in clocks_due(county, BATCH + len(failed)) if i not in failed]:
        for clock_id in ids:
            try:
                done += mark_clock(actor=house, clock_id=clock_id)
            except Exception as error:
                if fault is None:
                    raise
                failed.add(clock_id)
                fault(clock_id, error)
    return done


def clock_marks(clock: Clock) -> Plan:
    """The marks as the row holds them."""
    return Plan(clock.started_at, clock.yellow_at, clock.due_at, clock.supervise_at, clock.is_guess)


@verb
def mark_clock(*, actor: Actor, clock_id: UUID, now: datetime = DB_TIME) -> bool:
    """A clock passes its next mark (黄, 红, 督办): what follows from it happens in the same transaction. Whether it passed."""
    if "house" not in actor.relations:
        raise NotAllowed()
    seen = all_of(Clock).filter(county=actor.county, id=clock_id).only("case_id", "county").first()
    if seen is None:
        return False
    case = all_of(Case).select_for_update(of=("self",)).get(county=actor.county, id=seen.case_id)
    clock = all_of(Clock).get(county=actor.county, id=clock_id)
    if clock.next_at is None or clock.next_at > now:
        return False
    coming = next_mark(clock.reached, clock_marks(clock))
    if coming is None or case.state not in MOVES["mark_clock"].sources:
        clock.next_at = None
        keep(clock, "next_at")
        advance(case, "mark_clock")
        leaf(case, clock=clock.name, run=clock.run, stopped=True)
        return False
    clock.reached = coming[0].value
    following = next_mark(clock.reached, clock_marks(clock))
    clock.next_at = following[1] if following else None
    keep(clock, "reached", "next_at")
    advance(case, "mark_clock")
    leaf(case, clock=clock.name, run=clock.run, level=clock.reached, mark=coming[1])
    _follow(actor, case, clock, now)
    tell(all_of(Case).get(county=case.county, id=case.id))
    return True


def _follow(actor: Actor, case: Case, clock: Clock, now: datetime) -> None:
    """What a mark brings about; yellow is only told."""
    if clock.reached == Level.RED:
        _at_red(actor, case, clock, now)
    elif clock.reached == Level.SUPERVISION:
        part_late = clock.name in TOGETHER or clock.name == ClockName.CONTACT
        _supervise(actor, case, "yellow" if part_late else "red", clock, now)


def _at_red(actor: Actor, case: Case, clock: Clock, now: datetime) -> None:
    if clock.name == ClockName.ANSWER:
        if case.state == CaseState.HANDLED:
            close_case(actor=actor, case_id=case.id, now=now)
    elif clock.name == ClockName.PAUSE:
        if case.state == CaseState.PAUSED:
            resume_case(actor=actor, case_id=case.id, now=now)
    elif _escalates(case, clock) and upper_tray(case) is not None:
        escalate_case(actor=actor, case_id=case.id, reason=f"{clock.name}_overdue", now=now)
    else:
        upper = upper_tray(case)
        if upper is not None:
            watch(case, "overdue", now, tray=upper)
        else:
            _supervise(actor, case, "yellow", clock, now)


def _escalates(case: Case, clock: Clock) -> bool:
    """As ``queries.clocks`` says beforehand."""
    return escalates(case, rulebook(case.county).pace_of(clock.pace, clock.pace_version))


def _supervise(actor: Actor, case: Case, colour: str, clock: Clock, now: datetime) -> None:
    if may_be_supervised(case, clock.name):
        supervise_case(actor=actor, case_id=case.id, colour=colour, reason=f"{clock.name}_overdue", now=now)
