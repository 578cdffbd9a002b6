"""Many wireless callers at once, as they hang already: a maker's list, another system's register, the demonstration's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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
from wushi.domain.calls.states import DeviceState
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.ids import uuid7
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.writes import insert_bulk


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
    installed_at: datetime | None = None
    tested_at: datetime | None = None
    seen_at: datetime | None = None
    battery: int | None = None
    signal: int | None = None


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
