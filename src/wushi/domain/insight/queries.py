"""Figures of requests by village and month: exact at every moment, however old the folded counts are."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts.duties import Duty
from wushi.domain.areas import queries as areas
from wushi.domain.areas.rules import level_of
from wushi.domain.audit.queries import subjects_since
from wushi.domain.cases.models import Case
from wushi.domain.cases.queries import figures
from wushi.domain.cases.rules import LOCAL
from wushi.domain.insight.models import Cell, Fold
from wushi.kernel.verb import current_scope

# A deed is seen only once it is committed; no transaction of a page or a clock lasts longer. Longer ones call forget_figures.
OVERLAP = timedelta(minutes=2)
Counts = Mapping[str, int]
Tally = Sequence[int]
_LEADS = (Duty.GRID_LEAD.value,)
_WORKERS = (Duty.GRID_WORKER.value, Duty.GRID_ASSISTANT.value)
_SECRETARIES = (Duty.SECRETARY.value,)
_MEASURES = {
    **figures.FIGURES,
    **figures.within("opened_at", "claimed_at"),
    **figures.within("opened_at", "handled_at"),
}
NAMES = tuple(_MEASURES)
# what the folded numbers mean; another list or order of measures is another digest
DIGEST = hashlib.sha256(" ".join(f"{name}={q!r}" for name, q in _MEASURES.items()).encode()).hexdigest()[:16]


def month_of(moment: datetime) -> date:
    """The first day of the local month."""
    return moment.astimezone(LOCAL).date().replace(day=1)


def months_back(last: date, count: int) -> list[date]:
    """So many months, the oldest first; the last is among them."""
    numbers = range(last.year * 12 + last.month - count, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def begins(month: date) -> datetime:
    """The first moment of a local month."""
    return datetime(month.year, month.month, 1, tzinfo=LOCAL)


def after(month: date) -> datetime:
    """The first moment that is no longer in it."""
    return begins((month.replace(day=28) + timedelta(days=4)).replace(day=1))


@dataclass(frozen=True)
class CellKey:
    """A village in a month, and its town."""

    town: str
    village: str
    month: date


@cache
def _counting() -> QuerySet[Any]:
    """The statement without its conditions: half a hundred counts take Django a while to work out."""
    return (
        Case.objects.annotate(month=TruncMonth("opened_at", tzinfo=LOCAL))
        .values_list("town", "village", "month")
        .annotate(**{f"n_{name}": Count("id", filter=q) for name, q in _MEASURES.items()})
        .order_by()
    )


def counted(where: Q, county: str) -> dict[CellKey, Tally]:
    """The cells counted from the requests themselves, in one statement."""
    rows = _counting().filter(where, figures.COUNTED, county=county)
    return {CellKey(town, village, month.date()): tally for town, village, month, *tally in rows}


def counted_anew(county: str, stale: Iterable[tuple[str, date]]) -> dict[CellKey, Tally]:
    """Certain cells counted from the requests, a statement for each month."""
    by_month: dict[date, set[str]] = defaultdict(set)
    for village, month in stale:
        by_month[month].add(village)
    found: dict[CellKey, Tally] = {}
    for month, villages in sorted(by_month.items()):
        where = Q(village__in=sorted(villages), opened_at__gte=begins(month), opened_at__lt=after(month))
        found |= counted(where, county)
    return found


def stale_cells(county: str, until: datetime) -> set[tuple[str, date]]:
    """(village, month) of every request that something happened to since the cells were counted."""
    ids = subjects_since(county, "cases.case", until - OVERLAP)
    rows = (
        Case.objects.filter(county=county, id__in=ids)
        .values_list("village", TruncMonth("opened_at", tzinfo=LOCAL))
        .distinct()
    )
    return {(village, month.date()) for village, month in rows}


def fold_of(county: str) -> Fold | None:
    """Until when the county's cells were counted; None where they cannot be used."""
    return Fold.objects.filter(county=county, measures=DIGEST).first()


@dataclass
class Figures:
    """Counts of a time and an area: in all, by month, by village; ``as_of`` is when they were true."""

    area: str
    months: list[date]
    as_of: datetime
    total: dict[str, int]
    by_month: dict[date, dict[str, int]]
    by_village: dict[str, dict[str, int]]


def figures_of(area: str, months: list[date]) -> Figures:
    """The figures of what was told in these months in an area of 6, 9, 12 or 15 digits, with what is overdue now."""
    scope = current_scope()
    assert scope is not None
    county, column = area[:6], level_of(area)
    within = Q(opened_at__gte=begins(months[0]), opened_at__lt=after(months[-1]), **{column: area})
    by_month, by_village = _summed(_cells(county, area, months, within))
    late = (
        Case.objects.filter(within, figures.figure("overdue", scope.now), county=county)
        .values_list("village")
        .annotate(n=Count("id"))
        .order_by()
    )
    overdue = dict(late)
    total = _sum_of(by_month.values())
    return Figures(
        area,
        months,
        scope.now,
        {**_named(total), "overdue": sum(overdue.values())},
        {month: _named(by_month.get(month, ())) for month in months},
        {
            village: {**_named(by_village.get(village, ())), "overdue": overdue.get(village, 0)}
            for village in by_village.keys() | overdue.keys()
        },
    )


def _named(tally: Tally) -> dict[str, int]:
    return dict(zip(NAMES, tally, strict=True)) if tally else dict.fromkeys(NAMES, 0)


def _sum_of(tallies: Iterable[Tally]) -> Tally:
    return [sum(column) for column in zip(*tallies, strict=True)]


def _summed(cells: Iterable[tuple[CellKey, Tally]]) -> tuple[dict[date, Tally], dict[str, Tally]]:
    """The cells by month and by village."""
    by_month: dict[date, list[Tally]] = defaultdict(list)
    by_village: dict[str, list[Tally]] = defaultdict(list)
    for key, tally in cells:
        by_month[key.month].append(tally)
        by_village[key.village].append(tally)
    return (
        {month: _sum_of(tallies) for month, tallies in by_month.items()},
        {village: _sum_of(tallies) for village, tallies in by_village.items()},
    )


def _cells(county: str, area: str, months: list[date], within: Q) -> Iterator[tuple[CellKey, Tally]]:
    """Folded cells where nothing happened since, counted ones where something did; a grid's are always counted."""
    column, fold = level_of(area), fold_of(county)
    if fold is None or column == "grid":
        yield from counted(within, county).items()
        return
    # codes of an area begin with its own
    stale = {
        (village, month)
        for village, month in stale_cells(county, fold.until)
        if months[0] <= month <= months[-1] and village.startswith(area)
    }
    cells = Cell.objects.filter(
        month__gte=months[0], month__lte=months[-1], **{"county": county, column: area}
    ).values_list("town", "village", "month", "counts")
    for town, village, month, counts in cells:
        if counts and (village, month) not in stale:
            yield CellKey(town, village, month), counts
    yield from counted_anew(county, stale).items()


@dataclass(frozen=True)
class Programme:
    """What the programme stands on in an area: villages, grids, who leads and who works in them."""

    villages: int
    grids: int
    leads: int
    workers: int
    secretaries: int


def programme_of(area: str, today: date) -> Programme:
    """Counted from the areas and the posts in force today; a person with two posts is counted once."""
    people = {
        duties: accounts.posts_under(area, today, duties).order_by().values("user_id").distinct().count()
        for duties in (_LEADS, _WORKERS, _SECRETARIES)
    }
    level = level_of(area)
    villages = 1 if level in ("village", "grid") else len(areas.places_under(area, "village"))
    grids = 1 if level == "grid" else len(areas.places_under(area, "grid"))
    return Programme(villages, grids, people[_LEADS], people[_WORKERS], people[_SECRETARIES])


def half_within(counts: Mapping[str, Any], until: str, of: str) -> timedelta | None:
    """The shortest of the steps within which half of them came; None where none came, or not half within the longest."""
    everything = counts.get(of, 0)
    if not everything:
        return None
    for number, step in enumerate(figures.STEPS):
        if counts.get(f"{until}_{number}", 0) * 2 >= everything:
            return step
    return None
