"""A list of wireless callers as a table: a maker's delivery, or where those of another system hang."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from wushi.domain.calls import wire as wires
from wushi.domain.calls.models import Device
from wushi.domain.calls.permissions import may_register
from wushi.domain.calls.services.devices import normal_uid
from wushi.domain.calls.services.enlisting import (
    HANGS,
    KnownDevice,
    enter_devices,
    rehang_devices,
    take_back_devices,
)
from wushi.domain.calls.states import DeviceState
from wushi.domain.cases.rules import LOCAL
from wushi.domain.people.models import Person
from wushi.domain.people.register import Places
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid
from wushi.plumbing.fields import blind_index
from wushi.plumbing.sheets.cells import BadCell, code, day, label, phone
from wushi.plumbing.sheets.importer import Column, Done, Judged, Said, Verdict


def number(text: str) -> str:
    """A device's own number. Raises BadCell."""
    if not text:
        return ""
    try:
        return normal_uid(code(text))
    except Invalid as error:
        raise BadCell("bad_number") from error


@dataclass(frozen=True)
class _Meant:
    """What a row means: the device there, where it would hang; or why not."""

    said: Said
    device: Device | None = None
    known: KnownDevice | None = None
    reason: str = ""
    column: str = ""

    @property
    def verdict(self) -> Verdict:
        if self.reason:
            return Verdict.ERROR
        if self.device is None:
            return Verdict.NEW
        if self.known is None or not self.known.differs(self.device):
            return Verdict.SAME
        return Verdict.CHANGED


class Buttons:
    """What the room ``imports`` asks of this room."""

    kind = "devices"
    columns = (
        Column(
            "uid",
            ("设备编号", "设备号", "DevEUI", "EUI", "IMEI", "编号", "序列号", "uid"),
            required=True,
            parse=number,
            note="EUI 或 IMEI，文本格式",
            sample="24E124535B000001",
            unique=True,
        ),
        Column(
            "model",
            ("型号", "设备型号", "model"),
            required=True,
            parse=label,
            note="厂家/型号，见「呼叫器」页",
            sample="milesight/ws101",
        ),
        Column(
            "village",
            ("村（社区）", "村", "社区", "所属村", "village"),
            parse=label,
            note="村名或12位代码",
            sample="孙岗村",
        ),
        Column("grid", ("网格", "所属网格", "网格代码", "grid"), parse=label, note="网格名或15位代码"),
        Column(
            "place",
            ("位置", "安装位置", "住址", "地址", "place"),
            limit=120,
            sample="井边路3号",
            personal=True,
        ),
        Column(
            "phone",
            ("使用人电话", "老人电话", "本人电话", "手机号", "phone"),
            parse=phone,
            note="已登记的居民按电话对应",
            personal=True,
        ),
        Column("contact_name", ("家属姓名", "联系人", "家属"), limit=60, personal=True),
        Column("contact_phone", ("家属电话", "联系人电话", "紧急联系电话"), parse=phone, personal=True),
        Column(
            "since", ("安装日期", "安装时间"), parse=day, note="未安装的留空，只入库", sample="2026-01-01"
        ),
    )

    def may(self, actor: Actor) -> bool:
        """Somebody who looks after devices anywhere."""
        return any(may_register(actor, grant.area) for grant in actor.grants) or may_register(
            actor, actor.county
        )

    def key(self, values: Mapping[str, str]) -> str:
        """Its number."""
        return values["uid"]

    def judge(self, *, actor: Actor, rows: Sequence[Said]) -> list[Judged]:
        """New, changed, the same, or why not."""
        return [
            Judged(one.verdict, one.reason, one.column, one.device.id if one.device else None)
            for one in _meant(actor, rows)
        ]

    def apply(self, *, actor: Actor, rows: Sequence[Said], now: datetime) -> list[Done]:
        """Two calls of the room's verbs: those that are new, those that hang elsewhere."""
        meant = _meant(actor, rows)
        fresh = [one.known for one in meant if one.verdict == Verdict.NEW and one.known]
        moved = [
            (one.device, one.known)
            for one in meant
            if one.verdict == Verdict.CHANGED and one.device and one.known
        ]
        made = {row.uid: row for row in enter_devices(actor=actor, devices=fresh, now=now)} if fresh else {}
        before = {device.uid: _as_it_hangs(device) for device, _known in moved}
        changed = (
            {
                row.uid: row
                for row in rehang_devices(actor=actor, devices=[known for _device, known in moved], now=now)
            }
            if moved
            else {}
        )
        done = []
        for one in meant:
            row = made.get(one.said.values["uid"]) or changed.get(one.said.values["uid"])
            if row is not None:
                done.append(Done(one.said.number, row.id, row.step, before.get(row.uid, {})))
        return done

    def undo(self, *, actor: Actor, rows: Sequence[tuple[Verdict, Done]], now: datetime) -> list[int]:
        """What was new is taken back (never deleted), what hung elsewhere hangs there again; all of them or none."""
        return take_back_devices(actor=actor, rows=rows, now=now)


def _as_it_hangs(device: Device) -> dict[str, str]:
    return {name: str(getattr(device, name) or "") for name in (*HANGS, "town", "state", "person_id")}


def _meant(actor: Actor, rows: Sequence[Said]) -> list[_Meant]:
    """In the order given; a few statements for all."""
    places, county = Places(actor.county), actor.county
    uids = [said.values["uid"] for said in rows]
    there = {row.uid: row for row in Device.objects.filter(county=county, uid__in=uids)}
    phones = {
        said.values["phone"]: blind_index("phone", said.values["phone"])
        for said in rows
        if said.values["phone"]
    }
    people = {
        bytes(person.phone_index): person
        for person in Person.objects.filter(county=county, phone_index__in=list(phones.values()))
    }
    found = []
    for said in rows:
        person = people.get(phones.get(said.values["phone"], b""))
        found.append(_one(actor, said, there.get(said.values["uid"]), places, person))
    return found


def _one(actor: Actor, said: Said, device: Device | None, places: Places, person: Person | None) -> _Meant:
    values = said.values
    if values["model"] not in wires.models():
        return _Meant(said, device, reason="unknown", column="model")
    area = actor.county
    if values["village"] or values["grid"]:
        village, grid, wrong = places.find(values)
        if wrong:
            return _Meant(said, device, reason="bad_place", column=wrong)
        area = grid or village
    elif values["since"]:
        return _Meant(said, device, reason="required", column="village")
    if not may_register(actor, area) or (device is not None and not may_register(actor, device.area)):
        return _Meant(said, device, reason="not_your_area", column="village")
    if values["phone"] and person is None:
        return _Meant(said, device, reason="unknown_person", column="phone")
    if device is not None and (device.model != values["model"] or device.state == DeviceState.RETURNED):
        return _Meant(said, device, reason="other_device", column="uid")
    return _Meant(said, device, _known(values, area, person))


def _known(values: Mapping[str, str], area: str, person: Person | None) -> KnownDevice:
    return KnownDevice(
        uid=values["uid"],
        model=values["model"],
        area_code=area,
        place=values["place"],
        person_id=person.id if person else None,
        contact_name=values["contact_name"],
        contact_phone=values["contact_phone"],
        installed_at=_noon(values["since"]),
    )


def _noon(day_said: str) -> datetime | None:
    """The middle of a local day, where a list only says the day."""
    return datetime.combine(date.fromisoformat(day_said), time(12), LOCAL) if day_said else None
