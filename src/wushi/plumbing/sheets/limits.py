"""How much a spreadsheet may ask of the machine that reads it, as dated data with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What is taken at most. ``basis`` names where the numbers come from."""

    since: date
    basis: str
    file_bytes: int = 20 * MEGABYTE
    # a worksheet is text and packs well; 300 MB is the largest an office program writes for 200,000 rows
    unpacked_bytes: int = 300 * MEGABYTE
    entries: int = 2_000
    # tables of equal rows reach 60; a bomb begins at several hundred (reliability bar B37)
    ratio: int = 100
    rows: int = 200_000
    columns: int = 200
    cell_chars: int = 32_000
    # all text of a sheet together: what the reading process holds
    all_chars: int = 60_000_000
    sheets: int = 50
    memory_bytes: int = 512 * MEGABYTE
    cpu_seconds: int = 60
    wall_seconds: int = 120


LIMITS = Limits(
    since=date(2026, 1, 1),
    basis="docs/decisions/0019-spreadsheets.md: a district's whole register in one file, on a machine of 2 GB",
)
