"""Several requests given to one tray: what was given is said, what was not stays chosen, what one may not see does not exist."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client

from tests.village import Village
from tests.web.test_offered import officer, page
from wushi.domain.accounts.services import found_unit
from wushi.domain.accounts.services.posts import NewUnit
from wushi.domain.cases.models import Case
from wushi.domain.cases.services import return_case

GIVE = "/work/assign/"


def returned(village: Village, text: str, area: str = "") -> Case:
    """A matter that lies in the town's tray and waits to be given to somebody."""
    where = area or village.grid
    name = "陈书记" if where.startswith(village.code) else "邻村书记"
    secretary = village.officer(name, area=where[:12])
    case = village.case(text, area_code=where)
    return_case(actor=secretary, case_id=case.id, reason_code="not_our_duty")
    return case


@pytest.fixture
def clerk(village: Village) -> Client:
    """The town's dispatcher."""
    return officer(village, "钱分流", duty="town_clerk")


def ids(cases: list[Case]) -> dict[str, list[str]]:
    """As the boxes send them."""
    return {"ids": [str(case.id) for case in cases]}


def boxes(text: str) -> list[str]:
    """The ids of the boxes that are checked."""
    return re.findall(r'name="ids" value="([^"]+)"[^>]* checked', text)


def test_boxes_are_offered_where_there_is_something_to_give(village: Village, clerk: Client) -> None:
    one = returned(village, "路塌了")
    assert "select=1" not in page(clerk, "/work/"), "one is given by itself"
    two = returned(village, "灯不亮")
    assert "select=1" in page(clerk, "/work/")
    text = page(clerk, "/work/?select=1")
    assert f'name="ids" value="{one.id}"' in text and boxes(text) == []
    assert set(boxes(page(clerk, "/work/?select=all"))) == {str(one.id), str(two.id)}
    assert 'name="ids"' not in page(officer(village, "陈书记"), "/work/?list=area&select=1")


def test_what_all_have_in_common_is_offered(village: Village, clerk: Client) -> None:
    here, there = returned(village, "路塌了"), returned(village, "灯不亮", f"{village.sibling}001")
    text = page(clerk, f"{GIVE}?ids={here.id}")
    assert f"secretary|{village.code}|" in text and f"department|{village.county}|JT" in text
    text = page(clerk, f"{GIVE}?ids={here.id}&ids={there.id}")
    assert set(boxes(text)) == {str(here.id), str(there.id)}
    assert f"secretary|{village.code}|" not in text and f"department|{village.county}|JT" in text


def test_each_is_given_by_its_own_verb_and_what_failed_stays_chosen(village: Village, clerk: Client) -> None:
    found_unit(actor=village.house, unit=NewUnit("SL", "区水利局", "department", village.county))
    two, gone = [returned(village, "路塌了"), returned(village, "桥塌了")], returned(village, "灯不亮")
    sent = {**ids([*two, gone]), "tray": f"department|{village.county}|SL", "words": "一起看"}
    clerk.post(f"/work/cases/{gone.id}/assign/", {"tray": f"secretary|{village.code}|"})
    answer = clerk.post(GIVE, sent)
    text = answer.content.decode()
    assert answer.status_code == 200 and "2 件已派给区水利局" in text
    assert "1 件没派成" in text and "有人先办了一步" in text and str(gone.id) in text
    for case in two:
        assert village.again(case).unit == "SL"
        assert village.trace(case)[-1] == "cases.assign_case"
    assert village.again(gone).tray_duty == "secretary"
    # pressed again: given already, and said so only of what lies there
    assert "3 件没派成" not in clerk.post(GIVE, sent).content.decode()


def test_a_tray_that_is_none_leaves_them_chosen(village: Village, clerk: Client) -> None:
    two = [returned(village, "路塌了"), returned(village, "桥塌了")]
    text = clerk.post(GIVE, {**ids(two), "tray": f"secretary|{village.county}999999|"}).content.decode()
    assert set(boxes(text)) == {str(case.id) for case in two} and "2 件没派成" in text
    assert all(village.again(case).state == "waiting" for case in two)


def test_what_one_may_not_see_is_not_there(village: Village, clerk: Client) -> None:
    mine = returned(village, "路塌了")
    village.officer("姚书记", area=f"{village.other_town}201")
    other = village.case("别镇的事", area_code=f"{village.other_town}201")
    text = page(clerk, f"{GIVE}?ids={mine.id}&ids={other.id}&ids={uuid4()}&ids=x")
    assert boxes(text) == [str(mine.id)] and other.number not in text
    secretary = officer(village, "邻村书记", area=village.sibling)
    hidden = secretary.post(GIVE, {**ids([mine]), "tray": f"secretary|{village.sibling}|"}).content.decode()
    nothing = secretary.post(GIVE, {"ids": str(uuid4()), "tray": f"secretary|{village.sibling}|"})
    assert "1 件没有找到" in hidden and mine.number not in hidden and str(mine.id) not in hidden
    assert "没派成" not in hidden
    assert "1 件没有找到" in nothing.content.decode()
    assert village.again(mine).state == "waiting"


def test_who_sees_and_may_not_give_is_told(village: Village) -> None:
    case = returned(village, "路塌了")
    leader = officer(village, "赵区长", duty="district_lead")
    text = leader.post(GIVE, {**ids([case]), "tray": f"secretary|{village.code}|"}).content.decode()
    assert "1 件没派成" in text and village.again(case).state == "waiting"


def test_nothing_chosen_or_too_many_is_refused(village: Village, clerk: Client) -> None:
    case = returned(village, "路塌了")
    assert clerk.post(GIVE, ids([case])).status_code == 422, "to whom?"
    assert clerk.post(GIVE, {"tray": f"secretary|{village.code}|"}).status_code == 422
    many = {"ids": [str(case.id), *(str(uuid4()) for _ in range(100))], "tray": f"secretary|{village.code}|"}
    assert clerk.post(GIVE, many).status_code == 422
    for tray in ("department|\x00", f"department|{village.county}|\x00", "x" * 81):
        assert clerk.post(GIVE, {**ids([case]), "tray": tray}).status_code == 422
    assert village.again(case).state == "waiting"
