"""How devices are: heard or silent, full or nearly empty, tried or not. A dead button is an alarm too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wushi.domain.audit.services import record
from wushi.domain.calls import wire as wires
from wushi.domain.calls.models import Device, Errand, ErrandKind
from wushi.domain.calls.queries.ladder import call_rules
from wushi.domain.calls.rules import HabitsRule, battery_errand, fraction_of, silent_from
from wushi.domain.calls.services.errands import errand_at, leave_errand, settle
from wushi.domain.calls.states import DeviceState
from wushi.domain.calls.wire import DeviceEvent, Uplink
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import DB_TIME, chore, reading, verb

DAY_SECONDS = 24 * 3600
BATCH = 500
_SILENCE = [ErrandKind.SILENT.value, ErrandKind.REPAIR.value]
_BATTERY = [ErrandKind.BATTERY.value, ErrandKind.BATTERY_URGENT.value]


@dataclass(frozen=True)
class Seen:
    """That a device was heard, and how it said it is."""

    device: Device
    at: datetime
    battery: int | None = None
    low: bool = False
    signal: int | None = None
    interval: int | None = None
    firmware: str = ""

    @classmethod
    def of(cls, device: Device, uplink: Uplink, event: DeviceEvent, at: datetime) -> Seen:
        """From what it sent; volts become percent by its model."""
        battery, model = (
            event.battery if event.battery is not None else uplink.battery,
            wires.models().get(device.model),
        )
        if battery is None and event.volts is not None and model and model.volts:
            battery = fraction_of(event.volts, empty=model.volts[0], full=model.volts[1])
        return cls(device, at, battery, event.battery_low, uplink.signal, event.interval, event.firmware[:24])


def interval_of(device: Device, told: int | None = None) -> int:
    """Seconds between two heartbeats: as it says itself, else as its model does."""
    model = wires.models().get(device.model)
    return told or device.interval or (model.heartbeat if model else DAY_SECONDS)


def note_seen(county: str, seen: Sequence[Seen]) -> None:
    """The devices' columns follow what was heard, in one statement; what has to be seen to is left by verbs."""
    with chore(county, "note_seen"):
        rows = move_columns(county, seen)
    see_to(county, rows)


def move_columns(
    county: str, seen: Sequence[Seen], marks: Mapping[UUID, Any] = MappingProxyType({})
) -> list[Seen]:
    """Inside a chore: the columns, in one statement; what was noted, one of each device. ``marks``: ``doubts.Mark`` by device."""
    if not seen:
        return []
    last: dict[UUID, Seen] = {}
    for one in seen:
        before = last.get(one.device.id)
        last[one.device.id] = one if before is None else _joined(before, one)
    habits = call_rules(county).habits
    with connection.cursor() as cursor:
        rows = sorted(last.values(), key=lambda one: one.device.id)
        cursor.execute(
            """UPDATE calls_device v
                  SET seen_at = greatest(v.seen_at, d.at), battery = coalesce(d.battery, v.battery),
                      signal = coalesce(d.signal, v.signal), interval = coalesce(d.interval, v.interval),
                      firmware = CASE WHEN d.firmware = '' THEN v.firmware ELSE d.firmware END,
                      silent_at = CASE WHEN v.silent_at IS NULL THEN NULL ELSE greatest(v.silent_at, d.silent) END,
                      session = coalesce(d.session, v.session), counted = coalesce(d.counted, v.counted),
                      minute_at = coalesce(d.minute_at, v.minute_at),
                      minute_count = coalesce(d.minute_count, v.minute_count)
                 FROM unnest(%s::uuid[], %s::timestamptz[], %s::int[], %s::int[], %s::int[], %s::text[], %s::timestamptz[],
                             %s::text[], %s::bigint[], %s::timestamptz[], %s::int[])
                      AS d(id, at, battery, signal, interval, firmware, silent, session, counted, minute_at, minute_count)
                WHERE v.county = %s AND v.id = d.id""",
            [
                [one.device.id for one in rows],
                [one.at for one in rows],
                [one.battery for one in rows],
                [one.signal for one in rows],
                [one.interval for one in rows],
                [one.firmware for one in rows],
                [_silent(one, habits) for one in rows],
                *(
                    [getattr(marks.get(one.device.id), name, None) for one in rows]
                    for name in ("session", "counted", "minute_at", "minute_count")
                ),
                county,
            ],
        )
    return rows


def see_to(county: str, rows: Sequence[Seen]) -> None:
    """What has changed that somebody sees to, each by its verb."""
    if not rows:
        return
    with reading(Actor.of_house(county)):
        habits = call_rules(county).habits
    for one in rows:
        if _matters(one, habits):
            note_health(
                actor=Actor.of_house(county),
                device_id=one.device.id,
                battery=one.battery,
                low=one.low,
                at=one.at,
            )


def _joined(a: Seen, b: Seen) -> Seen:
    """Two messages of one device: the later time, the newer value of each."""
    old, new = (a, b) if a.at <= b.at else (b, a)
    return Seen(
        new.device,
        new.at,
        new.battery if new.battery is not None else old.battery,
        new.low or old.low,
        new.signal if new.signal is not None else old.signal,
        new.interval or old.interval,
        new.firmware or old.firmware,
    )


def _silent(one: Seen, habits: HabitsRule) -> datetime:
    return silent_from(one.at, interval=interval_of(one.device, one.interval), habits=habits)


def may_matter(one: Seen) -> bool:
    """Cheaply: whether ``see_to`` could find anything to do at this device."""
    device = one.device
    installed = device.state == DeviceState.INSTALLED
    return installed and (device.silent_at is None or one.battery is not None or one.low)


def _matters(one: Seen, habits: HabitsRule) -> bool:
    """Whether something has changed that somebody sees to: it speaks again, or its battery passed a mark."""
    device = one.device
    if device.state != DeviceState.INSTALLED:
        return False
    if device.silent_at is None:
        return True
    if one.battery is None and not one.low:
        return False
    before = battery_errand(device.battery, low=False, habits=habits)
    return battery_errand(one.battery, low=one.low, habits=habits) != before


@verb
def note_health(
    *,
    actor: Actor,
    device_id: UUID,
    battery: int | None = None,
    low: bool = False,
    at: datetime | None = None,
    now: datetime = DB_TIME,
) -> Device:
    """A device speaks again after it was silent, or its battery has passed a mark: errands are left, or are over."""
    if "house" not in actor.relations:
        raise NotAllowed()
    device = Device.objects.select_for_update(of=("self",)).get(county=actor.county, id=device_id)
    habits, by = call_rules(device.county).habits, f"device:{device.id}"
    if device.silent_at is None and device.state == DeviceState.INSTALLED:
        device.silent_at = silent_from(at or now, interval=interval_of(device), habits=habits)
        settle(device, _SILENCE, now, by, "heard")
    kind = battery_errand(battery, low=low, habits=habits)
    if kind:
        leave_errand(errand_at(device, kind), now)
    elif battery is not None:
        settle(device, _BATTERY, now, by, "charged")
    device.step += 1
    device.save(update_fields=["silent_at", "step"])
    record(subject=device, battery=battery, low=low, silent=False, errand=kind)
    return device


@verb
def mark_silent(*, actor: Actor, device_id: UUID, now: datetime = DB_TIME) -> bool:
    """失联: a device has not been heard for so many of its intervals; somebody of the village goes and looks."""
    if "house" not in actor.relations:
        raise NotAllowed()
    device = Device.objects.select_for_update(of=("self",)).filter(county=actor.county, id=device_id).first()
    if device is None or device.silent_at is None or device.silent_at > now:
        return False
    device.silent_at = None
    device.step += 1
    device.save(update_fields=["silent_at", "step"])
    if device.state == DeviceState.INSTALLED:
        leave_errand(errand_at(device, ErrandKind.SILENT), now)
    record(subject=device, silent=True, seen_at=device.seen_at)
    return True


@verb
def ask_for_repair(*, actor: Actor, device_id: UUID, now: datetime = DB_TIME) -> bool:
    """Silent for two days: it is to be repaired."""
    if "house" not in actor.relations:
        raise NotAllowed()
    device = Device.objects.select_for_update(of=("self",)).get(county=actor.county, id=device_id)
    if not leave_errand(errand_at(device, ErrandKind.REPAIR), now):
        return False
    device.step += 1
    device.save(update_fields=["step"])
    record(subject=device, repair=True)
    return True


@verb
def ask_for_test(*, actor: Actor, device_id: UUID, now: datetime = DB_TIME) -> bool:
    """Nobody has tried it for a month: it stands on the list of those to be tried."""
    if "house" not in actor.relations:
        raise NotAllowed()
    device = Device.objects.select_for_update(of=("self",)).get(county=actor.county, id=device_id)
    if not leave_errand(errand_at(device, ErrandKind.UNTESTED), now):
        return False
    device.step += 1
    device.save(update_fields=["step"])
    record(subject=device, untested=True, tested_at=device.tested_at)
    return True


def sweep_devices(county: str, fault: Callable[[UUID, Exception], None] | None = None) -> int:
    """Devices that have fallen silent, that stay silent, that nobody has tried; how many errands came of it."""
    house, done = Actor.of_house(county), 0
    with reading(house) as scope:
        habits = call_rules(county).habits
        rows = Device.objects.filter(county=county)
        silent = list(
            rows.filter(silent_at__lte=scope.now).order_by("silent_at").values_list("id", flat=True)[:BATCH]
        )
        since = scope.now - timedelta(hours=habits.repair_hours)
        errands = Errand.objects.filter(county=county, done_at=None)
        quiet = errands.filter(kind=ErrandKind.SILENT, since__lte=since).values("device_id")
        asked = errands.filter(kind=ErrandKind.REPAIR).values("device_id")
        dead = rows.filter(id__in=quiet).exclude(id__in=asked).order_by("id")
        repair = list(dead.values_list("id", flat=True)[:BATCH])
        before = scope.now - timedelta(days=habits.test_days)
        wanted = errands.filter(kind=ErrandKind.UNTESTED).values("device_id")
        old = Q(tested_at__lt=before) | Q(tested_at=None, installed_at__lt=before)
        rested = rows.filter(old, state=DeviceState.INSTALLED).exclude(id__in=wanted).order_by("id")
        untested = list(rested.values_list("id", flat=True)[:BATCH])
    for what, ids in ((mark_silent, silent), (ask_for_repair, repair), (ask_for_test, untested)):
        for device_id in ids:
            try:
                done += what(actor=house, device_id=device_id)
            except Exception as error:
                if fault is None:
                    raise
                fault(device_id, error)
    return done
