"""Calls and wireless callers of the shown village: in a village of their own, so that the others' lamps stay what they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.village import SINCE, Village
from wushi.domain.areas.services import NewArea, load_areas
from wushi.domain.calls import services as calls
from wushi.domain.calls.models import Call, Device
from wushi.domain.calls.services import CallBook, Calling, Said, Spot
from wushi.domain.calls.services.health import Seen, note_seen
from wushi.domain.calls.services.inbox import device_actor
from wushi.domain.people.services import NewPerson, note_person
from wushi.kernel.verb import reading

HOURS = 3600
# as the customary ladder, but by the hour: nobody else is rung while pages are looked at
SLOW = (
    ("secretary", 0, "village", ["secretary"]),
    ("grid", 2 * HOURS, "grid", ["grid_lead"]),
    ("village", 5 * HOURS, "village", ["deputy"]),
    ("town", 10 * HOURS, "town", ["town_clerk", "town_lead"]),
    ("district", 15 * HOURS, "county", ["district_clerk"]),
)


@dataclass(frozen=True)
class ShownCalls:
    """One that rings, one where somebody is, one that is over; a device that hangs, a door somebody goes to; the village."""

    village: str
    ringing: Call
    arrived: Call
    ended: Call
    device: UUID
    door: str


def show_calls(village: Village, slow: bool = True) -> ShownCalls:
    """Made through services; the secretary of this village is 马书记. Without ``slow`` the ladder is the customary one."""
    code = f"{village.town}203"
    areas = [NewArea(code, "井塘村"), NewArea(f"{code}001", "井塘村一网格", households=48)]
    load_areas(actor=village.house, areas=areas, since=SINCE, source="test")
    if slow:
        calls.adopt_ladder(actor=village.house, book=CallBook(SINCE, tuple(map(_line, SLOW))))
    secretary = village.officer("马书记", area=code)
    village.officer("钱委员", duty="deputy", area=code)
    device = _device(village, code)
    call = calls.receive_event(actor=device_actor(device), device_id=device.id, said=_said())
    assert call is not None
    calls.acknowledge_call(actor=secretary, call_id=call.id)
    calls.set_out(actor=secretary, call_id=call.id)
    calls.hand_to_service(actor=secretary, call_id=call.id, service="120")
    calls.note_call(actor=secretary, call_id=call.id, words="门没锁，老人坐在地上，人清醒。")
    calls.arrive_at_call(actor=secretary, call_id=call.id)
    over = _called(village, code, "ordinary", "村东头小卖部旁")
    for deed in (calls.acknowledge_call, calls.arrive_at_call):
        deed(actor=secretary, call_id=over.id)
    calls.end_call(
        actor=secretary, call_id=over.id, finding="company", words="一个人闷得慌，陪着说了会儿话。"
    )
    soon = datetime.fromisoformat(f"{date.today() + timedelta(days=1)}T18:00+08:00")
    calls.put_on_watch(
        actor=secretary,
        area=code,
        duty="secretary",
        user_id=village.user_id("钱委员"),
        begins_at=soon,
        ends_at=soon + timedelta(hours=14),
    )
    calls.found_gateway(actor=village.house, code="lora-1", name="镇上的网关", envelope="chirpstack")
    gone_to = _called(village, code, "ordinary", "井塘坎9号")
    calls.set_out(actor=secretary, call_id=gone_to.id)
    # told last: how long it rings begins with the pictures
    told = {"uid": "24E124535B000078", "name": "汪桂英", "place": "井边路12号", "end": "04"}
    near = _device(village, code, **told, battery=88)
    ringing = calls.receive_event(actor=device_actor(near), device_id=near.id, said=_said())
    assert ringing is not None
    return ShownCalls(code, ringing, call, over, device.id, f"{village.county}{near.door_code}")


def _line(row: tuple[str, int, str, list[str]]) -> dict[str, Any]:
    code, after, level, duties = row
    return {
        "code": code,
        "urgency": "",
        "after_seconds": after,
        "level": level,
        "duties": duties,
        "again_seconds": 0,
    }


def _said(kind: str = "press_sos") -> Said:
    return Said(key=f"w:{uuid4()}", kind=kind)


def _device(
    village: Village,
    code: str,
    *,
    uid: str = "24E124535B000077",
    name: str = "刘秀兰",
    place: str = "东塘坝3号",
    end: str = "03",
    battery: int = 14,
) -> Device:
    secretary = village.actor("马书记")
    phone = f"139{village.county}{end}"
    person = note_person(actor=village.house, person=NewPerson(phone=phone, name=name, village=code))
    device = calls.register_device(actor=secretary, uid=uid, model="milesight/ws101-sos", area_code=code)
    calls.try_device(actor=secretary, device_id=device.id)
    calls.receive_event(actor=device_actor(device), device_id=device.id, said=_said("test"))
    helps = ("alone", "hard_of_hearing", "walks_badly")
    contact = {"contact_name": "女儿刘敏", "contact_phone": f"137{village.county}07"}
    spot = Spot(f"{code}001", place, person_id=person.id, helps=helps, **contact)
    calls.install_device(actor=secretary, device_id=device.id, spot=spot)
    with reading(village.house) as scope:
        row, now = Device.objects.get(county=village.county, id=device.id), scope.now
    note_seen(village.county, [Seen(row, now, battery=battery, signal=-104)])
    return row


def _called(village: Village, code: str, urgency: str, place: str) -> Call:
    calling = Calling(str(uuid4()), f"{code}001", urgency, place=place, phone=f"138{village.county}08")
    return calls.open_call(actor=village.resident(), calling=calling)
