"""Grids (网格) as a table: code, name, households, who leads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from wushi.domain.areas import queries
from wushi.domain.areas.models import Area
from wushi.domain.areas.permissions import may_order_areas
from wushi.domain.areas.services import NewArea, describe_area, found_area
from wushi.kernel.actor import Actor
from wushi.plumbing.sheets.cells import BadCell, code, label, phone
from wushi.plumbing.sheets.importer import Column, Done, Judged, Said, Verdict

TOLD = ("name", "households", "lead_name", "lead_phone")


def count(text: str) -> str:
    """A whole number. Raises BadCell."""
    if text and not (text.isascii() and text.isdigit() and len(text) < 7):
        raise BadCell("bad_number")
    return text


class Grids:
    """What the room ``imports`` asks of this room."""

    kind = "grids"
    columns = (
        Column(
            "code",
            ("网格代码", "网格编码", "代码", "编码", "code"),
            required=True,
            parse=code,
            note="15位，文本格式",
            sample="341504100201001",
        ),
        Column(
            "name",
            ("网格名称", "名称", "网格", "name"),
            required=True,
            parse=label,
            limit=120,
            sample="孙岗村一网格",
        ),
        Column("households", ("户数", "households"), parse=count, sample="60"),
        Column("lead_name", ("网格长", "网格长姓名"), limit=60, note="公示用"),
        Column("lead_phone", ("网格长电话", "联系电话", "电话"), parse=phone, note="公示用"),
    )

    def may(self, actor: Actor) -> bool:
        """The district's administrator."""
        return may_order_areas(actor, actor.county)

    def key(self, values: Mapping[str, str]) -> str:
        """Its code."""
        return values["code"]

    def judge(self, *, actor: Actor, rows: Sequence[Said]) -> list[Judged]:
        """New, changed, the same, or why not."""
        found = _rows(rows)
        return [self._judged(actor, said, found.get(said.values["code"])) for said in rows]

    def _judged(self, actor: Actor, said: Said, row: Area | None) -> Judged:
        grid = said.values["code"]
        village = queries.place(grid[:12]) if len(grid) == 15 and grid.isascii() and grid.isdigit() else None
        if village is None or village.ended:
            return Judged(Verdict.ERROR, "bad_place", "code")
        if not may_order_areas(actor, grid) or grid[:6] != actor.county:
            return Judged(Verdict.ERROR, "not_your_area", "code")
        if row is None:
            return Judged(Verdict.NEW)
        differs = any(said.values[name] and said.values[name] != str(_now(row, name)) for name in TOLD)
        return Judged(Verdict.CHANGED if differs else Verdict.SAME, subject=row.id)

    def apply(self, *, actor: Actor, rows: Sequence[Said], now: datetime) -> list[Done]:
        """The room's own verbs, one grid at a time: a district has some hundreds."""
        found, done = _rows(rows), []
        for said in rows:
            old = found.get(said.values["code"])
            before = {} if old is None else {name: getattr(old, name) for name in ("code", *TOLD)}
            area = _new(said.values, old)
            deed = found_area if old is None else describe_area
            row = deed(actor=actor, area=area, now=now)
            done.append(Done(said.number, row.id, row.step, before))
        return done

    def undo(self, *, actor: Actor, rows: Sequence[tuple[Verdict, Done]], now: datetime) -> list[int]:
        """What was described is as before. A grid that began stands: its code may be on doors; it is merged, not unmade."""
        wanted = {done.subject for _, done in rows}
        there = {
            row.id: row for row in Area.objects.select_for_update().filter(id__in=wanted, valid_until=None)
        }
        stand = [
            done.number
            for verdict, done in rows
            if verdict == Verdict.NEW or done.subject not in there or there[done.subject].step != done.step
        ]
        if not stand:
            for _verdict, done in rows:
                describe_area(actor=actor, area=NewArea(**done.before), now=now)
        return stand


def _rows(rows: Sequence[Said]) -> dict[str, Area]:
    codes = {said.values["code"] for said in rows}
    return {row.code: row for row in Area.objects.filter(code__in=codes, valid_until=None)}


def _now(row: Area, name: str) -> object:
    found = getattr(row, name)
    return "" if found is None else found


def _new(values: Mapping[str, str], old: Area | None) -> NewArea:
    """What is told, and what is known where nothing is."""

    def told(name: str) -> str:
        return values[name] or (str(_now(old, name)) if old else "")

    households = told("households")
    return NewArea(
        values["code"],
        told("name"),
        households=int(households) if households else None,
        lead_name=told("lead_name"),
        lead_phone=told("lead_phone"),
    )
