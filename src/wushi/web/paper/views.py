"""PDFs to print: a request for its file, a receipt, contact cards, the notice of a grid. Reading only: nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone

from wushi.domain.areas import queries as areas
from wushi.domain.cases import queries as cases
from wushi.domain.files.pictures import path_of
from wushi.domain.files.queries import photos_of
from wushi.edge.guard import guarded, receipt_page
from wushi.edge.pages import show
from wushi.web import asked, frame, words
from wushi.web.cases.views import READERS, case_for, sheet
from wushi.web.paper import qr
from wushi.web.paper.area_facts import SIZES, GridSpot, TooManyCards, of_cards, of_notice
from wushi.web.paper.case_facts import of_case, of_receipt
from wushi.web.paper.printing import NoFont, pdf
from wushi.web.track.views import sheet_for

MOST_PHOTOS = 6


def printed(
    request: Any, form: str, name: str, facts: Mapping[str, Any], files: Mapping[str, bytes] | None = None
) -> HttpResponse:
    """The PDF to look at; a page that says what to do where this machine has no Chinese font."""
    try:
        data = pdf(form, facts, files)
    except NoFont:
        return show(request, page="paper/instead.html", status=503, reason="font")
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _photos(case: Any) -> dict[str, bytes]:
    """The photos of the matter itself, as files a form may read."""
    found = [path_of(case.county, photo.id) for photo in photos_of(case.county, case.id)[:MOST_PHOTOS]]
    return {f"photo-{n}.jpg": path.read_bytes() for n, path in enumerate(found) if path.is_file()}


@guarded(READERS)
def case_paper(request: Any, case_id: UUID) -> HttpResponse:
    """A request for its file, as this reader may see it."""
    now, case = timezone.now(), case_for(request, case_id)
    photos = _photos(case)
    facts = of_case(sheet(request, case, now), now=now, reader=request.viewer.name, photos=list(photos))
    return printed(request, "case", case.number, facts, photos)


@receipt_page
def receipt_paper(request: Any, code: str) -> HttpResponse:
    """The receipt on one side of paper."""
    case = cases.by_receipt(request.actor)
    if case is None:
        raise Http404
    address = request.build_absolute_uri(f"/r/{case.receipt}/")
    names = [areas.name_of(area) for area in (case.village or case.county, case.grid) if area]
    place = f"{words.place(names)} {case.place}".strip()
    facts = of_receipt(sheet_for(request, case), case, place=place, address=address, qr=qr.svg(address))
    return printed(request, "receipt", case.number, facts)


def _place_for(request: Any, code: str) -> Any:
    """The village or grid, if it lies in what the reader answers for (the same as on the village's page)."""
    post = frame.main_post(request.viewer)
    mine = (post.area if post and len(post.area) >= 6 else request.actor.county)[:12]
    place = areas.place(code) if code.startswith(mine) else None
    if place is None or place.ended:
        raise Http404
    return place


def _spots(request: Any, place: Any) -> list[GridSpot]:
    """Each grid of a village, or the one asked for; a village without grids stands for itself."""
    village = areas.existing(place.code[:12])
    around = areas.places_under(village.code, "grid")
    wanted = [grid for grid in around if grid.code.startswith(place.code)] or [village]
    rings = {grid.code: areas.outline_of(grid.code) for grid in around}
    return [
        GridSpot(
            grid,
            village,
            qr.svg(request.build_absolute_uri(f"/d/{grid.code}/"), error="q"),
            rings.get(grid.code, ()),
            [ring for code, found in rings.items() if code != grid.code for ring in found],
        )
        for grid in wanted
    ]


@guarded(frame.AREA_PAGES)
def cards(request: Any, code: str) -> HttpResponse:
    """便民联系卡: with ``each=household`` as many as there are households, else one sheet a grid; ``size``: card, large."""
    size = request.GET.get("size", "")
    spots = _spots(request, _place_for(request, code))
    try:
        facts = of_cards(
            spots,
            size=size if size in SIZES else "card",
            every=asked.words(request, "each", 20) == "household",
        )
    except TooManyCards:
        return show(request, page="paper/instead.html", status=422, reason="many", code=code)
    return printed(request, "cards", f"cards-{code}", facts)


@guarded(frame.AREA_PAGES)
def notice(request: Any, code: str) -> HttpResponse:
    """网格公示: one page for each grid of a village, or of the one grid."""
    return printed(request, "notice", f"notice-{code}", of_notice(_spots(request, _place_for(request, code))))
