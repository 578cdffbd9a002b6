"""Files as offices send them, and as somebody builds them who means harm; each made by code, with the answer it must get."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import openpyxl

HEADS = ["姓名", "手机号", "住址"]
ROW = ["王小明", "13800000000", "井边路3号"]


def book(rows: list[list[Any]], change: Callable[[Any], None] | None = None) -> bytes:
    """A workbook of one sheet."""
    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def good() -> bytes:
    return book([HEADS, ROW])


def repacked(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A good workbook with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def with_part(name: str, data: bytes) -> bytes:
    return repacked(lambda parts: parts.update({name: data}))


def dimension(said: bytes) -> bytes:
    def change(parts: dict[str, bytes]) -> None:
        parts[SHEET] = parts[SHEET].replace(b'ref="A1:C2"', b'ref="' + said + b'"')
        assert said in parts[SHEET]

    return repacked(change)


def far_cell() -> bytes:
    """Two cells in opposite corners, and nothing said of it: what a reader would have to make room for is 550 GB."""

    def change(parts: dict[str, bytes]) -> None:
        text = (
            parts[SHEET].replace(b'<dimension ref="A1:C2" />', b"").replace(b'<dimension ref="A1:C2"/>', b"")
        )
        far = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
        parts[SHEET] = text.replace(b"</sheetData>", far)
        assert b"dimension" not in parts[SHEET]

    return repacked(change)


def zip_bomb() -> bytes:
    return with_part("xl/worksheets/sheet9.xml", b"<worksheet>" + b" " * 50_000_000)


def lying_bomb() -> bytes:
    """A sheet of one hundred million equal cells: packed tight, its directory says so."""
    row = b'<row><c t="n"><v>1</v></c></row>'

    def change(parts: dict[str, bytes]) -> None:
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", row * 3_000_000 + b"</sheetData>")

    return repacked(change)


def many_entries() -> bytes:
    return repacked(lambda parts: parts.update({f"xl/media/image{n}.xml": b"<x/>" for n in range(2500)}))


def laughs() -> bytes:
    entity = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return repacked(
        lambda parts: parts.update({"xl/sharedStrings.xml": entity + b"<sst><si><t>&b;</t></si></sst>"})
    )


def outside() -> bytes:
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><styleSheet>&e;</styleSheet>'
    return with_part("xl/styles.xml", entity)


def encrypted_zip() -> bytes:
    raw = bytearray(good())
    # the bit "encrypted" in each local header and each line of the directory
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.find(mark)
        while place >= 0:
            raw[place + at] |= 1
            place = raw.find(mark, place + 4)
    return bytes(raw)


def encrypted_office() -> bytes:
    """The wrapping in which office programs keep a workbook with a password."""
    names = "".join(("EncryptionInfo", "EncryptedPackage")).encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000 + names + b"\0" * 2000


def old_document() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000 + "WordDocument".encode("utf-16-le") + b"\0" * 500
    )


def symlink() -> bytes:
    out = io.BytesIO(good())
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("xl/media/link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def twice_named() -> bytes:
    out = io.BytesIO(good())
    with zipfile.ZipFile(out, "a") as archive:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            archive.writestr(SHEET, b"<worksheet/>")
    return out.getvalue()


def lines(rows: list[list[str]], mark: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=mark).writerows(rows)
    return out.getvalue()


def xls() -> bytes:
    """An old workbook, as it still arrives daily."""
    import xlwt  # type: ignore[import-untyped]

    made = xlwt.Workbook()
    sheet = made.add_sheet("名册")
    for r, row in enumerate([HEADS, ROW, ["李四", 13900000000.0, "井边路4号"]]):
        for c, cell in enumerate(row):
            sheet.write(r, c, cell)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def formula() -> bytes:
    """A formula whose value a program has worked out, and one whose value nobody has."""

    def change(parts: dict[str, bytes]) -> None:
        worked = b'<row r="3"><c r="A3" t="str"><f>1+1</f><v>\xe7\x8e\x8b\xe4\xba\x8c</v></c><c r="B3"><f>1+1</f></c></row>'
        parts[SHEET] = parts[SHEET].replace(b"</sheetData>", worked + b"</sheetData>")

    return repacked(change)


def merged(made: Any) -> None:
    made.worksheets[0].merge_cells("C2:C3")


def hidden(made: Any) -> None:
    made.worksheets[0].sheet_state = "hidden"
    sheet = made.create_sheet("看得见")
    sheet.append(HEADS)
    sheet.append(["李四", "", ""])


def several(made: Any) -> None:
    """Notes first, the list second."""
    made.worksheets[0].delete_rows(1, 9)
    made.worksheets[0].append(["填表说明"])
    sheet = made.create_sheet("名册")
    sheet.append(HEADS)
    sheet.append(ROW)


GB = lines([HEADS, ROW]).encode("gb18030")
U8 = lines([HEADS, ROW]).encode()
# name, the bytes, the one answer: a refusal's code
REFUSED: list[tuple[str, Callable[[], bytes], str]] = [
    ("no byte", lambda: b"", "sheets.empty"),
    ("blank lines", lambda: b"\n\n,,\n", "sheets.empty"),
    ("empty workbook", lambda: book([]), "sheets.empty"),
    ("heads alone", lambda: book([HEADS]), "sheets.empty"),
    ("zip bomb", zip_bomb, "sheets.unsafe"),
    ("bomb of cells", lying_bomb, "sheets.unsafe"),
    ("too many entries", many_entries, "sheets.unsafe"),
    ("billion laughs", laughs, "sheets.unsafe"),
    ("external entity", outside, "sheets.unsafe"),
    ("path leads out", lambda: with_part("xl/../../etc/x.xml", b"<x/>"), "sheets.unsafe"),
    ("absolute path", lambda: with_part("/etc/cron.d/x", b"x"), "sheets.unsafe"),
    ("backslashes lead out", lambda: with_part("xl\\..\\..\\x", b"x"), "sheets.unsafe"),
    ("drive letter", lambda: with_part("C:/x.xml", b"<x/>"), "sheets.unsafe"),
    ("symbolic link", symlink, "sheets.unsafe"),
    ("two parts of one name", twice_named, "sheets.unsafe"),
    ("claims a million rows", lambda: dimension(b"A1:C1048576"), "sheets.too_many_rows"),
    ("claims every cell", lambda: dimension(b"A1:XFD1048576"), "sheets.too_many_rows"),
    ("claims every column", lambda: dimension(b"A1:XFD2"), "sheets.too_many_columns"),
    ("a cell in the far corner", far_cell, "sheets.too_large"),
    ("a thousand columns", lambda: book([[f"c{n}" for n in range(1000)]]), "sheets.too_many_columns"),
    (
        "a thousand columns of text",
        lambda: ",".join(f"c{n}" for n in range(1000)).encode(),
        "sheets.too_many_columns",
    ),
    ("too many lines", lambda: ("a,b\n" + "1,2\n" * 200_001).encode(), "sheets.too_many_rows"),
    ("21 MB", lambda: b"a,b\n" + b"1,2\n" * 5_300_000, "sheets.too_large"),
    ("macros", lambda: with_part("xl/vbaProject.bin", b"x"), "sheets.macros"),
    ("old macros", lambda: xls() + "_VBA_PROJECT".encode("utf-16-le"), "sheets.macros"),
    ("encrypted zip", encrypted_zip, "sheets.encrypted"),
    ("password", encrypted_office, "sheets.encrypted"),
    ("workbook in workbook", lambda: with_part("xl/embeddings/a.xlsx", good()), "sheets.nested"),
    ("object inside", lambda: with_part("xl/embeddings/oleObject1.bin", b"x"), "sheets.nested"),
    ("zip in gz", lambda: gzip.compress(good()), "sheets.nested"),
    ("gz in gz", lambda: gzip.compress(gzip.compress(U8)), "sheets.nested"),
    ("gz bomb", lambda: gzip.compress(b"a,b\n" * 12_000_000), "sheets.unsafe"),
    ("gz cut off", lambda: gzip.compress(U8 * 500)[:60], "sheets.unreadable"),
    ("xlsx cut off", lambda: good()[:900], "sheets.unreadable"),
    ("sheet is no XML", lambda: with_part(SHEET, b"\x00\x01 no xml"), "sheets.unreadable"),
    ("xls cut off", lambda: xls()[:1500], "sheets.wrong_kind"),
    ("a letter of 1997", old_document, "sheets.wrong_kind"),
    ("picture", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "sheets.wrong_kind"),
    ("photo", lambda: b"\xff\xd8\xff\xe0" + b"x" * 100, "sheets.wrong_kind"),
    ("PDF", lambda: b"%PDF-1.7\n", "sheets.wrong_kind"),
    ("program", lambda: b"MZ\x90\x00", "sheets.wrong_kind"),
    ("zip of something else", lambda: _zip({"a.txt": b"x"}), "sheets.wrong_kind"),
    ("zip of a workbook", lambda: _zip({"a.xlsx": good()}), "sheets.nested"),
    ("open document", lambda: _zip({"mimetype": b"x", "content.xml": b"<x/>"}), "sheets.wrong_kind"),
    ("web page", lambda: "<html><table><tr><td>姓名</td></tr></table></html>".encode(), "sheets.web_page"),
    ("web page, Excel's", lambda: b"\xef\xbb\xbf<table><tr><td>x</td></tr></table>", "sheets.web_page"),
    ("XML of 2003", lambda: b'<?xml version="1.0"?>\n<Workbook><x/></Workbook>', "sheets.web_page"),
    ("NUL bytes at once", lambda: b"a,b\n1,\x002\n", "sheets.wrong_kind"),
    ("NUL bytes later", lambda: b"a,b\n" + b"1,2\n" * 2000 + b"\x00,3\n", "sheets.unreadable"),
    ("two encodings", lambda: U8 + "李小四,13900000000,井边路\n".encode("gb18030"), "sheets.mixed_encoding"),
    ("no encoding", lambda: b"a,b\n\xff\xfa\xff,\xfe\x01\n", "sheets.mixed_encoding"),
    ("half of UTF-16", lambda: b"\xff\xfe" + "姓名,手机号".encode("utf-16-le")[:-1], "sheets.mixed_encoding"),
    ("lone quotation mark", lambda: '姓名,手机号\n"王小明,138\n李四,139\n'.encode(), "sheets.open_quote"),
    ("word after a quotation", lambda: '姓名,手机号\n"王"小明,138\n'.encode(), "sheets.open_quote"),
    ("cell of 40,000 characters", lambda: book([HEADS, ["长" * 32_100, "", ""]]), "sheets.cell_too_long"),
    ("text cell of 40,000", lambda: ("a,b\n" + "x" * 40_000 + ",1\n").encode(), "sheets.cell_too_long"),
    ("no heads", lambda: book([[1, 2], [3, 4]]), "sheets.no_header"),
    ("one word", lambda: b"hello\n", "sheets.no_header"),
    ("heads twice", lambda: book([["姓名", "电话", "电话 "], ["王", "1", "2"]]), "sheets.duplicate_heads"),
]


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


ONE = [tuple(ROW)]
# name, the bytes, the rows that must come out (as many columns as the heads have)
READ: list[tuple[str, Callable[[], bytes], list[tuple[str, ...]]]] = [
    ("xlsx", good, ONE),
    ("xls", xls, [*ONE, ("李四", "13900000000", "井边路4号")]),
    ("UTF-8", lambda: U8, ONE),
    ("UTF-8 with a mark", lambda: b"\xef\xbb\xbf" + U8, ONE),
    ("GB 18030", lambda: GB, ONE),
    ("UTF-16", lambda: lines([HEADS, ROW], "\t").encode("utf-16"), ONE),
    ("semicolons", lambda: lines([HEADS, ROW], ";").encode(), ONE),
    ("tabs", lambda: lines([HEADS, ROW], "\t").encode("gbk"), ONE),
    ("packed", lambda: gzip.compress(GB), ONE),
    ("rare characters", lambda: lines([HEADS, ["𠮷䶮", "", ""]]).encode("gb18030"), [("𠮷䶮", "", "")]),
    ("title above", lambda: book([["某村花名册"], ["2026年", None, "单位：人"], HEADS, ROW]), ONE),
    ("notes below the heads", lambda: book([HEADS, ["必填", "选填 11位", "选填"], ROW]), ONE),
    (
        "title over all columns",
        lambda: book([["花名册", None, None], HEADS, ROW], lambda b: b.worksheets[0].merge_cells("A1:C1")),
        ONE,
    ),
    ("empty rows and columns around", lambda: book([[], [None, *HEADS], [], [None, *ROW], []]), [("", *ROW)]),
    (
        "full width",
        lambda: book([HEADS, [" 王　小明\u200b", "１３８００００００００", "Ａ座，３号"]]),
        [("王 小明", "13800000000", "A座，3号")],
    ),
    (
        "merged downward",
        lambda: book([HEADS, ROW, ["李四", None, None]], merged),
        [*ONE, ("李四", "", "井边路3号")],
    ),
    ("numbers", lambda: book([HEADS, ["王", 13800000000, 3.50]]), [("王", "13800000000", "3.5")]),
    (
        "dates",
        lambda: book([HEADS, [date(1990, 1, 1), datetime(1990, 1, 1, 8, 30), True]]),
        [("1990-01-01", "1990-01-01 08:30", "TRUE")],
    ),
    ("hidden sheet", lambda: book([HEADS, ROW], hidden), [("李四", "", "")]),
    ("the list is the second sheet", lambda: book([HEADS], several), ONE),
    ("formula with its value", formula, [*ONE, ("王二", "", "")]),
    (
        "formula as text",
        lambda: '姓名,手机号,住址\n"=HYPERLINK(""x"")",@a,+1\n'.encode(),
        [('=HYPERLINK("x")', "@a", "+1")],
    ),
    ("cells beyond the heads", lambda: book([HEADS, [*ROW, "备注"]]), [(*ROW, "备注")]),
    (
        "line breaks in a cell",
        lambda: '姓名,手机号,住址\n"王\r\n小明",1,2\n'.encode(),
        [("王\n小明", "1", "2")],
    ),
]
