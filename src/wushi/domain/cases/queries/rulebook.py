"""The county's rules for requests, read once per version and kept in the process."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date

from django.utils import timezone

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
    day: date = date.min


def _routes(county: str) -> tuple[RouteRule, ...]:
    names = [f.name for f in fields(RouteRule)]
    return tuple(RouteRule(**{n: getattr(r, n) for n in names}) for r in Route.objects.filter(county=county))


def _paces(county: str) -> tuple[PaceRule, ...]:
    names = [f.name for f in fields(PaceRule)]
    return tuple(PaceRule(**{n: getattr(p, n) for n in names}) for p in Pace.objects.filter(county=county))


def _categories(county: str, today: date) -> tuple[CategoryLine, ...]:
    lines = Category.objects.filter(county=county, valid_from__lte=today).exclude(valid_until__lte=today)
    ordered = lines.order_by("place_in_list", "code")
    return tuple(CategoryLine(c.code, c.name, c.name_en, c.kind) for c in ordered)


def _load(county: str) -> Rulebook:
    today = timezone.localdate()
    set_up = Profile.objects.filter(county=county, valid_from__lte=today)
    profile = set_up.order_by("-valid_from", "-version").first()
    if profile is None:
        raise NotServed(county=county)
    line = ProfileLine(
        profile.number_prefix, profile.reopen_days, profile.answer_days, tuple(profile.discipline_channels)
    )
    return Rulebook(_routes(county), _paces(county), _categories(county, today), line, today)


_books: VersionedCache[Rulebook] = VersionedCache(_load, mark_of)


def rulebook(county: str) -> Rulebook:
    """The county's rules. Raises NotServed for a county that was never set up."""
    book = _books.get(county)
    if book.day != timezone.localdate():
        # rules that begin today were not in force when it was read
        _books.forget(county)
        book = _books.get(county)
    return book
