"""Places over the API: names for codes, and the grid of a point."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from wushi.api.guard import open_operation
from wushi.domain.areas import queries as areas
from wushi.kernel.errors import Invalid, NotFound

router = Router()


class PlaceOut(Schema):
    """A place in force; the lead's name and number are public (滨州市条例 6)."""

    code: str
    level: str
    name: str
    parent: str
    lead_name: str
    lead_phone: str


class PointOut(Schema):
    """The grid of a point; ``neighbours`` lie within 30 m, then ``sure`` is false."""

    grid: str
    neighbours: list[str]
    sure: bool


@router.get("/at", response=PointOut, summary="The grid of a point (WGS84)")
@open_operation("a resident's page asks which grid he stands in; grids are public")
def at(request: HttpRequest, county: str, longitude: float, latitude: float) -> Any:
    """The grid that covers the point, and those within 30 m of it."""
    if not (len(county) == 6 and county.isascii() and county.isdigit()) or not (
        -180 <= longitude <= 180 and -90 <= latitude <= 90
    ):
        raise Invalid(fields={"county": "bad_area"})
    found = areas.grid_at(county, longitude, latitude)
    return {"grid": found.grid, "neighbours": list(found.neighbours), "sure": found.sure}


@router.get("/{code}", response=PlaceOut, summary="A place by its code")
@open_operation("names of places are public")
def one(request: HttpRequest, code: str) -> Any:
    """A place of 6 to 15 digits that is in force."""
    found = areas.place(code) if code.isascii() and code.isdigit() and 6 <= len(code) <= 15 else None
    if found is None or found.ended:
        raise NotFound()
    return found.__dict__
