"""Requests of another system as a table: its columns, in the words of the lists that hotlines and offices keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wushi.domain.cases.arriving import Source, match, may_import_cases, natural_key
from wushi.domain.cases.rules.arriving import Meanings
from wushi.domain.cases.services.importing import import_case, take_back_import
from wushi.kernel.actor import Actor
from wushi.plumbing.sheets.cells import code, label, phone
from wushi.plumbing.sheets.importer import Column, Done, Judged, Said, Verdict

# a hotline's answer is often longer than a page; a cell of a spreadsheet ends at 32,767
LONG = 30_000


@dataclass(frozen=True)
class Requests:
    """What the room ``imports`` asks of this room; ``bound`` to a source and what its words mean."""

    source: Source = Source("", Meanings())
    kind = "cases"
    columns = (
        Column("source_id", ("编号", "诉求编号", "工单编号", "工单号", "受理编号", "id", "source id"),
               parse=code, limit=64, note="原系统中的编号，再次导入时凭它认出同一件", sample="GD20190425001"),
        Column("text", ("内容", "诉求内容", "留言详情", "问题描述", "事件描述", "text"), limit=LONG, sample="路灯坏了三天"),
        Column("title", ("标题", "主题", "留言主题", "诉求标题", "topic", "title"), limit=200),
        Column("told_at", ("诉求时间", "受理时间", "留言时间", "登记时间", "time", "told at", "created"), limit=40,
               sample="2019-04-25 09:32"),
        Column("area", ("村（社区）", "村", "社区", "所属村", "区域", "网格", "area"), parse=label,
               note="村、网格的名称或代码；其他说法可在核对时对应", sample="孙岗村"),
        Column("place", ("地址", "地点", "详细地址", "事发地址", "address", "place")),
        Column("kind", ("类型", "诉求类型", "kind"), note="咨询、求助、投诉、建议、隐患、纠纷"),
        Column("category", ("类别", "一级分类", "问题分类", "category")),
        Column("urgency", ("紧急程度", "urgency"), note="一般、较急、紧急"),
        Column("channel", ("来源渠道", "渠道", "诉求来源", "channel")),
        Column("name", ("姓名", "诉求人", "联系人", "name"), limit=60, personal=True),
        Column("phone", ("电话", "联系电话", "手机号", "phone"), parse=phone, personal=True),
        Column("reply", ("答复", "答复意见", "回复内容", "办理结果", "reply"), limit=LONG),
        Column("reply_at", ("答复时间", "回复时间", "办结时间", "reply time", "reply_time"), limit=40),
        Column("closed_at", ("归档时间", "关闭时间", "closed"), limit=40),
        Column("state", ("状态", "办理状态", "status", "state")),
        Column("outcome", ("办理结论", "结论", "outcome"), note="已解决、已解释、暂不能解决"),
        Column("rating", ("满意度", "评价", "rating"), note="满意、基本满意、不满意"),
        Column("longitude", ("经度", "longitude", "lon"), limit=30),
        Column("latitude", ("纬度", "latitude", "lat"), limit=30),
    )  # fmt: skip

    def bound(self, source: str, options: Mapping[str, Any]) -> Requests:
        """The same, for the rows of one source."""
        return Requests(Source(source, Meanings.of(options)))

    def may(self, actor: Actor) -> bool:
        """The district's dispatcher and administrator."""
        return may_import_cases(actor)

    def key(self, values: Mapping[str, str]) -> str:
        """The source's own id; else what was said when."""
        return natural_key(values)

    def judge(self, *, actor: Actor, rows: Sequence[Said]) -> list[Judged]:
        """New, answered meanwhile, the same, or why not."""
        return [one.judged for one in match(actor, self.source, rows)]

    def apply(self, *, actor: Actor, rows: Sequence[Said], now: datetime) -> list[Done]:
        """One call of the room's verb."""
        return import_case(actor=actor, source=self.source, rows=rows, now=now)

    def undo(self, *, actor: Actor, rows: Sequence[tuple[Verdict, Done]], now: datetime) -> list[int]:
        """One call of the room's verb."""
        return take_back_import(actor=actor, rows=rows, now=now)
