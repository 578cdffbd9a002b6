"""A small demonstration district: the real 叶集区 with its 77 villages, invented people, one village lived in.

Everything goes through the same services as in earnest. Names, numbers and events are invented; grids are drawn by us.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from wushi.config.demonstration_life import live_a_little
from wushi.config.env import write_private
from wushi.config.founding import give_calendar, give_rules, give_units
from wushi.config.imports import load_divisions
from wushi.domain.accounts.models import User
from wushi.domain.accounts.services import appoint, found_unit, register_user, set_password
from wushi.domain.accounts.services.posts import NewUnit
from wushi.domain.areas.models import Area
from wushi.domain.areas.services import NewArea, describe_area, found_area
from wushi.domain.cases.models import Case
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading, unscoped

COUNTY, TOWN, VILLAGE = "341504", "341504200", "341504200211"
RESIDENT_PHONE = "13800000000"
SINCE = date(2021, 1, 1)
Say = Callable[[str], None]

# (username, name, duty, area, unit, what the sign-in help calls him)
PEOPLE = (
    ("secretary", "陈德明", "secretary", VILLAGE, VILLAGE, "village Party secretary"),
    ("lead", "王长河", "grid_lead", VILLAGE + "003", VILLAGE, "grid lead"),
    ("grid", "李小满", "grid_worker", VILLAGE + "003", VILLAGE, "grid worker"),
    ("town", "周立新", "town_clerk", TOWN, TOWN, "town clerk"),
    ("district", "吴海燕", "district_clerk", COUNTY, COUNTY, "district clerk"),
    ("department", "郑国强", "department", COUNTY, "JT", "department (transport)"),
    ("hotline", "何静", "hotline", COUNTY, COUNTY, "hotline operator"),
    ("supervisor", "沈志远", "supervisor", COUNTY, COUNTY, "supervisor"),
    ("leader", "方为民", "district_lead", COUNTY, COUNTY, "district leader"),
    ("admin", "许明", "district_admin", COUNTY, COUNTY, "administrator (enrols a second factor)"),
)
# Everybody else has no usable password.
OTHERS = (
    ("lead1", "刘桂花", "grid_lead", VILLAGE + "001"),
    ("lead2", "赵大山", "grid_lead", VILLAGE + "002"),
    ("lead4", "孙有福", "grid_lead", VILLAGE + "004"),
    ("deputy", "钱学军", "deputy", VILLAGE),
)
FAMILY_NAMES = "张李赵孙杨黄徐朱马胡郭林罗梁宋谢唐韩曹许邓萧冯曾程蔡彭潘袁于"


@dataclass(frozen=True)
class DemoAccess:
    """How to sign in as each kind of user."""

    password: str
    phone: str

    def lines(self) -> list[str]:
        """For the console, one line each."""
        width = max(len(p[0]) for p in PEOPLE)
        staff = [f"  {name:<{width}}  {words}" for name, _, _, _, _, words in PEOPLE]
        return [
            f"Staff sign in at /work/ with the password  {self.password}  and one of these names:",
            *staff,
            f"A resident signs in at /mine/ with the phone {self.phone}; the code is printed here.",
            f"A door's QR code of 孙岗村 leads to /d/{VILLAGE}003/",
        ]


# What the departments answer for, invented for the demonstration and named so.
_LIST = "权责清单（演示）"
DUTIES: tuple[dict[str, Any], ...] = (
    {
        "code": "jt-road",
        "unit": "JT",
        "category": "road",
        "name": "农村公路、桥梁的养护和抢修",
        "basis": _LIST,
    },
    {"code": "jt-farm", "unit": "JT", "category": "farm", "name": "通村机耕路的路面", "basis": _LIST},
    {"code": "sl-water", "unit": "SL", "category": "water", "name": "塘坝、排水沟和饮水工程", "basis": _LIST},
    {"code": "sl-road", "unit": "SL", "category": "road", "name": "桥头护坡和河岸", "basis": _LIST},
)


def ensure(say: Say) -> DemoAccess:
    """Make the demonstration district, or find it there; asked twice it changes nothing but a fixed password."""
    password = _password()
    if not _is_there():
        say("77 villages of 叶集区")
        load_divisions(COUNTY, lambda words: None)
        give_calendar(COUNTY)
        house = Actor.of_house(COUNTY)
        _grids(house)
        give_rules(house, "YJ", settings.WUSHI_DISCIPLINE_CHANNELS, DUTIES)
        _people(house, say)
    _passwords(password)
    with reading(Actor.of_house(COUNTY)):
        lived = Case.objects.filter(county=COUNTY).exists()
    if not lived:
        say("some requests with their histories")
        live_a_little(Actor.of_house(COUNTY))
    return DemoAccess(password, RESIDENT_PHONE)


def _is_there() -> bool:
    with unscoped("is the demonstration district there"):
        return User.objects.filter(username=PEOPLE[-1][0]).exists()


def _password() -> str:
    """The fixed one, else one made once and kept in a file only its owner reads."""
    if settings.ENV.demo_password:
        return str(settings.ENV.demo_password)
    path = settings.WUSHI_HOME / "demo-password"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(9))
    return str(path.read_text().strip())


def _square(column: int, row: int) -> dict[str, Any]:
    west, south, size = 115.912 + column * 0.008, 31.842 + row * 0.008, 0.008
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [[[round(x, 6), round(y, 6)] for x, y in ring]]}


def _grids(house: Actor) -> None:
    leads = {
        name: (who, f"1380000{number:04d}")
        for number, (_, who, duty, name, *_) in enumerate((*PEOPLE, *OTHERS))
        if duty == "grid_lead"
    }
    with unscoped("villages of the town"):
        villages = list(
            Area.objects.filter(parent=TOWN, valid_until=None).order_by("code").values_list("code", "name")
        )
        there = set(Area.objects.filter(county=COUNTY, level="grid").values_list("code", flat=True))
    for number, (code, name) in enumerate(villages):
        for grid in range(1, 5 if code == VILLAGE else 3):
            full = f"{code}{grid:03d}"
            if full in there:
                continue
            who, phone = leads.get(full, ("", ""))
            found_area(
                actor=house,
                area=NewArea(
                    code=full,
                    name=f"{name}{'一二三四'[grid - 1]}网格",
                    households=48 + (number * 7 + grid * 5) % 40,
                    outline=_square(number % 6 * 2 + (grid - 1) % 2, number // 6 * 2 + (grid - 1) // 2),
                    lead_name=who,
                    lead_phone=phone,
                ),
            )
    with unscoped("the village's own name"):
        name = Area.objects.get(code=VILLAGE, valid_until=None).name
    describe_area(
        actor=house,
        area=NewArea(VILLAGE, name, households=230, lead_name=PEOPLE[0][1], lead_phone="13800006021"),
    )


def _people(house: Actor, say: Say) -> None:
    places = give_units(house)
    found_unit(actor=house, unit=NewUnit("JT", "叶集区交通运输局", "department", COUNTY, COUNTY))
    found_unit(actor=house, unit=NewUnit("SL", "叶集区水利局", "department", COUNTY, COUNTY))
    say("staff: ten to sign in as, a secretary for each other village")
    for username, name, duty, area, unit, _ in PEOPLE:
        _one(house, username, name, duty, area, unit)
    for username, name, duty, area in OTHERS:
        _one(house, username, name, duty, area, VILLAGE)
    for number, (code, _, level) in enumerate(places):
        if level == "village" and code != VILLAGE:
            name = FAMILY_NAMES[number % len(FAMILY_NAMES)] + "书田文建国玉兰春生"[number % 9]
            _one(house, f"s{code}", name, "secretary", code, code)


def _one(house: Actor, username: str, name: str, duty: str, area: str, unit: str) -> None:
    with unscoped("is he there"):
        if User.objects.filter(username=username).exists():
            return
    user = register_user(actor=house, username=username, name=name)
    appoint(actor=house, user_id=user.id, duty=duty, area=area, unit=unit, since=SINCE)


def _passwords(password: str) -> None:
    house = Actor.of_house(COUNTY)
    names = [p[0] for p in PEOPLE]
    with unscoped("the people one can sign in as"):
        users = list(User.objects.filter(username__in=names))
    for user in users:
        if not user.check_password(password):
            set_password(actor=house, user_id=user.id, password=password)
