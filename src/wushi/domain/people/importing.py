"""The register of residents (居民花名册) as a table: its columns, in the words of the lists that villages keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from wushi.domain.people.permissions import may_import_residents
from wushi.domain.people.register import GONE, match
from wushi.domain.people.services.importing import enter_register, take_back_register
from wushi.kernel.actor import Actor
from wushi.plumbing.sheets.cells import BadCell, code, id_number, label, phone
from wushi.plumbing.sheets.importer import Column, Done, Judged, Said, Verdict

# the word a row is kept with (one of ``GONE``'s) -> what lists write for it
_STATUS = {
    "去世": ("死亡", "已故", "已去世", "亡故", "died"),
    "迁出": ("迁走", "已迁出", "搬走", "搬离", "外迁", "moved"),
    "在册": ("正常", "常住", "在住", "健在", "户籍", "流动", "here"),
}


def status(text: str) -> str:
    """去世, 迁出 or 在册; '' where the list says nothing of it. Raises BadCell."""
    said = label(text).lower()
    found = next((word for word, others in _STATUS.items() if said == word or said in others), "")
    if said and not found:
        raise BadCell("unknown")
    return found


class Residents:
    """What the room ``imports`` asks of this room."""

    kind = "residents"
    columns = (
        Column(
            "name",
            ("姓名", "name", "居民姓名", "人员姓名"),
            required=True,
            limit=60,
            sample="王小明",
            personal=True,
        ),
        Column(
            "id_number",
            ("身份证号", "身份证号码", "公民身份号码", "证件号码", "身份证", "id number"),
            parse=id_number,
            note="18位，文本格式",
            sample="11010519491231002X",
            unique=True,
            personal=True,
        ),
        Column(
            "phone",
            ("手机号", "联系电话", "手机号码", "电话", "联系方式", "phone", "mobile"),
            parse=phone,
            note="11位手机号，或带区号的座机",
            sample="13800000000",
            unique=True,
            personal=True,
        ),
        Column(
            "village",
            ("村（社区）", "村", "社区", "所属村", "所在村", "村居", "行政村", "village"),
            parse=label,
            note="村名或12位代码；填了网格代码可不填",
            sample="孙岗村",
        ),
        Column(
            "grid", ("网格", "所属网格", "网格代码", "网格编码", "grid"), parse=label, note="网格名或15位代码"
        ),
        Column(
            "address",
            ("住址", "地址", "家庭住址", "现住址", "详细地址", "address"),
            note="同一住址为一户",
            sample="井边路3号",
            personal=True,
        ),
        Column(
            "status",
            ("状态", "人员状态", "居民状态", "在册状态", "status"),
            parse=status,
            choices=tuple(GONE),
            note="在册、去世、迁出；可不填",
            sample="在册",
        ),
        Column(
            "source_id",
            ("编号", "人员编号", "序列号", "id"),
            parse=code,
            note="原系统中的编号",
            limit=64,
        ),
    )

    def may(self, actor: Actor) -> bool:
        """Somebody who keeps a register anywhere."""
        return any(may_import_residents(actor, grant.area) for grant in actor.grants) or may_import_residents(
            actor, actor.county
        )

    def key(self, values: Mapping[str, str]) -> str:
        """The source's own id; else the ID number; else the phone."""
        for name in ("source_id", "id_number", "phone"):
            if values[name]:
                return f"{name}:{values[name]}"
        return ""

    def judge(self, *, actor: Actor, rows: Sequence[Said]) -> list[Judged]:
        """New, changed, the same, or why not."""
        return [
            Judged(one.verdict, one.reason, one.column, one.person.id if one.person else None)
            for one in match(actor, rows)
        ]

    def apply(self, *, actor: Actor, rows: Sequence[Said], now: datetime) -> list[Done]:
        """One call of the room's verb."""
        return enter_register(actor=actor, rows=rows, now=now)

    def undo(self, *, actor: Actor, rows: Sequence[tuple[Verdict, Done]], now: datetime) -> list[int]:
        """One call of the room's verb."""
        return take_back_register(actor=actor, rows=rows, now=now)
