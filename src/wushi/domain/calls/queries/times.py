"""How long people waited, by village: until somebody answered, until somebody was there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from wushi.domain.areas.rules import level_of
from wushi.domain.calls.models import Call, Finding
from wushi.domain.calls.queries.scopes import visible_to
from wushi.domain.calls.rules import Spread, spread_of
from wushi.kernel.actor import Actor
from wushi.kernel.verb import current_scope


@dataclass(frozen=True)
class Waits:
    """Of one village in a span of time: how many called, how many by mistake, and the two waits."""

    village: str
    calls: int
    mistaken: int
    open: int
    acknowledged: Spread
    arrived: Spread
    oldest: datetime | None


def waits(actor: Actor, *, since: datetime, until: datetime, area: str = "") -> list[Waits]:
    """One line a village, for calls opened within [since, until); tests are not counted.

    Whoever still waits is counted by what he has waited so far once that is beyond the promise. A mistaken press that was
    ended by telephone counts for answering and not for arriving: nobody had to come.
    """
    scope = current_scope()
    assert scope is not None
    rows = visible_to(actor).filter(opened_at__gte=since, opened_at__lt=until, test=False)
    if area:
        rows = rows.filter(**{level_of(area): area})
    by: dict[str, list[Call]] = defaultdict(list)
    for call in rows.order_by("opened_at"):
        by[call.village].append(call)
    return [_of(village, calls, scope.now) for village, calls in sorted(by.items())]


def _of(village: str, calls: list[Call], now: datetime) -> Waits:
    answered, came = [], []
    for call in calls:
        if call.acknowledged_at or now > call.acknowledge_by:
            answered.append((_seconds(call, call.acknowledged_at), _promise(call, call.acknowledge_by)))
        mistaken = call.finding == Finding.MISTAKEN and call.arrived_at is None
        if not mistaken and (call.arrived_at or now > call.arrive_by):
            came.append((_seconds(call, call.arrived_at), _promise(call, call.arrive_by)))
    return Waits(
        village,
        len(calls),
        sum(call.finding == Finding.MISTAKEN for call in calls),
        sum(call.is_open for call in calls),
        spread_of(answered),
        spread_of(came),
        min((call.opened_at for call in calls if call.is_unanswered), default=None),
    )


def _seconds(call: Call, at: datetime | None) -> float | None:
    return None if at is None else (at - call.opened_at).total_seconds()


def _promise(call: Call, by: datetime) -> float:
    return (by - call.opened_at).total_seconds()
