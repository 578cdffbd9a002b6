"""Requests of an old system come in: as history to which nothing happens, or anew with clocks; again, answered, taken back."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.stories.test_register_is_imported import table, words, work
from tests.village import Village
from wushi.domain.audit.models import Leaf
from wushi.domain.cases.importing import Requests
from wushi.domain.cases.models import Case, Clock, Entry
from wushi.domain.cases.queries import Wanted, lamp_of, page_for
from wushi.domain.cases.queries.replay import replay_county
from wushi.domain.cases.rules.arriving import LIVE_LIMIT, moment
from wushi.domain.cases.services import add_words, draw_callbacks, link_cases, reopen_case
from wushi.domain.cases.services.intake import TEXT_LIMIT
from wushi.domain.imports import queries
from wushi.domain.imports.models import Batch
from wushi.domain.imports.services import (
    NewFile,
    commit_batch,
    look_again,
    map_columns,
    take_file,
    tell_words,
    undo_batch,
)
from wushi.domain.insight.models import Fold
from wushi.domain.insight.services import fold_figures
from wushi.domain.outbox.models import Row as OutboxRow
from wushi.domain.people.models import Person
from wushi.domain.people.services import NewPerson
from wushi.domain.people.services.arriving import note_people
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import reading, unscoped

HEADS = [
    "编号",
    "标题",
    "内容",
    "诉求时间",
    "村",
    "地址",
    "姓名",
    "电话",
    "答复",
    "答复时间",
    "状态",
    "满意度",
]
OLD = [
    ["A1", "路灯坏了", "井边路的路灯坏了三天", "2019-04-25 09:32:09", "孙岗村", "井边路", "王小明", "13800000001",
     "已派人更换灯泡", "2019-05-10 14:56:53", "", "满意"],
    ["A2", "", "垃圾没人收", "2019/4/26 8:05", "井东", "", "", "", "", "", "", ""],
    ["A3", "", "想问低保怎么办", "2019-04-27", "孙岗村", "", "", "", "", "", "撤回", ""],
    ["A4", "", "路灯还是不亮", "2019-04-28 10:00", "孙岗村", "", "", "13800000001", "", "", "重复", ""],
]  # fmt: skip


def begun(village: Village, actor: Actor, path: Path, **options: Any) -> Batch:
    """Taken, words and columns told, looked at."""
    batch = take_file(actor=actor, new=NewFile("cases", "老热线", path.name, path))
    if batch.state == "done":
        return batch
    if options:
        tell_words(actor=actor, batch_id=batch.id, options=options)
    with reading(actor):
        mapping = queries.offered_mapping(batch, Requests.columns)
    map_columns(actor=actor, batch_id=batch.id, mapping=mapping)
    return work(village, batch)


def brought_in(village: Village, actor: Actor, path: Path, **options: Any) -> Batch:
    """And carried out."""
    batch = begun(village, actor, path, **options)
    commit_batch(actor=actor, batch_id=batch.id)
    return work(village, batch)


def cases(village: Village) -> dict[str, Case]:
    """By the number of the source."""
    with reading(village.house):
        return {case.source_id: case for case in Case.objects.filter(county=village.county)}


def count(village: Village, model: Any, **where: Any) -> int:
    with reading(village.house):
        return int(model.objects.filter(county=village.county, **where).count())


def outgoing(village: Village) -> list[str]:
    """What waits to be sent or done, but for the import's own work."""
    with unscoped("test"):
        rows = OutboxRow.objects.filter(county=village.county)
        return [r.name for r in rows if not r.name.startswith("import") and "import:" not in str(r.payload)]


def differing(village: Village) -> list[str]:
    """What ``wushi check`` would say."""
    return [line.what for _, found in replay_county(village.county) for line in found]


def found(village: Village, actor: Actor, text: str) -> list[str]:
    with reading(actor):
        return [case.source_id for case in page_for(actor, Wanted("area", text=text)).rows]


@pytest.fixture
def clerk(village: Village) -> Actor:
    return village.officer("李分流", duty="district_clerk")


def test_history_comes_in_with_its_own_times_and_nothing_begins_to_run(
    village: Village, clerk: Actor, tmp_path: Path
) -> None:
    secretary = village.officer("陈书记")
    before = outgoing(village)
    with reading(secretary):
        lamp = lamp_of(secretary, village.code)
    fold_figures(village.county)
    path = table(tmp_path / "a.xlsx", OLD, HEADS)
    batch = begun(village, clerk, path, historic=True)
    assert words(village, batch)[1] == ("error", "unknown_area", "area")
    assert batch.counts == {"new": 3, "error": 1} and cases(village) == {}
    tell_words(actor=clerk, batch_id=batch.id, options={"areas": {"井东": village.sibling}})
    batch = work(village, batch)
    assert batch.counts == {"new": 4} and batch.state == "ready"
    commit_batch(actor=clerk, batch_id=batch.id)
    batch = work(village, batch)
    assert batch.state == "done", batch.trouble
    rows = cases(village)
    one, two, three, four = (rows[name] for name in ("A1", "A2", "A3", "A4"))
    assert (one.state, one.closing, one.outcome, one.rating) == (
        "closed",
        "imported",
        "explained",
        "satisfied",
    )
    assert one.opened_at == moment("2019-04-25 09:32:09") and one.handled_at == moment("2019-05-10 14:56:53")
    assert one.closed_at == one.handled_at and one.step == 3 and one.village == village.code
    assert two.state == "imported" and two.village == village.sibling and not two.is_open
    assert (three.state, four.state, four.outcome) == ("withdrawn", "closed", "duplicate")
    assert one.number.startswith("SY-20190425-0001-") and len({c.receipt for c in rows.values()}) == 4
    assert count(village, Clock) == 0 and outgoing(village) == before
    with reading(secretary):
        assert replace(lamp_of(secretary, village.code), as_of=lamp.as_of) == lamp, "the lamp is not affected"
    assert one.reporter_id == four.reporter_id and count(village, Person) == 1
    with reading(village.house):
        answer = Entry.objects.get(county=village.county, case=one)
        leaves = list(Leaf.objects.filter(county=village.county, subject_id=str(one.id)).order_by("step"))
        assert not Fold.objects.filter(county=village.county).exists(), "figures are counted anew"
    assert (answer.text, answer.at_step) == ("已派人更换灯泡", 2)
    assert [leaf.verb for leaf in leaves] == ["cases.import_case"] * 3
    assert [leaf.at for leaf in leaves] == [one.opened_at, one.handled_at, one.closed_at]
    assert leaves[0].facts["source_id"] == "A1" and leaves[0].facts["source"].startswith("sha256:")
    assert found(village, clerk, "路灯") == ["A4", "A1"] and found(village, clerk, "A2") == ["A2"]
    assert found(village, clerk, one.number) == ["A1"]
    assert differing(village) == []


def test_again_it_is_nothing_and_an_answer_that_came_meanwhile_goes_forward_only(
    village: Village, clerk: Actor, tmp_path: Path
) -> None:
    first = [OLD[0], ["A2", "", "垃圾没人收", "2019/4/26 8:05", "孙岗村", *[""] * 7]]
    path = table(tmp_path / "a.xlsx", first, HEADS)
    batch = brought_in(village, clerk, path, historic=True)
    assert begun(village, clerk, path).id == batch.id and look_again(clerk, batch) == {"same": 2}
    later = [row[:] for row in first]
    later[0][8] = later[0][9] = ""  # the source forgot its answer: never back
    later[1][8:10] = ["每周三来收", "2019-05-02 10:00"]
    batch = begun(village, clerk, table(tmp_path / "b.xlsx", later, HEADS))
    assert batch.options["historic"], "what was told of the source is known again"
    assert batch.counts == {"same": 1, "changed": 1}
    commit_batch(actor=clerk, batch_id=batch.id)
    batch = work(village, batch)
    rows = cases(village)
    assert len(rows) == 2 and rows["A1"].state == rows["A2"].state == "closed"
    assert rows["A2"].handled_at == moment("2019-05-02 10:00") and differing(village) == []
    undo_batch(actor=clerk, batch_id=batch.id, reason="发错了")
    assert work(village, batch).state == "undone"
    two = cases(village)["A2"]
    assert (two.state, two.handled_at, two.outcome, two.step) == ("imported", None, "", 4)
    assert differing(village) == []


def test_taken_back_unless_somebody_did_something(village: Village, clerk: Actor, tmp_path: Path) -> None:
    rows = [OLD[0], OLD[3]]
    batch = brought_in(village, clerk, table(tmp_path / "a.xlsx", rows, HEADS), historic=True)
    one = cases(village)["A1"]
    add_words(actor=clerk, case_id=one.id, words="又坏了")
    undo_batch(actor=clerk, batch_id=batch.id, reason="发错了")
    batch = work(village, batch)
    assert batch.state == "done" and batch.trouble == "imports.changed_since" and len(cases(village)) == 2
    other = [["B1", "", "桥栏杆断了", "2019-06-01", "孙岗村", "", "李四", "13800000009", *[""] * 4]]
    batch = brought_in(village, clerk, table(tmp_path / "b.xlsx", other, HEADS), historic=True)
    assert count(village, Person) == 2
    undo_batch(actor=clerk, batch_id=batch.id, reason="发错了")
    batch = work(village, batch)
    assert batch.state == "undone", batch.trouble
    assert set(cases(village)) == {"A1", "A4"} and count(village, Person) == 1
    assert differing(village) == []


def test_what_ended_there_lately_can_be_taken_up_here_and_is_not_asked_about(
    village: Village, clerk: Actor, tmp_path: Path
) -> None:
    supervisor = village.officer("赵督查", duty="supervisor")
    lately = timezone.localtime(timezone.now() - timedelta(days=1))
    row = [*OLD[0][:3], f"{lately:%Y-%m-%d 08:00}", *OLD[0][4:9], f"{lately:%Y-%m-%d %H:%M}", "", ""]
    brought_in(village, clerk, table(tmp_path / "a.xlsx", [row], HEADS), historic=True)
    one = cases(village)["A1"]
    span = {"since": lately - timedelta(days=2), "until": timezone.now()}
    assert draw_callbacks(actor=supervisor, number=5, **span) == []
    reopen_case(actor=supervisor, case_id=one.id, words="还是不亮")
    one = cases(village)["A1"]
    assert one.state == "assigned" and one.is_open and one.due_at > timezone.now()
    assert count(village, Clock, case=one.id) > 0 and differing(village) == []


def test_one_that_others_are_linked_to_stays(village: Village, clerk: Actor, tmp_path: Path) -> None:
    batch = brought_in(village, clerk, table(tmp_path / "a.xlsx", [OLD[2]], HEADS), historic=True)
    here = village.case("低保的事")
    link_cases(actor=clerk, case_id=here.id, other_id=cases(village)["A3"].id, kind="related")
    undo_batch(actor=clerk, batch_id=batch.id, reason="发错了")
    batch = work(village, batch)
    assert batch.state == "done" and batch.trouble == "imports.changed_since" and "A3" in cases(village)


def test_live_rows_begin_here_with_clocks_and_people_are_told(
    village: Village, clerk: Actor, tmp_path: Path
) -> None:
    village.officer("陈书记")
    rows = [OLD[0], ["A9", "", "长" * (LIVE_LIMIT + 1), "2019-04-25", "孙岗村", *[""] * 7]]
    path = table(tmp_path / "a.xlsx", rows, HEADS)
    fold_figures(village.county)
    batch = begun(village, clerk, path)
    assert words(village, batch)[1] == ("error", "too_long", "text") and LIVE_LIMIT == TEXT_LIMIT
    commit_batch(actor=clerk, batch_id=batch.id)
    batch = work(village, batch)
    one = cases(village)["A1"]
    assert one.state == "assigned" and one.imported_at is None and one.channel == "api"
    assert timezone.now() - one.opened_at < timedelta(minutes=5), "told now"
    assert count(village, Clock, case=one.id) > 0 and "cases.tell" in outgoing(village)
    assert found(village, clerk, "A1") == ["A1"]
    assert look_again(clerk, batch)["same"] == 1
    undo_batch(actor=clerk, batch_id=batch.id, reason="发错了")
    batch = work(village, batch)
    assert batch.trouble == "cases.import_under_way" and "A1" in cases(village)
    assert differing(village) == []
    with reading(village.house):
        assert not Fold.objects.filter(county=village.county).exists(), "as long a transaction as a list is"


def test_a_csv_in_gbk_and_rows_that_cannot_be(village: Village, clerk: Actor, tmp_path: Path) -> None:
    rows = [
        OLD[0],
        ["B1", "", "", "2019-04-25", "孙岗村", *[""] * 7],
        ["B2", "", "没有时间", "昨天", "孙岗村", *[""] * 7],
        ["B3", "", "还没到", f"{datetime.now().year + 1}-01-01", "孙岗村", *[""] * 7],
        ["B4", "", "在哪里", "2019-04-25", "", *[""] * 7],
        OLD[0],
    ]
    out = io.StringIO()
    csv.writer(out).writerows([HEADS, *rows])
    path = tmp_path / "a.csv"
    path.write_bytes(out.getvalue().encode("gbk"))
    batch = begun(village, clerk, path, historic=True)
    assert words(village, batch) == [
        ("new", "", ""),
        ("error", "required", "text"),
        ("error", "bad_time", "told_at"),
        ("error", "not_yet", "told_at"),
        ("error", "required", "area"),
        ("duplicate", "twice_in_file", ""),
    ]
    tell_words(actor=clerk, batch_id=batch.id, options={"default_area": village.grid})
    assert words(village, work(village, batch))[4] == ("new", "", "")


def test_what_is_about_an_official_does_not_come_in(village: Village, clerk: Actor, tmp_path: Path) -> None:
    path = table(tmp_path / "a.xlsx", [["A1", "某人受贿", "2019-04-25", "孙岗村", "举报"]],
                 ["编号", "内容", "诉求时间", "村", "类型"])  # fmt: skip
    batch = begun(village, clerk, path, historic=True)
    assert words(village, batch) == [("error", "about_official", "kind")]


def test_the_district_alone_brings_requests_in(village: Village, tmp_path: Path) -> None:
    path = table(tmp_path / "a.xlsx", OLD[:1], HEADS)
    for name, duty in (("王乡办", "town_clerk"), ("陈书记", "secretary")):
        actor = village.officer(name, duty=duty)
        with pytest.raises(NotAllowed):
            take_file(actor=actor, new=NewFile("cases", "老热线", path.name, path))
    clerk = village.officer("李分流", duty="district_clerk")
    staff = take_file(actor=clerk, new=NewFile("residents", "x", path.name, path))
    with pytest.raises(NotAllowed):
        tell_words(actor=clerk, batch_id=staff.id, options={"historic": True})


@pytest.mark.parametrize(
    ("text", "form", "said"),
    [
        ("2019-04-25 09:32:09", "", "2019-04-25 09:32:09"),
        ("2019年4月25日 9时32分", "", "2019-04-25 09:32:00"),
        ("20190425093209", "", "2019-04-25 09:32:09"),
        ("20190425", "", "2019-04-25 00:00:00"),
        ("43580.5", "", "2019-04-25 12:00:00"),
        ("25/04/2019", "%d/%m/%Y", "2019-04-25 00:00:00"),
    ],
)
def test_times_as_lists_write_them(text: str, form: str, said: str) -> None:
    found = moment(text, form)
    assert found is not None and found.strftime("%Y-%m-%d %H:%M:%S") == said


def test_those_who_told_it_are_entered_once_each_by_the_house_alone(village: Village) -> None:
    one = NewPerson(name="刘秀英", phone=f"138{village.county}91", village=village.code)
    with pytest.raises(NotAllowed):
        note_people(actor=village.officer("陈书记"), people=[one])
    nameless = NewPerson(name="无号码的人")
    first, again, nobody = note_people(actor=village.house, people=[one, one, nameless])
    assert (first[1], again[1], nobody[1]) == (True, False, True) and first[0].id == again[0].id
    known = note_people(actor=village.house, people=[one])
    assert known == [(first[0], False)]
    with reading(village.house):
        leaves = Leaf.objects.filter(county=village.county, verb="people.note_people")
        assert {leaf.subject_id for leaf in leaves} == {str(first[0].id), str(nobody[0].id)}
