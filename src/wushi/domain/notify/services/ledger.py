"""The ledger is looked after: sent again by hand, providers that fall silent, addresses that are no longer needed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.queries import holders
from wushi.domain.audit.services import record
from wushi.domain.notify.carriers import carriers
from wushi.domain.notify.errors import NoSuchChannel, NotSendable
from wushi.domain.notify.messages import SILENT, TEST, quiet_kinds
from wushi.domain.notify.models import Delivery, Notice
from wushi.domain.notify.permissions import may_read_ledger
from wushi.domain.notify.rules import ROBOT, lives_until, rule_on
from wushi.domain.notify.services.telling import DELIVER, NewNotice, Reach, tell
from wushi.domain.notify.states import AGAIN, S
from wushi.domain.outbox.services import leave_job
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed, NotFound
from wushi.kernel.ids import uuid7
from wushi.kernel.verb import DB_TIME, chore, reading, verb
from wushi.plumbing.fields import blind_index
from wushi.plumbing.writes import insert_many


@verb
def send_again(*, actor: Actor, delivery_id: UUID, now: datetime = DB_TIME) -> Delivery:
    """The administrator has a delivery sent once more. Raises NotSendable when it went out or its address is forgotten."""
    if not may_read_ledger(actor):
        raise NotAllowed()
    rows = Delivery.objects.select_for_update(of=("self",)).filter(county=actor.county, id=delivery_id)
    row = rows.exclude(notice__kind__in=quiet_kinds()).first()
    if row is None:
        raise NotFound()
    if row.state == S.WAITING and row.tries == 0:
        return row
    if row.state not in AGAIN or not (row.address or row.channel == ROBOT):
        raise NotSendable(state=row.state)
    notice = Notice.objects.get(county=actor.county, id=row.notice_id)
    rule = rule_on(timezone.localdate(now))
    notice.expires_at = lives_until(rule, weight=notice.weight, now=now)
    notice.save(update_fields=["expires_at"])
    row.state, row.tries, row.next_at, row.sent_at = S.WAITING.value, 0, now, None
    row.step += 1
    row.save(update_fields=["state", "tries", "next_at", "sent_at", "step"])
    record(subject=row, channel=row.channel)
    leave_job(DELIVER, county=actor.county, notice_id=row.notice_id)
    return row


@verb
def send_test(*, actor: Actor, carrier: str, to: str = "", now: datetime = DB_TIME) -> Notice:
    """The administrator tries a channel, on himself or its group. Raises NoSuchChannel for one that cannot reach him."""
    if not may_read_ledger(actor):
        raise NotAllowed()
    found = carriers().get(carrier)
    if found is None:
        raise NoSuchChannel(channel=carrier[:32])
    address = "" if found.channel == ROBOT else to.strip()
    if found.channel != ROBOT and not address:
        raise NoSuchChannel(channel=carrier[:32])
    rule = rule_on(timezone.localdate(now))
    row = Notice(
        id=uuid7(),
        county=actor.county,
        kind=TEST.code,
        key=f"test:{uuid7()}",
        weight=TEST.weight.value,
        recipient=f"robot:{carrier}" if found.channel == ROBOT else actor.ref,
        facts={"channel": found.name},
        created_at=now,
        expires_at=lives_until(rule, weight=TEST.weight.value, now=now),
    )
    sent = Delivery(
        county=actor.county,
        notice=row,
        channel=found.channel,
        carrier=found.name,
        address=address,
        address_index=blind_index("address", address or carrier),
        state=S.WAITING.value,
        created_at=now,
        next_at=now,
    )
    insert_many([row])
    insert_many([sent])
    record(subject=row, carrier=found.name)
    leave_job(DELIVER, county=actor.county, notice_id=row.id)
    return row


def silent_carriers(county: str, now: datetime) -> Iterator[tuple[str, int]]:
    """(name, minutes) of providers that were asked several times lately and took nothing."""
    rule = rule_on(timezone.localdate(now))
    since = now - timedelta(minutes=rule.silent_minutes)
    for name in carriers():
        rows = Delivery.objects.filter(county=county, carrier=name)
        # asked, and given an answer or none: what waits for room was answered too
        tried = rows.filter(
            Q(tries__gt=0) | Q(state=S.FAILED) | ~Q(code=""), created_at__gt=since - timedelta(days=1)
        )
        stuck = tried.filter(state__in=[S.WAITING, S.SENDING, S.FAILED, S.UNSURE], created_at__lt=now)
        if rows.filter(state=S.SENT, sent_at__gt=since).exists():
            continue
        waiting = list(stuck.order_by("created_at").values_list("created_at", flat=True)[: rule.silent_least])
        if len(waiting) >= rule.silent_least and waiting[0] <= since:
            yield name, int((now - waiting[0]).total_seconds() // 60)


def watch_carriers(county: str) -> int:
    """Administrators are told once an hour of a provider that takes nothing; how many are silent."""
    house = Actor.of_house(county)
    with reading(house) as scope:
        now = scope.now
        silent = list(silent_carriers(county, now))
        people = holders(Duty.DISTRICT_ADMIN.value, county, timezone.localdate(now)) if silent else []
        reach = [Reach(f"user:{user.id}", user.phone) for user in people]
    for name, minutes in silent:
        for to in reach:
            facts = {"channel": name, "minutes": minutes}
            key = f"silent:{name}:{now:%Y%m%d%H}"
            tell(actor=house, notice=NewNotice(SILENT, key, to, facts, link="/work/notices/"))
    return len(silent)


def forget_addresses(county: str) -> int:
    """Numbers and texts of what is over are forgotten; that it was sent stays. 个人信息保护法 19. How many rows."""
    with chore(county, "forget_addresses") as scope:
        rule = rule_on(timezone.localdate(scope.now))
        old = Delivery.objects.filter(
            county=county, next_at=None, created_at__lt=scope.now - timedelta(days=rule.forget_days)
        ).exclude(address="", text="")
        return old.update(address="", text="")
