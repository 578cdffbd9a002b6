"""The rules a county begins with; every line has a version, a first day and a basis, and can be replaced by the next version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from django.utils import timezone

from wushi.domain.accounts.duties import Duty
from wushi.domain.areas.services import changed
from wushi.domain.audit.services import record
from wushi.domain.cases.models import AnswerTemplate, Category, DutyLine, Pace, Profile, Route
from wushi.domain.cases.permissions import may_set_rules
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.rules.routing import in_force
from wushi.domain.cases.services.flags import raise_flag
from wushi.domain.outbox.services import leave_job
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import DB_TIME, verb


@dataclass(frozen=True)
class Rules:
    """A whole rule book, as plain rows of its tables. ``numbers`` replaces defaults of the profile."""

    since: date
    prefix: str
    channels: tuple[dict[str, str], ...]
    categories: Sequence[dict[str, Any]]
    routes: Sequence[dict[str, Any]]
    paces: Sequence[dict[str, Any]]
    reopen_days: int = 15
    numbers: dict[str, int] = field(default_factory=dict)
    duties: Sequence[dict[str, Any]] = ()
    templates: Sequence[dict[str, Any]] = ()


_SHANDONG = "山东省12345热线办法（5个工作日，延期不超过10个工作日）；济南市、潍坊市条例"
_CITY = "城市热线通行做法（咨询1个工作日、求助3个工作日）"
_OURS = "本平台默认，可由区里改"
_END_OF_DAY = time(23, 59)


def _line(code: str, clock: str, amount: int, unit: str, basis: str = _OURS, **more: Any) -> dict[str, Any]:
    return {"code": code, "clock": clock, "amount": amount, "unit": unit, "basis": basis, **more}


# What is customary for 签收, 联系群众, 办结 and the rest. Editable per district; a district's own rule goes first.
PACES: tuple[dict[str, Any], ...] = (
    _line("any", "resolution", 5, "workday", _SHANDONG, extension_cap=10),
    _line("inquiry", "resolution", 1, "workday", _CITY, kind="inquiry", extension_cap=2),
    _line("help", "resolution", 3, "workday", _CITY, kind="help", extension_cap=5),
    _line("urgent", "resolution", 1, "workday", urgency="urgent", extension_cap=2),
    _line("help-urgent", "resolution", 1, "workday", kind="help", urgency="urgent", extension_cap=2),
    _line("hazard", "resolution", 3, "workday", kind="hazard", extension_cap=5),
    _line("claim", "claim", 1, "workday", _SHANDONG, at_red="escalate"),
    _line("claim-inquiry", "claim", 120, "work_minute", _CITY, kind="inquiry", at_red="escalate"),
    _line("claim-help", "claim", 240, "work_minute", _CITY, kind="help", at_red="escalate"),
    _line("claim-hazard", "claim", 240, "work_minute", kind="hazard", at_red="escalate"),
    _line("claim-urgent", "claim", 60, "work_minute", urgency="urgent", at_red="escalate"),
    _line("claim-help-urgent", "claim", 60, "work_minute", kind="help", urgency="urgent", at_red="escalate"),
    _line("handover", "handover", 1, "workday", at_red="escalate"),
    _line("handover-urgent", "handover", 60, "work_minute", urgency="urgent", at_red="escalate"),
    _line("contact", "contact", 1, "workday", _SHANDONG),
    _line("whole", "whole", 30, "day", by_time=_END_OF_DAY),
    _line("answer", "answer", 7, "day", by_time=_END_OF_DAY),
    _line("roll-call", "roll_call", 1, "workday"),
    _line("roll-call-urgent", "roll_call", 60, "work_minute", urgency="urgent"),
    _line("roll-call-major", "roll_call", 240, "work_minute", urgency="major"),
    # 呼叫: how soon somebody answers, how soon somebody is there (the room ``calls`` asks for these lines)
    _line("call-acknowledge", "acknowledge", 10, "minute", kind="call"),
    _line("call-acknowledge-red", "acknowledge", 2, "minute", kind="call", urgency="emergency"),
    _line("call-arrive", "arrive", 120, "minute", kind="call"),
    _line("call-arrive-red", "arrive", 30, "minute", kind="call", urgency="emergency"),
    _line("part", "part", 3, "workday"),
    _line("part-urgent", "part", 1, "workday", urgency="urgent"),
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


TEMPLATES: tuple[dict[str, Any], ...] = (
    {
        "code": "done",
        "outcome": "resolved",
        "name": "已办好",
        "text": "您反映的事已经办好：……。您再看看，如果还有不对的地方，请点「还没好」。",
    },
    {
        "code": "rule",
        "outcome": "explained",
        "name": "政策说明",
        "text": "您问的这件事，按照……的规定，……。我们已经当面（电话）向您说明，您还有疑问可以随时再问。",
    },
    {
        "code": "plan",
        "outcome": "not_yet",
        "name": "暂时办不了",
        "text": "这件事眼下还办不了，原因是……。我们打算……，预计……之前办好，到时再告诉您。",
    },
    {
        "code": "light",
        "category": "light",
        "outcome": "resolved",
        "name": "路灯修好",
        "text": "路灯已经修好，今晚起能亮。",
    },
    {
        "code": "road",
        "category": "road",
        "outcome": "resolved",
        "name": "路面修好",
        "text": "坏的路面已经修补好，可以走了。",
    },
)


def default_rules(since: date, prefix: str, channels: tuple[dict[str, str], ...] = ()) -> Rules:
    """What a district begins with."""
    return Rules(since, prefix, channels, CATEGORIES, ROUTES, PACES, templates=TEMPLATES)


@verb
def adopt_rules(*, actor: Actor, rules: Rules, open_too: bool = False, now: datetime = DB_TIME) -> None:
    """A county adopts its rules for requests; each table's lines get the next version.

    What is open keeps the promise it was given unless ``open_too``. Rules that begin in the past are told to the supervisor.
    """
    if not may_set_rules(actor):
        raise NotAllowed()
    county = actor.county
    profile = Profile.objects.filter(county=county).order_by("-version").first()
    version = profile.version + 1 if profile else 1
    dated: dict[str, Any] = {"county": county, "version": version, "valid_from": rules.since}
    tables: tuple[tuple[Any, Sequence[dict[str, Any]]], ...] = (
        (Category, [{"place_in_list": n, **row} for n, row in enumerate(rules.categories)]),
        (Route, rules.routes),
        (Pace, rules.paces),
        (DutyLine, rules.duties),
        (AnswerTemplate, rules.templates),
    )
    for model, rows in tables:
        later = Q(valid_until=None) | Q(valid_until__gt=rules.since)
        # lines of a version that would have begun later never begin
        model._base_manager.filter(later, county=county).update(valid_until=rules.since)
        defaults = {"by_time": time(18, 0)} if model is Pace else {"basis": _OURS}
        model._base_manager.bulk_create([model(**{**defaults, **dated, **row}) for row in rows])
    fresh = Profile(
        **dated,
        code="profile",
        basis=_OURS,
        number_prefix=rules.prefix,
        reopen_days=rules.reopen_days,
        discipline_channels=list(rules.channels),
        **rules.numbers,
    )
    fresh.save(force_insert=True)
    changed(county)
    record(subject=fresh, version=version, since=rules.since, open_too=open_too, **_counts(rules))
    if profile is not None:
        _tell_of_change(county, version, rules.since, open_too, now)


def _counts(rules: Rules) -> dict[str, Any]:
    return {
        "categories": len(rules.categories),
        "routes": len(rules.routes),
        "paces": len(rules.paces),
        "duties": len(rules.duties),
        "templates": len(rules.templates),
    }


def _tell_of_change(county: str, version: int, since: date, open_too: bool, now: datetime) -> None:
    """What is open is planned anew in the background; rules that reach back are looked at by the supervisor."""
    leave_job("cases.replan", county=county, cause="rules", open_too=int(open_too))
    if since < timezone.localdate(now):
        supervisor = Tray(Duty.SUPERVISOR.value, county)
        raise_flag(
            county=county,
            kind="back_dated_rules",
            key=f"rules:{version}",
            tray=supervisor,
            now=now,
            since=since.isoformat(),
            version=version,
        )


def current_rules(county: str) -> Rules:
    """The rules in force, as ``adopt_rules`` takes them: what a change begins with. The caller is inside a scope."""
    today = timezone.localdate()
    book = rulebook(county)

    def rows(lines: Iterable[Any], *leave: str) -> list[dict[str, Any]]:
        gone = {"version", "valid_from", "valid_until", *leave}
        return [
            {k: v for k, v in asdict(line).items() if k not in gone}
            for line in lines
            if not hasattr(line, "valid_from") or in_force(line, today)
        ]

    profile = asdict(book.profile)
    fixed = {"number_prefix", "reopen_days", "discipline_channels", "version"}
    return Rules(
        today,
        book.profile.number_prefix,
        book.profile.discipline_channels,
        rows(book.categories),
        rows(book.routes),
        rows(book.paces),
        book.profile.reopen_days,
        {k: v for k, v in profile.items() if k not in fixed},
        rows(book.duties),
        rows(book.templates),
    )
