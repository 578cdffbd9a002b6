"""The figures: for the office with the way to the rows, for everybody without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts.duties import AREA_READERS, Duty
from wushi.domain.areas import queries as areas
from wushi.domain.areas.rules import parent_of
from wushi.domain.insight import queries as insight
from wushi.edge.guard import guarded, public
from wushi.edge.pages import show
from wushi.web import asked, frame, labels
from wushi.web.insight import cards

DEFAULT = 12
PEOPLE = 100
# the groups of the programme whose people can be read one by one
GROUPS = {
    "secretaries": (Duty.SECRETARY,),
    "leads": (Duty.GRID_LEAD,),
    "workers": (Duty.GRID_WORKER, Duty.GRID_ASSISTANT),
}


@dataclass(frozen=True)
class PersonRow:
    """Somebody with a post."""

    name: str
    line: str


def _months(request: Any) -> int:
    wanted = asked.number(request, "months", DEFAULT, 1, max(cards.PERIODS))
    return wanted if wanted in cards.PERIODS else DEFAULT


def _period(months: int) -> str:
    if months == 1:
        return _("this month")
    return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}


def _page(request: Any, area: str, link: str, opens: bool) -> cards.FigurePage:
    count = _months(request)
    today = timezone.localdate()
    found = insight.figures_of(area, insight.months_back(today.replace(day=1), count))
    opener = cards.Opener(found, opens)
    query = f"&months={count}" if count != DEFAULT else ""
    code = f"code={area}&" if len(area) > 6 or not opens else ""
    bars = cards.month_bars(found, opener)
    return cards.FigurePage(
        title=areas.name_of(area),
        span=_span(found),
        as_of=found.as_of,
        tiles=cards.tiles_of(found, opener),
        programme=cards.programme_tiles(insight.programme_of(area, today), area, opens),
        levels=cards.shares(found, opener, cards.LEVELS, "answered"),
        ratings=cards.shares(found, opener, ("satisfied", "neutral", "unsatisfied"), "rated"),
        ends=cards.shares(found, opener, cards.ENDS, "collected"),
        months=bars,
        rows=cards.table_rows(found, opener, link, query),
        periods=[cards.Period(_period(n), f"{link}?{code}months={n}", n == count) for n in cards.PERIODS],
        wide=len(bars) * (cards.WIDE + cards.GAP),
        collected=found.total["collected"],
        heads=[str(labels.FIGURES[name]) for name in cards.COLUMNS],
    )


def _span(found: Any) -> str:
    first, last = found.months[0], found.months[-1]
    if first == last:
        return _("told in %(month)s") % {"month": date_format(last, _("F Y"))}
    return _("told from %(first)s to %(last)s") % {
        "first": date_format(first, _("F Y")),
        "last": date_format(last, _("F Y")),
    }


def _above(area: str, widest: str, link: str) -> tuple[str, str] | None:
    """The wider area, where the reader has it too."""
    if len(area) <= len(widest):
        return None
    upper = parent_of(area)
    return (f"{link}?code={upper}", areas.name_of(upper)) if upper.startswith(widest) else None


@guarded(AREA_READERS)
def office_figures(request: Any) -> HttpResponse:
    """Figures of his area and what lies in it, each opening its rows."""
    post = frame.main_post(request.viewer)
    mine = post.area if post and len(post.area) >= 6 else request.actor.county
    wanted = asked.code(request.GET.get("code", ""), 6, 9, 12, 15)
    area = wanted if wanted.startswith(mine) and areas.place(wanted) else mine
    page = _page(request, area, "/work/figures/", opens=True)
    page.up = _above(area, mine, "/work/figures/")
    return show(request, page="insight/office.html", figures=page, **frame.office(request, "/work/figures/"))


@public("how the district answers its residents is theirs to know")
def public_figures(request: Any) -> HttpResponse:
    """The same figures for everybody; the rows themselves stay with those they belong to."""
    county = request.actor.county
    wanted = asked.code(request.GET.get("code", ""), 6, 9, 12)
    area = wanted if wanted.startswith(county) and areas.place(wanted) else county
    page = _page(request, area, "/figures/", opens=False)
    page.up = _above(area, county, "/figures/")
    mine = (
        request.viewer.village
        if request.viewer.village[:6] == county and area != request.viewer.village
        else ""
    )
    return show(request, page="insight/public.html", figures=page, mine=mine, **frame.resident("/figures/"))


@guarded(AREA_READERS)
def people(request: Any) -> HttpResponse:
    """Who leads and who works in the grids, one by one."""
    post = frame.main_post(request.viewer)
    mine = post.area if post and len(post.area) >= 6 else request.actor.county
    wanted = asked.code(request.GET.get("code", ""), 6, 9, 12, 15)
    area = wanted if wanted.startswith(mine) else mine
    who = request.GET.get("who", "")
    duties = GROUPS.get(who, GROUPS["leads"])
    number = asked.number(request, "page", 1, 1, 1000)
    posts = accounts.posts_under(area, timezone.localdate(), duties)
    found = list(posts[(number - 1) * PEOPLE : number * PEOPLE + 1])
    rows = [
        PersonRow(one.user.name, f"{labels.word(labels.DUTIES, one.duty)} · {areas.name_of(one.area)}")
        for one in found[:PEOPLE]
    ]
    query = {"who": who, "code": area, "page": number + 1}
    return show(
        request,
        page="insight/people.html",
        rows=rows,
        title=areas.name_of(area),
        further=f"/work/figures/people/?{urlencode(query)}" if len(found) > PEOPLE else "",
        **frame.office(request, "/work/figures/"),
    )
