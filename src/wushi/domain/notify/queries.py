"""Reading one's own notices, and the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from wushi.domain.notify.carriers import carriers
from wushi.domain.notify.messages import quiet_kinds
from wushi.domain.notify.models import Browser, Delivery, Notice, Wish
from wushi.domain.notify.permissions import may_read_ledger
from wushi.domain.notify.states import S
from wushi.kernel.actor import Actor

UNREAD_SHOWN = 99


def visible_to(actor: Actor) -> QuerySet[Notice]:
    """A person's own notices; the ledger's reader sees those of his county that are not quiet."""
    rows = Notice.objects.filter(county=actor.county)
    own = Q(recipient=actor.ref)
    return rows.filter(own | ~Q(kind__in=quiet_kinds()) if may_read_ledger(actor) else own)


def inbox_of(actor: Actor) -> QuerySet[Notice]:
    """What he was told, newest first."""
    return Notice.objects.filter(county=actor.county, recipient=actor.ref).order_by("-created_at", "-id")


def unread_of(actor: Actor) -> int:
    """How many he has not seen, at most UNREAD_SHOWN + 1."""
    rows = Notice.objects.filter(county=actor.county, recipient=actor.ref, read_at=None)
    return len(rows.values_list("id")[: UNREAD_SHOWN + 1])


def wish_of(actor: Actor) -> Wish | None:
    """What he chose."""
    return Wish.objects.filter(county=actor.county, who=actor.ref).first()


def browsers_of(actor: Actor) -> list[Browser]:
    """Browsers that are woken for him."""
    return list(Browser.objects.filter(county=actor.county, who=actor.ref).order_by("since"))


def ledger_for(actor: Actor) -> QuerySet[Delivery]:
    """The deliveries of the county for who may read the ledger, newest first; not those of quiet notices."""
    rows = _deliveries(actor).exclude(notice__kind__in=quiet_kinds())
    return rows.select_related("notice").order_by("-created_at", "-id")


def _deliveries(actor: Actor) -> QuerySet[Delivery]:
    """All of them, for sums."""
    rows = Delivery.objects.filter(county=actor.county)
    return rows if may_read_ledger(actor) else rows.none()


def delivery_for(actor: Actor, delivery_id: UUID) -> Delivery | None:
    """One line of the ledger."""
    return ledger_for(actor).filter(id=delivery_id).first()


@dataclass(frozen=True)
class CarrierLine:
    """How a provider did lately."""

    name: str
    channel: str
    area: str
    filed: bool
    per_minute: int
    sent: int
    waiting: int
    given_up: int
    last_sent_at: datetime | None


def carrier_lines(actor: Actor, now: datetime, hours: int = 24) -> list[CarrierLine]:
    """Every provider that is set up, with what it did in the last hours."""
    since = now - timedelta(hours=hours)
    ended = [S.FAILED, S.REFUSED, S.UNSURE, S.UNFILED, S.EXPIRED]
    rows = (
        _deliveries(actor)
        .filter(created_at__gt=since)
        .order_by()
        .values("carrier")
        .annotate(
            sent=Count("id", filter=Q(state=S.SENT)),
            waiting=Count("id", filter=Q(state__in=[S.WAITING, S.SENDING])),
            given_up=Count("id", filter=Q(state__in=ended)),
            last=Max("sent_at", filter=Q(state=S.SENT)),
        )
    )
    did = {row["carrier"]: row for row in rows}
    nothing = {"sent": 0, "waiting": 0, "given_up": 0, "last": None}
    found = []
    for one in carriers().values():
        row = did.get(one.name, nothing)
        found.append(
            CarrierLine(
                one.name,
                one.channel,
                one.area,
                one.filed,
                one.per_minute,
                row["sent"],
                row["waiting"],
                row["given_up"],
                row["last"],
            )
        )
    return found
