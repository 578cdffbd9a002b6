"""Something is to be told: the notice, and one delivery for each way it takes. Nothing is sent here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone

from wushi.domain.audit.services import record
from wushi.domain.notify.carriers import carrier_of, carriers
from wushi.domain.notify.messages import NoticeKind
from wushi.domain.notify.models import Browser, Delivery, Notice, Wish
from wushi.domain.notify.permissions import may_tell
from wushi.domain.notify.rules import (
    APP,
    INBOX,
    MAIL,
    PUSH,
    ROBOT,
    SMS,
    VOICE,
    Wishes,
    channels_for,
    lives_until,
    not_before,
    rule_on,
)
from wushi.domain.notify.states import S
from wushi.domain.outbox.services import leave_job, leave_notice
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.ids import uuid7
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.fields import blind_index
from wushi.plumbing.personal import is_mobile
from wushi.plumbing.writes import insert_many, insert_once

DELIVER = "notify.deliver"


@dataclass(frozen=True)
class Reach:
    """Whom: ``user:<id>``, ``person:<id>``, ``robot:<name>``, and his number. The number never reaches leaf or outbox."""

    who: str
    phone: str = field(default="", repr=False)


@dataclass(frozen=True)
class NewNotice:
    """What is to be told. ``key`` makes it one; ``facts`` are codes, numbers and names of places."""

    kind: NoticeKind
    key: str
    to: Reach
    facts: Mapping[str, Any]
    link: str = ""
    subject: models.Model | None = None
    language: str = ""


@verb
def tell(*, actor: Actor, notice: NewNotice, now: datetime = DB_TIME) -> Notice | None:
    """Somebody is told something, once per key, by the channels he chose; None where he wants no such notice.

    Raises NotAllowed for anybody but the house, ValueError for facts its sentence lacks.
    """
    if not may_tell(actor):
        raise NotAllowed()
    lacking = set(notice.kind.variables) - set(notice.facts)
    if lacking:
        raise ValueError(f"{notice.kind.code} lacks {sorted(lacking)}")
    wish = Wish.objects.filter(county=actor.county, who=notice.to.who).first()
    resident = notice.to.who.startswith("person:")
    if notice.kind.step and resident and not (wish and wish.every_step):
        return None
    rule, weight = rule_on(timezone.localdate(now)), notice.kind.weight.value
    row = Notice(
        id=uuid7(),
        county=actor.county,
        kind=notice.kind.code,
        key=f"{notice.key}:{notice.to.who}",
        weight=weight,
        recipient=notice.to.who,
        language=notice.language or (wish.language if wish else ""),
        facts=dict(notice.facts),
        link=notice.link,
        subject_kind=notice.subject._meta.label_lower if notice.subject else "",
        subject_id=notice.subject.pk if notice.subject else None,
        created_at=now,
        expires_at=lives_until(rule, weight=weight, now=now),
    )
    stored, fresh = insert_once(row, key=("county", "key"))
    if not fresh:
        return stored
    found = _deliveries(stored, notice, wish, now)
    insert_many(found)
    record(subject=stored, kind=stored.kind, to=stored.recipient, ways=[d.channel for d in found])
    leave_notice([f"inbox:{stored.recipient}"])
    if any(d.next_at for d in found):
        leave_job(DELIVER, county=actor.county, notice_id=stored.id)
    return stored


def wishes_of(wish: Wish | None) -> Wishes:
    """The row as the rules read it."""
    if wish is None:
        return Wishes()
    chosen = None if wish.channels is None else tuple(wish.channels)
    return Wishes(chosen, wish.quiet_from, wish.quiet_until)


def addresses(county: str, to: Reach, wish: Wish | None) -> dict[str, list[str]]:
    """Channel -> where it reaches this person, for the channels that are set up here."""
    kind, _, name = to.who.partition(":")
    if kind == "robot":
        return {ROBOT: [name]} if name in carriers() else {}
    found: dict[str, list[str]] = {INBOX: [to.who]}
    if is_mobile(to.phone):
        found |= {SMS: [to.phone], VOICE: [to.phone]}
    if wish and wish.app_id:
        found[APP] = [wish.app_id]
    if wish and wish.mail:
        found[MAIL] = [wish.mail]
    browsers = Browser.objects.filter(county=county, who=to.who)
    if woken := [browser.subscription for browser in browsers]:
        found[PUSH] = woken
    return {channel: where for channel, where in found.items() if channel == INBOX or carrier_of(channel)}


def _deliveries(notice: Notice, new: NewNotice, wish: Wish | None, now: datetime) -> list[Delivery]:
    to = new.to
    rule, wishes = rule_on(timezone.localdate(now)), wishes_of(wish)
    where = addresses(notice.county, to, wish)
    staff = not to.who.startswith("person:")
    ways = (
        [ROBOT]
        if ROBOT in where
        else channels_for(rule, weight=notice.weight, staff=staff, wishes=wishes, reachable=where)
    )
    begin = now if new.kind.at_once else not_before(rule, weight=notice.weight, wishes=wishes, now=now)
    found = []
    for channel in ways:
        for address in where.get(channel, ()):
            inside = channel == INBOX
            carrier = (
                address if channel == ROBOT else "" if inside else getattr(carrier_of(channel), "name", "")
            )
            found.append(
                Delivery(
                    id=uuid7(),
                    county=notice.county,
                    notice=notice,
                    channel=channel,
                    carrier=carrier,
                    address="" if inside or channel == ROBOT else address,
                    address_index=blind_index("address", address),
                    state=(S.SENT if inside else S.WAITING).value,
                    created_at=now,
                    sent_at=now if inside else None,
                    next_at=None if inside else begin,
                )
            )
    return found
