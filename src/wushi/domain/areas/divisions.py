"""The 620,573 divisions that ship with the package (statistical codes, state of 2022-10-31; MIT, see NOTICE)."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from datetime import date
from importlib.resources import files

from wushi.domain.areas.services import NewArea

SINCE = date(2022, 10, 31)
SOURCE = "nbs-2022-10-31"


def _rows(name: str) -> Iterator[dict[str, str]]:
    path = files("wushi.domain.areas").joinpath(f"data/{name}")
    with path.open("rb") as raw, gzip.open(raw, "rt", encoding="utf-8") as text:
        yield from csv.DictReader(text)


def upper() -> Iterator[NewArea]:
    """Provinces, cities, counties, towns."""
    for row in _rows("upper.csv.gz"):
        yield NewArea(row["code"], row["name"])


def villages() -> Iterator[NewArea]:
    """Villages and residents' communities, by their official names without the committee's suffix."""
    for row in _rows("villages.csv.gz"):
        yield NewArea(row["code"], short_name(row["name"]))


def short_name(name: str) -> str:
    """孙岗村村委会 -> 孙岗村; 新元社区居委会 -> 新元社区: the name of the place, not of its committee."""
    for suffix in ("村民委员会", "居民委员会", "村委会", "居委会"):
        if name.endswith(suffix):
            stem = name[: -len(suffix)]
            if not stem:
                return name
            return stem if stem.endswith(("村", "社区")) else stem + ("村" if suffix[0] == "村" else "社区")
    return name


def of(code: str) -> Iterator[NewArea]:
    """Everything at or under a province, city or county code, with what lies above it."""
    above = {code[:n] for n in (2, 4, 6) if n <= len(code)}
    for area in upper():
        if area.code in above or area.code.startswith(code):
            yield area
    for area in villages():
        if area.code.startswith(code):
            yield area
