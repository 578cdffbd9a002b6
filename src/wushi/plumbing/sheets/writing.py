"""Writing tables: templates, the same file back with its reasons, lists. Every cell is text and none is a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from wushi.plumbing.sheets.cells import written
from wushi.plumbing.sheets.importer import Column
from wushi.plumbing.sheets.table import Table

_BOLD, _RED, _GREY = Font(bold=True), Font(color="B3261E"), Font(color="666666", italic=True)
_PAPER = PatternFill("solid", start_color="F3EEE6")
# Excel takes a list of choices inside the rule up to this length; a longer one stands in the note only
CHOICES_CHARS = 250


def template(columns: Sequence[Column], *, title: str, example: str, words: tuple[str, str]) -> bytes:
    """A workbook to fill in: heads, a row that says what is required (``words``: required, optional), text columns, lists of
    choices, and a second sheet with an example. The second row is left out when it is read."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title[:31]
    for place in (sheet, book.create_sheet(example[:31])):
        for number, column in enumerate(columns, start=1):
            letter = get_column_letter(number)
            place.column_dimensions[letter].number_format = "@"
            place.column_dimensions[letter].width = max(14, min(36, len(column.note) + 8))
            head = place.cell(1, number, written(column.heads[0]))
            head.font, head.fill = _BOLD, _PAPER
        place.freeze_panes = "A3" if place is sheet else "A2"
    for number, column in enumerate(columns, start=1):
        note = f"{words[0] if column.required else words[1]} {column.note}".strip()
        cell = sheet.cell(2, number, written(note))
        cell.font, cell.alignment = _GREY, Alignment(wrap_text=True, vertical="top")
        book.worksheets[1].cell(2, number, written(column.sample)).number_format = "@"
        line = ",".join(column.choices)
        if column.choices and len(line) <= CHOICES_CHARS:
            rule = DataValidation(type="list", formula1=f'"{line}"', allow_blank=True)
            sheet.add_data_validation(rule)
            rule.add(f"{get_column_letter(number)}3:{get_column_letter(number)}200000")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_back(
    path: Path, table: Table, reasons: Mapping[int, str], head: str, *, only: bool = False
) -> None:
    """The same table with one more column that says what is wrong with a row; ``only`` leaves the good rows out."""
    rows = (
        (*row.cells, reasons.get(row.number, "")) for row in table.rows if not only or row.number in reasons
    )
    write_rows(path, (*table.heads, head), rows, above=table.above, marked=len(table.heads))


def write_rows(
    path: Path,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    above: Iterable[Sequence[str]] = (),
    marked: int = -1,
) -> int:
    """A list as xlsx, row by row (no more than one row in memory); how many rows. ``marked`` is a column shown in red."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    for line in above:
        sheet.append([_cell(sheet, text, _GREY) for text in line])
    sheet.append([_cell(sheet, text, _BOLD) for text in heads])
    count = 0
    for row in rows:
        texts: list[Any] = [written(text) or None for text in row]
        if 0 <= marked < len(texts) and texts[marked]:
            texts[marked] = _cell(sheet, row[marked], _RED)
        sheet.append(texts)
        count += 1
    book.save(path)
    return count


def _cell(sheet: Any, text: str, font: Font) -> Any:
    cell = WriteOnlyCell(sheet, written(text))
    cell.font = font
    return cell
