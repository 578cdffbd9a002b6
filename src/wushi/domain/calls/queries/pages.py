"""What the pages of this room read beside the alarm: one call, devices and their errands, ways in, who is on watch."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from wushi.domain.accounts.models import Post
from wushi.domain.accounts.queries import posts_under
from wushi.domain.calls.models import Call, Device, Errand, Gateway, Heard, OnWatch, Wire
from wushi.domain.calls.permissions import LINE_DUTIES, may_roster, may_set_ways
from wushi.domain.calls.queries.ladder import call_rules
from wushi.domain.calls.queries.scopes import devices_of, errands_of, knows_calls, visible_to
from wushi.domain.calls.states import OPEN, DeviceState
from wushi.domain.calls.wire import EventKind
from wushi.kernel.actor import Actor

FEW = 20
# kept, and nothing came of it
NOT_TAKEN = ("undecodable", "unknown", "old", "aside")
LEVELS = {9: "town", 12: "village", 15: "grid"}


def call_for(actor: Actor, call_id: UUID) -> Call | None:
    """One call, if it exists for the actor."""
    return visible_to(actor).select_related("device", "person").filter(id=call_id).first()


def _within(rows: QuerySet[Device], area: str) -> QuerySet[Device]:
    return rows.filter(**{LEVELS[len(area)]: area}) if len(area) in LEVELS else rows


@dataclass(frozen=True)
class DeviceSums:
    """Of the devices somebody looks after: all, installed, silent, with a low battery."""

    all: int
    installed: int
    silent: int
    low: int


def _silent() -> Q:
    return Q(state=DeviceState.INSTALLED.value, silent_at=None)


def _low(county: str) -> Q:
    return Q(state=DeviceState.INSTALLED.value, battery__lte=call_rules(county).habits.battery_low)


def device_sums(actor: Actor, area: str = "") -> DeviceSums:
    """Counted in one statement."""
    counted = _within(devices_of(actor), area).aggregate(
        all=Count("id"),
        installed=Count("id", filter=Q(state=DeviceState.INSTALLED.value)),
        silent=Count("id", filter=_silent()),
        low=Count("id", filter=_low(actor.county)),
    )
    return DeviceSums(**counted)


def page_of_devices(
    actor: Actor,
    *,
    area: str = "",
    which: str = "",
    text: str = "",
    after: UUID | None = None,
    limit: int = 50,
    living: bool = False,
) -> list[Device]:
    """Devices village by village, ``limit`` + 1 after the one a page ended with; ``which`` is a state, silent or low,
    ``living`` leaves out those handed back."""
    rows = _narrowed(actor, area, which, text, living)
    if after is not None:
        last = devices_of(actor).filter(id=after).first()
        if last is None:
            return []
        rows = rows.filter(Q(village__gt=last.village) | Q(village=last.village, id__gt=last.id))
    return list(rows.select_related("person").order_by("village", "id")[: limit + 1])


def _narrowed(actor: Actor, area: str, which: str, text: str, living: bool) -> QuerySet[Device]:
    rows = _within(devices_of(actor), area)
    if living:
        rows = rows.exclude(state=DeviceState.RETURNED.value)
    if which in DeviceState._value2member_map_:
        rows = rows.filter(state=which)
    elif which == "silent":
        rows = rows.filter(_silent())
    elif which == "low":
        rows = rows.filter(_low(actor.county))
    if text:
        uid = re.sub(r"[\s:.\-]", "", text).upper()
        rows = rows.filter(Q(uid__contains=uid) | Q(place__icontains=text)) if uid else rows.none()
    return rows


def label_prints(
    actor: Actor, *, which: str = "", text: str = "", each: int
) -> list[tuple[UUID | None, int]]:
    """A long list of labels in prints of ``each``: the device each comes after (None for the first), and how many it holds."""
    rows = _narrowed(actor, "", which, text, True).order_by("village", "id")
    ids = list(rows.values_list("id", flat=True))
    return [(ids[n - 1] if n else None, min(each, len(ids) - n)) for n in range(0, len(ids), each)]


def device_at_door(county: str, door_code: str) -> Device | None:
    """The device whose sticker says this; whoever reads the sticker stands there already."""
    rows = Device.objects.filter(county=county, door_code=door_code) if door_code else Device.objects.none()
    return rows.select_related("person").first()


def open_call_at(actor: Actor, device: Device) -> Call | None:
    """The call of this device that has not ended, as far as the actor may know of it; trials are none."""
    rows = visible_to(actor).filter(device=device, test=False, state__in=sorted(s.value for s in OPEN))
    return rows.select_related("device", "person").order_by("-opened_at", "-id").first()


def device_for(actor: Actor, device_id: UUID) -> Device | None:
    """One device, if the actor looks after it."""
    return devices_of(actor).select_related("person", "household").filter(id=device_id).first()


def hanging_for(county: str, person_id: UUID) -> list[UUID]:
    """The devices that are somebody's, for the house."""
    rows = Device.objects.filter(county=county, person=person_id).order_by("id")
    return list(rows.values_list("id", flat=True))


def heard_of(actor: Actor, device: Device) -> list[Heard]:
    """What it said lately that somebody had to hear of, the newest first; presses only for who may know of the call."""
    rows = Heard.objects.filter(county=device.county, device=device)
    if not knows_calls(actor, device.area):
        rows = rows.filter(kind__in=[EventKind.TEST.value, EventKind.TAMPER.value])
    return list(rows.order_by("-heard_at", "-id")[:FEW])


def calls_of_device(actor: Actor, device: Device) -> list[Call]:
    """What was called by it lately, as far as the actor may know of it."""
    return list(visible_to(actor).filter(device=device, test=False).order_by("-opened_at", "-id")[:FEW])


def open_errands(actor: Actor, limit: int = 200) -> list[Errand]:
    """What is to be seen to, the oldest first."""
    return list(errands_of(actor).filter(done_at=None)[:limit])


def done_errands(actor: Actor, limit: int = FEW) -> list[Errand]:
    """What was seen to lately, the newest first."""
    return list(errands_of(actor).exclude(done_at=None).order_by("-done_at", "-id")[:limit])


def errands_at(actor: Actor, devices: Sequence[Device]) -> dict[UUID, list[str]]:
    """Device -> the kinds of what is to be seen to at it, in one statement."""
    found: dict[UUID, list[str]] = defaultdict(list)
    if devices:
        rows = errands_of(actor).filter(device__in=[d.id for d in devices], done_at=None)
        for errand in rows.order_by("since"):
            if errand.device_id:
                found[errand.device_id].append(errand.kind)
    return found


def errand_sums(actor: Actor) -> dict[str, int]:
    """Kind -> how many are open."""
    rows = errands_of(actor).filter(done_at=None).order_by().values("kind").annotate(n=Count("id"))
    return {row["kind"]: row["n"] for row in rows}


def gateways_of(actor: Actor) -> list[Gateway]:
    """The county's ways in, for who may set them."""
    if not may_set_ways(actor):
        return []
    return list(Gateway.objects.filter(county=actor.county).order_by("-active", "code"))


def wire_sums(actor: Actor, since: datetime) -> dict[str, dict[str, int]]:
    """Gateway -> how many of its messages became what since a moment; ``waiting`` are not read yet."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    if may_set_ways(actor):
        rows = Wire.objects.filter(county=actor.county, received_at__gte=since)
        for row in rows.values("gateway", "result").annotate(n=Count("id")).order_by():
            found[row["gateway"]][row["result"] or "waiting"] = row["n"]
    return found


def unread_wires(actor: Actor, since: datetime) -> list[Wire]:
    """Messages that could not be read or whose device nobody registered, the newest first; without their bytes."""
    if not may_set_ways(actor):
        return []
    rows = Wire.objects.filter(county=actor.county, received_at__gte=since, result__in=NOT_TAKEN)
    return list(rows.defer("body", "beside").order_by("-received_at", "-id")[:FEW])


def _rostered(actor: Actor) -> list[str]:
    """The areas he puts people on watch for, the widest ones only."""
    areas = {g.area for g in actor.grants if g.area[:6] == actor.county and may_roster(actor, g.area)}
    return sorted(a for a in areas if not any(a != b and a.startswith(b) for b in areas))


def watches_of(actor: Actor, now: datetime) -> list[OnWatch]:
    """Who is on watch, now and to come, where the actor makes the roster."""
    where = Q(pk__in=[])
    for area in _rostered(actor):
        where |= Q(area__startswith=area)
    rows = OnWatch.objects.filter(where, county=actor.county, ended_at=None, ends_at__gt=now)
    return list(rows.select_related("user").order_by("begins_at", "area", "duty", "id")[:200])


def watch_posts(actor: Actor, day: date) -> list[Post]:
    """The posts of the line of duty where the actor makes the roster: for whom and by whom a watch can be kept."""
    found: list[Post] = []
    for area in _rostered(actor):
        found += posts_under(area, day, sorted(LINE_DUTIES))[:2000]
    return found


def on_watch_now(county: str, areas: Iterable[str], now: datetime) -> list[OnWatch]:
    """Who is on watch in some areas at this moment."""
    rows = OnWatch.objects.filter(
        county=county, area__in=list(areas), ended_at=None, begins_at__lte=now, ends_at__gt=now
    )
    return list(rows.select_related("user").order_by("area", "duty", "begins_at"))
