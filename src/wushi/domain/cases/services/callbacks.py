"""回访抽查: a supervisor has a random few asked by telephone whether it is so; the draw itself is in the trace."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from wushi.domain.audit.services import record
from wushi.domain.cases.errors import NoCallBack
from wushi.domain.cases.models import CallBack, Case
from wushi.domain.cases.permissions import may_draw
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.services.desk import add, all_of, keep
from wushi.domain.cases.services.steps import advance, keep_words, leaf, locked, tell
from wushi.domain.cases.states import CaseState
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.ids import uuid7
from wushi.kernel.verb import DB_TIME, verb

RESULTS = ("satisfied", "neutral", "unsatisfied", "not_done", "not_reached")
MOST = 200


def draw_by_lot(case: Case, now: datetime) -> None:
    """Of those the clock closes, so many in a hundred (data) are called back; drawn by the system's randomness."""
    if secrets.randbelow(100) < rulebook(case.county).profile.callback_percent:
        add(CallBack(county=case.county, case=case, draw=uuid7(), drawn_at=now, reason="unanswered"))


@verb
def draw_callbacks(
    *, actor: Actor, since: datetime, until: datetime, number: int, now: datetime = DB_TIME
) -> list[CallBack]:
    """A random sample of what was closed in a span, without those drawn before; one leaf for the draw, with its numbers."""
    if not may_draw(actor):
        raise NotAllowed()
    if not 1 <= number <= MOST or since >= until:
        raise Invalid(fields={"number": "out_of_range"})
    drawn = CallBack.objects.filter(county=actor.county).values("case_id")
    closed = Case.objects.filter(
        county=actor.county,
        state=CaseState.CLOSED,
        closed_at__gte=since,
        closed_at__lt=until,
        # what other systems closed is not for our people to be asked about
        imported_at=None,
    )
    ids = list(closed.exclude(id__in=drawn).exclude(accused=actor.id).values_list("id", flat=True))
    chosen = secrets.SystemRandom().sample(ids, min(number, len(ids)))
    draw = uuid7()
    rows = [CallBack(county=actor.county, case_id=i, draw=draw, drawn_at=now, reason="drawn") for i in chosen]
    all_of(CallBack).bulk_create(rows)
    if rows:
        record(subject=rows[0], step=0, draw=draw, drawn=len(rows), of=len(ids), since=since, until=until)
    return rows


@verb
def record_callback(
    *, actor: Actor, case_id: UUID, result: str, words: str = "", now: datetime = DB_TIME
) -> Case:
    """What the resident said on the telephone; it changes neither his rating nor the state, it stands beside them."""
    case = locked(actor, case_id, "record_callback")
    row = all_of(CallBack).filter(county=case.county, case=case, made_at=None).order_by("drawn_at").first()
    if row is None:
        raise NoCallBack()
    if result not in RESULTS:
        raise Invalid(fields={"result": "required"})
    advance(case, "record_callback")
    row.made_at, row.made_by_id, row.result = now, actor.id, result
    keep(row, "made_at", "made_by", "result")
    facts = keep_words(actor=actor, case=case, words=words, now=now)
    leaf(case, result=result, draw=row.draw, **facts)
    tell(case)
    return case
