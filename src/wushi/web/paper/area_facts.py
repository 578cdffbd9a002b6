"""What stands on contact cards and on the notice of a grid: only public names and numbers. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wushi.web import words
from wushi.web.paper.case_facts import AMBULANCE, FIRE, GOVERNMENT, POLICE, lang

Ring = Sequence[tuple[float, float]]
# Cards of one print: a village of 500 households twice over. A sheet of ten takes about a millisecond.
MOST_CARDS = 2000
# width and height in mm, how many across and down an A4 sheet, how much larger than a bank card it is set
SIZES = {
    "card": {"width": 85.6, "height": 54, "across": 2, "down": 5, "big": 1.0},
    "large": {"width": 98, "height": 92, "across": 2, "down": 3, "big": 1.6},
}


@dataclass(frozen=True)
class GridSpot:
    """A grid (or a village that has none) as paper needs it."""

    place: Any
    village: Any
    qr: str
    rings: Sequence[Ring] = ()
    beside: Sequence[Ring] = ()


class TooManyCards(ValueError):
    """More than one print holds; grid by grid it goes."""


def _people(spot: GridSpot) -> list[dict[str, str]]:
    """The secretary, then the grid's lead; a post without a public name is left out."""
    found = [(_("Secretary of the village"), spot.village)]
    if spot.place.code != spot.village.code:
        found.append((_("Grid lead"), spot.place))
    return [
        {"duty": duty, "name": place.lead_name, "phone": place.lead_phone}
        for duty, place in found
        if place.lead_name
    ]


def _numbers() -> list[str]:
    said = _("Government hotline %(line)s　Police %(police)s　Fire %(fire)s　Ambulance %(ill)s") % {
        "line": GOVERNMENT,
        "police": POLICE,
        "fire": FIRE,
        "ill": AMBULANCE,
    }
    return said.split("　")


def of_cards(spots: Iterable[GridSpot], *, size: str, every: bool) -> dict[str, Any]:
    """A sheet of cards for each grid, or as many as it has households; raises TooManyCards."""
    shape = SIZES[size]
    full = int(shape["across"] * shape["down"])
    kinds, sheets, total = [], [], 0
    for kind, spot in enumerate(spots):
        name = words.place([spot.village.name, spot.place.name]) if spot.place is not spot.village else ""
        kinds.append({"title": name or spot.village.name, "people": _people(spot), "qr": spot.qr})
        left = max(full, (spot.place.households or 0) if every else 0)
        total += left
        if total > MOST_CARDS:
            raise TooManyCards
        # whole sheets: a half-filled one would be cut the same way and leave nothing spare
        sheets += [{"kind": kind, "count": full}] * math.ceil(left / full)
    return {
        "lang": lang(),
        "title": _("Contact cards"),
        "size": shape,
        "kinds": kinds,
        "sheets": sheets,
        "numbers": _numbers(),
        "words": {"qr_alt": _("QR code of the report page"), "scan": _("Scan to tell"), "foot": _("Wushi")},
    }


def outline_svg(rings: Sequence[Ring], beside: Sequence[Ring]) -> str:
    """The grid filled, its neighbours as lines; north is up. '' where nobody has drawn it."""
    points = [point for ring in (*rings, *beside) for point in ring]
    if not rings or not points:
        return ""
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    shrink = math.cos(math.radians((south + north) / 2))
    width, height = (east - west) * shrink, north - south
    scale = 1000 / max(width, height, 1e-9)

    def path(ring: Ring, look: str) -> str:
        dots = " ".join(f"{(x - west) * shrink * scale:.1f},{(north - y) * scale:.1f}" for x, y in ring)
        return f'<polygon points="{dots}" {look}/>'

    lines = 'fill="none" stroke="#888" stroke-width="4"'
    filled = 'fill="#d9d9d9" stroke="#000" stroke-width="9"'
    drawn = "".join([*(path(ring, lines) for ring in beside), *(path(ring, filled) for ring in rings)])
    box = f"-10 -10 {width * scale + 20:.1f} {height * scale + 20:.1f}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{drawn}</svg>'


def of_notice(spots: Iterable[GridSpot]) -> dict[str, Any]:
    """One page a grid."""
    return {
        "lang": lang(),
        "title": _("Grid notice"),
        "grids": [
            {
                "village": spot.village.name,
                "name": spot.place.name,
                "people": _people(spot),
                "qr": spot.qr,
                "map": outline_svg(spot.rings, spot.beside),
            }
            for spot in spots
        ],
        "lines": [
            _("A lamp is dark, a drain is blocked, a road is broken: tell us."),
            _("Somebody old, ill or alone needs help: tell us."),
            _("You get a receipt code at once and see every step."),
            _("It is only finished when you say so."),
        ],
        "numbers": _numbers(),
        "words": {
            "what": _("What you can tell us"),
            "scan": _("Scan to tell"),
            "watch": _("No signal? Ring the numbers above. Nobody asks for money, ever."),
            "qr_alt": _("QR code of the report page"),
            "map_alt": _("Outline of the grid"),
            "foot": _("Wushi"),
        },
    }
