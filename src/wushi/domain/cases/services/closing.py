"""Closing means solved: the holder says it is done, the resident says whether it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from wushi.domain.accounts.queries import still_serves
from wushi.domain.cases.errors import TooLateToReopen
from wushi.domain.cases.events import CaseClosed, CaseHandled
from wushi.domain.cases.models import Case, Outcome, Rating
from wushi.domain.cases.permissions import SERVES
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.rules import may_still_reopen
from wushi.domain.cases.services.steps import advance, keep_words, leaf, locked, tell
from wushi.domain.cases.states import MOVES
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid
from wushi.kernel.events import announce
from wushi.kernel.verb import DB_TIME, verb


@verb
def handle_case(
    *,
    actor: Actor,
    case_id: UUID,
    outcome: str,
    words: str,
    photos: Sequence[UUID] = (),
    now: datetime = DB_TIME,
) -> Case:
    """办结: the holder says what became of it; now the resident is asked. It is not closed."""
    case = locked(actor, case_id, "handle_case", words)
    if case.state not in MOVES["handle_case"].sources:
        return case
    if outcome not in Outcome.values:
        raise Invalid(fields={"outcome": "required"})
    advance(case, "handle_case", outcome=outcome, handled_at=now)
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=True, photos=photos)
    leaf(case, outcome=outcome, **facts)
    tell(case)
    announce(CaseHandled(actor=actor, at=now, case_id=case.id, outcome=outcome))
    return case


@verb
def confirm_case(
    *, actor: Actor, case_id: UUID, rating: str = "", words: str = "", now: datetime = DB_TIME
) -> Case:
    """点头: the resident says it is done. A rating is his to give or not; none is "not rated"."""
    case = locked(actor, case_id, "confirm_case", words)
    if case.state not in MOVES["confirm_case"].sources:
        return case
    if rating and rating not in Rating.values:
        raise Invalid(fields={"rating": "unknown"})
    advance(case, "confirm_case", rating=rating, closed_at=now, closing="reporter")
    facts = keep_words(actor=actor, case=case, words=words, now=now)
    leaf(case, rating=rating, **facts)
    tell(case)
    announce(CaseClosed(actor=actor, at=now, case_id=case.id, closing="reporter"))
    return case


@verb
def reopen_case(
    *, actor: Actor, case_id: UUID, words: str = "", photos: Sequence[UUID] = (), now: datetime = DB_TIME
) -> Case:
    """还没好: it goes back to its last holder (or his tray); the deadline it had stays."""
    case = locked(actor, case_id, "reopen_case", words)
    if case.state not in MOVES["reopen_case"].sources:
        return case
    if not may_still_reopen(closed=case.closed_at, now=now, days=rulebook(case.county).profile.reopen_days):
        raise TooLateToReopen(days=rulebook(case.county).profile.reopen_days)
    advance(
        case,
        "reopen_case",
        holder_id=_still_his(case, now),
        refusals=case.refusals + 1,
        closed_at=None,
        closing="",
        rating="",
        outcome="",
        handled_at=None,
    )
    facts = keep_words(actor=actor, case=case, words=words, now=now, photos=photos)
    leaf(case, refusals=case.refusals, to=case.holder_id, **facts)
    tell(case)
    return case


def _still_his(case: Case, now: datetime) -> UUID | None:
    """The last holder, if he still serves the tray it lies in; else nobody, and the tray takes it."""
    duties = [duty.value for duty, served in SERVES.items() if case.tray_duty in served]
    if case.holder_id and still_serves(case.holder_id, duties, case.tray_area, timezone.localdate(now)):
        return case.holder_id
    return None


@verb
def close_case(*, actor: Actor, case_id: UUID, words: str, now: datetime = DB_TIME) -> Case:
    """归档: a supervisor closes without the resident's answer, and says why; never counted as satisfied."""
    case = locked(actor, case_id, "close_case", words)
    if case.state not in MOVES["close_case"].sources:
        return case
    advance(case, "close_case", closed_at=now, closing="supervisor")
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=True)
    leaf(case, **facts)
    tell(case)
    announce(CaseClosed(actor=actor, at=now, case_id=case.id, closing="supervisor"))
    return case


@verb
def withdraw_case(*, actor: Actor, case_id: UUID, words: str = "", now: datetime = DB_TIME) -> Case:
    """撤回: the resident does not need it any more."""
    case = locked(actor, case_id, "withdraw_case", words)
    if case.state not in MOVES["withdraw_case"].sources:
        return case
    advance(case, "withdraw_case", closed_at=now, closing="reporter")
    facts = keep_words(actor=actor, case=case, words=words, now=now)
    leaf(case, **facts)
    tell(case)
    return case
