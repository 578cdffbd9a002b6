"""Fills the demonstration district while it is used already: grids, staff, households, a year of requests.

Safe to stop anywhere and to ask again: what is there stays, what is missing is made. ``wushi up`` runs it as a child
(``demonstration_child``).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from wushi.config import demonstration_people as folk
from wushi.config.demonstration_calls import furnish
from wushi.config.demonstration_fates import COLLECTED, fate_beyond, fates
from wushi.config.demonstration_life import tale_keys
from wushi.config.demonstration_year import Cast, Year, key_of
from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts.models import Post, Unit
from wushi.domain.accounts.services import found_unit
from wushi.domain.accounts.services.enlisting import enlist_staff
from wushi.domain.accounts.services.posts import NewUnit
from wushi.domain.areas.models import Area
from wushi.domain.areas.queries import calendar_of
from wushi.domain.areas.services import load_areas
from wushi.domain.cases.models import Case
from wushi.domain.cases.services import write_histories
from wushi.domain.cases.states import OPEN
from wushi.domain.people.services.settling import NewHousehold, settle_households
from wushi.kernel.actor import Actor
from wushi.kernel.errors import DomainError
from wushi.kernel.verb import reading, unscoped

SINCE = date(2021, 1, 1)
BATCH, HOMES = 300, 2000
Say = Callable[[str], None]


@dataclass(frozen=True)
class Filled:
    """What was made now."""

    grids: int
    staff: int
    households: int
    requests: int
    seconds: float


def fill(
    county: str, say: Say, share: int = folk.SHARE, now: datetime | None = None, first: int = 0
) -> Filled:
    """Make what is missing of the district; ``share`` 1 is everybody, 10 a tenth of the people; requests from a number on."""
    began = time.monotonic()
    house = Actor.of_house(county)
    plan, grids = _draw(house, share)
    staff = _employ(house, plan)
    if grids or staff:
        say(f"{len(plan.codes())} grids, {staff} new members of staff")
    homes = _settle(house, plan, share, say)
    furnish(county, say, now or timezone.now())
    requests = _live(house, plan, say, now, first)
    return Filled(grids, staff, homes, requests, round(time.monotonic() - began, 1))


def fill_beyond(county: str, say: Say, number: int, now: datetime | None = None) -> int:
    """So many requests in all, each with its whole history; those beyond the programme's own are over. How many were made."""
    house = Actor.of_house(county)
    plan = plan_of(county)
    with reading(house) as scope:
        moment = now or scope.now
    own = COLLECTED - len(tale_keys())
    cast, made = _cast(house, plan), 0
    for first in range(own, number - len(tale_keys()), BATCH):
        numbers = list(range(first, min(first + BATCH, number - len(tale_keys()))))
        keys = {key_of(n): n for n in numbers}
        with reading(house):
            rows = Case.objects.filter(county=county, client_key__in=list(keys))
            there = {keys[key] for key in rows.values_list("client_key", flat=True)}
        year = Year(cast, moment, {n: fate_beyond(n) for n in numbers})
        if missing := [n for n in numbers if n not in there]:
            made += _write(house, year, missing, moment)
            say(f"{numbers[-1] + 1 + len(tale_keys())} of {number} requests")
    return made


def plan_of(county: str) -> folk.Plan:
    """The district as it is drawn."""
    with unscoped("what is drawn already"):
        rows = Area.objects.filter(county=county, level="village", valid_until=None).order_by("code")
        villages = list(rows.values_list("code", "name"))
    return folk.Plan.of(villages)


def _draw(house: Actor, share: int) -> tuple[folk.Plan, int]:
    plan = plan_of(house.county)
    with unscoped("which grids are there"):
        there = set(Area.objects.filter(county=house.county, level="grid").values_list("code", flat=True))
    grids = folk.new_grids(plan, there, share)
    if not grids:
        return plan, 0
    return plan, load_areas(actor=house, areas=grids, since=SINCE, source="demonstration")


def _employ(house: Actor, plan: folk.Plan) -> int:
    with unscoped("who is there"):
        there = set(Unit.objects.filter(county=house.county).values_list("code", flat=True))
        towns = Area.objects.filter(county=house.county, level="town", valid_until=None)
        codes = list(towns.order_by("code").values_list("code", flat=True))
        posts = set(Post.objects.filter(county=house.county, ended_at=None).values_list("duty", "area"))
    for code, name in folk.UNITS:
        if code not in there:
            found_unit(actor=house, unit=NewUnit(code, name, "department", house.county, house.county))
    led = {area for duty, area in posts if duty == "grid_lead"}
    staff = folk.staff_of(plan, codes, led, posts)
    return len(enlist_staff(actor=house, staff=staff, since=SINCE))


def _settle(house: Actor, plan: folk.Plan, share: int, say: Say) -> int:
    made, waiting = 0, list[NewHousehold]()
    last = plan.villages[-1][0]
    for village, _name in plan.villages:
        waiting += folk.households(plan, share, village)
        if len(waiting) >= HOMES or village == last:
            made += len(settle_households(actor=house, households=waiting))
            waiting = []
            if made:
                say(f"{made} households")
    return made


def _live(house: Actor, plan: folk.Plan, say: Say, now: datetime | None, first: int) -> int:
    keys = [key_of(n) for n in range(COLLECTED)]
    with reading(house) as scope:
        rows = Case.objects.filter(county=house.county)
        there = set(rows.filter(client_key__in=keys).values_list("client_key", flat=True))
        # what somebody told here himself is beside the district's own year
        told = rows.filter(client_key__in=tale_keys())
        open_already = told.filter(state__in=sorted(OPEN)).count()
        tales, rated = told.count(), told.exclude(rating="").count()
        satisfied = told.filter(rating="satisfied").count()
        moment = now or scope.now
    if len(there) >= COLLECTED - tales:
        return 0
    year = Year(
        _cast(house, plan),
        moment,
        dict(enumerate(fates(open_already, tales - open_already, rated, satisfied))),
    )
    missing = [n for n in range(first, len(year.fates)) if key_of(n) not in there]
    made = 0
    for place in range(0, len(missing), BATCH):
        made += _write(house, year, missing[place : place + BATCH], moment)
        say(f"{len(there) + made} of {len(year.fates)} requests with their histories")
    return made


def _write(house: Actor, year: Year, numbers: list[int], now: datetime) -> int:
    """A batch; on a day on which a deed comes too late for its clock, the lives that hang on it are told more plainly."""
    try:
        return len(write_histories(actor=house, histories=[year.history(n) for n in numbers], now=now))
    except DomainError:
        if len(numbers) == 1:
            history = year.history(numbers[0], plainly=True)
            return len(write_histories(actor=house, histories=[history], now=now))
        # a pair that is told twice stays together
        middle = len(numbers) // 4 * 2 or 1
        return _write(house, year, numbers[:middle], now) + _write(house, year, numbers[middle:], now)


def _cast(house: Actor, plan: folk.Plan) -> Cast:
    """Everybody with a post, as the edge would load him."""
    day = timezone.localdate()
    staff: dict[tuple[str, str, str], Actor] = {}
    with unscoped("who can act"):
        posts = list(Post.objects.filter(accounts.in_force(day), county=house.county).order_by("id"))
    lines: dict[object, list[accounts.PostLine]] = {}
    for post in posts:
        lines.setdefault(post.user_id, []).append(accounts.PostLine(post.duty, post.area, post.unit))
    with reading(house):
        for post in posts:
            actor = Actor(f"user:{post.user_id}", house.county, accounts.grants_of(lines[post.user_id]))
            unit = post.unit if post.duty == "department" else ""
            staff.setdefault((post.duty, post.area, unit), actor)
        calendar = calendar_of(house.county)
    departments = sorted({unit for duty, _area, unit in staff if duty == "department"})
    return Cast(house.county, staff, calendar, plan, departments)
