"""Who lives and works in the demonstration district: 607 grids drawn by us, their staff, and invented households."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from wushi.domain.accounts.services.enlisting import NewStaff
from wushi.domain.areas.services import NewArea
from wushi.domain.people.services import NewPerson
from wushi.domain.people.services.settling import NewHousehold

SEED = 20230601
GRIDS = 607
WORKERS, ASSISTANTS = 647, 1000
HOUSEHOLDS, RESIDENTS = 90_000, 280_000
# of the people of --full, how many the default holds
SHARE = 10
# 154 followed by eight digits belongs to no operator: nobody can be called by it
PHONES, STAFF_PHONES = 15_400_000_000, 15_490_000_000


def _names() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    lines = (Path(__file__).parent / "demonstration_names.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line.startswith("@"):
            found[line[1:]] = under = []
        elif not line.startswith("#"):
            under += line.split()
    return found


_NAMES = _names()
FAMILY, MEN, WOMEN = _NAMES["family"], _NAMES["men"], _NAMES["women"]
NUMBERS = "一二三四五六七八九十"
UNITS = (
    ("ZJ", "叶集区住房和城乡建设局"),
    ("NY", "叶集区农业农村局"),
    ("MZ", "叶集区民政局"),
    ("WJ", "叶集区卫生健康委员会"),
    ("JY", "叶集区教育体育局"),
    ("YJJ", "叶集区应急管理局"),
    ("CG", "叶集区城市管理局"),
    ("GD", "叶集区供电服务中心"),
    ("RS", "叶集区人力资源和社会保障局"),
)


@dataclass(frozen=True)
class Plan:
    """The district as it is drawn: how many grids each village has."""

    villages: tuple[tuple[str, str], ...]
    grids: dict[str, int]

    @classmethod
    def of(cls, villages: Sequence[tuple[str, str]]) -> Plan:
        """607 grids over the villages, five to eleven each, the same at every drawing."""
        rng = random.Random(SEED)
        counts = {code: rng.randint(5, 11) for code, _ in villages}
        codes = list(counts)
        while sum(counts.values()) != GRIDS:
            code = rng.choice(codes)
            more = 1 if sum(counts.values()) < GRIDS else -1
            if 5 <= counts[code] + more <= 11:
                counts[code] += more
        return cls(tuple(villages), counts)

    @cached_property
    def places(self) -> dict[str, int]:
        """Which grid a code is, counted through the district."""
        return {code: place for place, code in enumerate(self.codes())}

    def codes(self) -> list[str]:
        """The codes of all grids, in order."""
        return [f"{code}{n:03d}" for code, _ in self.villages for n in range(1, self.grids[code] + 1)]

    def names(self) -> dict[str, str]:
        """Code -> name of every grid."""
        return {
            f"{code}{n:03d}": f"{name}{_chinese(n)}网格"
            for code, name in self.villages
            for n in range(1, self.grids[code] + 1)
        }


def _chinese(n: int) -> str:
    return NUMBERS[n - 1] if n <= 10 else "十" + NUMBERS[n - 11]


def name_at(rng: random.Random) -> str:
    """An invented name."""
    return rng.choice(FAMILY) + rng.choice(rng.choice((MEN, WOMEN)))


def new_grids(plan: Plan, there: set[str], share: int) -> list[NewArea]:
    """The grids that are not there yet, each with an outline of ours beside the others."""
    homes = households_of(plan, share)
    found = []
    for place, (code, name) in enumerate(plan.names().items()):
        if code in there:
            continue
        lead = lead_of(code, place)
        found.append(
            NewArea(
                code, name, households=homes[code], outline=_square(place), lead_name=lead.name, lead_phone=lead.phone
            )
        )  # fmt: skip
    return found


def _square(place: int) -> dict[str, Any]:
    west, south, size = 115.80 + place % 30 * 0.008, 31.60 + place // 30 * 0.008, 0.008
    ring = [
        (west, south),
        (west + size, south),
        (west + size, south + size),
        (west, south + size),
        (west, south),
    ]
    return {"type": "Polygon", "coordinates": [[[round(x, 6), round(y, 6)] for x, y in ring]]}


def lead_of(code: str, place: int) -> NewStaff:
    """The lead of a grid."""
    rng = random.Random(f"{SEED}:lead:{code}")
    return NewStaff(f"l{code}", name_at(rng), "grid_lead", code, code[:12], str(STAFF_PHONES + place))


def staff_of(plan: Plan, towns: list[str], led: set[str], taken: set[tuple[str, str]]) -> list[NewStaff]:
    """Everybody who works here beside those one can sign in as; ``led`` grids have a lead, ``taken`` posts a holder."""
    codes = plan.codes()
    found = [lead_of(code, place) for place, code in enumerate(codes) if code not in led]
    found += [
        _one("w", n, "grid_worker", codes[n % GRIDS], codes[n % GRIDS][:12], 1000 + n) for n in range(WORKERS)
    ]
    found += [
        _one("a", n, "grid_assistant", codes[n * 7 % GRIDS], codes[n * 7 % GRIDS][:12], 2000 + n)
        for n in range(ASSISTANTS)
    ]
    for n, (village, _name) in enumerate(plan.villages):
        for duty, letter in (("secretary", "s"), ("deputy", "d")):
            if (duty, village) not in taken:
                found.append(_one(letter, village, duty, village, village, 4000 + n))
    for n, town in enumerate(towns):
        for duty, letter in (("town_clerk", "tc"), ("town_lead", "tl")):
            if (duty, town) not in taken:
                found.append(_one(letter, town, duty, town, town, 5000 + n))
    county = codes[0][:6]
    found += [
        _one("dept", code, "department", county, code, 6000 + n)
        for n, code in enumerate([*(c for c, _ in UNITS), "SL"])
    ]
    return found


def _one(letter: str, key: object, duty: str, area: str, unit: str, number: int) -> NewStaff:
    rng = random.Random(f"{SEED}:{letter}:{key}")
    return NewStaff(f"{letter}{key}", name_at(rng), duty, area, unit, str(STAFF_PHONES + number))


def households_of(plan: Plan, share: int) -> dict[str, int]:
    """How many households each grid has; together exactly what is asked for."""
    codes, total = plan.codes(), HOUSEHOLDS // share
    low, more = divmod(total, len(codes))
    return {code: low + (place < more) for place, code in enumerate(codes)}


def households(plan: Plan, share: int, village: str) -> Iterator[NewHousehold]:
    """The households of a village with their people; the first of a grid are the same at every size."""
    homes, names, full = households_of(plan, share), plan.names(), HOUSEHOLDS // GRIDS + 1
    for place, code in enumerate(plan.codes()):
        if code.startswith(village):
            for n in range(homes[code]):
                yield _household(
                    code, names[code], n, place * full + n, size_of(place, n, homes[code], share)
                )


def size_of(place: int, n: int, count: int, share: int) -> int:
    """People of a household: one to five, together exactly 280,000 (or a tenth): three each, one more in every ninth."""
    # the number of this household among all, as they are counted grid by grid
    low, more = divmod(HOUSEHOLDS // share, GRIDS)
    number = place * low + min(place, more) + n
    extra = (number + 1) * (RESIDENTS - 3 * HOUSEHOLDS) // HOUSEHOLDS - number * (
        RESIDENTS - 3 * HOUSEHOLDS
    ) // HOUSEHOLDS
    pair = number // 2 * 2 + 1 < HOUSEHOLDS // share
    swing = (0, 1, 2, 1, 0)[number // 2 % 5] if pair else 0
    return 3 + extra + (swing if number % 2 else -swing)


def _household(code: str, grid: str, n: int, key: int, size: int) -> NewHousehold:
    rng = random.Random(f"{SEED}:home:{code}:{n}")
    family = rng.choice(FAMILY)
    people = []
    for person in range(size):
        own = family if person != 1 else rng.choice(FAMILY)
        given = rng.choice(MEN if person % 2 == 0 else WOMEN)
        phone = str(PHONES + key * 2 + person) if person < 2 else ""
        people.append(NewPerson(own + given, phone, "", code[:12]))
    return NewHousehold(code, f"{grid}{n + 1}号", tuple(people))


def somebody(plan: Plan, code: str, number: int) -> NewPerson:
    """One of those who live in a grid and have a telephone; ``number`` chooses."""
    place = plan.places[code]
    low, more = divmod(HOUSEHOLDS // SHARE, GRIDS)
    homes = low + (place < more)
    n = number % homes
    home = _household(code, "", n, place * (HOUSEHOLDS // GRIDS + 1) + n, 2)
    return home.people[number // homes % 2]
