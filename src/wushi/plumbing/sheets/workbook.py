"""Workbooks: visible sheets, merged cells, error cells. Runs in the child only."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from wushi.plumbing.sheets import errors
from wushi.plumbing.sheets.archive import XLSX, column_number
from wushi.plumbing.sheets.limits import MEGABYTE, Limits

_ERROR = re.compile(rb'<(?:\w+:)?c\b(?=[^<>]*\bt="e")[^<>]*\br="([A-Z]+)(\d+)"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
OVERLAP = 512


class Workbook:
    """One workbook, opened."""

    def __init__(self, path: Path, kind: str, limits: Limits) -> None:
        self.path, self.kind, self.limits = path, kind, limits
        try:
            self.book = CalamineWorkbook.from_path(str(path))
        except PasswordError as error:
            raise errors.EncryptedSheet() from error
        except Exception as error:
            if "assword" in str(error):
                raise errors.EncryptedSheet() from error
            raise errors.BadSheet() from error

    @property
    def sheets(self) -> list[str]:
        """Names of the sheets people see; hidden ones hold lists and old copies."""
        seen = [
            meta.name
            for meta in self.book.sheets_metadata
            if meta.visible == SheetVisibleEnum.Visible and meta.typ == SheetTypeEnum.WorkSheet
        ]
        return seen[: self.limits.sheets]

    def rows(self, name: str) -> Iterator[tuple[int, list[Any], dict[int, str]]]:
        """(row of the file, cells, marks) from the sheet's first filled row, merged cells filled downward."""
        try:
            sheet = self.book.get_sheet_by_name(name)
        except Exception as error:
            raise errors.BadSheet() from error
        if sheet.start is None or sheet.end is None:
            return
        top, left = sheet.start
        if sheet.end[0] - top >= self.limits.rows + 50:
            raise errors.TooManyRows(limit=self.limits.rows)
        if sheet.end[1] >= self.limits.columns:
            raise errors.TooManyColumns(limit=self.limits.columns)
        wrong = self._error_cells(name) if self.kind == XLSX else {}
        yield from self._filled(sheet, top, left, wrong)

    def _filled(
        self, sheet: CalamineSheet, top: int, left: int, wrong: dict[int, set[int]]
    ) -> Iterator[tuple[int, list[Any], dict[int, str]]]:
        begin: dict[int, list[tuple[int, int]]] = {}
        for (first, column), (last, _right) in sheet.merged_cell_ranges or []:
            if last > first:
                begin.setdefault(first, []).append((column, last))
        going: dict[int, tuple[Any, int]] = {}
        # the library leaves empty rows above the data out, and empty columns left of it
        for number, cells in enumerate(sheet.iter_rows(), start=top):
            row: list[Any] = ["" for _ in range(left)] + list(cells)
            for column, (value, last) in list(going.items()):
                if number > last:
                    del going[column]
                elif column < len(row) and row[column] in ("", None):
                    row[column] = value
            for column, last in begin.get(number, ()):
                if column < len(row):
                    going[column] = (row[column], last)
            yield number + 1, row, dict.fromkeys(wrong.get(number + 1, ()), "error_cell")

    def _error_cells(self, name: str) -> dict[int, set[int]]:
        """Row -> columns that show #REF!, #N/A and the like: the library gives them as empty, which they are not."""
        found: dict[int, set[int]] = {}
        with zipfile.ZipFile(self.path) as archive:
            part = self._part_of(archive, name)
            if part not in archive.namelist():
                return found
            with archive.open(part) as stream:
                tail = b""
                while chunk := stream.read(MEGABYTE):
                    for letters, row in _ERROR.findall(tail + chunk):
                        found.setdefault(int(row), set()).add(column_number(letters.decode()) - 1)
                    tail = chunk[-OVERLAP:]
        return found

    def _part_of(self, archive: zipfile.ZipFile, name: str) -> str:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        wanted = next(
            (e.get(_RELATION) for e in book.iter() if e.tag.endswith("}sheet") and e.get("name") == name), ""
        )
        try:
            relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        except KeyError:
            return ""
        target = next((e.get("Target", "") for e in relations if e.get("Id") == wanted), "")
        return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
