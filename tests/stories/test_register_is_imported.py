"""A town's register arrives as a spreadsheet: filled in, looked at, carried out, sent again, corrected, taken back."""

from __future__ import annotations

import io
import os
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest

from tests.village import Village
from wushi.domain.audit.models import Leaf
from wushi.domain.imports import queries, tasks
from wushi.domain.imports.errors import ColumnsMissing, FileForgotten, NothingToCommit
from wushi.domain.imports.files import place_of
from wushi.domain.imports.models import Batch, Line
from wushi.domain.imports.services import (
    NewFile,
    commit_batch,
    forget_rows,
    map_columns,
    take_file,
    undo_batch,
)
from wushi.domain.imports.services.taking import choose_sheet
from wushi.domain.outbox.models import Row as OutboxRow
from wushi.domain.people.importing import Residents
from wushi.domain.people.models import Household, Person
from wushi.domain.people.services import NewPerson, found_household, move_person_in, note_person
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed, NotFound
from wushi.kernel.states import MoveRefused
from wushi.kernel.verb import reading, unscoped
from wushi.plumbing.sheets.writing import template, write_rows

HEADS = ["姓名", "身份证号", "手机号", "村（社区）", "网格", "住址", "编号"]
IDS = ["11010519491231002X", "110105194912310046", "110105194912310062"]


def number_of(n: int) -> str:
    """An ID number that adds up."""
    body = f"1101051949123{n % 10000:04d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11]


def table(path: Path, rows: list[list[str]], heads: list[str] = HEADS) -> Path:
    """A workbook as an office writes it."""
    write_rows(path, heads, rows)
    return path


def some(village: Village, n: int = 3, name: str = "王小明") -> list[list[str]]:
    """So many residents of the village, two to a house."""
    return [
        [f"{name}{i}", "", f"1380000{i:04d}", "孙岗村", village.grid, f"井边路{i // 2}号", f"A{i}"]
        for i in range(n)
    ]


def work(village: Village, batch: Batch) -> Batch:
    """The worker does what waits for a batch, and the batch after it."""
    with unscoped("test: what waits"):
        waiting = list(
            OutboxRow.objects.filter(county=village.county, kind="job", state="new").order_by("id")
        )
        OutboxRow.objects.filter(id__in=[row.id for row in waiting]).update(state="sent")
    for row in waiting:
        if row.name == "imports.preview":
            tasks.look(**row.payload)
        elif row.name == "imports.carry_out":
            tasks.carry_out(**row.payload)
        elif row.name == "imports.take_back":
            tasks.take_back(**row.payload)
    with reading(village.house):
        return Batch.objects.get(county=village.county, id=batch.id)


def brought(village: Village, actor: Actor, path: Path, source: str = "派出所花名册") -> Batch:
    """Taken, columns as guessed, looked at."""
    batch = take_file(actor=actor, new=NewFile("residents", source, path.name, path))
    with reading(actor):
        mapping = queries.offered_mapping(batch, Residents.columns)
    if batch.state == "done":
        return batch
    map_columns(actor=actor, batch_id=batch.id, mapping=mapping)
    return work(village, batch)


def people(village: Village) -> dict[str, Person]:
    """Everybody by name."""
    with reading(village.house):
        return {p.name: p for p in Person.objects.filter(county=village.county)}


def homes(village: Village) -> list[str]:
    with reading(village.house):
        return sorted(h.address for h in Household.objects.filter(county=village.county))


def words(village: Village, batch: Batch) -> list[tuple[str, str, str]]:
    """(verdict, reason, column) of each row."""
    with reading(village.house):
        return [(r.verdict, r.reason, r.column) for r in queries.lines_of(batch, size=500).rows]


def test_template_filled_looked_at_carried_out_again_corrected_taken_back(
    village: Village, tmp_path: Path
) -> None:
    clerk = village.officer("李分流", duty="district_clerk")
    made = template(Residents.columns, title="居民", example="示例", words=("必填", "选填"))
    book = openpyxl.load_workbook(io.BytesIO(made))
    sheet = book.worksheets[0]
    for line in some(village, 4):
        by_head = {**dict(zip(HEADS, line, strict=True)), "状态": "在册"}
        sheet.append([by_head[sheet.cell(1, n).value] for n in range(1, sheet.max_column + 1)])
    path = tmp_path / "花名册.xlsx"
    book.save(path)

    batch = brought(village, clerk, path)
    assert (batch.state, batch.total, batch.counts) == ("ready", 4, {"new": 4})
    assert people(village) == {}, "nothing counts before somebody says so"
    commit_batch(actor=clerk, batch_id=batch.id)
    commit_batch(actor=clerk, batch_id=batch.id)
    batch = work(village, batch)
    assert batch.state == "done" and set(people(village)) == {f"王小明{i}" for i in range(4)}
    assert homes(village) == ["井边路0号", "井边路1号"]
    person = people(village)["王小明3"]
    with reading(village.house):
        assert person.village == village.code and person.household.grid == village.grid
        verbs = [x.verb for x in Leaf.objects.filter(county=village.county, verb="people.enter_register")]
        whole = Leaf.objects.get(county=village.county, verb="imports.carry_out_batch")
        assert len(verbs) == 6 and whole.facts["new"] == 4

    # the same bytes are the same batch; the same rows in another file change nothing
    assert take_file(actor=clerk, new=NewFile("residents", "派出所花名册", "b.xlsx", path)).id == batch.id
    again = brought(village, clerk, table(tmp_path / "again.xlsx", some(village, 4)))
    assert again.id != batch.id and again.counts == {"same": 4}
    with pytest.raises(NothingToCommit):
        commit_batch(actor=clerk, batch_id=again.id)

    # corrected: known by the source's number, so a new phone is a change and no new person; blanks erase nothing
    mended = some(village, 5)
    mended[0][2], mended[1][5] = "13911112222", ""
    fixed = brought(village, clerk, table(tmp_path / "mended.xlsx", mended))
    assert fixed.counts == {"changed": 1, "same": 3, "new": 1}
    commit_batch(actor=clerk, batch_id=fixed.id)
    fixed = work(village, fixed)
    assert people(village)["王小明0"].phone == "13911112222" and len(people(village)) == 5

    # the first file cannot be taken back while one of its people was changed since
    undo_batch(actor=clerk, batch_id=batch.id, reason="发错了")
    batch = work(village, batch)
    assert (batch.state, batch.trouble, batch.trouble_facts) == ("done", "imports.changed_since", {"n": 1})
    assert len(people(village)) == 5
    undo_batch(actor=clerk, batch_id=fixed.id, reason="发错了")
    fixed = work(village, fixed)
    assert fixed.state == "undone" and people(village)["王小明0"].phone == "13800000000"
    assert len(people(village)) == 4
    assert "井边路2号" not in homes(village)
    # now everybody is as the first file left him
    undo_batch(actor=clerk, batch_id=batch.id, reason="发错了")
    assert work(village, batch).state == "undone" and people(village) == {} and homes(village) == []


def test_two_rows_that_mean_one_person_count_once(village: Village, tmp_path: Path) -> None:
    clerk = village.officer("李分流", duty="district_clerk")
    number = number_of(1)
    first = brought(
        village, clerk, table(tmp_path / "a.xlsx", [["王一", number, "13800000001", "孙岗村", "", "", ""]])
    )
    commit_batch(actor=clerk, batch_id=first.id)
    work(village, first)
    rows = [
        ["王一", number, "", "孙岗村", "", "井边路1号", ""],
        ["王一", "", "13800000001", "孙岗村", "", "井边路2号", ""],
    ]
    second = brought(village, clerk, table(tmp_path / "b.xlsx", rows))
    assert words(village, second) == [("changed", "", ""), ("error", "twice_in_file", "")]


def test_somebody_changed_by_hand_since_is_not_taken_back(village: Village, tmp_path: Path) -> None:
    clerk = village.officer("李分流", duty="district_clerk")
    batch = brought(village, clerk, table(tmp_path / "a.xlsx", some(village, 3)))
    commit_batch(actor=clerk, batch_id=batch.id)
    work(village, batch)
    home = found_household(actor=village.house, area=village.grid, address="新房")
    move_person_in(actor=village.house, person_id=people(village)["王小明1"].id, household_id=home.id)
    undo_batch(actor=clerk, batch_id=batch.id, reason="发错了")
    batch = work(village, batch)
    assert (batch.trouble, batch.trouble_facts) == ("imports.changed_since", {"n": 1})
    assert len(people(village)) == 3


def test_rows_say_what_is_wrong_with_them(village: Village, tmp_path: Path) -> None:
    clerk = village.officer("李分流", duty="district_clerk")
    note_person(actor=village.house, person=NewPerson(name="赵六", phone="13700000000"))
    good = [number_of(n) for n in range(1, 9)]
    rows = [
        ["王一", good[0], "13800000001", "孙岗村", "一网格", "", ""],
        ["", good[1], "", "孙岗村", "", "", ""],
        ["王三", "110105194912310021", "", "孙岗村", "", "", ""],
        ["王四", "", "138", "孙岗村", "", "", ""],
        ["王五", good[2], "", "没有村", "", "", ""],
        ["王六", "", "", "孙岗村", "", "", ""],
        ["王七", good[0], "", "孙岗村", "", "", ""],
        ["王八", good[3], "13800000001", "孙岗村", "", "", ""],
        ["王九", good[4], "13700000000", "孙岗村", "", "", ""],
        ["王十", good[5], "", village.sibling, village.grid, "", ""],
    ]
    batch = brought(village, clerk, table(tmp_path / "a.xlsx", rows))
    assert words(village, batch) == [
        ("new", "", ""),
        ("error", "required", "name"),
        ("error", "bad_id_number", "id_number"),
        ("error", "bad_phone", "phone"),
        ("error", "bad_place", "village"),
        ("error", "no_key", "id_number"),
        ("duplicate", "twice_in_file", ""),
        ("error", "value_twice", "phone"),
        ("error", "phone_of_another", "phone"),
        ("error", "bad_place", "grid"),
    ]


def test_a_town_brings_in_its_own_and_sees_its_own(village: Village, tmp_path: Path) -> None:
    clerk = village.officer("张分流", duty="town_clerk")
    rows = [
        ["王一", "", "13800000001", "孙岗村", "", "", ""],
        ["王二", "", "13800000002", f"{village.other_town}201", "", "", ""],
    ]
    batch = brought(village, clerk, table(tmp_path / "a.xlsx", rows))
    assert words(village, batch) == [("new", "", ""), ("error", "not_your_area", "village")]
    other = village.officer("赵分流", duty="town_clerk", area=village.other_town)
    with reading(other):
        assert not queries.visible_to(other).exists()
    with pytest.raises(NotFound):
        commit_batch(actor=other, batch_id=batch.id)
    with pytest.raises(NotAllowed):
        take_file(actor=other, new=NewFile("residents", "派出所花名册", "a.xlsx", tmp_path / "a.xlsx"))
    for name, duty in (("陈书记", "secretary"), ("钱督办", "supervisor"), ("孙热线", "hotline")):
        with pytest.raises(NotAllowed):
            take_file(
                actor=village.officer(name, duty=duty),
                new=NewFile("residents", "x", "a.xlsx", tmp_path / "a.xlsx"),
            )
    district = village.officer("李区", duty="district_clerk")
    with reading(district):
        assert queries.visible_to(district).count() == 1


def test_columns_are_told_once_and_remembered(village: Village, tmp_path: Path) -> None:
    clerk = village.officer("李分流", duty="district_clerk")
    heads = ["户主", "号码", "哪个村"]
    path = table(tmp_path / "a.xlsx", [["王一", "13800000001", "孙岗村"]], heads)
    batch = take_file(actor=clerk, new=NewFile("residents", "派出所", "a.xlsx", path))
    with reading(clerk):
        assert queries.offered_mapping(batch, Residents.columns) == {}
    with pytest.raises(ColumnsMissing):
        map_columns(actor=clerk, batch_id=batch.id, mapping={"phone": 1})
    for wrong in ({"name": 7}, {"name": 0, "phone": 0}):
        with pytest.raises(Invalid):
            map_columns(actor=clerk, batch_id=batch.id, mapping=wrong)
    told = {"name": 0, "phone": 1, "village": 2}
    map_columns(actor=clerk, batch_id=batch.id, mapping=told)
    assert work(village, batch).counts == {"new": 1}
    later = table(tmp_path / "b.xlsx", [["王二", "13800000002", "孙岗村"]], heads)
    second = take_file(actor=clerk, new=NewFile("residents", "派出所", "b.xlsx", later))
    third = take_file(actor=clerk, new=NewFile("residents", "另一处", "b.xlsx", later))
    with reading(clerk):
        assert queries.offered_mapping(second, Residents.columns) == told
        assert queries.offered_mapping(third, Residents.columns) == {}, (
            "another source may mean something else"
        )


def test_another_sheet_is_chosen(village: Village, tmp_path: Path) -> None:
    clerk = village.officer("李分流", duty="district_clerk")
    book = openpyxl.Workbook()
    book.worksheets[0].append(HEADS)
    book.worksheets[0].append(some(village, 1)[0])
    second = book.create_sheet("二组")
    second.append(HEADS)
    for line in some(village, 2):
        second.append(line)
    path = tmp_path / "a.xlsx"
    book.save(path)
    batch = take_file(actor=clerk, new=NewFile("residents", "村里", "a.xlsx", path))
    assert (batch.sheet, batch.total, batch.sheets) == ("Sheet", 1, ["Sheet", "二组"])
    batch = choose_sheet(actor=clerk, batch_id=batch.id, sheet="二组")
    assert (batch.sheet, batch.total) == ("二组", 2)


def test_killed_in_the_middle_it_begins_again_and_doubles_nothing(
    village: Village, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wushi.domain.imports.services import judging
    from wushi.plumbing.sheets import importer

    for module in (judging, importer):
        monkeypatch.setattr(module, "CHUNK", 2)
    clerk = village.officer("李分流", duty="district_clerk")
    path = table(tmp_path / "a.xlsx", some(village, 5))
    batch = take_file(actor=clerk, new=NewFile("residents", "村里", "a.xlsx", path))
    with reading(clerk):
        mapping = queries.offered_mapping(batch, Residents.columns)
    batch = map_columns(actor=clerk, batch_id=batch.id, mapping=mapping)

    class Killed(BaseException):
        """As a process that is gone: nothing catches it."""

    calls = {"judge": 0, "apply": 0}
    judge, apply = Residents.judge, Residents.apply

    def dies(name: str, real: object, at: int) -> object:
        def call(self: Residents, **rest: object) -> object:
            calls[name] += 1
            if calls[name] == at:
                raise Killed
            return real(self, **rest)  # type: ignore[operator]

        return call

    monkeypatch.setattr(Residents, "judge", dies("judge", judge, 2))
    with pytest.raises(Killed):
        tasks.look(county=village.county, batch_id=str(batch.id), step=str(batch.step))
    with reading(village.house):
        assert Line.objects.filter(county=village.county).count() == 2, "the first two rows were looked at"
    monkeypatch.setattr(Residents, "judge", judge)
    tasks.look(county=village.county, batch_id=str(batch.id), step=str(batch.step))
    with reading(village.house):
        batch = Batch.objects.get(county=village.county, id=batch.id)
        assert batch.counts == {"new": 5} and Line.objects.filter(county=village.county).count() == 5

    commit_batch(actor=clerk, batch_id=batch.id)
    monkeypatch.setattr(Residents, "apply", dies("apply", apply, 2))
    with pytest.raises(Killed):
        tasks.carry_out(county=village.county, batch_id=str(batch.id))
    assert people(village) == {}, "all or nothing"
    monkeypatch.setattr(Residents, "apply", apply)
    for _twice in range(2):
        tasks.carry_out(county=village.county, batch_id=str(batch.id))
    assert len(people(village)) == 5
    with reading(village.house):
        assert Batch.objects.get(county=village.county, id=batch.id).state == "done"


def test_what_changed_between_looking_and_saying_yes_is_looked_at_again(
    village: Village, tmp_path: Path
) -> None:
    clerk = village.officer("李分流", duty="district_clerk")
    rows = [["王一", number_of(1), "13800000001", "孙岗村", "", "", ""]]
    batch = brought(village, clerk, table(tmp_path / "a.xlsx", rows))
    note_person(actor=village.house, person=NewPerson(name="别人", phone="13800000001"))
    commit_batch(actor=clerk, batch_id=batch.id)
    batch = work(village, batch)
    assert (batch.state, batch.trouble) == ("ready", "imports.changed_meanwhile")
    assert set(people(village)) == {"别人"}


def test_who_is_needed_elsewhere_is_not_taken_back(village: Village, tmp_path: Path) -> None:
    clerk = village.officer("李分流", duty="district_clerk")
    batch = brought(village, clerk, table(tmp_path / "a.xlsx", some(village, 2)))
    commit_batch(actor=clerk, batch_id=batch.id)
    work(village, batch)
    village.case("路灯不亮", name="王小明0", phone="13800000000")
    undo_batch(actor=clerk, batch_id=batch.id, reason="发错了")
    batch = work(village, batch)
    assert (batch.state, batch.trouble) == ("done", "imports.changed_since")
    assert len(people(village)) == 2


def test_after_thirty_days_file_and_cells_are_forgotten(village: Village, tmp_path: Path) -> None:
    from datetime import timedelta

    from wushi.domain.imports.services.taking import keep_file
    from wushi.plumbing.sheets.reading import read

    clerk = village.officer("李分流", duty="district_clerk")
    path = table(tmp_path / "a.xlsx", some(village, 2))
    batch = brought(village, clerk, path)
    commit_batch(actor=clerk, batch_id=batch.id)
    batch = work(village, batch)
    assert oct(place_of(village.county, batch.id).stat().st_mode)[-3:] == "600"
    assert forget_rows(village.county) == 0
    old = table(tmp_path / "old.xlsx", some(village, 1, "李老"))
    long_ago = batch.taken_at - timedelta(days=31)
    kept = keep_file(
        actor=clerk, new=NewFile("residents", "旧", "old.xlsx", old), table=read(old), now=long_ago
    )
    stray = place_of(village.county, UUID(int=7))
    stray.write_bytes(b"x")
    os.utime(stray, (1, 1))
    assert forget_rows(village.county) == 1
    assert not stray.exists(), "a file without its row"
    assert not place_of(village.county, kept.id).exists() and place_of(village.county, batch.id).exists()
    with pytest.raises(FileForgotten):
        map_columns(actor=clerk, batch_id=kept.id, mapping={"name": 0})
    with reading(village.house):
        lines = list(Line.objects.filter(county=village.county, batch=batch.id))
        assert all(line.raw for line in lines)


def test_moves_are_refused_out_of_turn(village: Village, tmp_path: Path) -> None:
    clerk = village.officer("李分流", duty="district_clerk")
    path = table(tmp_path / "a.xlsx", some(village, 2))
    batch = take_file(actor=clerk, new=NewFile("residents", "村里", "a.xlsx", path))
    for deed in (
        lambda: commit_batch(actor=clerk, batch_id=batch.id),
        lambda: undo_batch(actor=clerk, batch_id=batch.id, reason="x"),
    ):
        with pytest.raises(MoveRefused):
            deed()
    with pytest.raises(NotFound):
        commit_batch(actor=clerk, batch_id=UUID(int=1))


def test_no_cell_reaches_leaf_outbox_or_queue(village: Village, tmp_path: Path) -> None:
    clerk = village.officer("李分流", duty="district_clerk")
    batch = brought(village, clerk, table(tmp_path / "a.xlsx", some(village, 2, "金丝雀")))
    commit_batch(actor=clerk, batch_id=batch.id)
    work(village, batch)
    with reading(village.house):
        leaves = " ".join(str(x.facts) for x in Leaf.objects.filter(county=village.county))
    with unscoped("test"):
        rows = " ".join(str(r.payload) for r in OutboxRow.objects.filter(county=village.county))
    assert "金丝雀" not in leaves + rows and "1380000" not in leaves + rows


def test_a_list_tells_who_died_in_its_own_words(village: Village, tmp_path: Path) -> None:
    clerk = village.officer("李分流", duty="district_clerk")
    first = brought(village, clerk, table(tmp_path / "a.xlsx", some(village, 3)))
    commit_batch(actor=clerk, batch_id=first.id)
    work(village, first)
    rows = [[*line, word] for line, word in zip(some(village, 3), ("已去世", "在册", "不清楚"), strict=True)]
    batch = brought(village, clerk, table(tmp_path / "b.xlsx", rows, [*HEADS, "人员状态"]))
    assert batch.counts == {"changed": 1, "same": 1, "error": 1}
    assert ("error", "unknown", "status") in words(village, batch)
    commit_batch(actor=clerk, batch_id=batch.id)
    work(village, batch)
    assert {name: person.left_why for name, person in people(village).items()} == {
        "王小明0": "died",
        "王小明1": "",
        "王小明2": "",
    }
