"""Decisions about codes, days and points, on plain data."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from shapely import STRtree
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

DIGITS = {"province": 2, "city": 4, "county": 6, "town": 9, "village": 12, "grid": 15}
LEVEL_OF_DIGITS = {digits: level for level, digits in DIGITS.items()}
# A point this near to a border may belong to either side; the answer says so (issue: within 30 m).
BORDER_METRES = 30.0
EARTH_METRES = 6_371_008.8


def level_of(code: str) -> str:
    """The level of a code by its digits; '' for anything that is no code."""
    return LEVEL_OF_DIGITS.get(len(code), "") if code.isdigit() else ""


def parent_of(code: str) -> str:
    """The code one level up ('' above a province)."""
    shorter = [n for n in DIGITS.values() if n < len(code)]
    return code[: max(shorter)] if shorter else ""


def columns_of(code: str) -> dict[str, str]:
    """What a row on the map stores for a code: county, town, village, grid ('' below the code's own level)."""
    return {level: code[:n] if len(code) >= n else "" for level, n in DIGITS.items() if n >= 6}


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are working days: dated exceptions over Monday-Friday; ``last_year`` is the last one loaded."""

    days: Mapping[date, bool] = field(default_factory=dict)
    last_year: int = 0

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
