"""After a deed those concerned are told. The deed leaves one job; who is told is worked out behind its back."""

from __future__ import annotations

from uuid import UUID

from wushi.domain.cases.messages import TELLING
from wushi.domain.cases.models import Case
from wushi.domain.cases.queries.audience import audience, case_with, facts_of, group_kind, leaf_at
from wushi.domain.notify.carriers import robots_for
from wushi.domain.notify.services import NewNotice, Reach, tell
from wushi.domain.outbox.services import leave_job
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

TELL = "cases.tell"


def leave_telling(case: Case, verb: str, step: int | None = None) -> None:
    """Have those concerned told of the step the request has reached, after the commit."""
    if verb in TELLING:
        leave_job(TELL, county=case.county, case_id=case.id, step=step or case.step)


def tell_of_step(county: str, case_id: UUID, step: int) -> int:
    """Tell everybody whom a step concerns, each once however often this is called; how many.

    The row is read as it stands now: what moved on meanwhile is told by its own step.
    """
    house = Actor.of_house(county)
    with reading(house) as scope:
        case = case_with(county, case_id)
        deed = leaf_at(case, step) if case else None
        if case is None or deed is None:
            return 0
        people = audience(case, deed, scope.now)
        kind = group_kind(case, deed)
        notices = [
            NewNotice(one.kind, f"{case.id}:{step}", Reach(one.who, one.phone), one.facts, one.link, case)
            for one in people
        ]
        if kind:
            facts, link = facts_of(case, deed), f"/work/cases/{case.id}/"
            notices += [
                NewNotice(kind, f"{case.id}:{step}", Reach(f"robot:{robot.name}"), facts, link, case)
                for robot in robots_for(case.tray_area)
            ]
    for notice in notices:
        tell(actor=house, notice=notice)
    return len(notices)
