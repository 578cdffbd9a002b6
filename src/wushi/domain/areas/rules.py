"""Decisions about codes, days and points, on plain data."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cached_property
from typing import Any

from shapely import STRtree
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

DIGITS = {"province": 2, "city": 4, "county": 6, "town": 9, "village": 12, "grid": 15}
LEVEL_OF_DIGITS = {digits: level for level, digits in DIGITS.items()}
BELOW_COUNTY = ("town", "village", "grid")
# A point this near to a border may belong to either side; the answer says so (issue: within 30 m).
BORDER_METRES = 30.0
EARTH_METRES = 6_371_008.8
# A calendar without any working time ends the search here instead of running for ever.
MAX_YEAR = 2200


def level_of(code: str) -> str:
    """The level of a code by its digits; '' for anything that is no code."""
    return LEVEL_OF_DIGITS.get(len(code), "") if code.isascii() and code.isdigit() else ""


def parent_of(code: str) -> str:
    """The code one level up ('' above a province)."""
    shorter = [n for n in DIGITS.values() if n < len(code)]
    return code[: max(shorter)] if shorter else ""


def columns_of(code: str) -> dict[str, str]:
    """What a row on the map stores for a code: county, town, village, grid ('' below the code's own level)."""
    return {level: code[:n] if len(code) >= n else "" for level, n in DIGITS.items() if n >= 6}


# Beijing time all over the country and all through the year since 1991; moments are counted in seconds of it.
_BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class OfficeHours:
    """When people work on a working day, from a date on: (from, until) spans in local time, in order."""

    valid_from: date
    spans: tuple[tuple[time, time], ...]


# What a county follows until it says its own: seven and a half hours round the customary long noon.
USUAL_HOURS = OfficeHours(date.min, ((time(8), time(12)), (time(14, 30), time(18))))


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are working days (dated exceptions over Monday-Friday) and which hours of them.

    ``last_year`` is the last year loaded; ``hours`` are dated lines, the newest one that has begun counts.
    """

    days: Mapping[date, bool] = field(default_factory=dict)
    last_year: int = 0
    hours: tuple[OfficeHours, ...] = (USUAL_HOURS,)

    def is_workday(self, day: date) -> bool:
        """Holidays do not count, make-up Saturdays do; beyond the last loaded year Monday-Friday."""
        known = self.days.get(day)
        return day.weekday() < 5 if known is None else known

    def is_guess(self, day: date) -> bool:
        """Whether the State Council's arrangement for that year is not loaded."""
        return day.year > self.last_year

    def add_workdays(self, start: date, n: int) -> date:
        """The n-th working day after ``start`` (n >= 1)."""
        day, left = start, n
        while left > 0:
            day += timedelta(days=1)
            left -= self.is_workday(day)
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Working days after ``start`` up to and with ``end``; negative when ``end`` lies before."""
        if end < start:
            return -self.workdays_between(end, start)
        return sum(self.is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def spans_of(self, day: date) -> tuple[tuple[time, time], ...]:
        """The working spans of a day; none on a day of rest."""
        if not self.is_workday(day):
            return ()
        begun = [line for line in self.hours if line.valid_from <= day]
        return max(begun, key=lambda line: line.valid_from).spans if begun else USUAL_HOURS.spans

    @cached_property
    def _ledgers(self) -> dict[int, _Ledger]:
        return {}

    def _ledger(self, year: int) -> _Ledger:
        """Working seconds of a year, added up once."""
        if year not in self._ledgers:
            self._ledgers[year] = _Ledger.of(self, year)
        return self._ledgers[year]

    def _worked(self, moment: datetime) -> tuple[int, float]:
        """(year, working seconds of it that lie before the moment)."""
        local = moment.astimezone(_BEIJING)
        return local.year, self._ledger(local.year).before(local.timestamp())

    def work_between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from one moment to another; negative when ``end`` lies before ``start``."""
        (first, a), (last, b) = self._worked(start), self._worked(end)
        years = range(min(first, last), max(first, last))
        whole = sum(self._ledger(year).total for year in years)
        return timedelta(seconds=round((whole if last >= first else -whole) + b - a, 6))

    def add_work(self, start: datetime, length: timedelta) -> datetime:
        """The first moment by which so much working time has passed since ``start`` (itself for none)."""
        left = length.total_seconds()
        if left <= 0:
            return start
        year, before = self._worked(start)
        left += before
        while left > self._ledger(year).total:
            left -= self._ledger(year).total
            year += 1
            if year > MAX_YEAR:
                raise ValueError("no working time within reach")
        return datetime.fromtimestamp(self._ledger(year).at(left), tz=UTC)


@dataclass(frozen=True)
class _Ledger:
    """The working spans of one year: where each begins, and how much was worked before it."""

    starts: tuple[float, ...]
    lengths: tuple[float, ...]
    sums: tuple[float, ...]
    total: float

    @classmethod
    def of(cls, calendar: WorkCalendar, year: int) -> _Ledger:
        starts, lengths, sums, total = [], [], [], 0.0
        day = date(year, 1, 1)
        while day.year == year:
            for since, until in calendar.spans_of(day):
                begin = datetime.combine(day, since, tzinfo=_BEIJING).timestamp()
                length = datetime.combine(day, until, tzinfo=_BEIJING).timestamp() - begin
                starts.append(begin)
                lengths.append(length)
                sums.append(total)
                total += length
            day += timedelta(days=1)
        return cls(tuple(starts), tuple(lengths), tuple(sums), total)

    def before(self, stamp: float) -> float:
        """Seconds worked in this year before a moment."""
        n = bisect_right(self.starts, stamp) - 1
        return 0.0 if n < 0 else self.sums[n] + min(stamp - self.starts[n], self.lengths[n])

    def at(self, worked: float) -> float:
        """The first moment by which ``worked`` (> 0) seconds of this year are worked."""
        n = bisect_left(self.sums, worked) - 1
        return self.starts[n] + worked - self.sums[n]


@dataclass(frozen=True)
class PlaceFound:
    """The grid a point lies in ('' for none), the neighbours within BORDER_METRES, and whether it is beyond doubt."""

    grid: str
    neighbours: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """No other grid is near enough to be meant."""
        return bool(self.grid) and not self.neighbours


def metres_between(a: Point, b: Point) -> float:
    """Distance on the sphere in metres between two WGS84 points (x longitude, y latitude), by haversine."""
    lat1, lat2 = math.radians(a.y), math.radians(b.y)
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin(math.radians(b.x - a.x) / 2) ** 2
    return 2 * EARTH_METRES * math.asin(math.sqrt(half))


class GridMap:
    """Outlines of grids in a search tree; built once per version of a county's areas."""

    def __init__(self, outlines: Iterable[tuple[str, dict[str, Any]]]) -> None:
        self.codes: list[str] = []
        self.shapes: list[BaseGeometry] = []
        for code, outline in outlines:
            self.codes.append(code)
            self.shapes.append(shape(outline))
        self.tree = STRtree(self.shapes)

    def find(self, longitude: float, latitude: float) -> PlaceFound:
        """The grid of a WGS84 point; says which others lie within BORDER_METRES."""
        point = Point(longitude, latitude)
        # a degree of longitude is shorter than one of latitude: widen the search box accordingly
        reach = math.degrees(BORDER_METRES / EARTH_METRES) / max(math.cos(math.radians(latitude)), 0.01)
        inside, near = [], []
        for index in self.tree.query(point.buffer(reach * 1.1)):
            outline = self.shapes[int(index)]
            if outline.covers(point):
                inside.append(self.codes[int(index)])
            elif metres_between(point, nearest_points(outline, point)[0]) <= BORDER_METRES:
                near.append(self.codes[int(index)])
        inside.sort()
        grid = inside[0] if inside else ""
        return PlaceFound(grid, tuple(sorted({*inside[1:], *near})))
