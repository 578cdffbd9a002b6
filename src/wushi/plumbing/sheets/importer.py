"""What a room says about a table it takes: its columns, how a row is judged, carried out and taken back.

A room writes one Importer; ``config/wiring.py`` registers it. The room ``imports`` does everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

from wushi.kernel.actor import Actor
from wushi.plumbing.sheets.cells import BadCell, plain
from wushi.plumbing.sheets.table import Row, normal_head


class Verdict(StrEnum):
    """What carrying out a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    DUPLICATE = "duplicate"
    ERROR = "error"


@dataclass(frozen=True)
class Column:
    """One column a room understands. The first of ``heads`` stands in the template, the others are what people call it.

    ``choices`` are offered as a list; a value of a ``unique`` column may stand in one row of a file only; a ``personal`` one is
    shown hidden.
    """

    name: str
    heads: tuple[str, ...]
    required: bool = False
    parse: Callable[[str], str] = plain
    choices: tuple[str, ...] = ()
    note: str = ""
    sample: str = ""
    limit: int = 200
    unique: bool = False
    personal: bool = False

    def fits(self, head: str) -> bool:
        """Whether a head is one of this column's names."""
        return normal_head(head) in {normal_head(one) for one in self.heads}


@dataclass(frozen=True)
class Said:
    """One row as a room gets it: its number in the file, its values by column name ('' for an empty cell), and the row it was
    known by before (``known``: what an earlier file of the same source made of the same key)."""

    number: int
    values: Mapping[str, str]
    known: UUID | None = None


@dataclass(frozen=True)
class Judged:
    """What a row would do. ``reason`` is a code (with ``column`` where it is about one); ``subject`` the row it would change."""

    verdict: Verdict
    reason: str = ""
    column: str = ""
    subject: UUID | None = None


@dataclass(frozen=True)
class Done:
    """What became of a row: the thing it made or changed, its step since, and what stood there before (for taking back)."""

    number: int
    subject: UUID
    step: int
    before: Mapping[str, Any] = field(default_factory=dict)


class Importer(Protocol):
    """What a room hands in. ``judge``, ``apply`` and ``undo`` get up to CHUNK rows at once and ask few statements each."""

    @property
    def kind(self) -> str:
        """Its code: ``residents``."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns it understands, in the order of the template."""

    def may(self, actor: Actor) -> bool:
        """Whether the actor may bring in anything of this kind."""

    def key(self, values: Mapping[str, str]) -> str:
        """What a row is known by inside its source: the source's own id, else what is natural; '' for nothing."""

    def judge(self, *, actor: Actor, rows: Sequence[Said]) -> list[Judged]:
        """What each row would do, in the order given; reads only."""

    def apply(self, *, actor: Actor, rows: Sequence[Said], now: datetime) -> list[Done]:
        """Carry rows out that were judged new or changed, in one call of a verb of the room; a leaf for each."""

    def undo(self, *, actor: Actor, rows: Sequence[tuple[Verdict, Done]], now: datetime) -> list[int]:
        """Take rows back; the numbers of those that were changed since and therefore stand (then nothing is taken back)."""


@runtime_checkable
class Asking(Importer, Protocol):
    """An importer that asks more than which column is which: what the source's words mean, kept with each batch."""

    def bound(self, source: str, options: Mapping[str, Any]) -> Importer:
        """The same, for the rows of one source."""


def bound_to(importer: Importer, source: str, options: Mapping[str, Any]) -> Importer:
    """The importer for the rows of one source, with what was told of its words."""
    return importer.bound(source, options) if isinstance(importer, Asking) else importer


CHUNK = 1000


def guess(columns: Sequence[Column], heads: Sequence[str]) -> dict[str, int]:
    """Column name -> index of the head that is one of its names; the first one wins."""
    found: dict[str, int] = {}
    for column in columns:
        for index, head in enumerate(heads):
            if head and column.fits(head) and index not in found.values():
                found[column.name] = index
                break
    return found


def values_of(
    columns: Sequence[Column], mapping: Mapping[str, int], row: Row
) -> tuple[dict[str, str], str, str]:
    """(values by column name, reason, column): the first thing that is wrong with a row, '' where nothing is."""
    values: dict[str, str] = {}
    reason = wrong = ""
    for column in columns:
        index = mapping.get(column.name)
        text = row.cells[index] if index is not None and index < len(row.cells) else ""
        try:
            if index is not None and row.marks.get(index):
                raise BadCell(row.marks[index])
            values[column.name] = _parsed(column, text)
        except BadCell as error:
            values[column.name] = text[: column.limit]
            if not reason:
                reason, wrong = error.code, column.name
    return values, reason, wrong


def _parsed(column: Column, text: str) -> str:
    if column.required and not text:
        raise BadCell("required")
    value = column.parse(text)
    if column.choices and value and value not in column.choices:
        raise BadCell("unknown")
    if len(value) > column.limit:
        raise BadCell("too_long")
    return value
