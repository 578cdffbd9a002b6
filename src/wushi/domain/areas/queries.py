"""Reading areas and calendars; the county's map is kept in the process by version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time

from django.db.models import Q

from wushi.domain.areas.errors import UnknownArea
from wushi.domain.areas.models import NATION, Area, CalendarDay, Level, Version, WorkHours
from wushi.domain.areas.rules import GridMap, OfficeHours, PlaceFound, WorkCalendar, parent_of
from wushi.plumbing.cache import VersionedCache


@dataclass(frozen=True)
class Place:
    """What the pages need to know of an area."""

    code: str
    level: str
    name: str
    parent: str
    lead_name: str = ""
    lead_phone: str = ""
    households: int | None = None
    grid_kind: str = ""
    ended: bool = False


@dataclass
class CountyMap:
    """All areas of a county (and those above it), in force and ended, by code."""

    places: dict[str, Place] = field(default_factory=dict)
    children: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    predecessors: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    grids: GridMap = field(default_factory=lambda: GridMap([]))


def mark_of(county: str) -> str:
    """The county's version mark; '' before anything was loaded."""
    mark = Version.objects.filter(county=county).values_list("mark", flat=True).first()
    return str(mark or "")


def _load_map(county: str) -> CountyMap:
    found, outlines = CountyMap(), []
    rows = Area.objects.filter(Q(county=county) | Q(code__in=[county[:2], county[:4]])).order_by(
        "-valid_until", "pinyin", "code"
    )
    for a in rows:
        ended = a.valid_until is not None
        for successor in a.successors:
            found.predecessors[successor].add(a.code)
        if ended and a.code in found.places:
            continue
        found.places[a.code] = Place(
            a.code, a.level, a.name, a.parent, a.lead_name, a.lead_phone, a.households, a.grid_kind, ended
        )
        if not ended:
            found.children[a.parent].append(a.code)
            if a.level == Level.GRID and a.outline:
                outlines.append((a.code, a.outline))
    found.grids = GridMap(outlines)
    return found


def _load_calendar(county: str) -> WorkCalendar:
    days: dict[date, bool] = {}
    for row in CalendarDay.objects.filter(county__in=[NATION, county]).order_by("county"):
        days[row.day] = row.is_workday  # the county's own rows come after the nation's and win
    last_year = max((day.year for day in days), default=0)
    return WorkCalendar(days, last_year, _load_hours(county) or WorkCalendar().hours)


def _load_hours(county: str) -> tuple[OfficeHours, ...]:
    """The county's own lines where it has any, else the nation's."""
    lines = list(WorkHours.objects.filter(county__in=[NATION, county]).order_by("valid_from"))
    own = [line for line in lines if line.county == county]
    return tuple(
        OfficeHours(
            line.valid_from, tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in line.spans)
        )
        for line in own or lines
    )


_maps: VersionedCache[CountyMap] = VersionedCache(_load_map, mark_of)
_calendars: VersionedCache[WorkCalendar] = VersionedCache(_load_calendar, mark_of)


def map_of(county: str) -> CountyMap:
    """The county's areas."""
    return _maps.get(county)


def calendar_of(county: str) -> WorkCalendar:
    """The county's working days."""
    return _calendars.get(county)


def place(code: str) -> Place | None:
    """One area of a county by its code (6 digits and more), in force or ended."""
    return map_of(code[:6]).places.get(code)


def name_of(code: str) -> str:
    """An area's name; the code itself where it is unknown."""
    found = place(code)
    return found.name if found else code


def places_under(code: str, level: str) -> list[Place]:
    """Areas in force of a level inside an area, in pinyin order; the area itself if it is of that level."""
    here = map_of(code[:6])
    if code in here.places and here.places[code].level == level:
        return [here.places[code]]
    found = [p for p in here.places.values() if p.level == level and not p.ended and p.code.startswith(code)]
    order = {c: n for n, c in enumerate(c for codes in here.children.values() for c in codes)}
    return sorted(found, key=lambda p: (p.parent, order.get(p.code, 0)))


def existing(code: str) -> Place:
    """An area in force; raises UnknownArea."""
    found = place(code) if len(code) >= 6 and code.isdigit() else None
    if found is None or found.ended:
        raise UnknownArea(area=code[:15])
    return found


def line_of(code: str) -> list[Place]:
    """The area and those it lies in, from the county down."""
    codes = []
    while len(code) >= 6:
        codes.append(code)
        code = parent_of(code)
    return [p for p in (place(c) for c in reversed(codes)) if p]


def with_predecessors(code: str) -> frozenset[str]:
    """The area and every area it took the place of: old rows keep their old code."""
    predecessors, found, todo = map_of(code[:6]).predecessors, {code}, [code]
    while todo:
        for older in predecessors.get(todo.pop(), ()):
            if older not in found:
                found.add(older)
                todo.append(older)
    return frozenset(found)


def grid_at(county: str, longitude: float, latitude: float) -> PlaceFound:
    """The grid of a WGS84 point in the county."""
    return map_of(county).grids.find(longitude, latitude)


def outline_of(code: str) -> list[list[tuple[float, float]]]:
    """The outer rings of a grid as (longitude, latitude); none where nobody has drawn it."""
    grids = map_of(code[:6]).grids
    if code not in grids.codes:
        return []
    shape = grids.shapes[grids.codes.index(code)]
    parts = getattr(shape, "geoms", [shape])
    return [[(x, y) for x, y, *_ in part.exterior.coords] for part in parts if hasattr(part, "exterior")]


def search(county: str, text: str, levels: Iterable[str] = (Level.VILLAGE,)) -> list[Place]:
    """Areas in force whose name contains the text or whose pinyin initials begin with it; at most 50."""
    wanted = "".join(ch for ch in text if ch.isprintable()).strip()[:60]
    rows = Area.objects.filter(county=county, level__in=list(levels), valid_until=None)
    if wanted:
        rows = rows.filter(
            Q(name__icontains=wanted) | Q(pinyin__startswith=wanted.lower()) | Q(code__startswith=wanted)
        )
    codes = rows.order_by("pinyin", "code").values_list("code", flat=True)[:50]
    return [p for p in (place(c) for c in codes) if p]


def calendar_years(county: str) -> dict[int, int]:
    """Year -> how many dated rows are loaded for the county (its own and the nation's)."""
    years: dict[int, int] = defaultdict(int)
    for day in CalendarDay.objects.filter(county__in=[NATION, county]).values_list("day", flat=True):
        years[day.year] += 1
    return dict(sorted(years.items()))


def calendar_warning(county: str, today: date) -> int:
    """The first year without a calendar that deadlines will soon reach (from November on, the next one); 0 for none."""
    last = calendar_of(county).last_year
    soon = today.year + (1 if today.month >= 11 else 0)
    return last + 1 if last < soon else 0
