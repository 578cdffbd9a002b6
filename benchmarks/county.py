"""A county to measure in: 7 towns, 77 villages, 607 grids, a secretary each, everything founded through the services.

Villages are unequal (Zipf): the first has about a fifth of all requests, the last has none at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from wushi.config.generator import Layout
from wushi.kernel.actor import Actor, Grant

COUNTY = "990504"
SINCE = date(2020, 1, 1)
TOWNS, VILLAGES, GRIDS = 7, 77, 607


@dataclass
class County:
    """Codes and people; ``weights`` are the shares of the villages."""

    towns: list[str] = field(default_factory=list)
    villages: list[str] = field(default_factory=list)
    grids: dict[str, list[str]] = field(default_factory=dict)
    weights: list[float] = field(default_factory=list)
    secretaries: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)

    @property
    def busy(self) -> str:
        """The village with the most requests."""
        return self.villages[0]

    @property
    def middling(self) -> str:
        """A village like most."""
        return self.villages[20]

    @property
    def empty(self) -> str:
        """The village that never had one."""
        return self.villages[-1]

    def layout(self) -> Layout:
        """As the generator of requests needs it."""
        return Layout(COUNTY, self.villages, self.weights, self.grids, self.secretaries)

    def secretary(self, village: str) -> Actor:
        """The village's secretary."""
        return self._staff(self.secretaries[village], Grant("secretary", village, village))

    def two_posts(self) -> Actor:
        """A deputy of a middling village who also leads a grid of the busy one."""
        return self._staff(
            self.people["two_posts"],
            Grant("deputy", self.middling, self.middling),
            Grant("grid_lead", self.grids[self.busy][1], self.busy),
        )

    def stand_in(self) -> Actor:
        """A middling village's secretary who stands in for the busy one's."""
        from wushi.domain.accounts.queries import PostLine, lending

        own, other = self.secretaries[self.middling], self.secretaries[self.busy]
        grants = frozenset(
            {Grant("secretary", self.middling, self.middling), Grant("secretary", self.busy, self.busy)}
        )
        lent = lending(PostLine("secretary", self.busy, self.busy, f"user:{other}"))
        return Actor(f"user:{own}", COUNTY, grants, frozenset({lent}))

    def town_clerk(self) -> Actor:
        """The town office of the busy village."""
        return self._staff(self.people["town"], Grant("town_clerk", self.busy[:9], self.busy[:9]))

    def district_clerk(self) -> Actor:
        """The district's clerk: every request is his to see."""
        return self._staff(self.people["district"], Grant("district_clerk", COUNTY, COUNTY))

    @staticmethod
    def _staff(user: UUID, *grants: Grant) -> Actor:
        return Actor(f"user:{user}", COUNTY, frozenset(grants))


def planned() -> County:
    """Which codes there are and how much happens where."""
    county = County()
    county.towns = [f"{COUNTY}{100 + n}" for n in range(TOWNS)]
    county.villages = [f"{county.towns[n % TOWNS]}{201 + n // TOWNS}" for n in range(VILLAGES)]
    for number in range(GRIDS):
        village = county.villages[number % VILLAGES]
        county.grids.setdefault(village, []).append(f"{village}{number // VILLAGES + 1:03d}")
    county.weights = [1 / (n + 1) for n in range(VILLAGES - 1)] + [0.0]
    return county


def found() -> County:
    """Found it in the database of this process."""
    from wushi.domain.accounts.services import appoint, found_unit, register_user
    from wushi.domain.accounts.services.posts import NewUnit
    from wushi.domain.areas import calendars
    from wushi.domain.areas.models import NATION
    from wushi.domain.areas.services import NewArea, load_areas, load_calendar
    from wushi.domain.cases.services import adopt_rules
    from wushi.domain.cases.services.setup import default_rules

    county, house = planned(), Actor.of_house(COUNTY)
    names = [NewArea(COUNTY, "丈量区")]
    names += [NewArea(code, f"第{n + 1}镇") for n, code in enumerate(county.towns)]
    names += [NewArea(code, f"第{n + 1}村") for n, code in enumerate(county.villages)]
    names += [NewArea(code, f"{code[-3:]}网格") for codes in county.grids.values() for code in codes]
    load_areas(actor=house, areas=names, since=SINCE, source="benchmark")
    load_calendar(actor=house, days=calendars.seeded(), source="seed", county=NATION)
    adopt_rules(actor=house, rules=default_rules(SINCE, "ZL", ({"value": "12388"},)))
    found_unit(actor=house, unit=NewUnit("JT", "交通运输局", "department", COUNTY))

    def person(username: str, duty: str, area: str) -> UUID:
        user = register_user(actor=house, username=username, name="测量员")
        appoint(actor=house, user_id=user.id, duty=duty, area=area, since=SINCE)
        return user.id

    for village in county.villages:
        county.secretaries[village] = person(f"s{village}", "secretary", village)
    county.people["town"] = person("town", "town_clerk", county.busy[:9])
    county.people["district"] = person("district", "district_clerk", COUNTY)
    county.people["two_posts"] = person("two", "deputy", county.middling)
    return county
