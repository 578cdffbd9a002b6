"""What happened in the demonstration village lately, told through the verbs with their own times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.utils import timezone

from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts.models import User
from wushi.domain.cases.models import Case
from wushi.domain.cases.rules import number_of
from wushi.domain.cases.services import (
    Intake,
    appeal_case,
    claim_case,
    confirm_case,
    handle_case,
    open_case,
    reopen_case,
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
        (("claim", 12.5, ""),),
        "刘秀英",
        "13800000000",
    ),
    Tale(
        30.0,
        "低保申请要补什么材料，跑了两趟都没问清楚",
        "welfare",
        "003",
        "h5",
        (("claim", 2.0, ""),),
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
        (("claim", 3.0, ""), ("handle", 20.0, "冲洗了主管道"), ("reopen", 30.0, "今早又黄了")),
        "马兰",
        "13800000025",
    ),
    Tale(
        120.0,
        "垃圾桶满了三天没人清，天热味道大",
        "clean",
        "003",
        "qr",
        (("claim", 1.5, ""), ("handle", 6.0, "清走了，以后隔天来一次"), ("confirm", 9.0, "satisfied")),
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
            ("claim", 2.0, ""),
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
        (("claim", 2.0, ""), ("handle", 30.0, "填了石子，收割机能过"), ("confirm", 34.0, "satisfied")),
        "孙家旺",
        "13800000029",
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
    for number, tale in enumerate(TALES):
        _tell(cast, house, tale, number, now)


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
        _step(cast, case, step, words, begun + timedelta(hours=hours))


def _step(cast: _Cast, case: Case, step: str, words: str, at: datetime) -> None:
    secretary = cast.staff("secretary", at)
    if step == "claim":
        claim_case(actor=secretary, case_id=case.id, now=at)
    elif step == "return":
        return_case(actor=secretary, case_id=case.id, reason_code="needs_department", words=words, now=at)
    elif step == "handle":
        handle_case(actor=secretary, case_id=case.id, outcome="resolved", words=words, now=at)
    elif step == "reopen":
        reopen_case(actor=cast.holding(case), case_id=case.id, words=words, now=at)
        appeal_case(actor=cast.holding(case), case_id=case.id, level="town", now=at + timedelta(minutes=2))
    else:
        confirm_case(actor=cast.holding(case), case_id=case.id, rating=words, now=at)
