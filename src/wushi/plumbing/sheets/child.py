"""The process that parses: limits first, then the file, rows as JSON lines. ``python -m wushi.plumbing.sheets.child OPTIONS``.

It gets no environment of ours, no database and no key; whatever a crafted file does to it, the caller gets a code.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from wushi.plumbing.sheets import errors
from wushi.plumbing.sheets.archive import CSV, GZIP, kind_of
from wushi.plumbing.sheets.cells import clean_cell
from wushi.plumbing.sheets.limits import Limits
from wushi.plumbing.sheets.table import LOOK, head_row, is_note, repeated

CHUNK = 200
Line = tuple[int, list[str], dict[int, str]]


def _fence(limits: Limits) -> None:
    """What the operating system holds this process to. Where a system does not know a limit the others remain."""
    wanted = (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for what, amount in wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (amount, amount))


def _say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=False, separators=(",", ":")) + "\n")


def _cleaned(number: int, cells: list[Any], marks: dict[int, str], limits: Limits) -> Line | None:
    """One row as clean text without empty cells at its end; None for an empty row."""
    texts: list[str] = []
    for column, cell in enumerate(cells):
        text, mark = clean_cell(cell)
        if len(text) > limits.cell_chars:
            raise errors.CellTooLong(row=number, limit=limits.cell_chars)
        if mark:
            marks[column] = mark
        texts.append(text)
    while texts and not texts[-1] and len(texts) - 1 not in marks:
        texts.pop()
    if len(texts) > limits.columns:
        raise errors.TooManyColumns(limit=limits.columns)
    return (number, texts, marks) if texts else None


def _lines(rows: Any, limits: Limits) -> Iterator[Line]:
    chars = count = 0
    for number, cells, marks in rows:
        line = _cleaned(number, cells, marks, limits)
        if line is None:
            continue
        chars += sum(map(len, line[1]))
        count += 1
        if count > limits.rows + LOOK:
            raise errors.TooManyRows(limit=limits.rows)
        if chars > limits.all_chars:
            raise errors.SheetTooLarge(limit=limits.all_chars // 1_000_000)
        yield line


def _choose(book: Any, wanted: str, known: frozenset[str], limits: Limits) -> str:
    """The sheet asked for; else the one with the most known heads, else the first that has any."""
    names: list[str] = book.sheets
    if wanted:
        if wanted not in names:
            raise errors.UnknownSheet()
        return wanted
    best, most, first_filled = "", -1, ""
    for name in names:
        top = []
        for line in _lines(book.rows(name), limits):
            top.append(line[1])
            if len(top) == LOOK:
                break
        index, hits = head_row(top, known)
        first_filled = first_filled or (name if top else "")
        if index >= 0 and hits > most:
            best, most = name, hits
    if not best and not first_filled:
        raise errors.EmptySheet()
    return best or first_filled


def _send(kind: str, sheets: list[str], sheet: str, lines: Iterator[Line], asked: dict[str, Any]) -> None:
    """The heads, then the rows; only the first ``keep`` of them where the caller wants no more."""
    top: list[Line] = []
    for line in lines:
        top.append(line)
        if len(top) == LOOK:
            break
    if not top:
        raise errors.EmptySheet()
    at, _hits = head_row([line[1] for line in top], frozenset(asked["heads"]))
    if at < 0:
        raise errors.NoHeader()
    heads = top[at][1]
    twice = repeated(heads)
    if twice:
        raise errors.DuplicateHeads(heads=twice[:5])
    _say(kind=kind, sheets=sheets, sheet=sheet, heads=heads, above=[line[1] for line in top[:at]])
    rest = top[at + 1 :]
    if rest and is_note(rest[0][1]):
        rest = rest[1:]
    total, batch, limit = 0, [], asked["keep"]
    for source in (rest, lines):
        for number, cells, marks in source:
            total += 1
            if total > asked["limits"]["rows"]:
                raise errors.TooManyRows(limit=asked["limits"]["rows"])
            if limit is None or total <= limit:
                batch.append([number, cells, {str(column): code for column, code in marks.items()}])
            if len(batch) == CHUNK:
                _say(rows=batch)
                batch = []
    _say(rows=batch, total=total)


def _run(asked: dict[str, Any]) -> None:
    said = {field.name: asked["limits"][field.name] for field in fields(Limits) if field.type == "int"}
    limits = Limits(since=None, basis="", **said)  # type: ignore[arg-type]
    _fence(limits)
    path = Path(asked["path"])
    kind = kind_of(path, limits)
    if kind in (CSV, GZIP):
        from wushi.plumbing.sheets.delimited import bytes_of, rows_of, text_of

        text = text_of(bytes_of(path, kind == GZIP, limits))
        plain: Any = ((number, cells, {}) for number, cells in rows_of(text, limits))
        _send(kind, [], "", _lines(plain, limits), asked)
        return
    from wushi.plumbing.sheets.workbook import Workbook

    book = Workbook(path, kind, limits)
    known = frozenset(asked["heads"])
    sheet = _choose(book, asked["sheet"], known, limits)
    _send(kind, book.sheets, sheet, _lines(book.rows(sheet), limits), asked)


def main() -> None:
    """One answer for whatever happens, or a signal."""
    try:
        _run(json.loads(sys.argv[1]))
    except errors.BadSheet as error:
        _say(error=error.code, facts=error.facts)
    except MemoryError:
        _say(error=errors.SheetTooLarge.code, facts={"limit": 20})
    except BaseException as error:
        # a parser's panic is no Exception; its text may hold what stands in the file, so only its kind is told
        _say(error=errors.BadSheet.code, facts={"fault": type(error).__name__})
    sys.stdout.flush()


if __name__ == "__main__":
    main()
