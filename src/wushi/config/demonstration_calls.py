"""The demonstration district's wireless callers and a year of calls, so that the lamps show something true.

1,200 buttons at doors of invented households, most of them well, some with an empty battery or silent; a year of calls with
arrival times as people are: mostly quick, at night slower, now and then late; and a few that are open when it starts.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.models import Post
from wushi.domain.accounts.queries import in_force
from wushi.domain.calls.models import Call, Device, Help
from wushi.domain.calls.services.enlisting import KnownDevice, enter_devices
from wushi.domain.calls.services.histories import CallHistory, Deed, write_call_histories
from wushi.domain.cases.rules import LOCAL
from wushi.domain.people.models import Household, Person
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading, unscoped

SEED, BUTTONS, CALLS, OPEN_NOW = 20260501, 1200, 900, 3
# 孙岗村: the village of the people one signs in as; its lamp tells what they do there
QUIET = "341504200211"
MODELS = (("milesight/ws101", 70), ("netvox/r312a", 15), ("wushi/4g", 15))
BATCH = 300
Say = Callable[[str], None]
_FINDINGS = (("helped", 52), ("company", 27), ("hospital", 9), ("device", 5), ("other", 4), ("nobody", 3))
_HOURS = (6, 6, 7, 7, 8, 8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 23, 1, 3, 5)


def furnish(county: str, say: Say, now: datetime) -> tuple[int, int]:
    """Make what is missing; (devices, calls) that are new. Safe to stop anywhere and to ask again."""
    house = Actor.of_house(county)
    devices = _hang(house, now)
    if devices:
        say(f"{devices} wireless callers")
    calls = _ring(house, now)
    if calls:
        say(f"{calls} calls with their histories")
    return devices, calls


def _hang(house: Actor, now: datetime) -> int:
    rng = random.Random(SEED)
    with reading(house):
        there = Device.objects.filter(county=house.county).count()
        if there >= BUTTONS:
            return 0
        homes = list(Household.objects.filter(county=house.county).order_by("address_index")[:BUTTONS])
        people = Person.objects.filter(county=house.county, household__in=[h.id for h in homes]).order_by(
            "-id"
        )
        lives = {person.household_id: person.id for person in people}
    known = [_button(rng, number, home, lives.get(home.id), now) for number, home in enumerate(homes)]
    return sum(
        len(enter_devices(actor=house, devices=known[first : first + BATCH], now=now))
        for first in range(0, len(known), BATCH)
    )


def _button(
    rng: random.Random, number: int, home: Household, person: UUID | None, now: datetime
) -> KnownDevice:
    model = rng.choices([m for m, _ in MODELS], [share for _, share in MODELS])[0]
    silent = rng.random() < 0.012
    seen = now - (timedelta(days=rng.uniform(3, 9)) if silent else timedelta(hours=rng.uniform(0.1, 20)))
    battery = (
        rng.randint(4, 9)
        if rng.random() < 0.01
        else rng.randint(11, 20)
        if rng.random() < 0.03
        else rng.randint(35, 100)
    )
    helps = [code for code in Help.values if rng.random() < (0.45 if code == Help.ALONE else 0.12)]
    installed = now - timedelta(days=rng.uniform(370, 900))
    return KnownDevice(
        uid=f"DE{number:014X}",
        model=model,
        area_code=home.grid or home.village,
        place=f"第{number % 40 + 1}户",
        household_id=home.id,
        person_id=person,
        helps=tuple(helps),
        installed_at=installed,
        tested_at=now - timedelta(days=rng.uniform(1, 40)),
        seen_at=seen,
        battery=battery,
        signal=-rng.randint(62, 118),
    )


def _ring(house: Actor, now: datetime) -> int:
    with reading(house):
        rows = Device.objects.filter(county=house.county, uid__startswith="DE0000").order_by("uid")
        devices = list(rows[:BUTTONS])
        there = Call.objects.filter(county=house.county, client_key__startswith="demo:call:").count()
    if there >= CALLS or not devices:
        return 0
    staff = _staff(house.county, now)
    lives = list(_lives(devices, staff, now))
    return sum(
        len(write_call_histories(actor=house, histories=lives[first : first + BATCH], now=now))
        for first in range(0, len(lives), BATCH)
    )


def _staff(county: str, now: datetime) -> dict[tuple[str, str], UUID]:
    """(duty, area) -> who holds it."""
    duties = [Duty.SECRETARY, Duty.GRID_LEAD, Duty.DEPUTY, Duty.TOWN_CLERK]
    with unscoped("who can come"):
        posts = Post.objects.filter(in_force(now.date()), county=county, duty__in=duties).order_by("-id")
        return {(post.duty, post.area): post.user_id for post in posts}


def _lives(
    devices: Sequence[Device], staff: dict[tuple[str, str], UUID], now: datetime
) -> Iterator[CallHistory]:
    rng = random.Random(SEED + 1)
    for number in range(CALLS):
        device = rng.choice(devices)
        if number >= CALLS - OPEN_NOW:
            # elsewhere than where a newcomer signs in first
            device = rng.choice([one for one in devices if one.village != QUIET])
            opened = now - timedelta(minutes=(1, 9, 26)[number % OPEN_NOW])
        else:
            day = now - timedelta(days=365 * (1 - number / CALLS) + rng.random() * 0.3 + 0.6)
            local = day.astimezone(LOCAL)
            local = local.replace(
                hour=rng.choice(_HOURS), minute=rng.randint(0, 59), second=rng.randint(0, 59)
            )
            # what is over was over before it is told
            opened = local if local < now - timedelta(hours=3) else local - timedelta(days=1)
        urgency = "emergency" if rng.random() < 0.22 else "ordinary"
        deeds = tuple(_deeds(rng, device, opened, staff, number - (CALLS - OPEN_NOW), now))
        yield CallHistory(f"demo:call:{number:012d}", device, urgency, opened, deeds)


def _deeds(
    rng: random.Random,
    device: Device,
    opened: datetime,
    staff: dict[tuple[str, str], UUID],
    open_one: int,
    now: datetime,
) -> Iterator[Deed]:
    """What followed; of those that are open the first rings, in the second somebody is on the way, in the third there."""
    secretary = staff.get((Duty.SECRETARY, device.village))
    lead = staff.get((Duty.GRID_LEAD, device.grid))
    # nine in ten are answered by the secretary before the next rung; else by the grid's lead, who comes in his place
    own = rng.random() < 0.9 or lead is None
    who = secretary if own else lead
    if who is None or open_one == 0:
        return
    hour = opened.astimezone(LOCAL).hour
    night = hour >= 22 or hour < 6
    wait = rng.lognormvariate(3.6 + 0.5 * night, 0.45) if own else 120 + rng.lognormvariate(4.0, 0.5)
    answered = opened + timedelta(seconds=min(wait, 115 if own else 290))
    yield Deed("acknowledge_call", answered, who)
    if open_one < 0 and rng.random() < 0.12:
        spoke = answered + timedelta(seconds=rng.uniform(40, 240))
        yield Deed("end_mistaken_call", spoke, who, (("finding", "mistaken"), ("spoke", "phone")))
        return
    setting_out = answered + timedelta(seconds=rng.uniform(20, 180))
    yield Deed("set_out", setting_out, who)
    if open_one == 1:
        return
    arrived = setting_out + timedelta(minutes=min(math.exp(rng.gauss(1.9 + 0.35 * night, 0.5)), 48))
    arrived = min(arrived, now - timedelta(minutes=1)) if open_one == 2 else arrived
    yield Deed("arrive_at_call", arrived, who, (("how", "word"), ("stand_in", not own)))
    if open_one == 2:
        return
    finding = rng.choices([f for f, _ in _FINDINGS], [share for _, share in _FINDINGS])[0]
    ended = arrived + timedelta(minutes=rng.uniform(5, 55))
    yield Deed("end_call", ended, who, (("finding", finding),))
    if rng.random() < 0.7:
        rating = "satisfied" if rng.random() < 0.98 else rng.choice(["neutral", "dissatisfied"])
        asked = ended + timedelta(hours=rng.uniform(2, 30))
        reviewer = staff.get((Duty.TOWN_CLERK, device.town))
        if asked < now and reviewer is not None and reviewer != who:
            yield Deed("follow_up_call", asked, reviewer, (("rating", rating),))
            ended = asked
    if ended < now - timedelta(days=7):
        yield Deed("archive_call", ended + timedelta(days=7))
