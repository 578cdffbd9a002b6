"""Thousands of wireless callers arrive as a list: none is doubled, and a list can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.test_register_is_imported import table, words, work
from tests.stories.test_rosters_are_imported import carried, looked_at
from tests.village import Village
from wushi.domain.calls.models import Device
from wushi.domain.calls.services.enlisting import KnownDevice, rehang_devices, take_back_devices
from wushi.domain.imports.services import undo_batch
from wushi.domain.people.services import NewPerson, note_person
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import reading

HEADS = ["设备编号", "型号", "村", "网格", "安装位置", "老人电话", "家属姓名", "家属电话", "安装日期"]


def devices(village: Village) -> dict[str, Device]:
    with reading(village.house):
        return {d.uid: d for d in Device.objects.filter(county=village.county)}


def test_a_list_comes_in_changes_and_is_taken_back(village: Village, tmp_path: Path) -> None:
    """New ones hang or lie in stock; the second list moves one; taken back, everything is as it was, and nothing is deleted."""
    secretary = village.officer("书记", duty="secretary")
    phone = f"139{village.county}01"
    person = note_person(actor=village.house, person=NewPerson(phone=phone, village=village.code))
    rows = [
        [
            "24e1-2453-5B00-0001",
            "milesight/ws101",
            "孙岗村",
            village.grid,
            "井边路3号",
            phone,
            "女儿",
            "13900001111",
            "2026-03-01",
        ],
        ["24E124535B000002", "milesight/ws101", "孙岗村", "", "", "", "", "", ""],
        ["24E124535B000003", "no/such", "孙岗村", "", "", "", "", "", ""],
        ["24E124535B000004", "milesight/ws101", "没有村", "", "", "", "", "", ""],
        ["24E124535B000005", "milesight/ws101", "白龙井村", "", "", "", "", "", ""],
        ["24E124535B000006", "milesight/ws101", "孙岗村", "", "", "13900009999", "", "", ""],
        ["?", "milesight/ws101", "孙岗村", "", "", "", "", "", ""],
        ["24E124535B000008", "milesight/ws101", "", "", "", "", "", "", "2026-03-01"],
    ]
    batch = looked_at(village, secretary, "devices", table(tmp_path / "a.xlsx", rows, HEADS))
    assert [(what, why) for what, why, _c in words(village, batch)] == [
        ("new", ""), ("new", ""), ("error", "unknown"), ("error", "bad_place"), ("error", "not_your_area"),
        ("error", "unknown_person"), ("error", "bad_number"), ("error", "required"),
    ]  # fmt: skip
    carried(village, secretary, batch)
    there = devices(village)
    assert sorted(there) == ["24E124535B000001", "24E124535B000002"]
    first = there["24E124535B000001"]
    assert (first.state, first.person_id, first.contact_phone, first.grid) == (
        "installed",
        person.id,
        "13900001111",
        village.grid,
    )
    assert there["24E124535B000002"].state == "stock"
    moved = [
        ["24E124535B000001", "milesight/ws101", "孙岗村", village.other_grid, "塘边", "", "", "", ""],
        rows[1],
    ]
    again = looked_at(village, secretary, "devices", table(tmp_path / "b.xlsx", moved, HEADS))
    assert [what for what, _why, _c in words(village, again)] == ["changed", "same"]
    carried(village, secretary, again)
    hung = devices(village)["24E124535B000001"]
    assert (hung.grid, hung.place, hung.contact_name) == (village.other_grid, "塘边", "女儿")
    undo_batch(actor=secretary, batch_id=again.id, reason="装错了")
    work(village, again)
    assert devices(village)["24E124535B000001"].grid == village.grid
    other = village.officer("邻村书记", duty="secretary", area=village.sibling)
    known = KnownDevice("24E124535B000001", "milesight/ws101", village.grid)
    with pytest.raises(NotAllowed):
        rehang_devices(actor=other, devices=[known])
    assert take_back_devices(actor=secretary, rows=[]) == []


def test_a_list_that_was_changed_since_stands(village: Village, tmp_path: Path) -> None:
    """What somebody has touched meanwhile is not taken back behind his back."""
    secretary = village.officer("书记", duty="secretary")
    rows = [["24E124535B000001", "milesight/ws101", "孙岗村", "", "", "", "", "", "2026-03-01"]]
    batch = carried(
        village, secretary, looked_at(village, secretary, "devices", table(tmp_path / "a.xlsx", rows, HEADS))
    )
    known = KnownDevice("24E124535B000001", "milesight/ws101", village.grid, place="东头")
    rehang_devices(actor=secretary, devices=[known])
    undo_batch(actor=secretary, batch_id=batch.id, reason="发错了")
    work(village, batch)
    assert devices(village)["24E124535B000001"].state == "installed"
