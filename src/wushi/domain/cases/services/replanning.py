"""A calendar, working hours or a rule changed: running clocks are planned anew, and a leaf says what moved and why."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wushi.domain.areas import queries as areas
from wushi.domain.cases.models import Case, Clock, Part, Whistle
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.services.clocks import (
    pace_for,
    plan_again,
    resolution_columns,
    running,
    save_planned,
    take_pace,
)
from wushi.domain.cases.services.steps import advance, leaf, tell
from wushi.domain.cases.states import MOVES
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import DB_TIME, reading, verb

CAUSES = ("calendar", "rules")
BATCH = 500


def cases_running(county: str, after: UUID | None) -> list[UUID]:
    """Ids of requests with running clocks, in order, from where the last batch ended."""
    with reading(Actor.of_house(county)):
        rows = Case.objects.filter(county=county, state__in=sorted(MOVES["replan_case"].sources))
        if after is not None:
            rows = rows.filter(id__gt=after)
        return list(rows.order_by("id").values_list("id", flat=True)[:BATCH])


def replan_county(county: str, cause: str, open_too: bool = False) -> int:
    """Every request of the county that runs; how many deadlines moved. Can be left and done again: it changes what differs."""
    house, after, moved = Actor.of_house(county), None, 0
    while ids := cases_running(county, after):
        for case_id in ids:
            moved += replan_case(actor=house, case_id=case_id, cause=cause, open_too=open_too)
        after = ids[-1]
    return moved


@verb
def replan_case(
    *, actor: Actor, case_id: UUID, cause: str, open_too: bool = False, now: datetime = DB_TIME
) -> bool:
    """Its running clocks by the calendar of now; by the rules of today too where the county said so. Whether one moved.

    A promise given under an older rule is kept unless the new line was declared for what is open (``open_too``).
    """
    if "house" not in actor.relations:
        raise NotAllowed()
    case = Case.objects.select_for_update(of=("self",)).get(county=actor.county, id=case_id)
    if case.state not in MOVES["replan_case"].sources:
        return False
    book, calendar = rulebook(case.county), areas.calendar_of(case.county)
    moved: list[str] = []
    for clock in running(case):
        before = (clock.due_at, clock.yellow_at, clock.supervise_at)
        if cause == "rules" and open_too:
            _by_todays_line(clock, case, now)
        if clock.pace == "pause":
            continue
        plan_again(clock, case, calendar, book)
        if before != (clock.due_at, clock.yellow_at, clock.supervise_at):
            save_planned(clock, "pace", "pace_version", "amount", "unit", "by_time")
            moved.append(f"{clock.name}:{clock.run}")
            columns = resolution_columns([clock])
            for name, value in columns.items():
                setattr(case, name, value)
    if not moved:
        return False
    advance(case, "replan_case", due_at=case.due_at, due_is_guess=case.due_is_guess)
    leaf(case, cause=cause, clocks=moved, due=case.due_at)
    tell(case)
    return True


def _by_todays_line(clock: Clock, case: Case, now: datetime) -> None:
    pace = pace_for(rulebook(case.county), case, clock.name, now, _loudness(clock))
    if pace is not None:
        take_pace(clock, pace)


def _loudness(clock: Clock) -> str:
    """A called department's time goes by the whistle, not by the matter's own urgency."""
    if clock.part_id is None:
        return ""
    parts = Part.objects.filter(county=clock.county, id=clock.part_id).values("whistle_id")
    kinds = Whistle.objects.filter(county=clock.county, id__in=parts).values_list("kind", flat=True)
    return kinds.first() or ""
