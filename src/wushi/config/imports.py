"""What the command line brings in: divisions of a province, city or county from the package."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from wushi.domain.areas import calendars, divisions, outlines
from wushi.domain.areas.models import NATION
from wushi.domain.areas.services import NewArea, load_areas, load_calendar, replace_areas
from wushi.domain.areas.services import load_grids as take_grids
from wushi.kernel.actor import Actor


class NoSuchDivision(ValueError):
    """No province, city or county of the shipped list has this code."""


def load_divisions(code: str, say: Callable[[str], None]) -> int:
    """Load everything under a code of 2, 4 or 6 digits, county by county; how many areas are new."""
    if len(code) not in (2, 4, 6) or not code.isdigit():
        raise NoSuchDivision(f"{code!r} is not a province (2 digits), city (4) or county (6)")
    above: list[NewArea] = []
    by_county: dict[str, list[NewArea]] = defaultdict(list)
    for area in divisions.of(code):
        if len(area.code) >= 6:
            by_county[area.code[:6]].append(area)
        else:
            above.append(area)
    if not by_county:
        raise NoSuchDivision(f"no division {code} is in the list of {divisions.SINCE}")
    new = 0
    for number, (county, areas) in enumerate(sorted(by_county.items()), start=1):
        house = Actor.of_house(county)
        new += load_areas(actor=house, areas=[*above, *areas], since=divisions.SINCE, source=divisions.SOURCE)
        say(f"{county} {areas[0].name}: {len(areas)} areas ({number} of {len(by_county)})")
    return new


def list_divisions(code: str) -> Iterable[tuple[str, str]]:
    """(code, name) of what lies directly under a code, from the shipped list."""
    want = {0: 2, 2: 4, 4: 6, 6: 9, 9: 12}.get(len(code), 12)
    source = divisions.villages() if want == 12 else divisions.upper()
    for area in source:
        if area.code.startswith(code) and len(area.code) == want:
            yield area.code, area.name


def load_national_calendar(county: str) -> int:
    """The seeded working days 2004-2026 for every county of this database."""
    house = Actor.of_house(county)
    return load_calendar(
        actor=house, days=calendars.seeded(), source="State Council 2004-2026", county=NATION
    )


def load_grids(text: str) -> tuple[int, int]:
    """Grids of one county from GeoJSON; (new, described anew). Raises DomainError in the rooms' own codes."""
    found = outlines.read(text)
    counties = {grid.code[:6] for grid in found}
    if len(counties) != 1:
        raise NoSuchDivision(f"the file names grids of {len(counties)} counties; give one county at a time")
    return take_grids(actor=Actor.of_house(counties.pop()), grids=found)


def replace(old: Sequence[str], new: Sequence[tuple[str, str]]) -> None:
    """Merge or split areas of one county."""
    areas = [NewArea(code, name) for code, name in new]
    replace_areas(actor=Actor.of_house(old[0][:6]), old=list(old), new=areas)
