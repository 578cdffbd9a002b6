"""Second looks and call-backs: what the level above is told of, and who is rung."""

from __future__ import annotations

import re
from datetime import date

from tests.village import Village
from tests.web.test_offered import officer, page
from wushi.domain.cases.queries import flags_for
from wushi.domain.cases.services import claim_case, close_case, handle_case
from wushi.kernel.verb import reading


def hasty(village: Village) -> str:
    """A matter done within minutes of being signed for, nobody spoken with; its title."""
    secretary, case = village.officer("陈书记"), village.case("路灯不亮")
    claim_case(actor=secretary, case_id=case.id)
    handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="好了")
    close_case(actor=village.house, case_id=case.id)
    return case.title


def test_the_level_above_sees_what_was_done_in_haste_and_puts_it_aside(village: Village) -> None:
    clerk, title = officer(village, "钱分流", duty="town_clerk"), hasty(village)
    text = page(clerk, "/work/flags/")
    assert "几分钟就办结，没联系过群众" in text and title in text
    actor = village.actor("钱分流")
    with reading(actor):
        flag = flags_for(actor)[0]
    assert officer(village, "陈书记").post(f"/work/flags/{flag.id}/").status_code == 404
    assert clerk.post(f"/work/flags/{flag.id}/").status_code == 303
    again = page(clerk, "/work/flags/")
    assert 'action="/work/flags/' not in again and "看过了" in again


def test_a_supervisor_draws_calls_and_writes_down_what_was_said(village: Village) -> None:
    supervisor, title = officer(village, "督办", duty="supervisor"), hasty(village)
    today = date.today().isoformat()
    assert supervisor.post("/work/callbacks/", {"since": today, "until": today}).status_code == 422
    assert (
        supervisor.post("/work/callbacks/", {"since": today, "until": today, "number": "5"}).status_code
        == 303
    )
    text = page(supervisor, "/work/callbacks/")
    assert title in text and "待回访" in text
    address = re.findall(r'href="(/work/cases/[^"]+/callback/)"', text)[0]
    assert "群众怎么说" in page(supervisor, address)
    assert supervisor.post(address, {"result": "not_done", "words": "说还是黑的"}).status_code == 303
    assert "根本没办" in page(supervisor, "/work/callbacks/")
    assert supervisor.get(address).status_code == 303, "it was called"


# ---- a list narrowed ----
def test_the_address_narrows_the_list_and_is_kept_under_a_name(village: Village) -> None:
    clerk = officer(village, "钱分流", duty="town_clerk")
    road, lamp = village.case("路塌了", category="road"), village.case("灯不亮", category="light")
    address = "/work/?list=area&category=road"
    text = page(clerk, address)
    assert str(road.id) in text and str(lamp.id) not in text
    assert str(lamp.id) in page(clerk, "/work/?list=area&category=nothing&since=x&state=%00")
    kept = clerk.post("/work/filters/", {"name": "路", "list": "area", "category": "road", "evil": "1"})
    assert kept.headers["Location"] == address
    assert f'href="{address}">路</a>' in page(clerk, "/work/")
    assert clerk.post("/work/filters/", {"name": "路", "list": "area"}).status_code == 422
    gone = re.findall(r'action="(/work/filters/[^"]+/drop/)"', page(clerk, "/work/"))[0]
    assert officer(village, "陈书记").post(gone).status_code == 404
    assert clerk.post(gone).status_code == 303
    assert "/drop/" not in page(clerk, "/work/")


def test_a_list_is_shared_with_those_of_an_area_one_answers_for(village: Village) -> None:
    clerk = officer(village, "钱分流", duty="town_clerk")
    sent = {"name": "路", "list": "area", "category": "road"}
    assert f'value="{village.town}">孙岗乡的所有人' in page(clerk, "/work/?list=area&category=road")
    assert clerk.post("/work/filters/", {**sent, "shared_area": village.county}).status_code == 403
    assert clerk.post("/work/filters/", {**sent, "shared_area": village.town}).status_code == 303
    assert "分享给孙岗乡" in page(clerk, "/work/")
    below = page(officer(village, "陈书记"), "/work/")
    assert (
        'href="/work/?list=area&category=road">路<small>钱分流分享</small>' in below and "/drop/" not in below
    )
    elsewhere = officer(village, "姚书记", area=f"{village.other_town}201")
    assert "钱分流分享" not in page(elsewhere, "/work/")


def test_what_was_not_looked_at_is_counted_where_it_waits(village: Village) -> None:
    clerk, supervisor = (
        officer(village, "钱分流", duty="town_clerk"),
        officer(village, "督办", duty="supervisor"),
    )
    assert "没有新的" in page(clerk, "/work/me/")
    hasty(village)
    assert (
        "1 件还没看" in page(clerk, "/work/me/") and page(clerk, "/work/").count('href="/work/flags/"') == 2
    )
    today = date.today().isoformat()
    supervisor.post("/work/callbacks/", {"since": today, "until": today, "number": "1"})
    text = page(supervisor, "/work/me/")
    assert 'href="/work/callbacks/"' in text and "1 件还没看" in text
    actor = village.actor("钱分流")
    with reading(actor):
        flag = flags_for(actor)[0]
    clerk.post(f"/work/flags/{flag.id}/")
    assert "没有新的" in page(clerk, "/work/me/")
    assert page(clerk, "/work/").count('href="/work/flags/"') == 1, "the bar at the side only"
