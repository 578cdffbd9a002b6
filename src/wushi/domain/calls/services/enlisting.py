"""Many wireless callers at once, as they hang already: a maker's list, another system's register, the demonstration's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wushi.domain.areas import queries as areas
from wushi.domain.areas.rules import columns_of
from wushi.domain.audit.services import record
from wushi.domain.calls import wire as wires
from wushi.domain.calls.errors import UnknownModel
from wushi.domain.calls.models import Device
from wushi.domain.calls.permissions import may_register
from wushi.domain.calls.queries.ladder import call_rules
from wushi.domain.calls.rules import silent_from
from wushi.domain.calls.services.devices import door_code, normal_uid
from wushi.domain.calls.services.health import interval_of
from wushi.domain.calls.states import DEVICE_MOVES, DeviceState
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.ids import uuid7
from wushi.kernel.states import move
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.sheets.importer import Done, Verdict
from wushi.plumbing.writes import insert_bulk

HANGS = ("place", "village", "grid", "contact_name", "contact_phone")


@dataclass(frozen=True)
class KnownDevice:
    """One that hangs somewhere already, or lies in stock where ``installed_at`` is None. ``area_code``: 12 or 15 digits."""

    uid: str
    model: str
    area_code: str
    place: str = ""
    household_id: UUID | None = None
    person_id: UUID | None = None
    helps: tuple[str, ...] = ()
    contact_name: str = ""
    contact_phone: str = ""
    installed_at: datetime | None = None
    tested_at: datetime | None = None
    seen_at: datetime | None = None
    battery: int | None = None
    signal: int | None = None

    def differs(self, device: Device) -> bool:
        """Whether the row says something else of it than what is known; what it leaves empty stays."""
        said = (
            (self.place, device.place),
            (self.area_code if len(self.area_code) > 6 else "", device.area),
            (str(self.person_id or ""), str(device.person_id or "")),
            (self.contact_name, device.contact_name),
            (self.contact_phone, device.contact_phone),
        )
        hung = self.installed_at is not None and device.state == DeviceState.STOCK
        return hung or any(told and told != known for told, known in said)


@verb
def enter_devices(*, actor: Actor, devices: Sequence[KnownDevice], now: datetime = DB_TIME) -> list[Device]:
    """A list of wireless callers is entered, each with its leaf; one that is known by its number stays. The new ones."""
    for code in {one.area_code for one in devices}:
        areas.existing(code)
        if code[:6] != actor.county or not may_register(actor, code):
            raise NotAllowed()
    unknown = {one.model for one in devices} - set(wires.models())
    if unknown:
        raise UnknownModel(model=min(unknown)[:64])
    numbers = {normal_uid(one.uid): one for one in devices}
    rows = Device.objects.filter(county=actor.county, uid__in=list(numbers))
    there = set(rows.values_list("uid", flat=True))
    fresh = [_row(actor, uid, one) for uid, one in numbers.items() if uid not in there]
    insert_bulk(fresh)
    for row in fresh:
        record(subject=row, model=row.model, area=row.area, state=row.state)
    return fresh


def _row(actor: Actor, uid: str, one: KnownDevice) -> Device:
    row = Device(
        id=uuid7(),
        county=actor.county,
        uid=uid,
        model=one.model,
        **{k: v for k, v in columns_of(one.area_code).items() if k != "county"},
        state=(DeviceState.INSTALLED if one.installed_at else DeviceState.STOCK).value,
        place=one.place[:120],
        household_id=one.household_id,
        person_id=one.person_id,
        helps=sorted(one.helps),
        contact_name=one.contact_name[:60],
        contact_phone=one.contact_phone,
        door_code=door_code(),
        installed_at=one.installed_at,
        tested_at=one.tested_at,
        seen_at=one.seen_at,
        battery=one.battery,
        signal=one.signal,
    )
    if one.installed_at:
        habits = call_rules(actor.county).habits
        row.silent_at = silent_from(one.seen_at or one.installed_at, interval=interval_of(row), habits=habits)
    return row


@verb
def rehang_devices(*, actor: Actor, devices: Sequence[KnownDevice], now: datetime = DB_TIME) -> list[Device]:
    """A list says that they hang elsewhere, or for somebody else: each with its leaf; what it leaves empty stays."""
    known = {normal_uid(one.uid): one for one in devices}
    rows = Device.objects.select_for_update(of=("self",)).filter(county=actor.county, uid__in=list(known))
    found = list(rows.order_by("uid"))
    for device in found:
        one = known[device.uid]
        if not (may_register(actor, device.area) and may_register(actor, one.area_code)):
            raise NotAllowed()
        if len(one.area_code) > 6:
            areas.existing(one.area_code)
            for name, value in columns_of(one.area_code).items():
                setattr(device, name, value)
        device.place = one.place or device.place
        device.person_id = one.person_id or device.person_id
        device.contact_name = one.contact_name or device.contact_name
        device.contact_phone = one.contact_phone or device.contact_phone
        if one.installed_at is not None and device.state == DeviceState.STOCK:
            move(DEVICE_MOVES, "install_device", device.state)
            device.state, device.installed_at = DeviceState.INSTALLED.value, one.installed_at
            habits = call_rules(actor.county).habits
            device.silent_at = silent_from(now, interval=interval_of(device), habits=habits)
        _write(device, area=device.area)
    return found


@verb
def take_back_devices(
    *, actor: Actor, rows: Sequence[tuple[Verdict, Done]], now: datetime = DB_TIME
) -> list[int]:
    """A list is taken back: what was new counts as handed back (its trace stays), what was moved hangs where it did.

    The numbers of the rows whose device was changed since; then nothing is taken back.
    """
    wanted = {done.subject: (verdict, done) for verdict, done in rows}
    found = Device.objects.select_for_update(of=("self",)).filter(county=actor.county, id__in=list(wanted))
    devices = {device.id: device for device in found.order_by("id")}
    stand = [
        done.number
        for key, (_v, done) in wanted.items()
        if key not in devices or devices[key].step != done.step
    ]
    if stand:
        return stand
    for key, (verdict, done) in wanted.items():
        device = devices[key]
        if not may_register(actor, device.area):
            raise NotAllowed()
        if verdict == Verdict.NEW:
            device.state, device.place, device.contact_name, device.contact_phone = (
                DeviceState.RETURNED.value,
                "",
                "",
                "",
            )
            device.person_id, device.helps, device.silent_at = None, [], None
        else:
            for name in (*HANGS, "town", "state"):
                setattr(device, name, done.before[name])
            before = done.before["person_id"]
            device.person_id = UUID(before) if before else None
        _write(device, taken_back=True)
    return []


def _write(device: Device, **facts: Any) -> None:
    device.step += 1
    device.save(
        update_fields=[*HANGS, "town", "state", "person", "helps", "installed_at", "silent_at", "step"]
    )
    record(subject=device, state=device.state, **facts)
