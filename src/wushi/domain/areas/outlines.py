"""Reading grids from a GeoJSON FeatureCollection (RFC 7946, WGS84), as survey offices hand them over."""

from __future__ import annotations

import json
from typing import Any

from wushi.domain.areas.errors import BadGrids
from wushi.domain.areas.services import NewArea


def read(text: str) -> list[NewArea]:
    """One grid a feature: properties ``code`` (15 digits) and ``name``, optional ``households``, ``kind``, ``lead_name``,
    ``lead_phone``; the geometry is its outline. Raises BadGrids(feature=) with the number of the first wrong one."""
    try:
        features = json.loads(text)["features"]
        if not isinstance(features, list) or not features:
            raise BadGrids(feature=1)
    except (ValueError, KeyError, TypeError) as error:
        raise BadGrids(feature=1) from error
    return [_grid(number, feature) for number, feature in enumerate(features, start=1)]


def _grid(number: int, feature: Any) -> NewArea:
    try:
        said = feature["properties"]
        code, name, households = str(said["code"]).strip(), str(said["name"]).strip(), said.get("households")
        if len(code) != 15 or not (code.isascii() and code.isdigit()) or not name:
            raise BadGrids(feature=number)
        return NewArea(
            code=code,
            name=name[:120],
            grid_kind=str(said.get("kind") or ""),
            households=None if households is None else int(households),
            outline=feature["geometry"],
            lead_name=str(said.get("lead_name") or "")[:60],
            lead_phone=str(said.get("lead_phone") or "")[:20],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadGrids(feature=number) from error
