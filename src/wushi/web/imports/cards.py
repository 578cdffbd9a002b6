"""A batch and its rows as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wushi.domain.imports import files, queries
from wushi.domain.imports.models import Batch, Line
from wushi.domain.imports.states import AT_WORK
from wushi.edge.refusals import sentence
from wushi.kernel.errors import DomainError
from wushi.plumbing.personal import mask_id_number, mask_phone
from wushi.plumbing.sheets.importer import Importer
from wushi.web.labels import Badge
from wushi.web.labels.imports import COLUMNS, KINDS, STATES, VERDICTS, why

# the columns of a row that a preview shows in its one line
SHOWN = 4


@dataclass(frozen=True)
class BatchCard:
    """One batch in a list or above its page."""

    url: str
    title: str
    source: str
    file_name: str
    total: str
    badge: Badge
    at: datetime
    who: str
    line: str


@dataclass(frozen=True)
class Chip:
    """One filter of the preview with its count."""

    url: str
    word: Any
    n: str
    here: bool


@dataclass(frozen=True)
class LineCard:
    """One row of the file."""

    number: int
    text: str
    badge: Badge
    why: str


@dataclass(frozen=True)
class ColumnChoice:
    """One column we understand and the heads of the file it may be."""

    name: str
    word: Any
    head: str
    required: bool
    note: str
    options: list[tuple[int, str, bool]]


def amount(n: int) -> str:
    """A count with its thousands apart."""
    return number_format(n, force_grouping=True)


def counted(counts: dict[str, int]) -> str:
    """The verdicts of a batch in one line, those that are there."""
    found = [f"{badge.word} {amount(counts[code])}" for code, badge in VERDICTS.items() if counts.get(code)]
    return " · ".join(found)


def batch_card(row: Batch, who: str) -> BatchCard:
    """In words."""
    total = ngettext("%(n)s row", "%(n)s rows", row.total) % {"n": amount(row.total)}
    return BatchCard(
        f"/work/imports/{row.id}/",
        str(KINDS.get(row.kind, row.kind)),
        row.source,
        row.file_name,
        total,
        STATES[row.state],
        row.taken_at,
        who,
        counted(row.counts),
    )


def trouble_of(row: Batch) -> str:
    """Why the background could not, in words."""
    if not row.trouble:
        return ""
    error = DomainError(**row.trouble_facts)
    error.code = row.trouble
    return sentence(error)


def progress_of(row: Batch) -> dict[str, Any]:
    """How far the background is: looked-at rows stand in the row, what is in one transaction in a note beside the file."""
    if row.state not in AT_WORK:
        return {}
    whole = row.total if row.state == "looking" else sum(row.counts.get(v, 0) for v in ("new", "changed"))
    done = row.done if row.state == "looking" else min(files.progress_of(row.county, row.id), whole)
    return {"done": amount(done), "of": amount(whole), "percent": 100 * done // max(whole, 1)}


def chips(row: Batch, chosen: str) -> list[Chip]:
    """All rows, and those of each verdict that is there."""
    base = f"/work/imports/{row.id}/"
    found = [Chip(base, _("All"), amount(row.total), not chosen)]
    for code, badge in VERDICTS.items():
        if row.counts.get(code):
            found.append(Chip(f"{base}?rows={code}", badge.word, amount(row.counts[code]), code == chosen))
    return found


def line_card(line: Line) -> LineCard:
    """One row in a line; numbers that name somebody are hidden in the middle."""
    said = queries.values_in(line)
    shown = [_hidden(name, said[name]) for name in said if name != "source_id"][:SHOWN]
    return LineCard(
        line.number,
        " · ".join(text for text in shown if text) or _("(forgotten or empty)"),
        VERDICTS.get(line.verdict, VERDICTS["error"]),
        why(line.reason, line.column),
    )


def _hidden(name: str, text: str) -> str:
    if name == "phone":
        return mask_phone(text)
    return mask_id_number(text) if name == "id_number" else text


def choices(row: Batch, importer: Importer) -> list[ColumnChoice]:
    """Each column we understand with the heads of the file, the likely one chosen."""
    told = queries.offered_mapping(row, importer.columns)
    heads = [(index, head) for index, head in enumerate(row.heads) if head]
    return [
        ColumnChoice(
            column.name,
            COLUMNS.get(column.name, column.heads[0]),
            column.heads[0],
            column.required,
            column.note,
            [(index, head, told.get(column.name) == index) for index, head in heads],
        )
        for column in importer.columns
    ]
