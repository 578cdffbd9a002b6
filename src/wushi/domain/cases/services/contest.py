"""异议: somebody recorded it in another's name, and that other says that it was not his wish."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushi.domain.cases.errors import Contested, NotRecordedForYou, TooLateToContest
from wushi.domain.cases.models import Case, Outcome
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.rules.clocks import last_day_to_contest
from wushi.domain.cases.services.clocks import end_clocks, wind_up
from wushi.domain.cases.services.closing import refuse_staff
from wushi.domain.cases.services.desk import afresh
from wushi.domain.cases.services.flags import watch_contest
from wushi.domain.cases.services.merging import let_others_go, one_at_a_time, unmerge_case
from wushi.domain.cases.services.steps import advance, is_repeated, keep_words, leaf, locked, tell
from wushi.domain.cases.states import CONTESTED, ENDED, CaseState
from wushi.kernel.actor import Actor
from wushi.kernel.verb import DB_TIME, verb


@verb
def contest_case(*, actor: Actor, case_id: UUID, words: str = "", now: datetime = DB_TIME) -> Case:
    """异议: it was recorded in the resident's name and was not his wish; what is not over ends, who recorded it hears.

    Once, within the county's days of opening (``Profile.contest_days``). What was over already stays as it ended, but
    counts as neither agreed to nor satisfied. The level above looks at how it came to be recorded.
    """
    refuse_staff(actor)
    one_at_a_time(actor.county)
    case = locked(actor, case_id, "contest_case", words)
    _refuse(actor, case, words, now)
    if case.closing == CONTESTED:
        return case
    if case.state == CaseState.MERGED:
        # it must not go on in another's name beside his own
        unmerge_case(actor=Actor.house(actor), case_id=case.id, now=now)
        afresh(case)
    before = case.state
    advance(case, "contest_case", closing=CONTESTED, **_unsaid(), **_ending(case, now))
    end_clocks(case, now, "contest_case")
    wind_up(case, now)
    facts = keep_words(actor=actor, case=case, words=words, now=now)
    leaf(case, was=before, **facts)
    watch_contest(case, now)
    tell(case, *([f"user:{case.taken_by_id}"] if case.taken_by_id else []))
    if case.state == CaseState.WITHDRAWN:
        let_others_go(actor, case, now)
    return case


def _refuse(actor: Actor, case: Case, words: str, now: datetime) -> None:
    """What stands in the way: told by himself, said already with other words, too late."""
    if not case.on_behalf:
        raise NotRecordedForYou()
    if case.closing == CONTESTED:
        if is_repeated(actor, case, "contest_case", words):
            return
        raise Contested()
    days = rulebook(case.county).profile.contest_days
    if timezone.localdate(now) > last_day_to_contest(opened=timezone.localdate(case.opened_at), days=days):
        raise TooLateToContest(days=days)


def _unsaid() -> dict[str, Any]:
    """Whoever agreed or rated in his name: it is not counted as his word."""
    return {"rating": "", "rating_attitude": "", "rating_speed": ""}


def _ending(case: Case, now: datetime) -> dict[str, Any]:
    """What is not over ends like something taken back; it was settled on no level."""
    if case.state in ENDED:
        return {}
    return {
        "state": CaseState.WITHDRAWN.value,
        "closed_at": now,
        "outcome": Outcome.WITHDRAWN,
        "plan_on": None,
        "resolved_level": "",
    }
