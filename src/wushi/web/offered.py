"""Which verbs a page offers: those of the table, without the ones that would only be refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from wushi.domain.areas import queries as areas
from wushi.domain.cases import queries as cases
from wushi.domain.cases.permissions import is_holder, is_in_tray, is_reporter, may_move, trays_of
from wushi.domain.cases.queries.clocks import ClockLine, Why
from wushi.domain.cases.queries.together import PartLine, WhistleLine
from wushi.domain.cases.rules.clocks import last_day_to_contest, may_still_reopen
from wushi.domain.cases.services.resting import rest_left
from wushi.domain.cases.states import CONTESTED, MOVES, OPEN

TOWN, DISTRICT = 9, 6
# What the resident alone says of his matter; not while a member of staff is signed in on the device.
OF_RESIDENT = frozenset({"confirm_case", "rate_case", "reopen_case", "withdraw_case", "contest_case"})


@dataclass(frozen=True)
class Around:
    """What lies around a request, read when it is asked for and once: clocks, plea, parts, the running whistle."""

    actor: Any
    case: Any
    now: datetime

    @cached_property
    def why(self) -> Why:
        """Everything that decided about it: clocks, rests, the latest plea."""
        return cases.explain(self.case, self.now)

    @property
    def clocks(self) -> Sequence[ClockLine]:
        """All its clocks."""
        return self.why.clocks

    @property
    def pleads(self) -> bool:
        """Whether more time is asked for and not decided; at most one plea is undecided, the latest."""
        return self.why.plea is not None and self.why.plea[1] is None

    @cached_property
    def plea(self) -> Any:
        """The undecided plea for more time."""
        return cases.plea_of(self.case)

    @cached_property
    def parts(self) -> list[PartLine]:
        """Everybody's parts."""
        return cases.parts_of(self.case)

    @cached_property
    def whistles(self) -> list[WhistleLine]:
        """The whistles, the newest first."""
        return cases.whistles_of(self.case, self.parts)

    @cached_property
    def whistle(self) -> WhistleLine | None:
        """The one that is not over."""
        return next((line for line in self.whistles if line.row.ended_at is None), None)

    @property
    def leads(self) -> bool:
        """Whether he has the matter itself, in hand or in his tray."""
        return handles(self.actor, self.case)

    def is_own(self, part: PartLine) -> bool:
        """Whether a part is one of his trays'."""
        return part.row.tray in trays_of(self.actor)

    def own(self, verb: str) -> list[PartLine]:
        """The parts a verb could be used on by him now."""
        fits: dict[str, Callable[[Any, bool], bool]] = {
            "report_for_roll_call": lambda row, own: (
                own and row.whistle_id is not None and row.came_at is None and row.released_at is None
            ),
            "answer_part": lambda row, own: own and row.is_open,
            "release_partner": lambda row, own: row.whistle_id is None and row.is_open,
            "grade_part": lambda row, own: (
                row.answered_at is not None
                and not (row.grade_of_caller if own else row.grade_of_part)
                and (own or self.leads)
            ),
        }
        return [part for part in self.parts if fits[verb](part.row, self.is_own(part))]

    @property
    def resolution(self) -> ClockLine | None:
        """The clock for handling that has not ended."""
        return next((c for c in self.clocks if c.name == "resolution" and c.ended_at is None), None)

    @property
    def extension_left(self) -> int:
        """How much more time could still be asked for, in the unit of its pace."""
        clock = self.resolution
        if clock is None or self.now >= clock.due_at:
            return 0
        pace = cases.rulebook(self.case.county).pace_of(clock.pace, clock.pace_version)
        return max(0, (pace.extension_cap if pace else 0) - clock.extended)

    @property
    def rest_left(self) -> int:
        """How many working days it may still rest."""
        return rest_left(self.case, self.now)

    @property
    def may_return(self) -> bool:
        """Neither too often returned nor too late for it, by the county's rules."""
        profile = cases.rulebook(self.case.county).profile
        given = [c.started_at for c in self.clocks if c.ended_at is None and c.name in ("claim", "handover")]
        day = timezone.localdate(max(given, default=self.now))
        last = areas.calendar_of(self.case.county).add_workdays(day, profile.return_workdays)
        return self.case.returns < profile.return_times and timezone.localdate(self.now) <= last

    def is_possible(self, verb: str) -> bool:
        """Whether what the verb needs beside the right and the state is there."""
        needs: dict[str, Callable[[], Any]] = {
            "reopen_case": lambda: (self.case.closed_at is None or self._in_days()) and not self._unsaid(),
            "rate_case": self._in_days,
            "contest_case": lambda: timezone.localdate(self.now) <= self.contest_until,
            "return_case": lambda: self.may_return,
            "decide_extension": lambda: self.pleads,
            "request_extension": lambda: not self.pleads and self.extension_left,
            "pause_case": lambda: self.rest_left,
            "blow_whistle": lambda: self.whistle is None,
            "plan_together": lambda: self.whistle is not None,
            "end_whistle": lambda: self.whistle is not None and not self._awaited(),
            "record_callback": lambda: any(
                row.case_id == self.case.id and row.made_at is None for row in cases.callbacks_for(self.actor)
            ),
            "merge_case": lambda: not self.case.open_parts and not self.case.merged,
        }
        if verb in ("report_for_roll_call", "answer_part", "release_partner", "grade_part"):
            return bool(self.own(verb))
        return verb not in needs or bool(needs[verb]())

    @property
    def contest_until(self) -> date:
        """The last day on which whom it was recorded for may say that it was not his wish."""
        days = cases.rulebook(self.case.county).profile.contest_days
        return last_day_to_contest(opened=timezone.localdate(self.case.opened_at), days=days)

    def _unsaid(self) -> bool:
        """Whether the reader is who said that it was never his wish."""
        return self.case.closing == CONTESTED and is_reporter(self.actor, self.case)

    def _in_days(self) -> bool:
        days = cases.rulebook(self.case.county).profile.reopen_days
        return may_still_reopen(closed=self.case.closed_at, now=self.now, days=days)

    def _awaited(self) -> bool:
        """Whether an essential part of the running whistle is unanswered."""
        parts = self.whistle.parts if self.whistle else ()
        return any(part.row.essential and part.row.is_open for part in parts)


def is_beside_staff(actor: Any) -> bool:
    """Whether a member of staff is signed in on the device the receipt is looked at with."""
    return any(relation.startswith("beside:") for relation in actor.relations)


def verbs_for(actor: Any, case: Any, now: datetime, around: Around | None = None) -> list[str]:
    """The verbs the actor may use on it now, without those that would only be refused."""
    known = around or Around(actor, case, now)
    found = [verb for verb in cases.may(actor, case) if known.is_possible(verb)]
    if is_beside_staff(actor):
        found = [verb for verb in found if verb not in OF_RESIDENT]
    return found


def verbs_among(actor: Any, case: Any, wanted: Iterable[str]) -> list[str]:
    """Those of a few verbs that are his on an open row in its state; a list of fifty rows asks for no more."""
    if case.state not in OPEN:
        return []
    steps = [MOVES[verb] for verb in wanted]
    return [step.verb for step in steps if case.state in step.sources and may_move(actor, step, case)]


def appeal_levels(case: Any) -> list[str]:
    """The levels 向上反映 can still turn to: none it has reached, none that is shut out of the matter."""
    found = []
    if case.town and not case.appealed_to and case.seal >= TOWN:
        found.append("town")
    if case.appealed_to != "district" and case.seal >= DISTRICT:
        found.append("district")
    return found


def handles(actor: Any, case: Any) -> bool:
    """Whether he handles it, and so may read the whole telephone number."""
    return is_holder(actor, case) or is_in_tray(actor, case)
