"""What a file is, by its bytes, and whether its zip directory may be opened at all. No parser runs before this."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from wushi.plumbing.sheets import errors
from wushi.plumbing.sheets.limits import MEGABYTE, Limits

XLSX, XLS, CSV, GZIP = "xlsx", "xls", "csv", "csv.gz"
_ZIP, _OLE, _GZ = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b"
_PICTURES = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"%PDF",
    b"RIFF",
    b"Rar!",
    b"7z\xbc\xaf",
    b"BZh",
    b"MZ",
    b"\x7fELF",
)
_MARKUP = re.compile(
    rb"^\s*(?:<!doctype html|<html|<head|<table|<meta|<\?xml[^>]*>\s*<(?!\?))", re.IGNORECASE
)
_INSIDE = re.compile(r"\.(?:zip|xlsx|xlsm|xls|gz|rar|7z|docx?|exe|dll|bat|js|vbs)$", re.IGNORECASE)
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension[^>]*\bref="([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?"')
HEAD = 4096


def column_number(letters: str) -> int:
    """A -> 1, XFD -> 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def kind_of(path: Path, limits: Limits) -> str:
    """xlsx, xls, csv or csv.gz by the bytes; raises what the file is refused for."""
    size = path.stat().st_size
    if size == 0:
        raise errors.EmptySheet()
    if size > limits.file_bytes:
        raise errors.SheetTooLarge(limit=limits.file_bytes // MEGABYTE)
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(_ZIP):
        check_zip(path, limits)
        return XLSX
    if head.startswith(_OLE):
        return _ole(path)
    if head.startswith(_GZ):
        return GZIP
    check_text(head)
    return CSV


def check_text(head: bytes) -> None:
    """Raises for what is no text: a picture, a program, a web page."""
    if head.startswith(_PICTURES) or head.startswith((_ZIP, _OLE)):
        raise errors.WrongKind()
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise errors.WebPage()
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise errors.WrongKind()


def _ole(path: Path) -> str:
    """An old workbook; or the wrapping of an encrypted new one; or another old document."""
    raw = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in raw:
        raise errors.EncryptedSheet()
    if "_VBA_PROJECT".encode("utf-16-le") in raw:
        raise errors.SheetWithMacros()
    if "Workbook".encode("utf-16-le") not in raw and "Book".encode("utf-16-le") not in raw:
        raise errors.WrongKind()
    return XLS


def check_zip(path: Path, limits: Limits) -> None:
    """The directory of a workbook, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_entries(entries, limits)
            names = {entry.filename for entry in entries}
            _check_kind(names)
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    _check_part(archive, entry, limits)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise errors.BadSheet() from error
    except zipfile.LargeZipFile as error:
        raise errors.UnsafeSheet() from error
    except Exception as error:
        if isinstance(error, errors.BadSheet):
            raise
        # zlib.error of a damaged stream; whatever else a crafted directory provokes
        raise errors.BadSheet() from error


def _check_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise errors.EncryptedSheet()
    names = [entry.filename for entry in entries]
    leads_out = any(
        n.startswith(("/", "\\")) or ".." in n.replace("\\", "/").split("/") or ":" in n for n in names
    )
    links = any((entry.external_attr >> 16) & 0o170000 == 0o120000 for entry in entries)
    if len(entries) > limits.entries or len(set(names)) != len(names) or leads_out or links:
        raise errors.UnsafeSheet()
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise errors.SheetTooLarge(limit=limits.unpacked_bytes // MEGABYTE)
    tight = (
        e for e in entries if e.file_size > MEGABYTE and e.file_size > limits.ratio * max(e.compress_size, 1)
    )
    if any(tight):
        raise errors.UnsafeSheet()


def _check_kind(names: set[str]) -> None:
    if any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names):
        raise errors.SheetWithMacros()
    if "xl/workbook.xml" not in names:
        if any(_INSIDE.search(name) for name in names):
            raise errors.NestedFile()
        raise errors.WrongKind()
    if any(_INSIDE.search(name) or "/embeddings/" in name for name in names):
        raise errors.NestedFile()


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> None:
    with archive.open(entry) as part:
        head = part.read(HEAD)
    if _ENTITY.search(head.replace(b"\0", b"")):
        raise errors.UnsafeSheet()
    if entry.filename == "[Content_Types].xml" and b"macroEnabled" in head:
        raise errors.SheetWithMacros()
    if entry.filename.startswith("xl/worksheets/"):
        said = _DIMENSION.search(head)
        if said:
            last_column, last_row = (said[3] or said[1]).decode(), int(said[4] or said[2])
            if last_row > limits.rows + 50:
                raise errors.TooManyRows(limit=limits.rows)
            if column_number(last_column) > limits.columns:
                raise errors.TooManyColumns(limit=limits.columns)
