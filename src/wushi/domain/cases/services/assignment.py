"""From the tray to somebody's hands, and back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.models import Unit
from wushi.domain.accounts.services.posts import lock_served_post, served_spans
from wushi.domain.areas import queries as areas
from wushi.domain.cases.errors import NothingAbove, NoTray, ReturnedEnough, TooLateToReturn
from wushi.domain.cases.models import Case, Outcome
from wushi.domain.cases.permissions import SERVES, is_in_tray, lying_tray, upper_tray
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.rules import ClockName, Tray
from wushi.domain.cases.services.clocks import end_clocks, hand_over, running, wind_up
from wushi.domain.cases.services.desk import afresh, all_of, once
from wushi.domain.cases.services.flags import watch_pingpong
from wushi.domain.cases.services.merging import let_others_go, one_at_a_time
from wushi.domain.cases.services.resting import resume_case
from wushi.domain.cases.services.steps import advance, keep_words, leaf, locked, put_tray, tell
from wushi.domain.cases.states import MOVES, OPEN, CaseState
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.states import move
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.bench import the_bench

TRAY_DUTIES = frozenset(
    {Duty.SECRETARY, Duty.GRID_LEAD, Duty.TOWN_CLERK, Duty.DISTRICT_CLERK, Duty.DEPARTMENT}
)
# Where a matter that is not ours belongs; the resident is always told (芜湖; 北京接诉即办工作条例 11).
RIGHT_CHANNELS = ("court", "arbitration", "discipline", "review", "disclosure", "petition", "police", "other")
RETURN_REASONS = ("not_our_area", "not_our_duty", "needs_department", "unclear", "other")


@verb
def accept_case(*, actor: Actor, case_id: UUID, now: datetime = DB_TIME) -> Case:
    """受理: it is ours to see to; it waits to be given to somebody."""
    case = locked(actor, case_id, "accept_case")
    if case.state not in MOVES["accept_case"].sources:
        return case
    advance(case, "accept_case")
    leaf(case)
    tell(case)
    return case


@verb
def decline_case(
    *, actor: Actor, case_id: UUID, channel_code: str, words: str, now: datetime = DB_TIME
) -> Case:
    """不予受理: not ours, and here is the right channel."""
    one_at_a_time(actor.county)
    case = locked(actor, case_id, "decline_case", words, channel=channel_code)
    if case.state not in MOVES["decline_case"].sources:
        return case
    if channel_code not in RIGHT_CHANNELS:
        raise Invalid(fields={"channel_code": "required"})
    advance(case, "decline_case", closed_at=now, closing="declined", outcome=Outcome.NOT_OURS)
    end_clocks(case, now, "decline_case")
    wind_up(case, now)
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=True)
    leaf(case, channel=channel_code, **facts)
    tell(case)
    let_others_go(actor, case, now)
    return case


@verb
def assign_case(*, actor: Actor, case_id: UUID, tray: Tray, words: str = "", now: datetime = DB_TIME) -> Case:
    """派单: into the tray of a duty, below or beside, where somebody signs for it."""
    asked = {"duty": tray.duty, "area": tray.area, "unit": tray.unit}
    case = locked(actor, case_id, "assign_case", words, **asked)
    if case.state not in MOVES["assign_case"].sources:
        return case
    check_tray(case, tray)
    before = f"tray:{case.tray_area}:{case.tray_duty}"
    advance(case, "assign_case", **put_tray(case, tray), **below_of(case, tray))
    hand_over(case, now)
    facts = keep_words(actor=actor, case=case, words=words, now=now)
    leaf(case, duty=tray.duty, area=tray.area, unit=tray.unit, **facts)
    tell(case, before)
    return case


def below_of(case: Case, tray: Tray) -> dict[str, Any]:
    """Given to a tray it was escalated from, it is no longer above that one: nobody hands a matter back to himself."""
    for place, (duty, area, unit, _holder) in enumerate(case.came_from):
        if (duty, area, unit) == (tray.duty, tray.area, tray.unit):
            return {"came_from": case.came_from[:place]}
    return {}


def check_tray(case: Case, tray: Tray) -> None:
    """A tray of the county that the seal does not shut out; a department's needs its unit."""
    if tray.duty not in TRAY_DUTIES or tray.area[:6] != case.county or len(tray.area) > case.seal:
        raise NoTray()
    areas.existing(tray.area)
    if tray.duty == Duty.DEPARTMENT and not Unit.objects.filter(county=case.county, code=tray.unit).exists():
        raise NoTray()


@verb
def claim_case(*, actor: Actor, case_id: UUID, now: datetime = DB_TIME) -> Case:
    """签收: somebody of the tray takes it into his own hands; a second press by the same person changes nothing."""
    _hold_post(actor, case_id, now)
    case = locked(actor, case_id, "claim_case")
    if case.state not in MOVES["claim_case"].sources:
        return case
    before = case.holder_id
    advance(case, "claim_case", holder_id=actor.id, claimed_at=case.claimed_at or now)
    end_clocks(case, now, "claim_case", (ClockName.CLAIM, ClockName.HANDOVER))
    leaf(case, to=actor.id)
    tell(case, *([f"user:{before}"] if before else []))
    return case


def _serves(user_id: UUID, duties: list[str], area: str, day: date) -> bool:
    """Whether he has the post, locked; on the bench, where nobody ends a post beside it, he is asked for once."""
    if the_bench() is None:
        return lock_served_post(user_id, duties, area, day)
    spans = once(served_spans, user_id, duties, area)
    return any(since <= day and (until is None or day < until) for since, until in spans)


def _hold_post(actor: Actor, case_id: UUID, now: datetime) -> None:
    """Lock the post (lower floor first) by which he may sign for it, so that ending the post and claiming cannot cross.

    Raises NotAllowed when it ended meanwhile; a matter he does not see is left to ``locked`` to refuse.
    """
    case = all_of(Case).filter(county=actor.county, id=case_id).only("tray_duty", "tray_area").first()
    if case is None or actor.id is None or actor.kind != "user":
        return
    duties = [duty.value for duty, served in SERVES.items() if case.tray_duty in served]
    if _serves(actor.id, duties, case.tray_area, timezone.localdate(now)) or not is_in_tray(actor, case):
        return
    raise NotAllowed(verb="claim_case")


@verb
def return_case(
    *, actor: Actor, case_id: UUID, reason_code: str, words: str = "", now: datetime = DB_TIME
) -> Case:
    """退单: not ours to settle, with the reason; it goes to the tray one level up, never to nobody."""
    case = locked(actor, case_id, "return_case", words, reason=reason_code)
    if case.state not in MOVES["return_case"].sources:
        return case
    if reason_code not in RETURN_REASONS:
        raise Invalid(fields={"reason_code": "required"})
    _may_still_return(case, now)
    lying = lying_tray(case)
    if lying.duty == Duty.SUPERVISOR:
        # it lies there because everybody below is shut out of it
        raise NothingAbove(level="district")
    upper = upper_tray(case) or Tray(Duty.DISTRICT_CLERK.value, case.county)
    advance(case, "return_case", returns=case.returns + 1, **put_tray(case, upper))
    hand_over(case, now)
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=reason_code == "other")
    leaf(case, reason=reason_code, duty=upper.duty, area=upper.area, **facts)
    watch_pingpong(case, now)
    tell(case, f"tray:{lying.area}:{lying.duty}")
    return case


def _may_still_return(case: Case, now: datetime) -> None:
    """At most twice, and within the working days the county gives (山东: 2; 潍坊: after a ruling, not again).

    Raises ReturnedEnough, TooLateToReturn.
    """
    profile = rulebook(case.county).profile
    if case.returns >= profile.return_times:
        raise ReturnedEnough(times=profile.return_times)
    given = max((c.started_at for c in running(case, (ClockName.CLAIM, ClockName.HANDOVER))), default=now)
    last = areas.calendar_of(case.county).add_workdays(timezone.localdate(given), profile.return_workdays)
    if timezone.localdate(now) > last:
        raise TooLateToReturn(days=profile.return_workdays)


@verb
def release_case(*, actor: Actor, case_id: UUID, now: datetime = DB_TIME) -> Case:
    """Its holder left the post: it lies in the tray of the duty again, to be signed for anew."""
    if "house" not in actor.relations:
        raise NotAllowed()
    case = all_of(Case).select_for_update(of=("self",)).get(county=actor.county, id=case_id)
    left = case.holder_id
    row = "release_case" if case.state in OPEN else "release_ended_case"
    move(MOVES, row, case.state)
    if case.state == CaseState.PAUSED:
        resume_case(actor=actor, case_id=case.id, now=now)
        afresh(case)
    advance(case, row, holder=None)
    if row == "release_case":
        hand_over(case, now)
    leaf(case, left=left, duty=case.tray_duty, area=case.tray_area)
    tell(case, f"user:{left}")
    return case


@verb
def readdress_case(*, actor: Actor, case_id: UUID, area: str, now: datetime = DB_TIME) -> Case:
    """Its tray's area was merged or split: the tray is the successor's, the row keeps its old codes."""
    if "house" not in actor.relations:
        raise NotAllowed()
    case = all_of(Case).select_for_update(of=("self",)).get(county=actor.county, id=case_id)
    move(MOVES, "readdress_case", case.state)
    was = case.tray_area
    unit = area if case.unit == was else case.unit
    advance(case, "readdress_case", tray_area=area, unit=unit)
    leaf(case, area=area, predecessor=was)
    tell(case)
    return case


def held_by(county: str, user_id: UUID, duty: str, area: str) -> list[UUID]:
    """Ids of what a person holds through a post (its tray is the post's)."""
    ended = {CaseState.HANDLED, CaseState.CLOSED, CaseState.MERGED}
    rows = all_of(Case).filter(
        county=county,
        holder=user_id,
        tray_duty__in=[served.value for served in SERVES.get(Duty(duty), ())],
        tray_area=area,
        state__in=sorted({*OPEN, *ended}),
    )
    return list(rows.order_by("id").values_list("id", flat=True))


def lying_in(county: str, area: str) -> list[UUID]:
    """Ids of what lies in trays of exactly this area and is not over."""
    rows = all_of(Case).filter(
        county=county, tray_area=area, state__in=sorted({*OPEN, CaseState.HANDLED, CaseState.MERGED})
    )
    return list(rows.order_by("id").values_list("id", flat=True))
