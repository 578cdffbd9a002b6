"""What is believed of a device: a message of long ago, one that was overtaken, more than it can have to say.

Nothing is thrown away: what is not believed is kept and shown with its reason, an old press leaves an errand, and a red press
of a device that sends too much rings all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from wushi.domain.audit.services import record
from wushi.domain.calls import wire as wires
from wushi.domain.calls.models import Device, ErrandKind
from wushi.domain.calls.queries.ladder import call_rules
from wushi.domain.calls.rules import HabitsRule, doubt_of, is_too_much, urgency_of
from wushi.domain.calls.rules.devices import EMERGENCY
from wushi.domain.calls.services.errands import errand_at, leave_errand
from wushi.domain.calls.services.presses import Said, heard_once
from wushi.domain.calls.wire import PRESSES, DeviceEvent, Uplink
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import DB_TIME, verb

ASIDE = "aside"


@dataclass(frozen=True)
class Mark:
    """What is kept of a device for the next message: the newest count in its session, how many came this minute."""

    session: str
    counted: int | None
    minute_at: datetime | None
    minute_count: int


@dataclass
class Doubts:
    """Those of one batch; each device's counts go on from what its row says."""

    habits: HabitsRule
    marks: dict[UUID, Mark] = field(default_factory=dict)
    # device -> since when it is set aside, of those that began to send too much in this batch
    begun: dict[UUID, datetime] = field(default_factory=dict)

    def of(self, device: Device, uplink: Uplink, told: datetime | None, received: datetime) -> str:
        """'' where it is believed; late, behind, or aside. ``told`` is the device's own time where its clock may be right."""
        before = self.marks.get(device.id) or Mark(
            device.session, device.counted, device.minute_at, device.minute_count
        )
        minute = received.replace(second=0, microsecond=0)
        count = before.minute_count + 1 if before.minute_at == minute else 1
        session = uplink.session[:80] if uplink.counter is not None else ""
        known = (before.session, before.counted)
        doubt = doubt_of(
            told=told,
            received=received,
            counted=(session, uplink.counter),
            newest=known,
            habits=self.habits,
        )
        if session and not doubt:
            last = before.counted if session == before.session and before.counted is not None else -1
            known = session, max(last, uplink.counter or 0)
        self.marks[device.id] = Mark(*known, minute, count)
        return doubt or (ASIDE if self._is_aside(device, count, received) else "")

    def _is_aside(self, device: Device, count: int, received: datetime) -> bool:
        if device.aside_until is not None and received < device.aside_until:
            return True
        if device.id not in self.begun and is_too_much(count, habits=self.habits):
            self.begun[device.id] = received
        return device.id in self.begun


def is_red(device: Device, event: DeviceEvent) -> bool:
    """An emergency, whatever else the device sends."""
    model = wires.models().get(device.model)
    classes, buttons = (model.classes, model.buttons) if model else ({}, {})
    urgency = urgency_of(event.kind.value, event.button, classes=classes, buttons=buttons)
    return event.kind in PRESSES and urgency == EMERGENCY


@verb
def set_device_aside(*, actor: Actor, device_id: UUID, since: datetime, now: datetime = DB_TIME) -> bool:
    """A device sends too much: for a while only its red presses are heard, and somebody of the village looks at it."""
    if "house" not in actor.relations:
        raise NotAllowed()
    device = Device.objects.select_for_update(of=("self",)).get(county=actor.county, id=device_id)
    if device.aside_until is not None and since < device.aside_until:
        return False
    habits = call_rules(device.county).habits
    device.aside_until = since + timedelta(minutes=habits.aside_minutes)
    device.step += 1
    device.save(update_fields=["aside_until", "step"])
    leave_errand(errand_at(device, ErrandKind.TOO_MUCH), now)
    record(subject=device, aside_until=device.aside_until, most_a_minute=habits.most_a_minute)
    return True


@verb
def note_old_press(*, actor: Actor, device_id: UUID, said: Said, why: str, now: datetime = DB_TIME) -> bool:
    """A press that is none of now rings nobody; the village asks whether all is well. Told twice it counts once."""
    if "house" not in actor.relations:
        raise NotAllowed()
    device = Device.objects.select_for_update(of=("self",)).get(county=actor.county, id=device_id)
    if not heard_once(device, said, now):
        return False
    if device.village:
        leave_errand(errand_at(device, ErrandKind.OLD_PRESS), now)
    record(subject=device, kind=said.kind, why=why, occurred_at=said.occurred_at)
    return True
