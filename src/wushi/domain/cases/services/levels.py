"""Between the levels: up when it is beyond one, back with a solution, across when it is another's."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushi.domain.accounts.queries import still_serves
from wushi.domain.cases.errors import NothingAbove, NothingBelow
from wushi.domain.cases.models import Case
from wushi.domain.cases.permissions import SERVES, lying_tray, upper_tray
from wushi.domain.cases.rules import ClockName, Tray
from wushi.domain.cases.services.assignment import below_of, check_tray
from wushi.domain.cases.services.clocks import end_clocks, hand_over
from wushi.domain.cases.services.desk import once
from wushi.domain.cases.services.flags import watch_pingpong
from wushi.domain.cases.services.steps import advance, is_repeated, keep_words, leaf, locked, put_tray, tell
from wushi.domain.cases.services.watching import end_watch, watch
from wushi.domain.cases.states import MOVES
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid
from wushi.kernel.verb import DB_TIME, verb

TRANSFER_REASONS = ("not_our_area", "not_our_duty", "absent", "conflict", "other")
CONTACT_WAYS = ("phone", "visit", "message", "office")


@verb
def escalate_case(
    *, actor: Actor, case_id: UUID, words: str = "", reason: str = "", now: datetime = DB_TIME
) -> Case:
    """上报: it is beyond this level, or its time for signing is over; it waits in the tray one level up.

    Always exactly one level, whether or not anybody is named there; who had it below goes on watching. Raises
    NothingAbove at the district.
    """
    case = locked(actor, case_id, "escalate_case", words)
    if case.state not in MOVES["escalate_case"].sources:
        return case
    if actor.kind != "house" and is_repeated(actor, case, "escalate_case", words):
        return case
    upper = upper_tray(case)
    if upper is None:
        raise NothingAbove(level="district")
    below, holder = lying_tray(case), case.holder_id
    came_from = [*case.came_from, [below.duty, below.area, below.unit, str(holder or "")]]
    advance(case, "escalate_case", came_from=came_from, **put_tray(case, upper))
    watch(case, "escalated", now, tray=below)
    if holder:
        watch(case, "escalated", now, user_id=holder)
    hand_over(case, now)
    by_rule = actor.kind == "house"
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=not by_rule)
    leaf(case, reason=reason, duty=upper.duty, area=upper.area, **facts)
    if not by_rule:
        watch_pingpong(case, now)
    tell(case, f"tray:{below.area}:{below.duty}", *([f"user:{holder}"] if holder else []))
    return case


@verb
def hand_back_case(*, actor: Actor, case_id: UUID, words: str, now: datetime = DB_TIME) -> Case:
    """交回: with a solution in words, to whoever had it below; he carries it out and says when it is done."""
    case = locked(actor, case_id, "hand_back_case", words)
    if not case.came_from:
        raise NothingBelow()
    duty, area, unit, holder = case.came_from[-1]
    lower, upper = Tray(duty, area, unit), lying_tray(case)
    columns: dict[str, Any] = put_tray(case, lower)
    columns["came_from"] = case.came_from[:-1]
    if holder and once(still_serves, UUID(holder), _servers(duty), area, timezone.localdate(now)):
        columns["holder"], columns["holder_id"] = None, UUID(holder)
        columns.pop("holder")
    before = case.holder_id
    advance(case, "hand_back_case", **columns)
    end_watch(case, "escalated", now, lower)
    watch(case, "handed_back", now, tray=upper)
    hand_over(case, now)
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=True)
    leaf(case, duty=duty, area=area, unit=unit, to=case.holder_id, **facts)
    watch_pingpong(case, now)
    tell(case, f"tray:{upper.area}:{upper.duty}", *([f"user:{before}"] if before else []))
    return case


def _servers(duty: str) -> list[str]:
    return [serving.value for serving, served in SERVES.items() if duty in served]


@verb
def transfer_case(
    *, actor: Actor, case_id: UUID, tray: Tray, reason_code: str, words: str = "", now: datetime = DB_TIME
) -> Case:
    """转办: its holder gives it to another tray of the county that can settle it better; the deadline stays."""
    case = locked(
        actor,
        case_id,
        "transfer_case",
        words,
        reason=reason_code,
        duty=tray.duty,
        area=tray.area,
        unit=tray.unit,
    )
    if case.state not in MOVES["transfer_case"].sources:
        return case
    if reason_code not in TRANSFER_REASONS:
        raise Invalid(fields={"reason_code": "required"})
    check_tray(case, tray)
    lying = lying_tray(case)
    if (tray.duty, tray.area, tray.unit) == (lying.duty, lying.area, lying.unit):
        raise Invalid(fields={"tray": "same"})
    before = case.holder_id
    advance(case, "transfer_case", **put_tray(case, tray), **below_of(case, tray))
    hand_over(case, now)
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=reason_code == "other")
    leaf(case, reason=reason_code, duty=tray.duty, area=tray.area, unit=tray.unit, **facts)
    watch_pingpong(case, now)
    tell(case, f"tray:{lying.area}:{lying.duty}", *([f"user:{before}"] if before else []))
    return case


@verb
def contact_case(*, actor: Actor, case_id: UUID, way: str, words: str = "", now: datetime = DB_TIME) -> Case:
    """联系群众: somebody has spoken with who told it; the first time ends the clock for it."""
    case = locked(actor, case_id, "contact_case")
    if way not in CONTACT_WAYS:
        raise Invalid(fields={"way": "required"})
    if is_repeated(actor, case, "contact_case", words, way=way):
        return case
    advance(case, "contact_case", contacted_at=case.contacted_at or now)
    end_clocks(case, now, "contact_case", (ClockName.CONTACT,))
    facts = keep_words(actor=actor, case=case, words=words, now=now)
    leaf(case, way=way, **facts)
    tell(case)
    return case
