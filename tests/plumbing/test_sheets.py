"""Every file gets its one answer; what is read is clean; what is written is no formula; a bomb costs no memory."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.plumbing.sheets import HEADS, READ, REFUSED, ROW, book, far_cell, good
from wushi.plumbing.sheets import cells, reading, writing
from wushi.plumbing.sheets.cells import BadCell
from wushi.plumbing.sheets.errors import BadSheet, TooSlow
from wushi.plumbing.sheets.importer import Column, guess, values_of
from wushi.plumbing.sheets.limits import LIMITS
from wushi.plumbing.sheets.table import Row


def test_the_corpus_is_large() -> None:
    assert len(REFUSED) + len(READ) >= 60


@pytest.mark.parametrize(("name", "make", "code"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_what_is_refused(name: str, make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(BadSheet) as refused:
        reading.read(make(), heads=HEADS)
    assert refused.value.code == code, refused.value.facts


@pytest.mark.parametrize(("name", "make", "rows"), READ, ids=[name for name, _, _ in READ])
def test_what_is_read(name: str, make: Callable[[], bytes], rows: list[tuple[str, ...]]) -> None:
    table = reading.read(make(), heads=HEADS)
    assert [row.cells for row in table.rows] == rows and table.total == len(rows)
    assert [head for head in table.heads if head] == HEADS


def test_a_hundred_thousand_rows() -> None:
    text = "姓名,手机号,住址\n" + "".join(f"王{n},138{n:08d},井边路{n}号\n" for n in range(100_000))
    table = reading.read(text.encode("gb18030"), heads=HEADS)
    assert table.total == 100_000 and table.rows[-1].cells[0] == "王99999"
    few = reading.read(text.encode(), heads=HEADS, keep=3)
    assert few.total == 100_000 and len(few.rows) == 3


def test_marks_of_cells_that_lost_something() -> None:
    def error(made: openpyxl.Workbook) -> None:
        cell = made.worksheets[0]["C2"]
        cell.value, cell.data_type = "#REF!", "e"

    table = reading.read(book([HEADS, [341504199001011234, 34150419900101, None]], error), heads=HEADS)
    assert table.rows[0].marks == {0: "number_not_text", 2: "error_cell"}
    columns = (Column("name", ("姓名",)), Column("address", ("住址",)))
    told = guess(columns, table.heads)
    assert told == {"name": 0, "address": 2}
    assert values_of(columns, told, table.rows[0])[1:] == ("number_not_text", "name")


def test_a_sheet_is_chosen_by_its_name() -> None:
    def two(made: openpyxl.Workbook) -> None:
        made.create_sheet("二组").append(HEADS)
        made.worksheets[1].append(["李四", "", ""])

    made = book([HEADS, ROW], two)
    assert reading.read(made, heads=HEADS).sheets == ("Sheet", "二组")
    assert reading.read(made, heads=HEADS, sheet="二组").rows[0].cells == ("李四", "", "")
    with pytest.raises(BadSheet) as refused:
        reading.read(made, sheet="三组")
    assert refused.value.code == "sheets.unknown_sheet"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(
            (text, "1990-01-01")
            for text in ("1990.1.1", "1990-1-1", "1990/01/01", "1990年1月1日", "19900101")
        ),
        *((text, "1990-01-01") for text in ("1990年1月", "1990.1", "32874", "32874.5", "1990-01-01 08:30")),
        *((text, "1990-01-01") for text in ("１９９０．１．１", "'19900101")),
        ("", ""),
    ],
)
def test_days(text: str, said: str) -> None:
    assert cells.day(cells.clean_cell(text)[0]) == said


@pytest.mark.parametrize("text", ["1990.13.1", "去年", "1990-2-30", "1.1", "99999", "1700-01-01", "1990"])
def test_no_days(text: str) -> None:
    with pytest.raises(BadCell, match="bad_date"):
        cells.day(text)


def test_sex_phones_and_numbers() -> None:
    assert [cells.sex(text) for text in ("男", "1", "女", "2", "Female", "")] == [
        "男",
        "男",
        "女",
        "女",
        "女",
        "",
    ]
    assert cells.phone("138 0000-0000") == cells.phone("+86 13800000000") == "13800000000"
    assert cells.id_number("11010519491231002x") == "11010519491231002X"
    for parse, text in ((cells.sex, "3"), (cells.phone, "138"), (cells.id_number, "110105194912310021")):
        with pytest.raises(BadCell):
            parse(text)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\r=1", "=cmd|' /C calc'!A0"])
def test_what_begins_like_a_formula_is_written_as_text(text: str, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    writing.write_rows(path, ["名"], [[text]], above=[[text]])
    sheet = openpyxl.load_workbook(path).worksheets[0]
    for row in (1, 3):
        cell = sheet.cell(row, 1)
        assert cell.data_type == "s" and str(cell.value).startswith("'")
    assert cells.clean_cell(cells.written("=1+1")) == ("=1+1", ""), "and comes back as it was"


def test_a_template_says_what_to_write_and_keeps_text_text() -> None:
    columns = (
        Column("name", ("姓名",), required=True, note="全名", sample="王小明"),
        Column("sex", ("性别",), choices=("男", "女")),
    )
    made = writing.template(columns, title="居民", example="示例", words=("必填", "选填"))
    opened = openpyxl.load_workbook(io.BytesIO(made))
    sheet = opened.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["姓名", "性别"]
    assert [cell.value for cell in sheet[2]] == ["必填 全名", "选填"]
    assert sheet.column_dimensions["A"].number_format == "@"
    assert [(str(r.sqref), r.formula1) for r in sheet.data_validations.dataValidation] == [
        ("B3:B200000", '"男,女"')
    ]
    assert opened.worksheets[1]["A2"].value == "王小明"
    sheet.append(["李四", "女"])
    out = io.BytesIO()
    opened.save(out)
    table = reading.read(out.getvalue(), heads=["姓名", "性别"])
    assert [row.cells for row in table.rows] == [("李四", "女")]


def test_the_same_file_comes_back_with_its_reasons(tmp_path: Path) -> None:
    table = reading.read(book([["某村名册"], HEADS, ROW, ["=x", "1", ""], ["李四", "2", ""]]), heads=HEADS)
    writing.write_back(tmp_path / "a.xlsx", table, {4: "手机号不对"}, "错误原因")
    again = reading.read(tmp_path / "a.xlsx", heads=HEADS)
    assert again.above == (("某村名册",),) and again.heads == (*HEADS, "错误原因")
    assert [row.cells[-1] for row in again.rows] == ["", "手机号不对", ""]
    writing.write_back(tmp_path / "b.xlsx", table, {4: "手机号不对"}, "错误原因", only=True)
    assert reading.read(tmp_path / "b.xlsx", heads=HEADS).total == 1


def test_values_of_a_row() -> None:
    columns = (
        Column("name", ("姓名",), required=True, limit=4),
        Column("sex", ("性别",), choices=("男", "女")),
        Column("phone", ("电话",), parse=cells.phone),
    )
    told = {"name": 0, "sex": 1, "phone": 2}
    for row, said in (
        (("王", "男", "13800000000"), ("", "")),
        (("", "男", ""), ("required", "name")),
        (("王王王王王", "", ""), ("too_long", "name")),
        (("王", "中", ""), ("unknown", "sex")),
        (("王", "", "12"), ("bad_phone", "phone")),
    ):
        assert values_of(columns, told, Row(1, row))[1:] == said


def test_who_takes_too_long_is_stopped() -> None:
    with pytest.raises(TooSlow):
        reading.read(good(), limits=replace(LIMITS, wall_seconds=0))


def test_the_child_gets_no_key_and_no_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}
    begin = subprocess.Popen

    def watched(command: list[str], **more: object) -> object:
        seen.update(more["env"])  # type: ignore[call-overload]
        return begin(command, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", watched)
    reading.read(good(), heads=HEADS)
    assert set(seen) <= {"PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONIOENCODING"}
    loaded = "import sys, wushi.plumbing.sheets.child; print('django' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True, env=os.environ
    )
    assert found.stdout.strip() == "False"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_bomb_gets_no_more_memory_than_it_may_have(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    path.write_bytes(far_cell())
    most, over = [0], threading.Event()

    def watch() -> None:
        while not over.is_set():
            for status in Path("/proc").glob("[0-9]*/status"):
                try:
                    if b"sheets.child" in (status.parent / "cmdline").read_bytes():
                        peak = [x for x in status.read_text().splitlines() if x.startswith("VmPeak")]
                        most[0] = max(most[0], int(peak[0].split()[1]) if peak else 0)
                except OSError:
                    continue
            time.sleep(0.01)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        with pytest.raises(BadSheet, match="sheets.too_large"):
            reading.read(path, heads=HEADS)
    finally:
        over.set()
        watcher.join()
    assert 0 < most[0] * 1024 <= LIMITS.memory_bytes
