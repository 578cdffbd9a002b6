"""My village (or the villages of a wider area), and the working days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts.duties import Duty
from wushi.domain.areas import calendars, services
from wushi.domain.areas import queries as areas
from wushi.domain.calls.queries import lamps_red
from wushi.domain.cases import queries as cases
from wushi.edge import live
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.kernel.errors import DomainError
from wushi.web import asked, frame
from wushi.web.calendar import calendar_warning
from wushi.web.cases.lamps import lamp_line, lamp_sums
from wushi.web.forms import Form
from wushi.web.home.cards import in_hand, lamp_card, red_card

BIGGEST = 200_000
YEARS = 8


@dataclass(frozen=True)
class GridRow:
    """A grid and who leads it."""

    name: str
    line: str
    lead: str
    phone: str


@dataclass(frozen=True)
class VillageRow:
    """A village and its lamp."""

    code: str
    name: str
    colour: str
    line: str


@dataclass(frozen=True)
class YearRow:
    """A year of the calendar."""

    year: int
    days: int


def _grid(place: Any) -> GridRow:
    homes = place.households or 0
    line = ngettext("%(n)s household", "%(n)s households", homes) % {"n": homes} if place.households else ""
    return GridRow(place.name, line, place.lead_name, place.lead_phone)


@guarded(frame.AREA_PAGES)
def village(request: Any) -> HttpResponse:
    """Lamp, grids, leads, vacancies; for a town or the district first its villages."""
    post = frame.main_post(request.viewer)
    mine = post.area if post and len(post.area) >= 6 else request.actor.county
    wanted = asked.code(request.GET.get("code", ""), 12)
    area = wanted if wanted.startswith(mine[:12]) else mine[:12]
    place, county = areas.existing(area), request.actor.county
    whole = len(area) < 12
    lamp = (
        lamp_line(request.actor, post, lamp_sums(request.actor, post))
        if whole
        else lamp_card(
            cases.lamp_of(county, area),
            place.name,
            live.topic("lamp", area),
            lamps_red(county, area).get(area, 0),
        )
    )
    vacant = [
        a for duty, a in accounts.vacancies(county, area, timezone.localdate()) if duty == Duty.GRID_LEAD
    ]
    topics = _topics(county, area)
    return show(
        request,
        page="areas/village.html",
        piece="areas/_village.html",
        village=place,
        lamp=lamp,
        whole=whole,
        vacancies=len(vacant),
        grids=[] if whole else [_grid(grid) for grid in areas.places_under(area, "grid")],
        villages=_villages(county, area) if whole else [],
        topic=" ".join(topics),
        live_ticket=live.ticket(request, topics),
        **frame.office(request, "/work/village/"),
    )


def _topics(county: str, area: str) -> list[str]:
    """The area's lamp or all its matters, and its vacancies (those of grids are told to their village and the district)."""
    first = live.topic("lamp", area) if len(area) >= 12 else live.topic("area", area)
    # lamps, not calls: who reads this page need not be in any caller's line of duty
    return sorted({first, live.topic("lamps", area), live.topic("staff", area), live.topic("staff", county)})


def _villages(county: str, area: str) -> list[VillageRow]:
    rows, red = [], lamps_red(county, area)
    for lamp in cases.lamps_under(county, area):
        calling = red.get(lamp.village, 0)
        line = in_hand(lamp.open) if lamp.open else _("calm")
        if calling:
            line = red_card(calling, None).line
        colour = "red" if calling else lamp.colour
        rows.append(VillageRow(lamp.village, areas.name_of(lamp.village), colour, line))
    return sorted(rows, key=lambda row: ("red", "amber", "green").index(row.colour))


class CalendarForm(Form):
    """Pasted, or a small file."""

    text = forms.CharField(
        label=gettext_lazy("Paste it here"),
        required=False,
        strip=False,
        max_length=BIGGEST,
        widget=forms.Textarea(
            attrs={"rows": 5, "placeholder": "day,is_workday,name\n2027-01-01,0,元旦\n2027-02-20,1,春节调休"}
        ),
    )
    upload = forms.FileField(
        label=gettext_lazy("or choose a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.json,text/csv,application/json"}),
    )


@guarded(Duty.DISTRICT_ADMIN)
def calendar(request: Any) -> HttpResponse:
    """Years loaded, a warning beyond the last, and the import."""
    if request.method != "POST":
        return _calendar_page(request, CalendarForm(), result=_loaded(asked.number(request, "loaded")))
    form, refusal = CalendarForm(request.POST, request.FILES), ""
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        text = upload.read(BIGGEST).decode("utf-8", "replace") if upload else form.cleaned_data["text"]
        try:
            days = calendars.read(text)
            services.load_calendar(actor=request.actor, days=days, source="page")
            with request.reading():
                return _calendar_page(request, CalendarForm(), result=_loaded(len(days)))
        except DomainError as error:
            refusal = form.take(error)
    with request.reading():
        return _calendar_page(request, form, refusal=refusal)


def _loaded(count: int) -> str:
    return ngettext("%(n)s day loaded", "%(n)s days loaded", count) % {"n": count} if count else ""


def _calendar_page(request: Any, form: CalendarForm, *, refusal: str = "", result: str = "") -> HttpResponse:
    county = request.actor.county
    years = [
        YearRow(year, days)
        for year, days in sorted(areas.calendar_years(county).items(), reverse=True)[:YEARS]
    ]
    return show(
        request,
        page="areas/calendar.html",
        status=422 if refusal or form.errors else 200,
        form=form,
        refusal=refusal,
        result=result,
        warning=calendar_warning(request),
        years=years,
        **frame.office(request, "/work/calendar/"),
    )
