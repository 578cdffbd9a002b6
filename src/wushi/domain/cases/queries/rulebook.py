"""The county's rules for requests, read once per version and kept in the process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, TypeVar

from django.utils import timezone

from wushi.domain.areas.queries import mark_of
from wushi.domain.cases.errors import NotServed
from wushi.domain.cases.models import AnswerTemplate, Category, DutyLine, Pace, Profile, Route
from wushi.domain.cases.rules import PaceRule, RouteRule, Shares
from wushi.plumbing.cache import VersionedCache

T = TypeVar("T")


@dataclass(frozen=True)
class CategoryLine:
    """A category as pages show it."""

    code: str
    name: str
    name_en: str
    kind: str
    basis: str = ""


@dataclass(frozen=True)
class ProfileLine:
    """What the district set: days, times and shares that decide, as the newest line in force holds them."""

    number_prefix: str
    reopen_days: int = 15
    discipline_channels: tuple[dict[str, str], ...] = ()
    yellow_percent: int = 70
    supervision_percent: int = 120
    pause_workdays: int = 10
    return_times: int = 2
    return_workdays: int = 2
    refusals_to_supervise: int = 2
    callback_percent: int = 5
    hasty_minutes: int = 5
    mass_number: int = 10
    mass_minutes: int = 60
    pingpong_times: int = 3
    contest_days: int = 15
    version: int = 1

    @property
    def shares(self) -> Shares:
        """When to warn and when to supervise."""
        return Shares(self.yellow_percent, self.supervision_percent)


@dataclass(frozen=True)
class DutyListLine:
    """Which matters are a department's by law."""

    unit: str
    category: str
    name: str
    basis: str
    code: str = ""


@dataclass(frozen=True)
class TemplateLine:
    """Words to begin an answer with."""

    code: str
    category: str
    outcome: str
    name: str
    text: str
    basis: str = ""


@dataclass(frozen=True)
class Rulebook:
    """Routes, paces, categories and the profile of a county; duty lists and words to answer with."""

    routes: tuple[RouteRule, ...] = ()
    paces: tuple[PaceRule, ...] = ()
    categories: tuple[CategoryLine, ...] = ()
    profile: ProfileLine = field(default_factory=lambda: ProfileLine(""))
    duties: tuple[DutyListLine, ...] = ()
    templates: tuple[TemplateLine, ...] = ()
    day: date = date.min

    def pace_of(self, code: str, version: int) -> PaceRule | None:
        """The line a clock was planned by."""
        return next((p for p in self.paces if (p.code, p.version) == (code, version)), None)

    def route_of(self, code: str, version: int) -> RouteRule | None:
        """The line a matter was given out by."""
        return next((r for r in self.routes if (r.code, r.version) == (code, version)), None)


def _lines(line: type[T], rows: Iterable[Any]) -> tuple[T, ...]:
    names = [f.name for f in fields(line)]  # type: ignore[arg-type]
    return tuple(line(**{n: getattr(r, n) for n in names}) for r in rows)


def _current(model: type[Any], county: str, today: date) -> Any:
    return model.objects.filter(county=county, valid_from__lte=today).exclude(valid_until__lte=today)


def _load(county: str) -> Rulebook:
    today = timezone.localdate()
    set_up = Profile.objects.filter(county=county, valid_from__lte=today)
    # the newest that has begun: a later one called off an earlier one that would have begun later
    profile = set_up.order_by("-version").first()
    if profile is None:
        raise NotServed(county=county)
    line = {f.name: getattr(profile, f.name) for f in fields(ProfileLine)}
    line["discipline_channels"] = tuple(line["discipline_channels"])
    return Rulebook(
        _lines(RouteRule, Route.objects.filter(county=county)),
        _lines(PaceRule, Pace.objects.filter(county=county)),
        _lines(CategoryLine, _current(Category, county, today).order_by("place_in_list", "code")),
        ProfileLine(**line),
        _lines(DutyListLine, _current(DutyLine, county, today).order_by("unit", "code")),
        _lines(TemplateLine, _current(AnswerTemplate, county, today).order_by("category", "code")),
        today,
    )


_books: VersionedCache[Rulebook] = VersionedCache(_load, mark_of)


def rulebook(county: str) -> Rulebook:
    """The county's rules. Raises NotServed for a county that was never set up."""
    book = _books.get(county)
    if book.day != timezone.localdate():
        # rules that begin today were not in force when it was read
        _books.forget(county)
        book = _books.get(county)
    return book
