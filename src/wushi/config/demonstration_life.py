"""What happened in the demonstration village lately, told through the verbs with their own times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone

from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts.models import User
from wushi.domain.cases.models import Case, Clock
from wushi.domain.cases.queries import parts_of
from wushi.domain.cases.rules import number_of
from wushi.domain.cases.services import (
    Called,
    Intake,
    answer_part,
    appeal_case,
    blow_whistle,
    claim_case,
    confirm_case,
    contact_case,
    handle_case,
    mark_clock,
    merge_case,
    open_case,
    pause_case,
    plan_together,
    reopen_case,
    report_for_roll_call,
    request_extension,
    return_case,
)
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading, unscoped

VILLAGE, PREFIX = "341504200211", "YJ"
# keys of the tales: the same at every installation, so that telling them twice changes nothing
_NAMESPACE = UUID("5b0f2c1e-6a3d-4f6e-9d0a-77e1d2c3b4a5")


@dataclass(frozen=True)
class Tale:
    """One request of the demonstration: when (hours ago), what, and how far it came."""

    hours: float
    text: str
    category: str
    grid: str
    channel: str
    steps: tuple[tuple[str, float, str], ...] = ()
    name: str = ""
    phone: str = ""


TALES = (
    Tale(2.2, "东塘坝排水口被土堵了，下雨水漫到菜地里", "water", "002", "qr", (), "赵玉兰", "13800000021"),
    Tale(
        5.0,
        "去小学的路边塌了一块，有桌面大，孩子上学都绕到路中间走",
        "road",
        "001",
        "tel",
        (("return", 0.9, "要动用乡里养护经费"),),
    ),
    Tale(
        18.4,
        "井边路路灯不亮，晚上接孩子看不见",
        "light",
        "003",
        "qr",
        (("claim", 0.8, ""), ("contact", 0.9, "phone")),
        "刘秀英",
        "13800000000",
    ),
    Tale(
        30.0,
        "低保申请要补什么材料，跑了两趟都没问清楚",
        "welfare",
        "003",
        "h5",
        (("claim", 1.2, ""), ("pause", 3.0, "等您把身份证复印件送来")),
        "张发财",
        "13800000023",
    ),
    Tale(
        49.0,
        "门前污水井盖松动，车一压就响，怕翘起来",
        "safety",
        "001",
        "qr",
        (("claim", 1.0, ""), ("handle", 26.0, "换了新井盖，四周重新抹了水泥")),
        "周桂芝",
        "13800000024",
    ),
    Tale(
        74.0,
        "自来水发黄，早上放一会儿才清",
        "water",
        "002",
        "h5",
        (("claim", 1.4, ""), ("handle", 20.0, "冲洗了主管道"), ("reopen", 30.0, "今早又黄了")),
        "马兰",
        "13800000025",
    ),
    Tale(
        120.0,
        "垃圾桶满了三天没人清，天热味道大",
        "clean",
        "003",
        "qr",
        (("claim", 1.1, ""), ("handle", 6.0, "清走了，以后隔天来一次"), ("confirm", 9.0, "satisfied")),
        "刘秀英",
        "13800000000",
    ),
    Tale(
        170.0,
        "想问宅基地翻建要到哪里办",
        "house",
        "004",
        "h5",
        (
            ("claim", 1.3, ""),
            ("handle", 5.0, "带齐身份证和户口本到乡便民服务中心二号窗口，可以代办"),
            ("confirm", 20.0, "satisfied"),
        ),
        "孙有财",
        "13800000027",
    ),
    Tale(
        215.0,
        "桥头护栏缺了一截",
        "road",
        "001",
        "patrol",
        (("claim", 0.7, ""), ("handle", 40.0, "焊好了护栏，刷了反光漆"), ("confirm", 70.0, "neutral")),
        "",
        "",
    ),
    Tale(
        300.0,
        "稻田机耕路被水冲断了，收割机进不去",
        "farm",
        "004",
        "qr",
        (("claim", 1.3, ""), ("handle", 30.0, "填了石子，收割机能过"), ("confirm", 34.0, "satisfied")),
        "孙家旺",
        "13800000029",
    ),
    Tale(
        27.0,
        "桥头护坡塌了一大块，路也裂了，怕再下雨就断",
        "road",
        "002",
        "patrol",
        (
            ("claim", 0.3, ""),
            ("whistle", 0.5, "请区交通运输局、区水利局到现场，一起定加固办法"),
            ("come:JT", 0.9, "老陈带两个人，半小时到"),
            ("plan", 2.0, "交通局今天封半幅路、立警示牌，水利局三天内护坡加固"),
            ("answer:JT", 5.0, "已封半幅路，立了警示牌和夜间灯"),
        ),
        "孙有田",
        "13800000031",
    ),
    Tale(
        50.0,
        "南头机耕路要加宽会车的地方，收割机过不来",
        "farm",
        "004",
        "h5",
        (("claim", 1.0, ""), ("extend", 4.0, "要跟三户商量让地，请多给两个工作日")),
        "马家顺",
        "13800000032",
    ),
    Tale(1.4, "井边那盏路灯坏好几天了", "light", "003", "h5", (("merge", 0.6, "同一盏灯，一起办"),)),
    Tale(
        98.0,
        "公交站牌歪了，老人等车看不清班次",
        "road",
        "001",
        "qr",
        (
            ("claim", 1.2, ""),
            ("handle:not_yet", 6.0, "站牌归市公交公司，已报计划，十二月中旬统一换新"),
        ),
        "周德明",
        "13800000033",
    ),
)


class _Cast:
    """The actors of the tales, as the edge would load them."""

    def __init__(self, county: str) -> None:
        self.county = county

    def staff(self, username: str, day: datetime) -> Actor:
        """A member of staff by name."""
        with unscoped("demonstration"):
            user = User.objects.get(username=username)
            lines = [
                accounts.PostLine(p.duty, p.area, p.unit) for p in accounts.posts_of(user.id, day.date())
            ]
            return Actor(f"user:{user.id}", self.county, accounts.grants_of(lines))

    def holding(self, case: Case) -> Actor:
        """Whoever holds the receipt."""
        return Actor(f"receipt:{case.id}", self.county, relations=frozenset({"receipt"}))


def live_a_little(house: Actor) -> None:
    """Tell every tale; a second call finds them by their keys and changes nothing."""
    now = timezone.now()
    cast = _Cast(house.county)
    # the oldest first: one matter may be told again later
    for number, tale in sorted(enumerate(TALES), key=lambda pair: -pair[1].hours):
        _tell(cast, house, tale, number, now)


def tale_keys() -> list[str]:
    """The client keys of the tales."""
    return [str(uuid5(_NAMESPACE, f"{number}")) for number in range(len(TALES))]


def _tell(cast: _Cast, house: Actor, tale: Tale, number: int, now: datetime) -> None:
    begun = now - timedelta(hours=tale.hours)
    key = str(uuid5(_NAMESPACE, f"{number}"))
    with reading(house):
        if Case.objects.filter(county=house.county, client_key=key).exists():
            return
    intake = Intake(
        text=tale.text,
        area_code=VILLAGE + tale.grid,
        channel=tale.channel,
        key=key,
        number=number_of(PREFIX, timezone.localdate(begun), 31 + number),
        category=tale.category,
        name=tale.name,
        phone=tale.phone,
    )
    anyone = Actor.anonymous(house.county)
    case = open_case(actor=anyone, intake=intake, now=begun)
    for step, hours, words in tale.steps:
        at = begun + timedelta(hours=hours)
        _strike(house, case, at)
        _step(cast, case, step, words, at)
    _strike(house, case, now)


def _strike(house: Actor, case: Case, until: datetime) -> None:
    """The clocks of this request pass their marks, each at its own time, as the worker would have had them."""
    while True:
        with reading(house):
            due = Clock.objects.filter(county=house.county, case=case, next_at__lte=until)
            clock = due.order_by("next_at", "id").first()
        if clock is None or clock.next_at is None:
            return
        mark_clock(actor=house, clock_id=clock.id, now=clock.next_at)


def _step(cast: _Cast, case: Case, step: str, words: str, at: datetime) -> None:
    name, _colon, more = step.partition(":")
    deed = _DEEDS.get(name)
    if deed is not None:
        deed(cast, case, words, at)
    elif name in ("come", "answer"):
        _part(cast, case, name, more, words, at)
    elif name == "handle":
        later = timezone.localdate(at) + timedelta(days=20) if more == "not_yet" else None
        handle_case(
            actor=cast.staff("secretary", at),
            case_id=case.id,
            outcome=more or "resolved",
            words=words,
            plan_on=later,
            now=at,
        )
    else:
        confirm_case(
            actor=cast.holding(case), case_id=case.id, rating=words, attitude=words, speed=words, now=at
        )


def _return(cast: _Cast, case: Case, words: str, at: datetime) -> None:
    secretary = cast.staff("secretary", at)
    return_case(actor=secretary, case_id=case.id, reason_code="needs_department", words=words, now=at)


def _reopen(cast: _Cast, case: Case, words: str, at: datetime) -> None:
    reopen_case(actor=cast.holding(case), case_id=case.id, words=words, now=at)
    appeal_case(actor=cast.holding(case), case_id=case.id, level="town", now=at + timedelta(minutes=2))


def _pause(cast: _Cast, case: Case, words: str, at: datetime) -> None:
    until = timezone.localdate(at) + timedelta(days=4)
    pause_case(
        actor=cast.staff("secretary", at),
        case_id=case.id,
        reason_code="resident",
        until_on=until,
        words=words,
        now=at,
    )


def _whistle(cast: _Cast, case: Case, words: str, at: datetime) -> None:
    called = [Called("JT"), Called("SL")]
    blow_whistle(
        actor=cast.staff("secretary", at), case_id=case.id, kind="urgent", called=called, words=words, now=at
    )


def _part(cast: _Cast, case: Case, name: str, unit: str, words: str, at: datetime) -> None:
    with reading(Actor.of_house(cast.county)):
        part = next(line.row for line in parts_of(case) if line.row.unit == unit)
    given: dict[str, Any] = {
        "actor": cast.staff("department", at),
        "case_id": case.id,
        "part_id": part.id,
        "now": at,
    }
    if name == "come":
        report_for_roll_call(words=words, **given)
    else:
        answer_part(result="done", words=words, **given)


def _merge(cast: _Cast, case: Case, words: str, at: datetime) -> None:
    with reading(Actor.of_house(cast.county)):
        rows = Case.objects.filter(
            county=cast.county, grid=case.grid, category=case.category, merged_into=None
        )
        older = rows.filter(opened_at__lt=case.opened_at).exclude(id=case.id)
        master = older.order_by("-opened_at").first()
    if master is not None and master.is_open:
        merge_case(
            actor=cast.staff("secretary", at), case_id=case.id, master_id=master.id, words=words, now=at
        )


_DEEDS: dict[str, Callable[[_Cast, Case, str, datetime], object]] = {
    "claim": lambda cast, case, words, at: claim_case(
        actor=cast.staff("secretary", at), case_id=case.id, now=at
    ),
    "contact": lambda cast, case, way, at: contact_case(
        actor=cast.staff("secretary", at), case_id=case.id, way=way, now=at
    ),
    "extend": lambda cast, case, words, at: request_extension(
        actor=cast.staff("secretary", at), case_id=case.id, amount=2, words=words, now=at
    ),
    "plan": lambda cast, case, words, at: plan_together(
        actor=cast.staff("secretary", at), case_id=case.id, words=words, now=at
    ),
    "return": _return,
    "reopen": _reopen,
    "pause": _pause,
    "whistle": _whistle,
    "merge": _merge,
}
