"""Figures as the pages show them: every share with its denominator, every number with the way to its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wushi.domain.areas import queries as areas
from wushi.domain.insight.queries import Figures, Programme, half_within
from wushi.web import labels

Counts = Mapping[str, int]
PERIODS = (1, 3, 6, 12, 24, 36)
LEVELS = ("at_grid", "at_village", "at_town", "at_district")
ENDS = ("confirmed", "unanswered", "declined", "withdrawn", "merged", "refused", "appealed")
# the drawing of the months, in its own units
HIGH, WIDE, GAP = 120, 26, 8


@dataclass(frozen=True)
class Number:
    """A count and where its rows are ('' where they are not the reader's)."""

    n: int
    url: str = ""


@dataclass(frozen=True)
class Tile:
    """A figure that stands out: its name, its number, how it comes about."""

    name: str
    value: str
    small: str = ""
    url: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Share:
    """A part of a whole: of whom, how many, and the bar."""

    name: str
    number: Number
    of: int

    @property
    def percent(self) -> str:
        """To a tenth; a dash of nothing."""
        return percent(self.number.n, self.of)

    @property
    def width(self) -> int:
        """Of the bar, in percent."""
        return round(100 * self.number.n / self.of) if self.of else 0


@dataclass(frozen=True)
class MonthBar:
    """A month: what was told in it, and how much of that is completed; ``x`` and heights in the drawing's units."""

    name: str
    collected: Number
    completed: Number
    x: int
    high: int
    done: int
    year: str = ""
    whole: str = ""

    @property
    def top(self) -> int:
        """Where the bar begins."""
        return HIGH - self.high

    @property
    def done_top(self) -> int:
        """Where the completed part begins."""
        return HIGH - self.done

    @property
    def middle(self) -> int:
        """Where its name stands."""
        return self.x + WIDE // 2


@dataclass(frozen=True)
class Row:
    """A village, or what a town sums up to."""

    name: str
    url: str
    cells: list[Number]
    in_time: str
    signed: str
    satisfied: str
    town: bool = False


@dataclass(frozen=True)
class Period:
    """So many months, the last among them."""

    word: str
    url: str
    here: bool


@dataclass
class FigurePage:
    """Everything the two pages show."""

    title: str
    span: str
    as_of: Any
    tiles: list[Tile]
    programme: list[Tile]
    levels: list[Share]
    ratings: list[Share]
    ends: list[Share]
    months: list[MonthBar]
    rows: list[Row]
    periods: list[Period]
    up: tuple[str, str] | None = None
    wide: int = 0
    high: int = HIGH + 30
    collected: int = 0
    heads: list[str] = field(default_factory=list)


def percent(part: int, whole: int) -> str:
    """98.2 %; never rounded up to a hundred while something is missing."""
    if not whole:
        return "–"
    tenths = round(1000 * part / whole)
    if part < whole:
        tenths = min(tenths, 999)
    return f"{tenths // 10}%" if tenths % 10 == 0 else f"{tenths / 10}%"


def length(step: timedelta) -> str:
    """15 minutes, 4 hours, 3 days."""
    minutes = int(step.total_seconds()) // 60
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    if minutes < 1440:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    days = minutes // 1440
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def within(counts: Counts, until: str, of: str) -> str:
    """Half of them within how long; a dash where there is nothing to say."""
    step = half_within(counts, until, of)
    return length(step) if step else "–"


class Opener:
    """The way from a number to its rows, for a reader who may open them."""

    def __init__(self, found: Figures, opens: bool) -> None:
        self.opens, self.found = opens, found

    def to(self, name: str, area: str = "", month: date | None = None) -> str:
        """The list of a figure in an area, of one month or of all."""
        if not self.opens:
            return ""
        months = self.found.months
        first, last = month or months[0], month or months[-1]
        until = (last.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        code = area or self.found.area
        query = {
            "list": "area",
            "figure": name,
            "since": first.isoformat(),
            "until": until.isoformat(),
            **({"area": code} if len(code) > 6 else {}),
        }
        return f"/work/?{urlencode(query)}"

    def number(self, counts: Counts, name: str, area: str = "", month: date | None = None) -> Number:
        """A count with its way; nothing is opened by a nought."""
        n = counts.get(name, 0)
        return Number(n, self.to(name, area, month) if n else "")


def _share_tile(found: Figures, opener: Opener, name: str, of: str) -> Tile:
    """A share in percent, with both numbers."""
    part, whole = found.total[name], found.total[of]
    small = _("%(n)s of %(whole)s") % {"n": f"{part:,}", "whole": f"{whole:,}"}
    return Tile(str(labels.FIGURES[name]), percent(part, whole), small, opener.to(name))


def _count_tile(found: Figures, opener: Opener, name: str, small: str, colour: str = "") -> Tile:
    n = found.total[name]
    return Tile(str(labels.FIGURES[name]), f"{n:,}", small, opener.to(name), colour if n else "")


def tiles_of(found: Figures, opener: Opener) -> list[Tile]:
    """What stands out: collected, completed, open, overdue, how soon, how satisfied."""
    total = found.total
    signed, answered, rated = total["signed"], total["answered"], total["rated"]
    late = _("of these overdue: %(n)s") % {"n": f"{total['overdue']:,}"}
    said = _("%(n)s of %(rated)s rated; %(share)s of the answered were rated") % {
        "n": f"{total['satisfied']:,}",
        "rated": f"{rated:,}",
        "share": percent(rated, answered),
    }
    return [
        _count_tile(found, opener, "collected", _("requests told")),
        _share_tile(found, opener, "completed", "collected"),
        _count_tile(found, opener, "open", late),
        _count_tile(found, opener, "overdue", _("their time for handling is over"), "red"),
        _share_tile(found, opener, "in_time", "answered"),
        Tile(
            _("Half signed for within"),
            within(total, "claimed_at", "signed"),
            _("of %(n)s signed for, nights and weekends counted") % {"n": f"{signed:,}"},
            opener.to("signed"),
        ),
        Tile(
            _("Half answered within"),
            within(total, "handled_at", "answered"),
            _("of %(n)s answered, nights and weekends counted") % {"n": f"{answered:,}"},
            opener.to("answered"),
        ),
        Tile(
            str(labels.FIGURES["satisfied"]),
            percent(total["satisfied"], rated),
            said,
            opener.to("satisfied"),
        ),
    ]


def programme_tiles(found: Programme, area: str, opens: bool) -> list[Tile]:
    """Villages, grids, who leads and who works in them."""
    code = area if len(area) > 6 else ""
    village = (f"/work/village/?code={code}" if len(area) == 12 else "/work/village/") if opens else ""

    def people(who: str) -> str:
        return f"/work/figures/people/?{urlencode({'who': who, 'code': area})}" if opens else ""

    return [
        Tile(_("Villages and communities"), f"{found.villages:,}", "", village),
        Tile(_("Grids"), f"{found.grids:,}", "", village),
        Tile(_("Village secretaries"), f"{found.secretaries:,}", "", people("secretaries")),
        Tile(_("Grid leads"), f"{found.leads:,}", "", people("leads")),
        Tile(_("Grid workers and assistants"), f"{found.workers:,}", "", people("workers")),
    ]


def shares(found: Figures, opener: Opener, names: tuple[str, ...], of: str) -> list[Share]:
    """Parts of one whole."""
    total = found.total
    return [Share(str(labels.FIGURES[name]), opener.number(total, name), total[of]) for name in names]


def month_bars(found: Figures, opener: Opener) -> list[MonthBar]:
    """One bar a month, as high as the most is the drawing."""
    most = max((found.by_month[month]["collected"] for month in found.months), default=0) or 1
    bars = []
    for number, month in enumerate(found.months):
        counts = found.by_month[month]
        bars.append(
            MonthBar(
                name=date_format(month, _("M")),
                year=str(month.year) if number == 0 or month.month == 1 else "",
                whole=date_format(month, _("F Y")),
                collected=opener.number(counts, "collected", month=month),
                completed=opener.number(counts, "completed", month=month),
                x=number * (WIDE + GAP) + GAP // 2,
                high=round(HIGH * counts["collected"] / most),
                done=round(HIGH * counts["completed"] / most),
            )
        )
    return bars


COLUMNS = ("collected", "completed", "open", "overdue")


def table_rows(found: Figures, opener: Opener, link: str, query: str) -> list[Row]:
    """Villages in the order of their codes, under their towns; never by how well they do."""
    rows: list[Row] = []
    places = areas.places_under(found.area, "village") if len(found.area) < 12 else []
    known = {place.code for place in places}
    codes = sorted(known | set(found.by_village))
    if len(codes) < 2:
        return []
    towns = sorted({code[:9] for code in codes})
    for town in towns:
        inside = [code for code in codes if code[:9] == town]
        if len(towns) > 1:
            sums: dict[str, int] = {}
            for code in inside:
                for name, n in found.by_village.get(code, {}).items():
                    sums[name] = sums.get(name, 0) + n
            rows.append(_row(town, sums, opener, f"{link}?code={town}{query}", True))
        rows += [
            _row(code, found.by_village.get(code, {}), opener, f"{link}?code={code}{query}", False)
            for code in inside
        ]
    return rows


def _row(code: str, counts: Counts, opener: Opener, url: str, town: bool) -> Row:
    return Row(
        name=areas.name_of(code),
        url=url,
        cells=[opener.number(counts, name, code) for name in COLUMNS],
        in_time=percent(counts.get("in_time", 0), counts.get("answered", 0)),
        signed=within(counts, "claimed_at", "signed"),
        satisfied=percent(counts.get("satisfied", 0), counts.get("rated", 0)),
        town=town,
    )
