"""Founding a district in earnest: its divisions, calendar, rules, units and the first administrator."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from wushi.config.imports import load_divisions, load_national_calendar
from wushi.domain.accounts.models import User
from wushi.domain.accounts.services import appoint, found_unit, register_user, set_password
from wushi.domain.accounts.services.posts import NewUnit
from wushi.domain.areas.models import Area, CalendarDay
from wushi.domain.calls.models import Habits
from wushi.domain.calls.services import CallBook, adopt_ladder
from wushi.domain.cases.models import Profile
from wushi.domain.cases.services import adopt_rules
from wushi.domain.cases.services.setup import default_rules
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading, unscoped

Say = Callable[[str], None]
KINDS = {
    "county": ("district", "社会治理指挥中心"),
    "town": ("town_office", "人民政府"),
    "village": ("village", "党群服务中心"),
}


@dataclass(frozen=True)
class Founded:
    """What was made: how many areas are new, and the administrator's password where he is new ('' else)."""

    areas: int
    username: str
    password: str


class NameTaken(ValueError):
    """Somebody else has the administrator's name."""


def found_district(county: str, *, prefix: str, admin: str, channels: tuple[str, ...], say: Say) -> Founded:
    """Make a district ready to work; asked twice it only adds what is missing. Raises NameTaken, NoSuchDivision."""
    house = Actor.of_house(county)
    say("divisions")
    areas = load_divisions(county, lambda words: None)
    give_calendar(county)
    give_rules(house, prefix, channels)
    say("units")
    give_units(house)
    return Founded(areas, admin, _administrator(house, admin))


def give_calendar(county: str) -> None:
    """The seeded working days, once for all counties of the database."""
    with unscoped("is the calendar there"):
        there = CalendarDay.objects.exists()
    if not there:
        load_national_calendar(county)


def give_rules(
    house: Actor, prefix: str, channels: tuple[str, ...], duties: Sequence[dict[str, Any]] = ()
) -> None:
    """The rules a county begins with, unless it has its own; ``duties`` are its departments' duty lists."""
    with reading(house):
        there = Profile.objects.filter(county=house.county).exists()
    if not there:
        lines = tuple({"value": line} for line in channels)
        rules = default_rules(date(2021, 1, 1), prefix, lines)
        adopt_rules(actor=house, rules=replace(rules, duties=duties))
    give_ladder(house)


def give_ladder(house: Actor) -> None:
    """The ladder a county begins with, unless it has its own."""
    with reading(house):
        there = Habits.objects.filter(county=house.county).exists()
    if not there:
        adopt_ladder(actor=house, book=CallBook(date(2021, 1, 1)))


def give_units(house: Actor) -> list[tuple[str, str, str]]:
    """A unit for the district, each town and each village; (code, name, level) of their areas."""
    with unscoped("places with a unit of their own"):
        rows = Area.objects.filter(county=house.county, level__in=list(KINDS), valid_until=None)
        places = list(rows.order_by("code").values_list("code", "name", "level"))
    for code, name, level in places:
        kind, suffix = KINDS[level]
        found_unit(actor=house, unit=NewUnit(code, name + suffix, kind, code))
    return places


def _administrator(house: Actor, username: str) -> str:
    with unscoped("is he there"):
        user = User.objects.filter(username=username).first()
    if user is not None:
        if user.county != house.county:
            raise NameTaken(username)
        return ""
    fresh = register_user(actor=house, username=username, name=username)
    appoint(actor=house, user_id=fresh.id, duty="district_admin", area=house.county, unit=house.county)
    password = secrets.token_urlsafe(12)
    set_password(actor=house, user_id=fresh.id, password=password)
    return password
