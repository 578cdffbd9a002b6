"""A table as it was read: heads, rows of clean text, what is wrong with single cells. Pure."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

# how far down the row of heads may stand: a title, a unit, a date lie above it
LOOK = 20
_NOTE = re.compile(r"^[（(【\[]?(?:必填|选填|可选|可不填|说明|填写|required|optional|note)", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[\s*＊:：()（）/、_\-\"'“”]")


def normal_head(text: str) -> str:
    """A head as it is compared: without blanks, stars, brackets and case."""
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text)).casefold()


@dataclass(frozen=True)
class Row:
    """One row: its number in the file (from 1), its cells, and marks (column -> reason) of cells that lost something."""

    number: int
    cells: tuple[str, ...]
    marks: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """What ``read`` gives. ``above`` are the rows over the heads; ``total`` counts rows even where only some were kept."""

    kind: str
    sheets: tuple[str, ...]
    sheet: str
    heads: tuple[str, ...]
    rows: list[Row]
    total: int
    above: tuple[tuple[str, ...], ...] = ()

    @property
    def fingerprint(self) -> str:
        """The same for every file with the same heads in the same order."""
        return hashlib.sha256("\x1f".join(map(normal_head, self.heads)).encode()).hexdigest()


def head_row(rows: Sequence[Sequence[str]], known: frozenset[str]) -> tuple[int, int]:
    """(index of the row of heads, how many known heads it has); (-1, 0) where none can be one."""
    best, most = -1, 0
    for index, row in enumerate(rows[:LOOK]):
        hits = len({normal_head(cell) for cell in row if cell} & known)
        if hits > most:
            best, most = index, hits
    if best >= 0:
        return best, most
    for index, row in enumerate(rows[:LOOK]):
        filled = [cell for cell in row if cell]
        if len(filled) >= 2 and not any(cell.replace(".", "").isdigit() for cell in filled):
            return index, 0
    return -1, 0


def is_note(row: Sequence[str]) -> bool:
    """Whether a row says how to fill in the columns (the second row of a template)."""
    filled = [cell for cell in row if cell]
    return bool(filled) and sum(bool(_NOTE.match(cell)) for cell in filled) * 2 >= len(filled)


def repeated(heads: Sequence[str]) -> list[str]:
    """Heads that stand twice."""
    seen: set[str] = set()
    twice = []
    for head in heads:
        key = normal_head(head)
        if key and key in seen:
            twice.append(head)
        seen.add(key)
    return twice
