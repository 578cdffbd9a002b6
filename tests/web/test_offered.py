"""What a page offers: no button that would only be refused, no number for those who do not handle it, no name forgotten."""

from __future__ import annotations

import html
import os
import re
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from tests.house.tree import ROOT
from tests.village import Village
from tests.web.people import client_of, visitor
from wushi.domain.accounts.services import arrange_stand_in, end_post
from wushi.domain.cases.models import Case
from wushi.domain.cases.services import appeal_case, claim_case, confirm_case, handle_case, mark_official
from wushi.edge import live
from wushi.kernel.verb import chore, unscoped
from wushi.web.offered import appeal_levels

PHONE = "13912345678"


def officer(village: Village, name: str, **post: Any) -> Client:
    """Somebody's browser."""
    village.officer(name, **post)
    return client_of(village, name)


def page(client: Client, address: str) -> str:
    """The words of a page."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return html.unescape(answer.content.decode())


def choices(text: str) -> dict[str, str]:
    """Value -> words of the answers to "who is it about"."""
    found = re.findall(r'name="accused" value="([^"]+)".*?<b>(.*?)</b>', text, re.DOTALL)
    return {value: words.strip() for value, words in found}


# ---- about an official ----
def test_everybody_on_the_line_can_be_named_also_when_it_lies_in_the_grids_tray(village: Village) -> None:
    lead = officer(village, "王网格", duty="grid_lead", area=village.grid)
    for name, duty, area in (
        ("陈书记", "secretary", village.code),
        ("钱分流", "town_clerk", village.town),
        ("赵区长", "district_lead", village.county),
        ("邻村书记", "secretary", village.sibling),
    ):
        village.officer(name, duty=duty, area=area)
    case = village.case()
    village.officer("督办", duty="supervisor")
    found = choices(page(client_of(village, "督办"), f"/work/cases/{case.id}/official/"))
    assert "陈书记 · 孙岗村 书记" in found.values(), found
    named = " ".join(found.values())
    assert all(name in named for name in ("王网格", "钱分流", "赵区长")) and "邻村书记" not in named
    assert {v for v in found if v.startswith("level:")} == {
        "level:grid",
        "level:village",
        "level:town",
        "level:district",
    }
    assert lead.get(f"/work/cases/{case.id}/official/").status_code == 303


@pytest.mark.parametrize(
    ("level", "duty", "seal"),
    [("village", "town_clerk", 9), ("town", "district_clerk", 6), ("district", "supervisor", 5)],
)
def test_without_a_name_everything_up_to_the_level_is_shut_out(
    village: Village, level: str, duty: str, seal: int
) -> None:
    case = village.case()
    supervisor = officer(village, "督办", duty="supervisor")
    answer = supervisor.post(f"/work/cases/{case.id}/official/", {"accused": f"level:{level}", "words": "x"})
    assert answer.status_code == 303
    again = village.again(case)
    assert (again.tray_duty, again.seal, again.accused_id) == (duty, seal, None)


def test_a_named_secretary_no_longer_sees_it(village: Village) -> None:
    secretary, supervisor = officer(village, "陈书记"), officer(village, "督办", duty="supervisor")
    case = village.case()
    data = {"accused": str(village.user_id("陈书记")), "words": ""}
    assert supervisor.post(f"/work/cases/{case.id}/official/", data).status_code == 303
    assert village.again(case).accused_id == village.user_id("陈书记")
    assert secretary.get(f"/work/cases/{case.id}/").status_code == 404


def test_who_stands_in_can_be_named(village: Village) -> None:
    village.officer("陈书记")
    village.officer("邻村书记", area=village.sibling)
    today = date.today()
    arrange_stand_in(
        actor=village.house,
        post_id=village.posts["陈书记"].id,
        user_id=village.user_id("邻村书记"),
        first=today,
        last=today + timedelta(days=3),
    )
    supervisor, case = officer(village, "督办", duty="supervisor"), village.case()
    assert "邻村书记 · 孙岗村 书记" in choices(page(supervisor, f"/work/cases/{case.id}/official/")).values()


def test_somebody_who_is_not_on_the_line_cannot_be_named(village: Village) -> None:
    supervisor, case = officer(village, "督办", duty="supervisor"), village.case()
    village.officer("邻村书记", area=village.sibling)
    for accused in (str(village.user_id("邻村书记")), "level:province", "unit", ""):
        answer = supervisor.post(f"/work/cases/{case.id}/official/", {"accused": accused})
        assert answer.status_code == 422, accused
    assert village.again(case).step == case.step


# ---- the telephone ----
def test_the_whole_number_is_for_those_who_handle_it(village: Village) -> None:
    case = village.case(phone=PHONE, name="王大爷")
    address = f"/work/cases/{case.id}/"
    in_tray, clerk = officer(village, "陈书记"), officer(village, "钱分流", duty="town_clerk")
    deputy = officer(village, "副书记", duty="deputy")
    grid, supervisor = (
        officer(village, "王网格", duty="grid_lead"),
        officer(village, "督办", duty="supervisor"),
    )
    for client in (clerk, grid, supervisor):
        text = page(client, address)
        assert PHONE not in text and "139****5678" in text
    for client in (in_tray, deputy):
        assert f'href="tel:{PHONE}"' in page(client, address)
    claim_case(actor=village.actor("陈书记"), case_id=case.id)
    assert f'href="tel:{PHONE}"' in page(in_tray, address)
    assert PHONE not in page(clerk, address)


# ---- reopening and going higher ----
def closed(village: Village) -> Case:
    """A matter that was settled, and agreed to."""
    case, secretary = village.case(), village.officer("陈书记")
    claim_case(actor=secretary, case_id=case.id)
    handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="修好了")
    confirm_case(actor=village.holding(case), case_id=case.id)
    return village.again(case)


def test_reopening_is_offered_within_the_countys_days_only(village: Village) -> None:
    case = closed(village)
    supervisor = officer(village, "督办", duty="supervisor")
    resident = visitor(village)
    assert "/reopen/" in page(resident, f"/r/{case.receipt}/")
    assert "/reopen/" in page(supervisor, f"/work/cases/{case.id}/")
    assert supervisor.get(f"/work/cases/{case.id}/reopen/").status_code == 200
    with chore(village.county, "test: it was closed long ago"):
        Case.objects.filter(county=village.county, id=case.id).update(
            closed_at=case.closed_at - timedelta(days=400)  # type: ignore[operator]
        )
    assert "/reopen/" not in page(resident, f"/r/{case.receipt}/")
    assert "/reopen/" not in page(supervisor, f"/work/cases/{case.id}/")
    assert supervisor.get(f"/work/cases/{case.id}/reopen/").status_code == 303
    assert supervisor.post(f"/work/cases/{case.id}/reopen/", {"words": "还没好"}).status_code == 409


def test_going_higher_is_offered_where_somebody_is_above(village: Village) -> None:
    case, resident = village.case(), visitor(village)
    address = f"/r/{case.receipt}/"
    assert {"appeal/town", "appeal/district"} <= set(re.findall(r"appeal/\w+", page(resident, address)))
    appeal_case(actor=village.holding(case), case_id=case.id, level="town")
    assert set(re.findall(r"appeal/\w+", page(resident, address))) == {"appeal/district"}
    appeal_case(actor=village.holding(case), case_id=case.id, level="district")
    assert re.findall(r"appeal/\w+", page(resident, address)) == []


def test_who_was_shut_out_is_not_offered_to_turn_to(village: Village) -> None:
    case = village.case()
    village.officer("督办", duty="supervisor")
    mark_official(actor=village.actor("督办"), case_id=case.id, accused_id=None, level="town")
    assert appeal_levels(village.again(case)) == ["district"]
    text = page(visitor(village), f"/r/{case.receipt}/")
    assert "appeal/town" not in text and "孙岗乡和" not in text and "红灯" not in text


def test_the_tracking_page_promises_what_is_built(village: Village) -> None:
    text = page(visitor(village), f"/r/{village.case().receipt}/")
    assert "会标为超期，孙岗乡和试验区看得到" in text
    assert "每一步都记下时间，办的人改不掉" in text and "悄悄" not in text


def test_the_chinese_knows_that_a_town_may_be_a_township_and_that_red_belongs_to_calls() -> None:
    chinese = (ROOT / "src/wushi/web/locale/zh_Hans/LC_MESSAGES/django.po").read_text()
    assert "镇里" not in chinese and "回车派单" in chinese
    # a clock's red mark is told to staff only, in the field's own word
    assert chinese.count("红灯") == chinese.count("红灯超时：%(clock)s") == 1


# ---- live ----
@pytest.mark.parametrize(
    ("duty", "kind", "where"),
    [
        ("town_clerk", "area", "town"),
        ("hotline", "area", "county"),
        ("supervisor", "area", "county"),
        ("district_lead", "area", "county"),
        ("secretary", "lamp", "code"),
    ],
)
def test_a_list_listens_to_what_happens_in_its_area(
    village: Village, duty: str, kind: str, where: str
) -> None:
    code = getattr(village, where)
    text = page(officer(village, f"人-{duty}", duty=duty, area=code), "/work/?list=area")
    topic = live.topic(kind, code)
    assert topic in text
    assert topic in live.read_ticket(re.findall(r'name="live-ticket" content="([^"]+)"', text)[0])


def test_a_page_listens_no_longer_than_its_reader_holds_the_duty(village: Village) -> None:
    secretary = officer(village, "陈书记")
    ticket = re.findall(r'name="live-ticket" content="([^"]+)"', page(secretary, "/work/"))[0]
    village.appoint("陈书记", duty="grid_lead")
    # a duty more takes nothing away; who renews is given what he had
    fresh = secretary.post("/live-ticket/", {"ticket": [ticket]}).json()["ticket"]
    assert live.read_ticket(fresh) == live.read_ticket(ticket)
    end_post(actor=village.house, post_id=village.posts["陈书记"].id)
    for one in (ticket, fresh):
        assert secretary.post("/live-ticket/", {"ticket": [one]}).status_code == 403
    again = re.findall(r'name="live-ticket" content="([^"]+)"', page(secretary, "/work/"))[0]
    assert secretary.post("/live-ticket/", {"ticket": [again]}).status_code == 200


def test_vacancies_are_heard_of_on_the_pages_that_show_them(village: Village) -> None:
    admin, secretary = officer(village, "管理", duty="district_admin"), officer(village, "陈书记")
    for client, address, area in (
        (admin, "/work/staff/", village.county),
        (admin, "/work/village/", village.county),
        (secretary, "/work/village/", village.code),
    ):
        topic, text = live.topic("staff", area), page(client, address)
        assert re.search(rf'data-live="[^"]*{topic}', text), address
        piece = client.get(address, headers={"X-Piece": "x"}).content.decode()
        assert "<html" not in piece and len(piece) > 100


# ---- lists and warnings ----
def test_a_part_of_the_list_that_is_longer_shows_the_way_to_all_of_it(village: Village) -> None:
    secretary = officer(village, "陈书记")
    for n in range(50):
        village.case(f"第{n}盏灯不亮")
    assert "/work/?list=tray" in page(secretary, "/work/") and 'rel="next"' not in page(secretary, "/work/")
    village.case("第五十一盏灯不亮")
    assert 'href="/work/?list=tray" rel="next"' in page(secretary, "/work/")
    assert re.search(r'href="/work/\?list=tray&after=[^"]+" rel="next"', page(secretary, "/work/?list=tray"))


def test_the_administrator_is_warned_where_he_works(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wushi.web.calendar.areas.calendar_warning", lambda county, today: 2031)
    admin, secretary = officer(village, "管理", duty="district_admin"), officer(village, "陈书记")
    for address in ("/work/", "/work/staff/", "/work/calendar/"):
        assert "2031" in page(admin, address), address
    assert "2031" not in page(secretary, "/work/")


def test_the_calendars_help_describes_what_the_importer_takes(village: Village) -> None:
    admin = officer(village, "管理", duty="district_admin")
    text = page(admin, "/work/calendar/")
    assert "day,is_workday,name" in text and "1 上班" in text
    example = re.findall(r'placeholder="(day,[^"]+)"', text)[0]
    assert admin.post("/work/calendar/", {"text": example}).status_code == 200


# ---- ready ----
def test_a_stuck_outbox_is_not_ready(village: Village) -> None:
    client = visitor(village)
    village.case()
    with psycopg.connect(os.environ["DATABASE_URL"]) as other:
        # a relay may run beside (the browser tests' worker); what is locked for a key it passes by
        held = other.execute("SELECT id FROM outbox_row WHERE county = %s FOR KEY SHARE", [village.county])
        assert held.fetchall()
        _rows_are(village, "new", "2 minutes")
        answer = client.get("/readyz")
        assert answer.status_code == 503 and "stuck" in answer.json()["outbox"]
        _rows_are(village, "sent", "0 minutes")
    assert client.get("/readyz").json()["ready"] is True


def _rows_are(village: Village, state: str, age: str) -> None:
    with unscoped("test: the relay stands still, or has run"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE outbox_row SET state = %s, created_at = now() - %s::interval WHERE county = %s",
            [state, age, village.county],
        )
        cursor.execute(
            "UPDATE outbox_row SET state = 'sent' WHERE state = 'new' AND county <> %s", [village.county]
        )
