"""What a county begins with: its ladder, its habits, its gateways; and who is on watch when."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from wushi.domain.accounts.models import User
from wushi.domain.accounts.queries import grants_of_user
from wushi.domain.areas.rules import DIGITS
from wushi.domain.areas.services import changed
from wushi.domain.audit.services import record
from wushi.domain.calls.models import Envelope, Gateway, Habits, LadderStep, OnWatch, Proof
from wushi.domain.calls.models import Urgency as CallUrgency
from wushi.domain.calls.permissions import LINE_DUTIES, may_roster, may_set_ways
from wushi.domain.calls.rules import CUSTOMARY
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed, NotFound
from wushi.kernel.ids import uuid7
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.writes import insert_once

_NAMES = ("code", "urgency", "after_seconds", "level", "duties", "again_seconds", "basis")
LADDER: tuple[dict[str, Any], ...] = tuple(
    {name: list(rule.duties) if name == "duties" else getattr(rule, name) for name in _NAMES}
    for rule in CUSTOMARY
)
_BASIS = {"basis": CUSTOMARY[0].basis}
_CODE = re.compile(r"[a-z0-9-]{2,32}")


@dataclass(frozen=True)
class CallBook:
    """A county's rules for calls, as plain rows; ``habits`` replaces defaults."""

    since: date
    ladder: Sequence[dict[str, Any]] = LADDER
    habits: dict[str, Any] = field(default_factory=dict)


@verb
def adopt_ladder(*, actor: Actor, book: CallBook, now: datetime = DB_TIME) -> int:
    """The county's ladder and habits become these, from a day on; calls that ring go on by the lines in force. Its version."""
    if not may_set_ways(actor):
        raise NotAllowed()
    _check(book.ladder)
    county = actor.county
    last = Habits.objects.select_for_update().filter(county=county).order_by("-version").first()
    version = last.version + 1 if last else 1
    later = Q(valid_until=None) | Q(valid_until__gt=book.since)
    LadderStep.objects.filter(later, county=county).update(valid_until=book.since)
    LadderStep.objects.bulk_create(
        [
            LadderStep(**{**_BASIS, **row, "county": county, "version": version, "valid_from": book.since})
            for row in book.ladder
        ]
    )
    habits = Habits(county=county, version=version, valid_from=book.since, **{**_BASIS, **book.habits})
    habits.save(force_insert=True)
    changed(county)
    record(subject=habits, version=version, since=book.since, rungs=len(book.ladder))
    return version


def _check(ladder: Sequence[dict[str, Any]]) -> None:
    """Raises Invalid where nobody could be rung: no line at all, none at once, an unknown level or duty."""
    wrong: dict[str, str] = {}
    for urgency in ("", *CallUrgency.values):
        lines = [row for row in ladder if row.get("urgency", "") == urgency]
        if lines and min(int(row["after_seconds"]) for row in lines) != 0:
            wrong["after_seconds"] = "first_rung_at_once"
    if not ladder or not any(not row.get("urgency") for row in ladder):
        wrong["ladder"] = "required"
    if any(row["level"] not in ("county", "town", "village", "grid") for row in ladder):
        wrong["level"] = "unknown"
    if any(not row["duties"] or not set(row["duties"]) <= LINE_DUTIES for row in ladder):
        wrong["duties"] = "unknown"
    if wrong:
        raise Invalid(fields=wrong)


@verb
def found_gateway(
    *,
    actor: Actor,
    code: str,
    name: str,
    envelope: str,
    proof: str = Proof.TOKEN.value,
    topic: str = "",
    now: datetime = DB_TIME,
) -> Gateway:
    """A way in for devices' messages; its secret is shown to whoever set it up."""
    if not may_set_ways(actor):
        raise NotAllowed()
    wrong: dict[str, str] = {}
    if not _CODE.fullmatch(code):
        wrong["code"] = "bad_code"
    if envelope not in Envelope.values:
        wrong["envelope"] = "unknown"
    if proof not in Proof.values:
        wrong["proof"] = "unknown"
    if wrong:
        raise Invalid(fields=wrong)
    row = Gateway(
        id=uuid7(),
        county=actor.county,
        code=code,
        name=name[:60],
        envelope=envelope,
        proof=proof,
        secret=secrets.token_urlsafe(24),
        topic=topic[:200],
        made_at=now,
    )
    stored, fresh = insert_once(row, key=("county", "code"), same=("envelope", "proof"))
    if fresh:
        record(subject=stored, code=code, envelope=envelope, proof=proof)
    return stored


@verb
def close_gateway(*, actor: Actor, gateway_id: UUID, now: datetime = DB_TIME) -> Gateway:
    """Nothing is taken any more by this way."""
    if not may_set_ways(actor):
        raise NotAllowed()
    row = Gateway.objects.select_for_update().filter(county=actor.county, id=gateway_id).first()
    if row is None:
        raise NotFound()
    row.active, row.step = False, row.step + 1
    row.save(update_fields=["active", "step"])
    record(subject=row, active=False)
    return row


@verb
def put_on_watch(
    *,
    actor: Actor,
    area: str,
    duty: str,
    user_id: UUID,
    begins_at: datetime,
    ends_at: datetime,
    now: datetime = DB_TIME,
) -> OnWatch:
    """值班: from then to then this person is rung in the place of the duty's holders; the rungs stay what they are."""
    if not may_roster(actor, area):
        raise NotAllowed()
    user = User.objects.filter(county=actor.county, id=user_id, is_active=True).first()
    wrong: dict[str, str] = {}
    if user is None:
        wrong["user"] = "unknown"
    elif not any(grant.duty in LINE_DUTIES for grant in grants_of_user(user.id, timezone.localdate(now))):
        # he would be rung for what his pages do not show
        wrong["user"] = "no_line_duty"
    if duty not in LINE_DUTIES or len(area) not in DIGITS.values():
        wrong["duty"] = "unknown"
    if ends_at <= begins_at or ends_at <= now:
        wrong["ends_at"] = "too_early"
    if wrong:
        raise Invalid(fields=wrong)
    row = OnWatch(
        id=uuid7(),
        county=actor.county,
        area=area,
        duty=duty,
        user_id=user_id,
        begins_at=begins_at,
        ends_at=ends_at,
    )
    row.save(force_insert=True)
    record(subject=row, area=area, duty=duty, user=user_id, begins_at=begins_at, ends_at=ends_at)
    return row


@verb
def take_off_watch(*, actor: Actor, watch_id: UUID, now: datetime = DB_TIME) -> OnWatch:
    """The watch ends now; the duty's holders are rung again."""
    row = OnWatch.objects.select_for_update(of=("self",)).filter(county=actor.county, id=watch_id).first()
    if row is None:
        raise NotFound()
    if not may_roster(actor, row.area):
        raise NotAllowed()
    if row.ended_at is None:
        row.ended_at, row.step = now, row.step + 1
        row.save(update_fields=["ended_at", "step"])
        record(subject=row, ended=True)
    return row
