"""Wireless callers over the API, for who looks after them: the list and one. What they said is of calls, not of devices."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from wushi.api.cases.schemas import Refused
from wushi.api.guard import Token, staff_operation
from wushi.domain.areas.rules import BELOW_COUNTY, level_of
from wushi.domain.calls.models import Device
from wushi.domain.calls.permissions import KEEPERS
from wushi.domain.calls.queries.pages import device_for, errands_at, page_of_devices
from wushi.domain.calls.states import DeviceState
from wushi.kernel.errors import Invalid, NotFound
from wushi.plumbing.pages import PAGE
from wushi.plumbing.personal import mask_name, mask_phone

router = Router(auth=Token())
WHICH = ("", "silent", "low", *(state.value for state in DeviceState))
SAME = (
    *("id", "uid", "model", "state", "area", "place", "battery", "signal", "firmware", "seen_at"),
    *("installed_at", "tested_at", "tells_family", "helps"),
)


class DeviceFilter(Schema):
    """What a list is narrowed to."""

    which: str = Field("", description="stock, installed, repair, returned, silent or low")
    area: str = Field("", description="9, 12 or 15 digits")
    q: str = Field("", max_length=40, description="part of the number, or of the place")
    after: UUID | None = Field(None, description="the `next` of the page before")
    limit: int = Field(PAGE, ge=1, le=200)


class DeviceOut(Schema):
    """One wireless caller; whose it is and whom to tell are half hidden."""

    id: UUID
    uid: str
    model: str
    state: str
    silent: bool = Field(description="installed, and not heard for too long")
    area: str
    place: str
    person: str
    contact_name: str
    contact_phone: str
    tells_family: bool
    helps: list[str]
    battery: int | None
    signal: int | None
    firmware: str
    seen_at: datetime | None
    installed_at: datetime | None
    tested_at: datetime | None
    errands: list[str] = Field(description="what is to be seen to at it")


class DevicePage(Schema):
    """Wireless callers, village by village; ``next`` is empty at the end."""

    devices: list[DeviceOut]
    next: str


def _out(device: Device, errands: list[str]) -> dict[str, Any]:
    person = device.person.name if device.person_id and device.person else ""
    return {
        **{field: getattr(device, field) for field in SAME},
        "silent": device.state == DeviceState.INSTALLED and device.silent_at is None,
        "person": mask_name(person),
        "contact_name": mask_name(device.contact_name),
        "contact_phone": mask_phone(device.contact_phone),
        "errands": errands,
    }


@router.get(
    "", response={200: DevicePage, 401: Refused, 403: Refused, 422: Refused}, summary="Wireless callers"
)
@staff_operation(KEEPERS)
def listed(request: HttpRequest, asked: Query[DeviceFilter]) -> Any:
    """Those the reader looks after."""
    wrong: dict[str, str] = {}
    if asked.which not in WHICH:
        wrong["which"] = "unknown"
    if asked.area and level_of(asked.area) not in BELOW_COUNTY:
        wrong["area"] = "bad_area"
    if wrong:
        raise Invalid(fields=wrong)
    actor, limit = request.actor, asked.limit  # type: ignore[attr-defined]
    rows = page_of_devices(
        actor, area=asked.area, which=asked.which, text=asked.q, after=asked.after, limit=limit
    )
    more, rows = str(rows[limit - 1].id) if len(rows) > limit else "", rows[:limit]
    errands = errands_at(actor, rows)
    return {"devices": [_out(row, errands.get(row.id, [])) for row in rows], "next": more}


@router.get(
    "/{device_id}", response={200: DeviceOut, 401: Refused, 403: Refused, 404: Refused}, summary="One of them"
)
@staff_operation(KEEPERS)
def one(request: HttpRequest, device_id: UUID) -> Any:
    """Where it hangs, how it is, what is to be seen to."""
    actor = request.actor  # type: ignore[attr-defined]
    device = device_for(actor, device_id)
    if device is None:
        raise NotFound()
    return _out(device, errands_at(actor, [device]).get(device.id, []))
