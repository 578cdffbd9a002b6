"""People and posts (工作人员名册) as a table: one row is one person in one post; no password is ever set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.models import Post, Unit, User
from wushi.domain.accounts.permissions import may_appoint
from wushi.domain.accounts.queries import in_force
from wushi.domain.accounts.services.rosters import Line, enter_roster, take_back_roster
from wushi.domain.areas import queries as areas
from wushi.kernel.actor import Actor
from wushi.plumbing.fields import blind_index
from wushi.plumbing.sheets.cells import BadCell, code, day, label, phone
from wushi.plumbing.sheets.importer import Column, Done, Judged, Said, Verdict

# 职责 as lists write it, the first word being ours
DUTIES: dict[Duty, tuple[str, ...]] = {
    Duty.SECRETARY: ("书记", "村书记", "党组织书记", "村（社区）党组织书记", "社区书记"),
    Duty.DEPUTY: ("副书记", "村副书记"),
    Duty.GRID_LEAD: ("网格长",),
    Duty.GRID_WORKER: ("网格员", "专职网格员"),
    Duty.GRID_ASSISTANT: ("网格协管员", "协管员"),
    Duty.TOWN_CLERK: ("乡镇分流员", "镇分流员"),
    Duty.TOWN_LEAD: ("乡镇负责人",),
    Duty.DISTRICT_CLERK: ("区级分流员", "区分流员"),
    Duty.DISTRICT_LEAD: ("区领导",),
    Duty.DEPARTMENT: ("部门", "部门承办人"),
    Duty.HOTLINE: ("热线话务员", "话务员"),
    Duty.SUPERVISOR: ("督办员",),
}
_WORDS = {word: words[0] for words in DUTIES.values() for word in words}
_WORDS |= {duty.value: words[0] for duty, words in DUTIES.items()}
_DUTY_OF = {words[0]: duty.value for duty, words in DUTIES.items()}


def duty_word(text: str) -> str:
    """Our word for a duty. Those that administer and inspect are given by hand, never by a list. Raises BadCell."""
    found = _WORDS.get(label(text))
    if found is None:
        raise BadCell("unknown")
    return found


@dataclass(frozen=True)
class _Known:
    """What a chunk of rows is held against."""

    users: Mapping[bytes, list[User]]
    posts: Mapping[tuple[UUID, str, str], Post]
    leads: Mapping[str, UUID]
    units: Mapping[str, str]


class Staff:
    """What the room ``imports`` asks of this room."""

    kind = "staff"
    columns = (
        Column("name", ("姓名", "name"), required=True, limit=60, sample="陈德明", personal=True),
        Column(
            "phone",
            ("手机号", "联系电话", "手机号码", "电话", "phone"),
            required=True,
            parse=phone,
            note="靠它区分人员",
            sample="13800000000",
            personal=True,
        ),
        Column(
            "duty",
            ("职责", "职务", "岗位", "duty"),
            required=True,
            parse=duty_word,
            choices=tuple(_DUTY_OF),
            sample="网格员",
        ),
        Column(
            "area",
            ("区划", "负责区域", "所在村", "网格", "网格代码", "area"),
            required=True,
            parse=label,
            note="代码，或在本区唯一的名称",
            sample="孙岗村",
        ),
        Column("unit", ("单位", "所属单位", "部门", "unit"), parse=label, note="单位名称或代码"),
        Column("since", ("任职日期", "起始日期", "since"), parse=day, note="不填为今天", sample="2026-01-01"),
        Column(
            "username", ("登录名", "用户名", "账号", "username"), parse=code, limit=60, note="不填则自动生成"
        ),
    )

    def may(self, actor: Actor) -> bool:
        """The district's administrator."""
        return may_appoint(actor, actor.county)

    def key(self, values: Mapping[str, str]) -> str:
        """A person in a post."""
        return f"{values['phone']}|{values['duty']}|{values['area']}"

    def judge(self, *, actor: Actor, rows: Sequence[Said]) -> list[Judged]:
        """New, the same, or why not."""
        today = timezone.localdate()
        known = _known(actor.county, rows, today)
        return [self._judged(actor, said, known) for said in rows]

    def _judged(self, actor: Actor, said: Said, known: _Known) -> Judged:
        values = said.values
        area = area_of(actor.county, values["area"])
        duty = _DUTY_OF[values["duty"]]
        if not area or (duty == Duty.GRID_LEAD and len(area) != 15):
            return Judged(Verdict.ERROR, "bad_place", "area")
        if not may_appoint(actor, area):
            return Judged(Verdict.ERROR, "not_your_area", "area")
        if values["unit"] and values["unit"] not in known.units:
            return Judged(Verdict.ERROR, "unknown", "unit")
        found = known.users.get(blind_index("phone", values["phone"]), [])
        if len(found) > 1 or (found and found[0].name != values["name"]):
            return Judged(Verdict.ERROR, "phone_of_another", "phone")
        post = known.posts.get((found[0].id, duty, area)) if found else None
        if post:
            return Judged(Verdict.SAME, subject=post.id)
        if duty == Duty.GRID_LEAD and area in known.leads:
            return Judged(Verdict.ERROR, "lead_there", "area")
        return Judged(Verdict.NEW)

    def apply(self, *, actor: Actor, rows: Sequence[Said], now: datetime) -> list[Done]:
        """One call of the room's verb."""
        known = _known(actor.county, rows, timezone.localdate(now))
        lines = []
        for said in rows:
            values = said.values
            since = date.fromisoformat(values["since"]) if values["since"] else None
            unit = known.units.get(values["unit"], "")
            area, duty = area_of(actor.county, values["area"]), _DUTY_OF[values["duty"]]
            person = (values["name"], values["phone"], values["username"])
            lines.append(Line(said.number, person, duty, area, unit, since))
        return enter_roster(actor=actor, lines=lines, now=now)

    def undo(self, *, actor: Actor, rows: Sequence[tuple[Verdict, Done]], now: datetime) -> list[int]:
        """One call of the room's verb."""
        return take_back_roster(actor=actor, rows=rows, now=now)


def area_of(county: str, said: str) -> str:
    """The code of a place by its code, or by a name that only one place of the county has; '' for none."""
    places = areas.map_of(county).places
    if said in places:
        return "" if places[said].ended else said
    found = [p.code for p in places.values() if p.name == said and not p.ended and len(p.code) >= 6]
    return found[0] if len(found) == 1 else ""


def _known(county: str, rows: Sequence[Said], day: date) -> _Known:
    users: dict[bytes, list[User]] = {}
    wanted = {blind_index("phone", said.values["phone"]) for said in rows}
    for user in User.objects.filter(county=county, is_active=True, phone_index__in=wanted).order_by("id"):
        users.setdefault(user.phone_index, []).append(user)
    posts = Post.objects.filter(in_force(day), county=county)
    held = posts.filter(user__in=[user.id for found in users.values() for user in found])
    leads = posts.filter(duty=Duty.GRID_LEAD.value).values_list("area", "user_id")
    units: dict[str, str] = {}
    for unit_code, name in Unit.objects.filter(county=county).values_list("code", "name"):
        units[unit_code] = units[name] = unit_code
    return _Known(users, {(p.user_id, p.duty, p.area): p for p in held}, dict(leads), units)
