"""What stories of calls need: people in the line of duty, a wireless caller at somebody's door, presses."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from tests.village import Village
from wushi.domain.audit.queries import trace_of
from wushi.domain.calls import wire
from wushi.domain.calls.models import Call, Device, Rung
from wushi.domain.calls.services import (
    Said,
    Spot,
    install_device,
    receive_event,
    register_device,
    try_device,
)
from wushi.domain.calls.services.inbox import device_actor
from wushi.domain.calls.services.notices import tell_family, tell_of_errand, tell_of_rung
from wushi.domain.notify.services import deliver
from wushi.domain.outbox.models import Row
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading, unscoped

MODEL = wire.Model(
    "test",
    "B1",
    "a button of the tests",
    {"press": "ordinary", "press_long": "emergency", "press_sos": "emergency"},
    heartbeat=3600,
    volts=(2.0, 3.0),
)


def known(monkeypatch: Any) -> None:
    """The tests' own kind of button, beside those the gateway reads."""
    monkeypatch.setitem(wire._models, MODEL.key, MODEL)


def line_of(village: Village) -> dict[str, Actor]:
    """One for each rung of the customary ladder."""
    return {
        "secretary": village.officer("书记", duty="secretary", phone="13900000001"),
        "lead": village.officer("网格长", duty="grid_lead", phone="13900000002"),
        "deputy": village.officer("副书记", duty="deputy", phone="13900000003"),
        "town": village.officer("镇值班", duty="town_clerk", phone="13900000004"),
        "district": village.officer("区平台", duty="district_clerk", phone="13900000005"),
    }


def said(kind: str = "press", **more: Any) -> Said:
    """Something a device says, with a name of its own."""
    return Said(**{"key": f"w:{uuid4()}", "kind": kind, **more})


def button(village: Village, staff: Actor, uid: str = "24E124535B000001", **spot: Any) -> Device:
    """A wireless caller that was tried and hangs at a door of the first grid."""
    device = register_device(actor=staff, uid=uid, model=MODEL.key, area_code=village.code)
    try_device(actor=staff, device_id=device.id)
    press(device)
    where = {"area_code": village.grid, "place": "村西头第三家", **spot}
    return install_device(actor=staff, device_id=device.id, spot=Spot(**where))


def press(device: Device, kind: str = "press", now: datetime | None = None, **more: Any) -> Call | None:
    """The device says something; the call, where one came of it."""
    extra = {"now": now} if now else {}
    return receive_event(actor=device_actor(device), device_id=device.id, said=said(kind, **more), **extra)


def work_off(village: Village) -> None:
    """As the relay and the worker do: this room's jobs of the outbox; what they leave is delivered by the post."""
    told = {
        "calls.tell_rung": tell_of_rung,
        "calls.tell_family": tell_family,
        "calls.tell_errand": tell_of_errand,
    }
    with unscoped("test: the outbox"):
        rows = list(
            Row.objects.filter(county=village.county, state="new", name__in=list(told)).order_by("id")
        )
        Row.objects.filter(id__in=[r.id for r in rows]).update(state="sent")
    for row in rows:
        given = dict(row.payload)
        for name in ("number", "presses"):
            if name in given:
                given[name] = int(given[name])
        told[row.name](**given)
    deliver(village.county)


def again(call: Call) -> Call:
    """The row as it is now."""
    with reading(Actor.of_house(call.county)):
        return Call.objects.get(county=call.county, id=call.id)


def rang(call: Call) -> list[tuple[str, int]]:
    """(code, how many were rung) of each rung, in order."""
    with reading(Actor.of_house(call.county)):
        rows = Rung.objects.filter(county=call.county, call=call).order_by("number")
        return [(rung.code, len(rung.rang)) for rung in rows]


def trace(row: Call | Device) -> list[str]:
    """The verbs of its leaves in order."""
    with reading(Actor.of_house(row.county)):
        leaves = trace_of(county=row.county, subject=row._meta.label_lower, subject_id=row.id)
        return [leaf.verb.partition(".")[2] for leaf in leaves]
