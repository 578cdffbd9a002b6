"""The life of a wireless caller: into stock, tried, installed, moved, repaired, handed back."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wushi.domain.areas import queries as areas
from wushi.domain.areas.rules import columns_of
from wushi.domain.audit.services import record
from wushi.domain.calls import wire as wires
from wushi.domain.calls.errors import DeviceKnown, NoTestPress, UnknownModel
from wushi.domain.calls.models import Device, Errand, ErrandKind, Help
from wushi.domain.calls.permissions import keeps_device, may_register
from wushi.domain.calls.queries.ladder import call_rules
from wushi.domain.calls.queries.scopes import devices_of
from wushi.domain.calls.rules import silent_from
from wushi.domain.calls.services.errands import errand_at, leave_errand
from wushi.domain.calls.services.health import interval_of
from wushi.domain.calls.states import DEVICE_MOVES, DeviceState
from wushi.domain.outbox.services import leave_notice
from wushi.domain.people.models import Household, Person
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed, NotFound
from wushi.kernel.ids import RECEIPT_ALPHABET, uuid7
from wushi.kernel.states import move
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.personal import is_mobile, normal_phone
from wushi.plumbing.text import clean
from wushi.plumbing.writes import insert_once

_UID = re.compile(r"[0-9A-Z]{4,40}")
DOOR_LETTERS = 10
# how long a test press before installing still counts
TESTED_WITHIN = timedelta(hours=24)
REASONS = frozenset({"death", "moved", "not_wanted", "broken", "other"})


@dataclass(frozen=True)
class Spot:
    """Where a device hangs and for whom. ``area_code`` has 12 or 15 digits; ``helps`` are codes of ``Help``."""

    area_code: str
    place: str = ""
    household_id: UUID | None = None
    person_id: UUID | None = None
    helps: tuple[str, ...] = ()
    contact_name: str = ""
    contact_phone: str = ""
    tells_family: bool = False


def normal_uid(text: str) -> str:
    """A device's number in capital letters without separators. Raises Invalid."""
    uid = re.sub(r"[\s:.\-]", "", text).upper()
    if not _UID.fullmatch(uid):
        raise Invalid(fields={"uid": "bad_uid"})
    return uid


def door_code() -> str:
    """What the sticker at a door says: 50 random bits, read aloud without doubt."""
    return "".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(DOOR_LETTERS))


def _device(actor: Actor, device_id: UUID, verb_name: str) -> Device:
    """The row, locked, when he looks after it and the verb goes from its state."""
    ids = devices_of(actor).filter(id=device_id).values("id")[:1]
    rows = Device.objects.select_for_update(of=("self",)).filter(county=actor.county, id__in=ids)
    device = rows.first()
    if device is None:
        raise NotFound()
    if not keeps_device(actor, device):
        raise NotAllowed()
    if verb_name in DEVICE_MOVES:
        move(DEVICE_MOVES, verb_name, device.state)
    return device


def _keep(device: Device, verb_name: str, **changes: Any) -> None:
    target = DEVICE_MOVES[verb_name].target if verb_name in DEVICE_MOVES else ""
    if target:
        changes["state"] = target
    changes["step"] = device.step + 1
    for name, value in changes.items():
        setattr(device, name, value)
    device.save(update_fields=list(changes))
    leave_notice([f"device:{device.id}"])


@verb
def register_device(
    *, actor: Actor, uid: str, model: str, area_code: str, firmware: str = "", now: datetime = DB_TIME
) -> Device:
    """入库: a wireless caller is taken into stock of a village, a town or the district. Raises DeviceKnown, UnknownModel."""
    number = normal_uid(uid)
    if model not in wires.models():
        raise UnknownModel(model=model[:64])
    place = areas.existing(area_code)
    if place.code[:6] != actor.county or not may_register(actor, place.code):
        raise NotAllowed()
    row = Device(
        id=uuid7(),
        county=actor.county,
        uid=number,
        model=model,
        state=DeviceState.STOCK.value,
        **{k: v for k, v in columns_of(place.code).items() if k != "county"},
        firmware=firmware[:24],
        door_code=door_code(),
    )
    stored, fresh = insert_once(row, key=("county", "uid"))
    if not fresh:
        if stored.model == model and stored.state == DeviceState.STOCK and keeps_device(actor, stored):
            return stored
        raise DeviceKnown(uid=number)
    record(subject=stored, model=model, area=place.code)
    return stored


@verb
def try_device(*, actor: Actor, device_id: UUID, now: datetime = DB_TIME) -> Device:
    """试按: for some minutes a press of it rings nobody and counts as its test."""
    device = _device(actor, device_id, "try_device")
    minutes = call_rules(device.county).habits.test_minutes
    _keep(device, "try_device", test_until=now + timedelta(minutes=minutes))
    record(subject=device, until=device.test_until)
    return device


@verb
def install_device(*, actor: Actor, device_id: UUID, spot: Spot, now: datetime = DB_TIME) -> Device:
    """安装: it hangs at somebody's, and its test press has come through. Raises NoTestPress."""
    device = _device(actor, device_id, "install_device")
    if device.tested_at is None or now - device.tested_at > TESTED_WITHIN:
        raise NoTestPress(uid=device.uid)
    columns = _spot(actor, spot)
    _keep(
        device,
        "install_device",
        **columns,
        installed_at=now,
        installed_by_id=actor.id,
        silent_at=silent_from(now, interval=interval_of(device), habits=call_rules(device.county).habits),
    )
    record(
        subject=device,
        state=device.state,
        area=device.area,
        person=device.person_id,
        household=device.household_id,
    )
    return device


@verb
def move_device(*, actor: Actor, device_id: UUID, spot: Spot, now: datetime = DB_TIME) -> Device:
    """移装: it hangs elsewhere, or what is known of whom it is for has changed."""
    device = _device(actor, device_id, "move_device")
    before = device.area
    _keep(device, "move_device", **_spot(actor, spot))
    record(
        subject=device,
        before=before,
        area=device.area,
        person=device.person_id,
        household=device.household_id,
    )
    return device


def _spot(actor: Actor, spot: Spot) -> dict[str, Any]:
    """The columns of a place. Raises Invalid naming every field that cannot be taken, NotAllowed beyond his own."""
    wrong: dict[str, str] = {}
    if len(spot.area_code) not in (12, 15):
        raise Invalid(fields={"area_code": "bad_area"})
    place = areas.existing(spot.area_code)
    if place.code[:6] != actor.county or not may_register(actor, place.code):
        raise NotAllowed()
    phone = normal_phone(spot.contact_phone)
    if spot.contact_phone.strip() and not is_mobile(phone):
        wrong["contact_phone"] = "bad_phone"
    if not set(spot.helps) <= set(Help.values):
        wrong["helps"] = "unknown"
    for name, model, key in (
        ("person_id", Person, spot.person_id),
        ("household_id", Household, spot.household_id),
    ):
        if key is not None and not model.objects.filter(county=actor.county, id=key).exists():
            wrong[name] = "unknown"
    texts: dict[str, str] = {}
    for name, limit in (("place", 120), ("contact_name", 60)):
        try:
            texts[name] = clean(getattr(spot, name), field=name, limit=limit)
        except Invalid as error:
            wrong.update(error.facts["fields"])  # type: ignore[call-overload]
    if wrong:
        raise Invalid(fields=wrong)
    return {
        **{k: v for k, v in columns_of(place.code).items() if k != "county"},
        **texts,
        "household_id": spot.household_id,
        "person_id": spot.person_id,
        "helps": sorted(spot.helps),
        "contact_phone": phone,
        "tells_family": spot.tells_family,
    }


@verb
def send_to_repair(*, actor: Actor, device_id: UUID, now: datetime = DB_TIME) -> Device:
    """送修: it is away; its silence says nothing meanwhile."""
    device = _device(actor, device_id, "send_to_repair")
    _keep(device, "send_to_repair", silent_at=None)
    record(subject=device, state=device.state)
    return device


@verb
def put_back_device(*, actor: Actor, device_id: UUID, now: datetime = DB_TIME) -> Device:
    """It came back from repair and hangs where it was."""
    device = _device(actor, device_id, "put_back_device")
    _over(device, actor, now)
    silent = silent_from(now, interval=interval_of(device), habits=call_rules(device.county).habits)
    _keep(device, "put_back_device", silent_at=silent)
    record(subject=device, state=device.state)
    return device


@verb
def hand_back_device(*, actor: Actor, device_id: UUID, reason: str, now: datetime = DB_TIME) -> Device:
    """收回: the person died, moved away or does not want it; whom it was for and whom to tell is forgotten."""
    if reason not in REASONS:
        raise Invalid(fields={"reason": "unknown" if reason else "required"})
    device = _device(actor, device_id, "hand_back_device")
    _over(device, actor, now)
    _keep(
        device,
        "hand_back_device",
        place="",
        household_id=None,
        person_id=None,
        helps=[],
        contact_name="",
        contact_phone="",
        tells_family=False,
        silent_at=None,
        test_until=None,
        installed_at=None,
    )
    record(subject=device, state=device.state, reason=reason)
    return device


@verb
def restock_device(*, actor: Actor, device_id: UUID, now: datetime = DB_TIME) -> Device:
    """It is whole and may be given to somebody else; its sticker is a new one."""
    device = _device(actor, device_id, "restock_device")
    _keep(device, "restock_device", tested_at=None, door_code=door_code())
    record(subject=device, state=device.state)
    return device


def _over(device: Device, actor: Actor, now: datetime) -> None:
    """Nothing at it waits to be seen to any more."""
    open_ones = Errand.objects.filter(county=device.county, device=device, done_at=None, call_id=None)
    open_ones.update(done_at=now, done_by=actor.ref, how="device")


@verb
def free_device(*, actor: Actor, device_id: UUID, reason: str, now: datetime = DB_TIME) -> Device:
    """Whom it was for died or moved away: whom to tell is forgotten at once, and somebody of the village collects it.

    It hangs where it hung until then, and rings for whoever presses it: somebody may still live there.
    """
    if "house" not in actor.relations:
        raise NotAllowed()
    device = _device(actor, device_id, "free_device")
    _keep(
        device,
        "free_device",
        person_id=None,
        helps=[],
        contact_name="",
        contact_phone="",
        tells_family=False,
    )
    leave_errand(errand_at(device, ErrandKind.COLLECT), now)
    record(subject=device, reason=reason)
    return device
