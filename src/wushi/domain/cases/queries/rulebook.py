"""The county's rules for requests, read once per version and kept in the process."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from wushi.domain.areas.queries import mark_of
from wushi.domain.cases.errors import NotServed
from wushi.domain.cases.models import Category, Pace, Profile, Route
from wushi.domain.cases.rules import PaceRule, RouteRule
from wushi.plumbing.cache import VersionedCache


@dataclass(frozen=True)
class CategoryLine:
    """A category as pages show it."""

    code: str
    name: str
    name_en: str
    kind: str


@dataclass(frozen=True)
class ProfileLine:
    """What the district set."""

    number_prefix: str
    reopen_days: int
    answer_days: int
    discipline_channels: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Rulebook:
    """Routes, paces, categories and the profile of a county."""

    routes: tuple[RouteRule, ...] = ()
    paces: tuple[PaceRule, ...] = ()
    categories: tuple[CategoryLine, ...] = ()
    profile: ProfileLine = field(default_factory=lambda: ProfileLine("", 15, 7, ()))


def _load(county: str) -> Rulebook:
    today = date.today()
    profile = Profile.objects.filter(county=county, valid_from__lte=today).order_by("-valid_from", "-version").first()
    if profile is None:
        raise NotServed(county=county)
    routes = [
        RouteRule(
            r.code, r.version, r.category, r.kind, r.area, r.level, r.duty, r.unit, r.automatic, r.valid_from, r.valid_until, r.basis
        )
        for r in Route.objects.filter(county=county)
    ]
    paces = [
        PaceRule(p.code, p.version, p.kind, p.urgency, p.category, p.workdays, p.by_time, p.valid_from, p.valid_until, p.basis)
        for p in Pace.objects.filter(county=county)
    ]
    lines = Category.objects.filter(county=county, valid_from__lte=today).exclude(valid_until__lte=today)
    categories = [CategoryLine(c.code, c.name, c.name_en, c.kind) for c in lines.order_by("place_in_list", "code")]
    return Rulebook(
        tuple(routes),
        tuple(paces),
        tuple(categories),
        ProfileLine(
            profile.number_prefix, profile.reopen_days, profile.answer_days, tuple(profile.discipline_channels)
        ),
    )


_books: VersionedCache[Rulebook] = VersionedCache(_load, mark_of)


def rulebook(county: str) -> Rulebook:
    """The county's rules. Raises NotServed for a county that was never set up."""
    return _books.get(county)
