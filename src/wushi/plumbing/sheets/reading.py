"""Reading a table: bytes are looked at, then a child process parses under limits and streams the rows back."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import wushi
from wushi.plumbing.sheets import errors
from wushi.plumbing.sheets.archive import kind_of
from wushi.plumbing.sheets.limits import LIMITS, MEGABYTE, Limits
from wushi.plumbing.sheets.table import Row, Table, normal_head

_PASSED = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")


def read(
    source: Path | bytes,
    *,
    heads: Iterable[str] = (),
    sheet: str = "",
    keep: int | None = None,
    limits: Limits = LIMITS,
) -> Table:
    """The table in a file (xlsx, xls, csv, csv.gz; told by its bytes, never by its name). Raises BadSheet's classes.

    ``heads`` are known names of columns, which find the row of heads and the right sheet; ``keep`` bounds the rows given back,
    not those checked.
    """
    if isinstance(source, bytes):
        with tempfile.NamedTemporaryFile() as file:
            file.write(source)
            file.flush()
            return read(Path(file.name), heads=heads, sheet=sheet, keep=keep, limits=limits)
    kind_of(source, limits)  # what can be refused by its bytes costs no process
    figures = {name: value for name, value in asdict(limits).items() if isinstance(value, int)}
    known = sorted({normal_head(head) for head in heads})
    asked = {"path": str(source.resolve()), "heads": known, "sheet": sheet, "keep": keep, "limits": figures}
    return _table(_answers(asked, limits))


def _answers(asked: dict[str, Any], limits: Limits) -> Iterator[dict[str, Any]]:
    """What the child says, line by line; killed when its time is over. Raises what it says, or what its end means."""
    environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
    environment |= {
        "PYTHONPATH": str(Path(wushi.__file__).parents[1]),
        "PYTHONIOENCODING": "utf-8:surrogatepass",
    }
    command = [sys.executable, "-m", "wushi.plumbing.sheets.child", json.dumps(asked)]
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )
    assert child.stdout is not None
    clock = threading.Timer(limits.wall_seconds, child.kill)
    clock.start()
    try:
        for line in child.stdout:
            said: dict[str, Any] = json.loads(line)
            if "error" in said:
                raise errors.ALL.get(said["error"], errors.BadSheet)(**said["facts"])
            yield said
        child.wait()
    finally:
        clock.cancel()
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        child.wait()
        child.stdout.close()
    if child.returncode in (-signal.SIGKILL, -signal.SIGXCPU):
        raise errors.TooSlow()
    if child.returncode:
        # an allocation that failed aborts the parser
        raise errors.SheetTooLarge(limit=limits.file_bytes // MEGABYTE)


def _table(answers: Iterator[dict[str, Any]]) -> Table:
    first: dict[str, Any] = {}
    rows: list[Row] = []
    total = -1
    for said in answers:
        if "heads" in said:
            first = said
            continue
        total = said.get("total", total)
        for number, cells, marks in said["rows"]:
            rows.append(Row(number, tuple(cells), {int(column): code for column, code in marks.items()}))
    if total < 0:
        raise errors.BadSheet()
    if total == 0:
        raise errors.EmptySheet()
    width = max([len(first["heads"]), *(len(row.cells) for row in rows)])
    heads = (*first["heads"], *("" for _ in range(width - len(first["heads"]))))
    padded = [Row(r.number, (*r.cells, *("" for _ in range(width - len(r.cells)))), r.marks) for r in rows]
    above = tuple(tuple(line) for line in first["above"])
    return Table(first["kind"], tuple(first["sheets"]), first["sheet"], heads, padded, total, above)
