"""The builder: a small village made through services, never past the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts.models import Post, User
from wushi.domain.accounts.services import appoint, found_unit, register_user
from wushi.domain.accounts.services.posts import NewUnit
from wushi.domain.areas import calendars
from wushi.domain.areas.models import NATION
from wushi.domain.areas.services import NewArea, NewDay, load_areas, load_calendar
from wushi.domain.audit.queries import trace_of
from wushi.domain.cases.models import Case, Clock
from wushi.domain.cases.queries import lamp_of, visible_to
from wushi.domain.cases.rules.clocks import next_mark
from wushi.domain.cases.services import Intake, adopt_rules, mark_clock, open_case, take_number
from wushi.domain.cases.services.setup import default_rules
from wushi.domain.cases.services.sweep import clock_marks
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading, unscoped

SINCE = date(2020, 1, 1)


def square(west: float, south: float, size: float = 0.01) -> dict[str, Any]:
    """A square outline (GeoJSON) with its south-west corner at a point."""
    east, north = west + size, south + size
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


@dataclass
class Village:
    """A county with one town of two villages (and a second town), units, and people for the posts it needs."""

    county: str
    house: Actor
    people: dict[str, User] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)

    town: str = ""
    other_town: str = ""
    code: str = ""
    sibling: str = ""
    grid: str = ""
    other_grid: str = ""

    @classmethod
    def founded(cls, county: str) -> Village:
        """Areas, calendar, rules, units: what every story needs; people come when they are named."""
        house = Actor.of_house(county)
        town, other = f"{county}100", f"{county}101"
        code, sibling = f"{town}201", f"{town}202"
        grid, other_grid = f"{code}001", f"{code}002"
        areas = [
            NewArea(county, "试验区"),
            NewArea(town, "孙岗乡"),
            NewArea(other, "姚李镇"),
            NewArea(code, "孙岗村"),
            NewArea(sibling, "白龙井村"),
            NewArea(f"{other}201", "会馆村"),
            NewArea(grid, "孙岗村一网格", households=60, outline=square(115.90, 31.80)),
            NewArea(other_grid, "孙岗村二网格", households=55, outline=square(115.91, 31.80)),
            NewArea(f"{sibling}001", "白龙井村一网格", outline=square(115.92, 31.80)),
        ]
        load_areas(actor=house, areas=areas, since=SINCE, source="test")
        _calendar_once(house)
        adopt_rules(actor=house, rules=default_rules(SINCE, "SY", ({"name": "12388", "value": "12388"},)))
        village = cls(
            county,
            house,
            town=town,
            other_town=other,
            code=code,
            sibling=sibling,
            grid=grid,
            other_grid=other_grid,
        )
        for unit, name, kind, area in (
            (code, "孙岗村", "village", code),
            (sibling, "白龙井村", "village", sibling),
            (town, "孙岗乡人民政府", "town_office", town),
            ("JT", "区交通运输局", "department", county),
        ):
            found_unit(actor=house, unit=NewUnit(unit, name, kind, area))
        return village

    # ---- people ----
    def officer(
        self, name: str, *, duty: str = "secretary", area: str = "", unit: str = "", phone: str = ""
    ) -> Actor:
        """A member of staff with one post; the same name is the same person."""
        if name not in self.people:
            self.people[name] = register_user(
                actor=self.house, username=f"{name}-{self.county}", name=name, phone=phone
            )
            self.posts[name] = self.appoint(name, duty=duty, area=area, unit=unit)
        return self.actor(name)

    def appoint(
        self, name: str, *, duty: str, area: str = "", unit: str = "", since: date | None = None
    ) -> Post:
        """A further post for somebody."""
        place = area or {"grid_lead": self.grid, "grid_worker": self.grid, "town_clerk": self.town}.get(
            duty, self.code
        )
        if not area and duty in {
            "district_clerk",
            "supervisor",
            "hotline",
            "district_lead",
            "district_admin",
            "department",
        }:
            place = self.county
        user = self.people[name]
        return appoint(
            actor=self.house, user_id=user.id, duty=duty, area=place, unit=unit, since=since or SINCE
        )

    def actor(self, name: str) -> Actor:
        """Loaded as the edge loads him, with his posts of today and those he stands in for."""
        user = self.people[name]
        with unscoped("test: load an actor"):
            today = date.today()
            own = [accounts.PostLine(p.duty, p.area, p.unit) for p in accounts.posts_of(user.id, today)]
            stood = [
                accounts.PostLine(s.post.duty, s.post.area, s.post.unit, f"user:{s.post.user_id}")
                for s in user.stands_in.filter(
                    ended_at=None, valid_from__lte=today, valid_until__gt=today
                ).select_related("post")
            ]
            grants = accounts.grants_of([*own, *stood])
        relations = frozenset(accounts.lending(p) for p in stood)
        return Actor(f"user:{user.id}", self.county, grants, relations)

    def resident(self) -> Actor:
        """Somebody who has not said who he is."""
        return Actor.anonymous(self.county)

    def holding(self, case: Case) -> Actor:
        """Whoever holds the case's receipt."""
        return Actor(f"receipt:{case.id}", self.county, relations=frozenset({"receipt"}))

    # ---- deeds ----
    def intake(self, text: str = "井边路路灯不亮，晚上看不见", **more: Any) -> Intake:
        """What a resident would send."""
        known: dict[str, Any] = {
            "text": text,
            "area_code": self.grid,
            "channel": "qr",
            "key": str(uuid4()),
            "number": take_number(self.county),
        }
        return Intake(**{**known, **more})

    def case(self, text: str = "井边路路灯不亮，晚上看不见", actor: Actor | None = None, **more: Any) -> Case:
        """A request that was taken in."""
        return open_case(actor=actor or self.resident(), intake=self.intake(text, **more))

    def told(self, text: str, when: datetime, actor: Actor | None = None, **more: Any) -> Case:
        """A request that was taken in at a moment."""
        return open_case(actor=actor or self.resident(), intake=self.intake(text, **more), now=when)

    def strike(self, until: datetime) -> list[str]:
        """Time passes: every mark that comes until a moment, each at its own time, in order; what the clocks said."""
        said = []
        while True:
            with reading(self.house):
                due = Clock.objects.filter(county=self.county, next_at__lte=until)
                clock = due.order_by("next_at", "id").first()
            if clock is None or clock.next_at is None:
                return said
            coming = next_mark(clock.reached, clock_marks(clock))
            mark_clock(actor=self.house, clock_id=clock.id, now=clock.next_at)
            said.append(f"{clock.name} {coming[0].value if coming else ''}")

    # ---- looking ----
    def again(self, case: Case) -> Case:
        """The row as it is now."""
        with reading(self.house):
            return Case.objects.get(county=self.county, id=case.id)

    def sees(self, actor: Actor, case: Case) -> bool:
        """Whether it exists for him."""
        with reading(actor):
            return visible_to(actor).filter(id=case.id).exists()

    def trace(self, case: Case) -> list[str]:
        """The verbs of its leaves in order."""
        with reading(self.house):
            return [
                leaf.verb for leaf in trace_of(county=self.county, subject="cases.case", subject_id=case.id)
            ]

    def lamp(self, code: str = "") -> str:
        """The colour of the village's lamp."""
        with reading(self.house):
            return lamp_of(self.county, code or self.code).colour

    def user_id(self, name: str) -> UUID:
        """The id of somebody by name."""
        return self.people[name].id


_calendar_loaded: list[bool] = []


def _calendar_once(house: Actor) -> None:
    if not _calendar_loaded:
        load_calendar(actor=house, days=calendars.seeded(), source="seed", county=NATION)
        _calendar_loaded.append(True)


def workday(text: str) -> NewDay:
    """'2026-01-01 rest New Year' -> a row."""
    day, what, *name = text.split()
    return NewDay(date.fromisoformat(day), what == "work", " ".join(name))


def at(text: str) -> datetime:
    """A local time, '2026-11-23 14:05'."""
    from wushi.domain.cases.rules import LOCAL

    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


__all__ = ["Village", "at", "square", "timedelta", "workday"]
