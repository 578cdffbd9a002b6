"""The roster of staff and the list of grids arrive as spreadsheets: nobody gets a password, nothing is doubled."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from tests.stories.test_register_is_imported import table, words, work
from tests.village import Village
from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts.models import User
from wushi.domain.areas import queries as areas
from wushi.domain.imports import queries
from wushi.domain.imports.models import Batch
from wushi.domain.imports.registry import importer_of
from wushi.domain.imports.services import NewFile, commit_batch, map_columns, take_file, undo_batch
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import reading, unscoped

STAFF = ["姓名", "手机号", "职责", "区划", "单位", "任职日期", "登录名"]
GRIDS = ["网格代码", "网格名称", "户数", "网格长", "网格长电话"]


def looked_at(village: Village, actor: Actor, kind: str, path: Path) -> Batch:
    """Taken, columns as guessed, looked at."""
    batch = take_file(actor=actor, new=NewFile(kind, "组织部", path.name, path))
    with reading(actor):
        mapping = queries.offered_mapping(batch, importer_of(kind).columns)
    map_columns(actor=actor, batch_id=batch.id, mapping=mapping)
    return work(village, batch)


def carried(village: Village, actor: Actor, batch: Batch) -> Batch:
    commit_batch(actor=actor, batch_id=batch.id)
    return work(village, batch)


def user(village: Village, name: str) -> User:
    with unscoped("test"):
        return User.objects.get(county=village.county, name=name)


def test_a_roster_comes_in_and_is_taken_back(village: Village, tmp_path: Path) -> None:
    admin = village.officer("许明", duty="district_admin")
    village.officer("王长河", duty="grid_lead", phone="13800000009")
    rows = [
        ["陈德明", "13800000001", "村书记", "孙岗村", "孙岗村", "2026.1.1", ""],
        ["陈德明", "13800000001", "网格员", village.grid, "", "", ""],
        ["李小妹", "13800000002", "网格长", village.other_grid, "", "", f"lixm{village.county}"],
        ["周七", "13800000003", "网格长", village.grid, "", "", ""],
        ["吴八", "13800000004", "县长", "孙岗村", "", "", ""],
        ["郑九", "13800000005", "网格长", "孙岗村", "", "", ""],
        ["冯十", "13800000006", "副书记", "孙岗村", "没有单位", "", ""],
        ["别名", "13800000009", "网格员", village.grid, "", "", ""],
        ["王长河", "13800000009", "网格长", village.grid, "", "", ""],
        ["褚一", "13800000007", "安全管理员", village.county, "", "", ""],
    ]
    batch = looked_at(village, admin, "staff", table(tmp_path / "a.xlsx", rows, STAFF))
    assert words(village, batch) == [
        *[("new", "", "")] * 3,
        ("error", "lead_there", "area"),
        ("error", "unknown", "duty"),
        ("error", "bad_place", "area"),
        ("error", "unknown", "unit"),
        ("error", "phone_of_another", "phone"),
        ("same", "", ""),
        ("error", "unknown", "duty"),
    ]
    batch = carried(village, admin, batch)
    assert batch.state == "done", batch.trouble
    secretary = user(village, "陈德明")
    assert not secretary.has_usable_password() and user(village, "李小妹").username == f"lixm{village.county}"
    with unscoped("test"):
        assert batch.committed_at
        day = timezone.localdate(batch.committed_at)  # posts are held by local days
        posts = accounts.posts_of(secretary.id, day)
        assert [(p.duty, p.area, p.unit) for p in posts] == [
            ("grid_worker", village.grid, ""),
            ("secretary", village.code, village.code),
        ]
    again = looked_at(village, admin, "staff", table(tmp_path / "b.xlsx", rows[:3], STAFF))
    assert again.counts == {"same": 3}
    undo_batch(actor=admin, batch_id=batch.id, reason="旧名单")
    batch = work(village, batch)
    assert batch.state == "undone", batch.trouble
    assert not user(village, "陈德明").is_active
    with unscoped("test"):
        assert accounts.posts_of(secretary.id, day) == []


def test_grids_come_in(village: Village, tmp_path: Path) -> None:
    admin = village.officer("许明", duty="district_admin")
    fresh = f"{village.code}003"
    rows = [
        [village.grid, "孙岗村一网格", "71", "王长河", ""],
        [village.other_grid, "孙岗村二网格", "", "", ""],
        [fresh, "孙岗村三网格", "40", "", "13800000001"],
        [f"{village.county}999999001", "没有村", "", "", ""],
        [village.code, "不是网格", "", "", ""],
        ["x" * 15, "不是代码", "many", "", ""],
    ]
    batch = looked_at(village, admin, "grids", table(tmp_path / "a.xlsx", rows, GRIDS))
    assert words(village, batch) == [
        ("changed", "", ""),
        ("same", "", ""),
        ("new", "", ""),
        ("error", "bad_place", "code"),
        ("error", "bad_place", "code"),
        ("error", "bad_number", "households"),
    ]
    batch = carried(village, admin, batch)
    assert batch.state == "done", batch.trouble
    with reading(village.house):
        place = areas.place(village.grid)
        assert place and (place.households, place.lead_name) == (71, "王长河")
        begun = areas.place(fresh)
        assert begun and begun.lead_phone == "13800000001"
        assert areas.outline_of(village.grid), "what the list does not tell stays"
    undo_batch(actor=admin, batch_id=batch.id, reason="旧名单")
    assert work(village, batch).trouble == "imports.changed_since", "a grid that began is not unmade"
    only = looked_at(
        village, admin, "grids", table(tmp_path / "b.xlsx", [[village.grid, "孙岗一格", "72", "", ""]], GRIDS)
    )
    only = carried(village, admin, only)
    undo_batch(actor=admin, batch_id=only.id, reason="旧名单")
    assert work(village, only).state == "undone"
    with reading(village.house):
        place = areas.place(village.grid)
        assert place and (place.name, place.households) == ("孙岗村一网格", 71)


def test_only_the_administrator_brings_in_staff_and_grids(village: Village, tmp_path: Path) -> None:
    path = table(tmp_path / "a.xlsx", [["陈德明", "13800000001", "书记", "孙岗村", "", "", ""]], STAFF)
    for duty in ("district_clerk", "town_clerk", "secretary", "security_admin"):
        actor = village.officer(duty, duty=duty, area=village.county if duty == "security_admin" else "")
        for kind in ("staff", "grids"):
            with pytest.raises(NotAllowed):
                take_file(actor=actor, new=NewFile(kind, "x", "a.xlsx", path))
