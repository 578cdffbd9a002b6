"""A year of the demonstration district: how its requests came in and went, decided by a seed and the day it is filled."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from wushi.config.demonstration_fates import sayings
from wushi.config.demonstration_people import SEED, Plan, somebody
from wushi.domain.areas.rules import WorkCalendar
from wushi.domain.cases.rules import LOCAL, Tray, number_of
from wushi.domain.cases.services import Called, Deed, History, Intake
from wushi.kernel.actor import Actor

PREFIX = "YJ"
_NAMESPACE = UUID("0a6f7d0e-90a1-4c0f-8b1e-5a6d2c9e4f10")
PLACES = (
    "村口", "井边", "老学校旁", "东头", "西头", "大塘埂", "祠堂前", "卫生室门口", "晒场边", "桥头", "后街", "南岗",
    "北圩", "小店门口", "文化广场", "养老院门前", "加油站旁", "三岔路口", "水塔下", "竹园边",
)  # fmt: skip
# how a category weighs, and in which months more of it is told
CATEGORIES = {
    "road": (16, (6, 7, 8)), "light": (11, (10, 11, 12)), "water": (15, (5, 6, 7, 8)), "clean": (13, (6, 7, 8)),
    "house": (7, (3, 4)), "farm": (10, (4, 5, 6, 9, 10)), "welfare": (9, (1, 12)), "health": (6, (1, 2, 9)),
    "school": (4, (2, 8, 9)), "safety": (7, (1, 6, 7)), "neighbour": (6, (2, 5, 9)), "other": (5, ()),
}  # fmt: skip
CHANNELS = {"qr": 34, "h5": 22, "tel": 16, "patrol": 10, "visit": 6, "12345": 7, "walk": 4, "letter": 1}
TAKEN_DOWN = {"patrol", "visit", "walk", "letter"}
HOURS = (0, 0, 0, 0, 0, 1, 5, 11, 15, 16, 13, 9, 6, 6, 9, 13, 13, 10, 8, 8, 7, 4, 2, 1)


@dataclass
class Cast:
    """Who can act: by (duty, area, unit), and the calendar they work by."""

    county: str
    staff: dict[tuple[str, str, str], Actor]
    calendar: WorkCalendar
    plan: Plan
    departments: list[str] = field(default_factory=list)

    def of(self, duty: str, area: str, unit: str = "") -> Actor:
        """Whoever holds a post."""
        return self.staff[duty, area, unit]


def key_of(n: int) -> str:
    """The client key of the n-th request: the same at every installation."""
    return str(uuid5(_NAMESPACE, str(n)))


class Year:
    """Makes the histories of one filling; ``now`` is when it began."""

    def __init__(self, cast: Cast, now: datetime, fate_of: Mapping[int, str]) -> None:
        self.cast, self.now, self.fates = cast, now, fate_of
        self.weights = [random.Random(f"{SEED}:{c}").uniform(0.6, 1.8) for c in cast.plan.codes()]
        self.codes = cast.plan.codes()

    def history(self, n: int, plainly: bool = False) -> History:
        """The n-th; ``plainly`` without anything that could come too late."""
        told = _Telling(self, n, plainly)
        while True:
            history = told.told()
            last = max([history.opened_at, *(deed.at for deed in history.deeds)])
            if last < self.now - timedelta(minutes=5):
                return history
            told.earlier += timedelta(days=1)


class _Telling:
    def __init__(self, year: Year, n: int, plainly: bool) -> None:
        self.year, self.cast, self.n, self.plainly = year, year.cast, n, plainly
        self.fate = year.fates[n]
        self.earlier = timedelta()

    def told(self) -> History:
        # what is said depends on the number alone, when on the day too
        base = self.n - 1 if self.fate == "twin" else self.n
        said_rng, self.rng = random.Random(f"{SEED}:{base}"), random.Random(f"{SEED}:when:{base}")
        opened = self._opened(self.rng)
        intake = self._intake(said_rng, opened.month)
        # a time of its own for what is done: it must not hang on how often the opening was drawn
        self.rng = random.Random(f"{SEED}:how:{self.n}")
        self.intake, self.village = intake, intake.area_code[:12]
        if self.fate == "twin":
            opened += timedelta(minutes=25)
            intake = self.intake = replace(intake, text=f"{intake.text}，已经有人说过了吧", name="", phone="")
        self.at, self.deeds = opened, list[Deed]()
        self.secretary = self.cast.of("secretary", self.village)
        self.hand = self.secretary
        _FATES.get(self.fate, _Telling.settled)(self)
        number = number_of(PREFIX, opened.astimezone(LOCAL).date(), 101 + self.n)
        return History(replace(intake, number=number), opened, self._opener(), tuple(self.deeds))

    # ---- what is said ----
    def _intake(self, rng: random.Random, month: int) -> Intake:
        grid = rng.choices(self.year.codes, self.year.weights)[0]
        weights = [w * (2 if month in months else 1) for w, months in CATEGORIES.values()]
        category = rng.choices(list(CATEGORIES), weights)[0]
        self.saying = rng.choice(sayings()[category])
        place = rng.choice(PLACES)
        channel = rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]
        on_behalf = channel in TAKEN_DOWN and rng.random() < 0.4
        person = somebody(self.cast.plan, grid, rng.randrange(10_000))
        named = on_behalf or rng.random() < 0.82
        return Intake(
            text=self.saying.text.replace("{p}", place),
            area_code=grid if rng.random() < 0.93 else grid[:12],
            channel=channel,
            key=key_of(self.n),
            number="",
            category=category,
            urgency=rng.choices(("normal", "soon", "urgent"), (90, 8, 2))[0]
            if category != "safety"
            else "soon",
            place=place if "{p}" in self.saying.text else "",
            name=person.name if named else "",
            phone=person.phone if named else "",
            on_behalf=on_behalf,
            consent="word" if on_behalf else "",
            wants_reply=named,
            tags=rng.choices(((), ("pressing",), ("hard",), ("worrying",), ("hoped",)), (60, 10, 8, 12, 10))[
                0
            ],
        )

    def _opener(self) -> Actor:
        if not self.intake.on_behalf:
            return Actor.anonymous(self.cast.county)
        if len(self.intake.area_code) == 12:
            return self.secretary
        return self.cast.of("grid_lead", self.intake.area_code)

    def _opened(self, rng: random.Random) -> datetime:
        """Somewhere in the twelve months, in working weeks more than on Sundays, in daylight more than at night."""
        today = self.year.now.astimezone(LOCAL).date()
        first = 30 if self.fate == "unanswered" else 7
        while True:
            days = rng.randrange(first, 365)
            if self.fate in _RECENT:
                days = rng.randrange(*_RECENT[self.fate])
            day = today - timedelta(days=days)
            season = {1: 0.8, 2: 0.7, 6: 1.2, 7: 1.35, 8: 1.3, 9: 1.1}.get(day.month, 1.0)
            if rng.random() * 1.4 < season * (1 if self.cast.calendar.is_workday(day) else 0.55):
                break
        hour = rng.choices(range(24), HOURS)[0]
        moment = time(hour, rng.randrange(60), rng.randrange(60))
        return datetime.combine(day, moment, tzinfo=LOCAL) - self.earlier

    # ---- what is done ----
    def _after(self, low: int, high: int) -> None:
        """So many minutes of office hours later."""
        minutes = self.rng.randint(low, high)
        self.at = self.cast.calendar.add_work(self.at, timedelta(minutes=minutes)).astimezone(LOCAL)
        self.at += timedelta(seconds=self.rng.randrange(50))

    def _later(self, low: int, high: int) -> None:
        """So many minutes later, but not in the night."""
        self.at += timedelta(minutes=self.rng.randint(low, high))
        if not 7 <= self.at.hour < 22:
            day = self.at.date() + timedelta(days=self.at.hour >= 22)
            self.at = datetime.combine(day, time(7, self.rng.randrange(60)), tzinfo=LOCAL)

    def do(self, verb: str, by: Actor | None, **facts: Any) -> None:
        self.deeds.append(Deed(verb, self.at, by, facts))

    def claim(self) -> None:
        """Signed for in time."""
        most = 50 if self.intake.urgency == "urgent" else 100
        self._after(3, most)
        self.do("claim_case", self.hand)
        if self.intake.wants_reply and self.rng.random() < 0.7:
            self._after(2, 30)
            self.do("contact_case", self.hand, way=self.rng.choice(("phone", "phone", "visit")))

    def way(self) -> None:
        """From the tray to whoever settles it."""
        chance = 1.0 if self.plainly else self.rng.random()
        if chance < 0.06:
            self._to_department()
        elif chance < 0.10:
            self._up_and_back()
        else:
            self.claim()
            if chance < 0.36 and len(self.intake.area_code) == 15:
                self._to_grid()
            elif chance < 0.39 and self.cast.departments:
                self._with_a_department()

    def _to_grid(self) -> None:
        self._after(3, 40)
        tray = Tray("grid_lead", self.intake.area_code)
        self.do("transfer_case", self.hand, tray=tray, reason_code="other", words="就在你网格里，请先去看看")
        self.hand = self.cast.of("grid_lead", tray.area)
        self._after(3, 45)
        self.do("claim_case", self.hand)

    def _to_department(self) -> None:
        self._after(3, 45)
        clerk, unit = self.cast.of("town_clerk", self.village[:9]), self.rng.choice(self.cast.departments)
        self.do("return_case", self.hand, reason_code="needs_department", words="村里没有这个权限，请转部门")
        self._after(3, 45)
        self.do("assign_case", clerk, tray=Tray("department", self.cast.county, unit), words="请按职责办理")
        self.hand = self.cast.of("department", self.cast.county, unit)
        self._after(3, 45)
        self.do("claim_case", self.hand)

    def _up_and_back(self) -> None:
        self.claim()
        self._after(10, 120)
        self.do("escalate_case", self.hand, words="村里协调不下来，请乡里帮着出个面")
        self._after(5, 45)
        self.do(
            "hand_back_case",
            self.cast.of("town_clerk", self.village[:9]),
            words="乡里已经联系好，按这个办法办",
        )
        self._after(2, 40)
        self.do("claim_case", self.hand)

    def _with_a_department(self) -> None:
        unit = self.rng.choice(self.cast.departments)
        department = self.cast.of("department", self.cast.county, unit)
        self._after(5, 40)
        called = (Called(unit),)
        self.do("blow_whistle", self.hand, kind="urgent", called=called, words="请到现场一起定办法")
        self._after(5, 40)
        self.do("report_for_roll_call", department, part=unit, words="来两个人，半小时到")
        self._after(30, 200)
        self.do("answer_part", department, part=unit, result="done", words="我们这边的已经做完")
        self._after(3, 40)
        self.do("end_whistle", self.hand, result="done", words="几家一起看过，办好了")

    def handle(self) -> None:
        """Done: mostly in time, sometimes after a rest or an extension, sometimes late."""
        chance, village_holds = 1.0 if self.plainly else self.rng.random(), self.hand is self.secretary
        if chance < 0.03 and village_holds:
            self._rest(self.rng.choice(("weather", "material", "third_party")))
        elif chance < 0.06 and village_holds and self._extendable():
            self._after(2, 15)
            self.do("request_extension", self.hand, amount=1, words="材料还没到，请多给一天")
            self._after(5, 40)
            clerk = self.cast.of("town_clerk", self.village[:9])
            self.do("decide_extension", clerk, granted=True, words="同意，抓紧办")
        elif chance < 0.12:
            self._after(1500, 3200)
        self._after(*((10, 240) if self.saying.outcome == "explained" else (20, 900)))
        self.do("handle_case", self.hand, outcome=self.saying.outcome, words=self.saying.answer)

    def _rest(self, reason: str) -> None:
        """Until the next day of work, and no longer."""
        began = self.at
        self.at += timedelta(days=1)
        self._after(5, 60)
        until, self.at = self.at, began
        self.do(
            "pause_case", self.hand, reason_code=reason, until_on=until.date(), words="要等两天，到时接着办"
        )
        self.at = until
        self.do("resume_case", self.hand)

    def _extendable(self) -> bool:
        return self.intake.urgency != "urgent" and self.saying.category not in (
            "house",
            "welfare",
            "health",
            "school",
        )

    def settled(self) -> None:
        """Claimed, handled, said to be done; sometimes only at the second go."""
        self.way()
        if self.rng.random() < 0.02:
            self._later(60, 2000)
            self.do("appeal_case", None, level="town", words="请乡里也看看")
        self.handle()
        if self.rng.random() < 0.03 and self.hand is self.secretary:
            self._later(60, 1500)
            self.do("reopen_case", None, words="又和原来一样了，麻烦再来看看")
            self._after(5, 45)
            self.do("claim_case", self.hand)
            self._after(20, 400)
            self.do(
                "handle_case", self.hand, outcome="resolved", words="又去了一趟，这次换了材料，看着他们试过"
            )
        self._later(20, 2600)
        self.do("confirm_case", None, **_ratings(self.fate, self.rng))

    def unanswered(self) -> None:
        self.way()
        self.handle()

    def supervisor(self) -> None:
        self.way()
        self.handle()
        self._after(300, 900)
        by = self.cast.of("supervisor", self.cast.county)
        self.do("close_case", by, words="电话回访，事情已经办好，本人不愿再操作")

    def withdrawn(self) -> None:
        if self.rng.random() < 0.6:
            self.claim()
        self._later(5, 45)
        self.do("withdraw_case", None, words=self.rng.choice(("自己弄好了", "不用了，谢谢", "家里商量好了")))

    def declined(self) -> None:
        self._after(3, 45)
        self.do("return_case", self.hand, reason_code="not_our_duty", words="已经在法院了")
        self._after(3, 45)
        clerk = self.cast.of("town_clerk", self.village[:9])
        channel = self.rng.choice(("court", "arbitration", "police", "review"))
        self.do(
            "decline_case", clerk, channel_code=channel, words="这件事要走另外的渠道，地址电话已当面告诉您"
        )

    def host(self) -> None:
        """One that is told a second time while it is being seen to."""
        self._after(3, 20)
        self.do("claim_case", self.hand)
        self._after(120, 240)
        self.do("handle_case", self.hand, outcome=self.saying.outcome, words=self.saying.answer)
        self._later(20, 2000)
        self.do("confirm_case", None, **_ratings("satisfied", self.rng))

    def twin(self) -> None:
        self._after(30, 60)
        self.do("merge_case", self.hand, master=key_of(self.n - 1), words="同一件事，一起办")

    # ---- what is still open ----
    def new(self) -> None:
        return

    def working(self) -> None:
        self.claim()

    def paused(self) -> None:
        self.claim()
        until = self.year.now.astimezone(LOCAL).date() + timedelta(days=3)
        self.do("pause_case", self.hand, reason_code="resident", until_on=until, words="等您把材料补齐")

    def whistled(self) -> None:
        self.claim()
        self._after(5, 30)
        called = (Called("ZJ"), Called("SL"))
        self.do("blow_whistle", self.hand, kind="major", called=called, words="请两家到现场看看怎么办")

    def escalated(self) -> None:
        self.claim()
        self._after(10, 60)
        self.do("escalate_case", self.hand, words="两个村都牵涉，请乡里出面")


# how many days ago, from and until
_RECENT = {
    "answer_awaited": (3, 5), "new": (0, 1), "working": (1, 3), "paused": (1, 3), "overdue": (9, 15),
    "whistled": (1, 3), "escalated": (1, 3),
}  # fmt: skip
_FATES: dict[str, Callable[[_Telling], None]] = {
    "unanswered": _Telling.unanswered, "answer_awaited": _Telling.unanswered, "supervisor": _Telling.supervisor,
    "withdrawn": _Telling.withdrawn, "declined": _Telling.declined, "host": _Telling.host, "twin": _Telling.twin,
    "new": _Telling.new, "working": _Telling.working, "overdue": _Telling.working, "paused": _Telling.paused,
    "whistled": _Telling.whistled, "escalated": _Telling.escalated,
}  # fmt: skip


def _ratings(fate: str, rng: random.Random) -> dict[str, str]:
    if fate == "unrated":
        return {}
    others = [fate, fate, fate, "satisfied"]
    return {"rating": fate, "attitude": rng.choice(others), "speed": rng.choice(others)}
