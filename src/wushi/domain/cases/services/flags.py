"""What is worth a second look by the level above: it accuses nobody, changes nothing, and is told once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.models import User
from wushi.domain.audit.models import Leaf
from wushi.domain.audit.queries import deeds_between
from wushi.domain.audit.services import record
from wushi.domain.cases.models import Case, Flag
from wushi.domain.cases.permissions import trays_of, upper_tray
from wushi.domain.cases.queries.audience import people_of
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.rules import Tray, level_of_tray, tray_above
from wushi.domain.cases.services.desk import all_of, once
from wushi.domain.outbox.services import leave_notice
from wushi.domain.people.models import Person
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed, NotFound
from wushi.kernel.ids import uuid7
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.writes import insert_once

HANDS = (
    "cases.transfer_case",
    "cases.escalate_case",
    "cases.return_case",
    "cases.hand_back_case",
    "cases.assign_case",
)


def raise_flag(
    *,
    county: str,
    kind: str,
    key: str,
    tray: Tray,
    now: datetime,
    case: Case | None = None,
    about: str = "",
    **facts: Any,
) -> None:
    """One row a finding (``key``); the tray that is told sees it on its page."""
    row = Flag(
        id=uuid7(),
        county=county,
        kind=kind,
        case=case,
        about=about,
        tray_duty=tray.duty,
        tray_area=tray.area,
        facts=facts,
        key=key,
        raised_at=now,
    )
    _stored, fresh = insert_once(row, key=("county", "key"))
    if fresh:
        leave_notice([f"tray:{tray.area}:{tray.duty}"])


def _above(case: Case) -> Tray:
    return upper_tray(case) or Tray(Duty.SUPERVISOR.value, case.county)


def watch_pingpong(case: Case, now: datetime) -> None:
    """Handed from hand to hand more often than the county's number."""
    times = rulebook(case.county).profile.pingpong_times
    moves = all_of(Leaf).filter(
        county=case.county, subject="cases.case", subject_id=str(case.id), verb__in=HANDS, step__gt=0
    )
    # the leaf of the move that is running is written at its end
    n = moves.count() + 1
    if n > times:
        raise_flag(
            county=case.county,
            kind="pingpong",
            key=f"pingpong:{case.id}:{n // (times + 1)}",
            tray=_above(case),
            now=now,
            case=case,
            times=n,
        )


def watch_sending_back(case: Case, now: datetime) -> None:
    """Sent back by the supervisor once more: each time is a new time for handling."""
    before = (
        all_of(Leaf)
        .filter(
            county=case.county, subject="cases.case", subject_id=str(case.id), verb="cases.send_back_case"
        )
        .count()
    )
    if before:
        _raise(case, "sent_back_again", now, times=before + 1)


def watch_move_of_deadline(case: Case, kind: str, now: datetime) -> None:
    """A second matter split off, or another taken as master, when its own time was nearly used up or would be longer."""
    _raise(case, kind, now)


def _raise(case: Case, kind: str, now: datetime, **facts: Any) -> None:
    raise_flag(
        county=case.county, kind=kind, key=f"{kind}:{case.id}:{case.step}", tray=_above(case), now=now, case=case,
        **facts,
    )  # fmt: skip


def watch_haste(case: Case, actor: Actor, now: datetime) -> None:
    """Handled in minutes without a word to the resident, or one of a great many by the same person in a short time."""
    profile = rulebook(case.county).profile
    quick = timedelta(minutes=profile.hasty_minutes)
    if case.claimed_at and now - case.claimed_at < quick and case.wants_reply and case.contacted_at == now:
        own = case.taken_by_id == actor.id
        kind = "recorded_after" if own else "hasty"
        raise_flag(
            county=case.county, kind=kind, key=f"{kind}:{case.id}:{case.step}", tray=_above(case), now=now,
            case=case, about=actor.ref,
        )  # fmt: skip
    since = now - timedelta(minutes=profile.mass_minutes)
    done = deeds_between(case.county, "cases.handle_case", actor.ref, since, now)
    if done + 1 >= profile.mass_number:
        raise_flag(
            county=case.county,
            kind="mass_handling",
            key=f"mass:{actor.id}:{now:%Y%m%d%H}",
            tray=_above(case),
            now=now,
            about=actor.ref,
            times=done + 1,
        )


def _phone_index(user_id: UUID) -> bytes:
    return bytes(User.objects.filter(id=user_id).values_list("phone_index", flat=True).first() or b"")


def watch_own_rating(case: Case, now: datetime) -> None:
    """Who rated may be who handled: the same telephone, or his own record agreed to within minutes."""
    if case.holder_id is None:
        return
    same_phone = False
    if case.reporter_id:
        index = once(_phone_index, case.holder_id)
        same_phone = (
            bool(index)
            and all_of(Person).filter(county=case.county, id=case.reporter_id, phone_index=index).exists()
        )
    quick = timedelta(minutes=rulebook(case.county).profile.hasty_minutes)
    own_record = (
        case.taken_by_id == case.holder_id and case.handled_at is not None and now - case.handled_at < quick
    )
    if same_phone or own_record:
        raise_flag(
            county=case.county,
            kind="own_rating",
            key=f"own:{case.id}:{case.step}",
            tray=_above(case),
            now=now,
            case=case,
            about=f"user:{case.holder_id}",
            same_phone=same_phone,
        )


def watch_contest(case: Case, now: datetime) -> None:
    """Recorded in somebody's name who says that it was not his wish: how it came to be recorded."""
    raise_flag(
        county=case.county,
        kind="contested",
        key=f"contested:{case.id}:{case.step}",
        tray=_above_recorder(case, now),
        now=now,
        case=case,
        about=f"user:{case.taken_by_id}" if case.taken_by_id else "",
    )


def _above_recorder(case: Case, now: datetime) -> Tray:
    """The level above; one more up where whoever recorded it empties that tray himself."""
    tray, day = _above(case), timezone.localdate(now)
    while case.taken_by_id in {user.id for user in people_of(tray, day)}:
        upper = tray_above(tray.area, level_of_tray(tray)) if tray.duty != Duty.SUPERVISOR else None
        if upper is None:
            return Tray(Duty.SUPERVISOR.value, case.county)
        tray = upper
    return tray


@verb
def look_at_flag(*, actor: Actor, flag_id: UUID, now: datetime = DB_TIME) -> Flag:
    """The level above has looked at it; it leaves the list and stays in the trace."""
    flag = Flag.objects.select_for_update(of=("self",)).filter(county=actor.county, id=flag_id).first()
    if flag is None or flag.about == actor.ref:
        # whom it is about does not hear of it, and does not take it off
        raise NotFound()
    if not any((duty, area) == (flag.tray_duty, flag.tray_area) for duty, area, _unit in trays_of(actor)):
        raise NotAllowed()
    if flag.seen_at is None:
        flag.seen_at, flag.seen_by_id = now, actor.id
        flag.save(update_fields=["seen_at", "seen_by"])
        record(subject=flag, kind=flag.kind)
    return flag
