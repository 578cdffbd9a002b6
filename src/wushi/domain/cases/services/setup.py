"""The rules a county begins with; every line has a version, a first day and a basis, and can be replaced by the next version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from wushi.domain.areas.services import changed
from wushi.domain.audit.services import record
from wushi.domain.cases.models import Category, Pace, Profile, Route
from wushi.domain.cases.permissions import may_set_rules
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import DB_TIME, verb


@dataclass(frozen=True)
class Rules:
    """A whole rule book, as plain rows of the four tables."""

    since: date
    prefix: str
    channels: tuple[dict[str, str], ...]
    categories: Sequence[dict[str, Any]]
    routes: Sequence[dict[str, Any]]
    paces: Sequence[dict[str, Any]]
    reopen_days: int = 15
    answer_days: int = 7


_SHANDONG = "山东省12345热线办法（5个工作日）；济南市、潍坊市条例"
_CITY = "城市热线通行做法（咨询1个工作日、求助3个工作日）"

# What is customary for 办结. Editable per district; a district's own rule goes first.
PACES: tuple[dict[str, Any], ...] = (
    {"code": "any", "kind": "", "urgency": "", "workdays": 5, "basis": _SHANDONG},
    {"code": "inquiry", "kind": "inquiry", "urgency": "", "workdays": 1, "basis": _CITY},
    {"code": "help", "kind": "help", "urgency": "", "workdays": 3, "basis": _CITY},
    {"code": "urgent", "kind": "", "urgency": "urgent", "workdays": 1, "basis": "本平台默认：急件1个工作日"},
    {
        "code": "help-urgent",
        "kind": "help",
        "urgency": "urgent",
        "workdays": 1,
        "basis": "本平台默认：急件1个工作日",
    },
    {"code": "hazard", "kind": "hazard", "urgency": "", "workdays": 3, "basis": "本平台默认：隐患3个工作日"},
)
CATEGORIES: tuple[dict[str, Any], ...] = (
    {"code": "road", "name": "道路桥梁", "name_en": "Roads and bridges", "kind": "help"},
    {"code": "light", "name": "路灯用电", "name_en": "Street lights and power", "kind": "help"},
    {"code": "water", "name": "用水排水", "name_en": "Water and drains", "kind": "help"},
    {"code": "clean", "name": "环境卫生", "name_en": "Cleanliness", "kind": "help"},
    {"code": "house", "name": "住房宅基地", "name_en": "Housing and home plots", "kind": "inquiry"},
    {"code": "farm", "name": "农业生产", "name_en": "Farming", "kind": "help"},
    {"code": "welfare", "name": "低保救助养老", "name_en": "Welfare and care", "kind": "inquiry"},
    {"code": "health", "name": "看病医保", "name_en": "Health and insurance", "kind": "inquiry"},
    {"code": "school", "name": "上学托幼", "name_en": "Schools and nurseries", "kind": "inquiry"},
    {"code": "safety", "name": "安全隐患", "name_en": "Safety hazards", "kind": "hazard"},
    {"code": "neighbour", "name": "邻里纠纷", "name_en": "Quarrels between neighbours", "kind": "dispute"},
    {"code": "other", "name": "其他", "name_en": "Something else", "kind": "help"},
)
# 小事不出网、大事不出村: everyday matters start at the village's tray; hazards too, so that a secretary knows at once.
ROUTES: tuple[dict[str, Any], ...] = (
    {"code": "village", "level": "village", "duty": "secretary", "basis": "首接负责；小事不出网、大事不出村"},
)


def default_rules(since: date, prefix: str, channels: tuple[dict[str, str], ...] = ()) -> Rules:
    """What a district begins with."""
    return Rules(since, prefix, channels, CATEGORIES, ROUTES, PACES)


@verb
def adopt_rules(*, actor: Actor, rules: Rules, now: datetime = DB_TIME) -> None:
    """A county adopts its rules for requests; each table's lines get the next version."""
    if not may_set_rules(actor):
        raise NotAllowed()
    county = actor.county
    profile = Profile.objects.filter(county=county).order_by("-version").first()
    version = profile.version + 1 if profile else 1
    dated: dict[str, Any] = {"county": county, "version": version, "valid_from": rules.since}
    for model in (Category, Route, Pace):
        model.objects.filter(county=county, valid_until=None).update(valid_until=rules.since)
    Category.objects.bulk_create(
        Category(**dated, basis="本平台默认分类", place_in_list=n, **row)
        for n, row in enumerate(rules.categories)
    )
    Route.objects.bulk_create(Route(**dated, **row) for row in rules.routes)
    Pace.objects.bulk_create(Pace(**{"by_time": time(18, 0), **dated, **row}) for row in rules.paces)
    fresh = Profile(
        **dated,
        code="profile",
        basis="本平台默认",
        number_prefix=rules.prefix,
        reopen_days=rules.reopen_days,
        answer_days=rules.answer_days,
        discipline_channels=list(rules.channels),
    )
    fresh.save(force_insert=True)
    changed(county)
    record(
        subject=fresh,
        version=version,
        categories=len(rules.categories),
        routes=len(rules.routes),
        paces=len(rules.paces),
    )
