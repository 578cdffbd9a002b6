"""The pages of clocks, levels, the whistle, merging and the rating, as people use them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.village import Village
from tests.web.people import client_of, visitor
from tests.web.test_offered import officer, page
from wushi.domain.accounts.services import found_unit
from wushi.domain.accounts.services.posts import NewUnit
from wushi.domain.cases.models import Case
from wushi.domain.cases.queries import parts_of, plea_of
from wushi.domain.cases.services import (
    Called,
    answer_part,
    blow_whistle,
    claim_case,
    close_case,
    confirm_case,
    handle_case,
    merge_case,
    pause_case,
    report_for_roll_call,
    request_extension,
    split_case,
    take_number,
)
from wushi.kernel.verb import reading

SOON = date.today() + timedelta(days=6)


@pytest.fixture
def working(village: Village) -> Case:
    """A matter the secretary signed for."""
    case = village.case("排水沟塌了", category="road")
    claim_case(actor=village.officer("陈书记"), case_id=case.id)
    return village.again(case)


def url(case: Case, slug: str = "") -> str:
    """Where a matter is, or one of its verbs."""
    return f"/work/cases/{case.id}/{slug}/" if slug else f"/work/cases/{case.id}/"


def press(village: Village, name: str, case: Case, slug: str, **data: Any) -> int:
    """What a form answers."""
    return client_of(village, name).post(url(case, slug), data).status_code


# ---- the row of verbs ----
def test_a_row_of_many_verbs_stays_calm(village: Village, working: Case) -> None:
    text = page(client_of(village, "陈书记"), url(working))
    row, _, menu = text.partition("data-menu")
    verbs = re.findall(r'data-verb="(\w+)"', row.partition('class="verbs')[2])
    hidden = re.findall(r'data-verb="(\w+)"', menu.partition("</details>")[0])
    assert verbs[0] == "handle_case" and len(verbs) == 4
    assert row.partition('class="verbs')[2].count("btn primary") == 1
    assert hidden[-1] == "mark_official" and {"transfer_case", "escalate_case", "split_case"} <= set(hidden)
    assert not set(hidden) & {"resume_case", "decide_extension", "hand_back_case", "rate_case"}


# ---- time ----
def test_more_time_is_asked_for_up_to_the_cap_and_decided_by_two_equal_buttons(
    village: Village, working: Case
) -> None:
    clerk = officer(village, "钱分流", duty="town_clerk")
    form = page(client_of(village, "陈书记"), url(working, "extend"))
    assert "最多 5" in form
    again = client_of(village, "陈书记").post(url(working, "extend"), {"amount": "9", "words": "等材料到"})
    assert again.status_code == 422 and "等材料到" in again.content.decode()
    assert clerk.get(url(working, "decide")).status_code == 303, "nobody asked"
    assert press(village, "陈书记", working, "extend", amount="2", words="等材料到") == 303
    asked = page(clerk, url(working, "decide"))
    assert "等材料到" in asked and "陈书记申请再加2 个工作日" in asked
    assert len(re.findall(r'class="btn lg strong" name="granted"', asked)) == 2
    assert clerk.post(url(working, "decide"), {"granted": "no"}).status_code == 422, "a refusal says why"
    assert clerk.post(url(working, "decide"), {"granted": "yes"}).status_code == 303
    with reading(village.house):
        assert plea_of(working) is None
    assert village.again(working).due_at > working.due_at
    assert "已延期2 个工作日" in page(visitor(village), f"/r/{working.receipt}/")


def test_a_rest_says_what_it_waits_for_and_how_much_is_left(village: Village, working: Case) -> None:
    assert "还可以挂起 10 个工作日" in page(client_of(village, "陈书记"), url(working, "pause"))
    data = {"reason_code": "resident", "words": "等您送户口本"}
    assert press(village, "陈书记", working, "pause", **data, until_on="2099-01-01") == 422
    assert press(village, "陈书记", working, "pause", **data, until_on=SOON.isoformat()) == 303
    text = page(visitor(village), f"/r/{working.receipt}/")
    assert "等您，最迟到" in text and "办理时限先停着" in text and "到时没好" not in text
    assert "挂起，最迟到" in page(client_of(village, "陈书记"), url(working))
    assert press(village, "陈书记", working, "resume") == 303


def test_what_is_not_possible_yet_needs_its_day(village: Village, working: Case) -> None:
    data = {"outcome": "not_yet", "words": "要等明年的钱"}
    answer = client_of(village, "陈书记").post(url(working, "handle"), data)
    assert answer.status_code == 422 and "要等明年的钱" in answer.content.decode()
    assert press(village, "陈书记", working, "handle", **data, plan_on=SOON.isoformat()) == 303
    text = page(visitor(village), f"/r/{working.receipt}/")
    assert f"{SOON.year}年{SOON.month}月{SOON.day}日" in text and "没回音" in text


def test_words_to_begin_with_can_be_read_without_scripts(village: Village, working: Case) -> None:
    text = page(client_of(village, "陈书记"), url(working, "handle"))
    assert "路面修好" in text and "坏的路面已经修补好" in text and "路灯修好" not in text


def test_why_and_what_happens_next_stand_on_both_faces(village: Village, working: Case) -> None:
    for text in (
        page(client_of(village, "陈书记"), url(working)),
        page(visitor(village), f"/r/{working.receipt}/"),
    ):
        assert "没人动的话，接下来会怎样" in text and "转入督办" not in text.partition("没人动的话")[0]
        assert "按“未回音”归档" not in text


# ---- together ----
def whistle(village: Village, case: Case) -> dict[str, Any]:
    """Two departments are called; unit -> id of its part."""
    found_unit(actor=village.house, unit=NewUnit("SL", "区水利局", "department", village.county))
    for name, unit in (("李交通", "JT"), ("孙水利", "SL")):
        village.officer(name, duty="department", unit=unit)
    called = [Called("JT"), Called("SL", essential=False)]
    blow_whistle(actor=village.actor("陈书记"), case_id=case.id, kind="urgent", called=called, words="一起看")
    with reading(village.house):
        return {part.tray.unit: part.row.id for part in parts_of(village_row(village, case))}


def village_row(village: Village, case: Case) -> Case:
    """The row, inside a reading."""
    return Case.objects.get(county=village.county, id=case.id)


def test_a_whistle_is_blown_followed_and_graded_by_both(village: Village, working: Case) -> None:
    village.officer("李交通", duty="department", unit="JT")
    assert "区交通运输局" in page(client_of(village, "陈书记"), url(working, "whistle"))
    blown = {"kind": "everyday", "units": "JT", "words": "路基也要看"}
    assert press(village, "陈书记", working, "whistle", **{**blown, "units": ""}) == 422
    assert press(village, "陈书记", working, "whistle", **blown) == 303
    department = client_of(village, "李交通")
    assert "叫您来的" in page(department, "/work/?list=parts") and working.title in page(department, "/work/")
    assert 'data-verb="report_for_roll_call"' in page(department, url(working))
    assert department.post(url(working, "report")).status_code == 303
    assert "按时报到" in page(client_of(village, "陈书记"), url(working))
    warned = page(client_of(village, "陈书记"), url(working, "handle"))
    assert "还有 1 个协办、会办没反馈" in warned
    assert press(village, "陈书记", working, "handle", outcome="resolved", words="好了") == 409
    with reading(village.house):
        part = parts_of(village_row(village, working))[0].row.id
    data = {"part": str(part), "result": "done", "words": "路基没事"}
    assert department.post(url(working, "answer"), data).status_code == 303
    sheet = page(client_of(village, "陈书记"), url(working))
    assert "路基没事" in sheet and len(re.findall(r'name="grade" value="\w+"', sheet)) == 3
    for name in ("陈书记", "李交通"):
        assert press(village, name, working, "grade", part=str(part), grade="good") == 303
        assert 'name="grade"' not in page(client_of(village, name), url(working))
    assert press(village, "陈书记", working, "endwhistle", result="done", words="都弄好了") == 303


def test_a_department_does_not_answer_for_another(village: Village, working: Case) -> None:
    parts = whistle(village, working)
    data = {"part": str(parts["JT"]), "result": "done", "words": "我们来说"}
    assert press(village, "孙水利", working, "answer", **data) == 422
    report_for_roll_call(actor=village.actor("李交通"), case_id=working.id, part_id=parts["JT"])
    answer_part(
        actor=village.actor("李交通"), case_id=working.id, part_id=parts["JT"], result="done", words="好了"
    )
    resident = page(visitor(village), f"/r/{working.receipt}/")
    assert "区交通运输局来了" in resident and "叫来区交通运输局、区水利局" in resident


# ---- another matter ----
def test_a_merged_receipt_follows_the_other_without_its_words_and_names(
    village: Village, working: Case
) -> None:
    other = village.case("沟塌了两天没人来", name="王大爷", phone="13912345678")
    text = page(client_of(village, "陈书记"), url(other, "merge"))
    assert working.title in text
    assert press(village, "陈书记", other, "merge", number=f"{working.number}9") == 422
    assert press(village, "陈书记", other, "merge", number=working.number) == 303
    seen = page(visitor(village), f"/r/{other.receipt}/")
    assert "合在一起办" in seen and "陈书记在办" in seen and "在办" in seen
    for secret in (working.text, working.receipt, str(working.id)):
        assert secret not in seen.replace(other.text, "")
    assert press(village, "陈书记", other, "unmerge") == 303
    assert village.again(other).merged_into_id is None


def test_splitting_makes_a_second_matter_once(village: Village, working: Case) -> None:
    form = page(client_of(village, "陈书记"), url(working, "split"))
    key = re.findall(r'name="key" value="([^"]+)"', form)[0]
    for _n in range(2):
        assert (
            press(village, "陈书记", working, "split", key=key, text="桥栏杆也松了", category="road") == 303
        )
    sheet = page(client_of(village, "陈书记"), url(working))
    assert "拆分出来的" in sheet and sheet.count("拆分出另一件") == 1
    assert press(village, "陈书记", working, "split", key=str(uuid4()), text="") == 422


def test_sorting_anew_keeps_what_it_was_where_nothing_changes(village: Village, working: Case) -> None:
    text = page(client_of(village, "陈书记"), url(working, "revise"))
    assert re.search(r'value="road" selected', text)
    data = {"kind": "hazard", "category": "road", "urgency": "urgent", "tags": ["pressing", "worrying"]}
    assert press(village, "陈书记", working, "revise", **data) == 303
    again = village.again(working)
    assert (again.kind, again.urgency, again.tags) == ("hazard", "urgent", ["pressing", "worrying"])
    assert "改了：" in page(client_of(village, "陈书记"), url(working))


# ---- the rating ----
@pytest.fixture
def handled(village: Village, working: Case) -> Case:
    """Done, says the secretary."""
    handle_case(actor=village.actor("陈书记"), case_id=working.id, outcome="resolved", words="通了")
    return village.again(working)


def test_three_ratings_of_three_faces_and_nothing_chosen(village: Village, handled: Case) -> None:
    text = page(visitor(village), f"/r/{handled.receipt}/")
    for name in ("rating", "attitude", "speed"):
        assert re.findall(rf'name="{name}" value="(\w+)"', text) == ["satisfied", "neutral", "unsatisfied"]
    assert "checked" not in text
    data = {"rating": "satisfied", "attitude": "neutral", "words": "人很好"}
    assert visitor(village).post(f"/r/{handled.receipt}/confirm/", data).status_code == 303
    row = village.again(handled)
    assert (row.state, row.rating, row.rating_attitude, row.rating_speed) == (
        "closed",
        "satisfied",
        "neutral",
        "",
    )
    said = page(visitor(village), f"/r/{handled.receipt}/")
    assert "结果 满意 · 态度 一般" in said and "人很好" in said and "/rate/" not in said


def test_not_yet_takes_the_words_along(village: Village, handled: Case) -> None:
    answer = visitor(village).post(f"/r/{handled.receipt}/reopen/", {"words": "还堵着"})
    assert answer.headers["Location"] == f"/r/{handled.receipt}/"
    assert "还堵着" in page(visitor(village), f"/r/{handled.receipt}/")


def test_what_was_closed_unanswered_can_be_rated_later_and_once(village: Village, handled: Case) -> None:
    close_case(actor=village.house, case_id=handled.id)
    assert f"/r/{handled.receipt}/rate/" in page(visitor(village), f"/r/{handled.receipt}/")
    resident = visitor(village)
    assert resident.post(f"/r/{handled.receipt}/rate/", {}).status_code == 422
    assert resident.post(f"/r/{handled.receipt}/rate/", {"speed": "unsatisfied"}).status_code == 303
    assert (
        resident.post(f"/r/{handled.receipt}/rate/", {"speed": "satisfied", "words": "x"}).status_code == 409
    )
    assert village.again(handled).rating_speed == "unsatisfied"


def test_a_device_staff_are_signed_in_on_neither_agrees_nor_rates(village: Village, handled: Case) -> None:
    staff = client_of(village, "陈书记")
    text = page(staff, f"/r/{handled.receipt}/")
    assert "这台设备上登录着工作人员" in text and 'name="rating"' not in text and "/confirm/" not in text
    refused = staff.post(f"/r/{handled.receipt}/confirm/", {"rating": "satisfied"})
    assert refused.status_code == 403 and "先退出登录" in refused.content.decode()
    confirm_case(actor=village.holding(handled), case_id=handled.id)
    assert staff.post(f"/r/{handled.receipt}/rate/", {"rating": "satisfied"}).status_code == 403
    assert village.again(handled).rating == ""


def test_a_plea_of_a_resting_matter_and_a_merged_one_show_on_the_sheet(village: Village) -> None:
    secretary = village.officer("陈书记")
    first, second = village.case("灯不亮"), village.case("灯坏了")
    claim_case(actor=secretary, case_id=first.id)
    request_extension(actor=secretary, case_id=first.id, amount=1, words="等灯头")
    pause_case(actor=secretary, case_id=first.id, reason_code="material", until_on=SOON, words="灯头在路上")
    merge_case(actor=secretary, case_id=second.id, master_id=first.id)
    text = page(client_of(village, "陈书记"), url(first))
    assert "申请了延期" in text and "挂起，最迟到" in text and "另有 1 人反映同一件事" in text
    assert "已并入" in page(client_of(village, "陈书记"), url(second))


def test_what_was_split_off_is_found_from_the_first_receipt(village: Village, working: Case) -> None:
    key, number = str(uuid4()), take_number(village.county)
    new = split_case(
        actor=village.actor("陈书记"), case_id=working.id, text="垃圾没人清", number=number, key=key
    )
    text = page(visitor(village), f"/r/{working.receipt}/")
    assert f"/r/{new.receipt}/" in text and "垃圾没人清" in text
