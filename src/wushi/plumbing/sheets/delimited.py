"""Text tables: which encoding, which mark between the cells. Runs in the child only."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path

from wushi.plumbing.sheets import errors
from wushi.plumbing.sheets.archive import HEAD, check_text
from wushi.plumbing.sheets.limits import MEGABYTE, Limits

_MARKS = (",", "\t", ";")


def bytes_of(path: Path, packed: bool, limits: Limits) -> bytes:
    """The text's bytes; a packed one is opened no further than the limits."""
    if not packed:
        return path.read_bytes()
    most, size = 3 * limits.file_bytes, path.stat().st_size
    try:
        with gzip.open(path) as file:
            raw = file.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise errors.BadSheet() from error
    if len(raw) > MEGABYTE and len(raw) > limits.ratio * size:
        raise errors.UnsafeSheet()
    if len(raw) > most:
        raise errors.SheetTooLarge(limit=most // MEGABYTE)
    if not raw:
        raise errors.EmptySheet()
    if raw.startswith((b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise errors.NestedFile()
    check_text(raw[:HEAD])
    return raw


def text_of(raw: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, GB 18030 (and so GBK). Raises MixedEncoding."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError as error:
            raise errors.MixedEncoding() from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    # one file put together from two: some of its lines are Chinese in UTF-8, some are not UTF-8 at all
    both = [_is_chinese_utf8(line) for line in raw.splitlines() if not line.isascii()]
    if any(both) or raw.startswith(b"\xef\xbb\xbf"):
        raise errors.MixedEncoding()
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError as error:
        raise errors.MixedEncoding() from error


def _is_chinese_utf8(line: bytes) -> bool:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return False
    return sum("\u4e00" <= ch <= "\u9fff" for ch in text) >= 3


def rows_of(text: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """(line of the file, cells). Raises OpenQuote and CellTooLong."""
    if "\0" in text:
        raise errors.BadSheet()
    top = text[:20_000].split("\n", 30)[:30]
    mark = max(_MARKS, key=lambda m: sum(line.count(m) for line in top))
    csv.field_size_limit(limits.cell_chars)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, cells
            number = reader.line_num + 1
    except csv.Error as error:
        if "field larger" in str(error):
            # a quotation mark that never closes swallows what follows into one cell
            raise errors.CellTooLong(row=number, limit=limits.cell_chars) from error
        raise errors.OpenQuote(row=number) from error
