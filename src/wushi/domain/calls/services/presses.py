"""A device has said something that somebody must hear of: a press, a press taken back, a test, a lid that was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wushi.domain.audit.services import record
from wushi.domain.calls import wire as wires
from wushi.domain.calls.models import Call, Device, ErrandKind, Heard, How, Way
from wushi.domain.calls.queries.ladder import call_rules
from wushi.domain.calls.rules import is_same_call, urgency_of
from wushi.domain.calls.services.answering import confirm_arrival
from wushi.domain.calls.services.errands import errand_at, leave_errand, settle
from wushi.domain.calls.services.opening import Calling, again, enter, take_back_call
from wushi.domain.calls.states import MOVES, OPEN, CallState
from wushi.domain.calls.wire import PRESSES, EventKind
from wushi.domain.outbox.services import leave_notice
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed, NotFound
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.reads import read_rows
from wushi.plumbing.writes import insert_plain, update_plain

# what a device of no place is called in the leaf: it rings nobody, and stands on the page of devices
NOWHERE = "nowhere"


@dataclass(frozen=True)
class Said:
    """What a device said, and what makes it once: ``key`` as ``rules.dedupe_key`` makes it."""

    key: str
    kind: str
    button: int | None = None
    tamper: bool = False
    occurred_at: datetime | None = None
    wire_id: UUID | None = None


@verb
def receive_event(*, actor: Actor, device_id: UUID, said: Said, now: datetime = DB_TIME) -> Call | None:
    """A device presses, lets go, is tried or opened; told twice it counts once. The call, where there is one."""
    if "house" not in actor.relations:
        raise NotAllowed()
    rows = read_rows(Device, "WHERE county = $1 AND id = $2 FOR UPDATE", [actor.county, device_id])
    if not rows:
        raise NotFound()
    device = rows[0]
    if not heard_once(device, said, now):
        return None
    if said.tamper or said.kind == EventKind.TAMPER:
        leave_errand(errand_at(device, ErrandKind.TAMPER), now)
    call = _what_follows(actor, device, said, now)
    record(
        subject=device,
        kind=said.kind,
        button=said.button,
        call=call.id if call else None,
        occurred_at=said.occurred_at,
    )
    return call


def heard_once(device: Device, said: Said, now: datetime) -> bool:
    """Note that a locked device said this; False where it was noted before: then it is only a copy."""
    heard = Heard(
        county=device.county,
        device=device,
        dedupe=said.key,
        kind=said.kind,
        wire_id=said.wire_id,
        occurred_at=said.occurred_at,
        heard_at=now,
    )
    if not insert_plain(heard, " ON CONFLICT DO NOTHING"):
        return False
    device.step += 1
    update_plain(device, ["step"])
    return True


def _what_follows(actor: Actor, device: Device, said: Said, now: datetime) -> Call | None:
    if said.kind == EventKind.TEST or (
        said.kind in PRESSES and device.test_until is not None and now <= device.test_until
    ):
        _tested(actor, device, said, now)
        return None
    if said.kind == EventKind.CANCEL:
        call = _latest(device)
        if call is not None and call.state in MOVES["take_back_call"].sources:
            take_back_call(actor=actor, call_id=call.id, now=now)
        return call
    if said.kind not in PRESSES or not device.village:
        return None
    return _pressed(actor, device, said, now)


def _pressed(actor: Actor, device: Device, said: Said, now: datetime) -> Call:
    """The press is a call, unless it belongs to one."""
    model = wires.models().get(device.model)
    urgency = urgency_of(
        said.kind, said.button, classes=model.classes if model else {}, buttons=model.buttons if model else {}
    )
    call = _latest(device)
    pressed = said.occurred_at or now
    if call is not None and call.state in OPEN:
        again(actor, call, urgency, now)
        if call.state == CallState.ARRIVED:
            confirm_arrival(actor=actor, call_id=call.id, how=How.PRESS.value, now=now)
        return call
    seconds = call_rules(device.county).habits.duplicate_seconds
    if call is not None and is_same_call(last_press=call.last_press_at, pressed=pressed, seconds=seconds):
        # told late: it was heard, answered and ended before this copy came
        return call
    calling = Calling(
        key=f"device:{said.key}"[:64],
        area_code=device.area,
        urgency=urgency,
        way=Way.BUTTON.value,
        place=device.place,
        pressed_at=said.occurred_at,
    )
    return enter(actor, calling, now, device=device, person=device.person if device.person_id else None)


def _latest(device: Device) -> Call | None:
    last = "WHERE county = $1 AND device_id = $2 ORDER BY opened_at DESC, id DESC LIMIT 1 FOR UPDATE"
    return next(iter(read_rows(Call, last, [device.county, device.id])), None)


def _tested(actor: Actor, device: Device, said: Said, now: datetime) -> None:
    """A test press came through: it rings nobody, and whoever tries the device sees it."""
    device.tested_at, device.test_until = now, None
    device.save(update_fields=["tested_at", "test_until"])
    settle(device, [ErrandKind.UNTESTED.value], now, f"device:{device.id}", "tested")
    leave_notice([f"device:{device.id}", f"errands:{device.village or device.county}"])
