"""The office's own form: for somebody, with consent; about an official nothing is kept (page and API have their own tests)."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from tests.village import Village
from tests.web.people import staff_client
from wushi.domain.cases.models import Case
from wushi.kernel.verb import reading


def fields(client: Client) -> dict[str, str]:
    """The hidden fields of a fresh form."""
    page = client.get("/work/new/").content.decode()
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def said(client: Client, village: Village, **more: Any) -> dict[str, Any]:
    """What a grid worker types in half a minute."""
    return {
        **fields(client),
        "text": "王大爷说门口路灯坏了",
        "area_code": village.grid,
        "name": "王大爷",
        "phone": "",
        "kind": "help",
        "urgency": "normal",
        "channel": "walk",
        "on_behalf": "yes",
        "consent": "word",
        "about_official": "no",
        **more,
    }


def kept(village: Village) -> list[Case]:
    """Every request of the county."""
    with reading(village.house):
        return list(Case.objects.filter(county=village.county))


def test_recorded_for_somebody_with_his_consent(village: Village) -> None:
    client = staff_client(village, "grid_worker")
    answer = client.post("/work/new/", said(client, village))
    assert answer.status_code == 303, answer.content.decode()[:2000]
    case = kept(village)[0]
    assert (case.on_behalf, case.consent, case.channel) == (True, "word", "walk")
    assert case.taken_by_id == village.user_id("人-grid_worker")


def test_about_an_official_nothing_is_kept_and_the_channels_are_shown(village: Village) -> None:
    client = staff_client(village, "hotline")
    answer = client.post(
        "/work/new/",
        said(client, village, text="金丝雀说村书记收钱", about_official="yes", area_code=village.code),
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "12388" in page and "金丝雀" not in page
    assert kept(village) == []


def test_a_missing_answer_keeps_what_was_typed(village: Village) -> None:
    client = staff_client(village, "secretary")
    answer = client.post("/work/new/", said(client, village, text="", name="王大爷", about_official=""))
    assert answer.status_code == 422 and "王大爷" in answer.content.decode()
    assert kept(village) == []


# ---- who is on the line ----
PHONE = "13856411234"


def look(client: Client, phone: str = PHONE, **more: Any) -> Any:
    """The button, as a script presses it."""
    return client.post("/work/new/earlier/", {"phone": phone, **more}, headers={"X-Piece": "earlier"})


def test_the_hotline_sees_titles_and_opens_only_what_is_its_own(village: Village) -> None:
    client = staff_client(village, "hotline")
    other = village.case("水管漏水，三天没人来。家住老槐树下", phone=PHONE, name="王秀兰", place="老槐树")
    own = village.case(
        "路灯不亮", village.actor("人-hotline"), on_behalf=True, consent="word", phone=PHONE, place="井边"
    )
    said = look(client).content.decode()
    assert other.number in said and "水管漏水" in said and "三天" not in said and "老槐树" not in said
    assert f"/work/cases/{other.id}/" not in said and f"/work/cases/{own.id}/" in said
    assert 'data-place="井边"' in said and "<html" not in said
    assert PHONE not in said


def test_the_place_of_what_he_may_not_open_is_not_offered(village: Village) -> None:
    client = staff_client(village, "hotline")
    village.case("水管漏水", phone=PHONE, name="王秀兰", place="老槐树")
    said = look(client).content.decode()
    assert "data-take" not in said and "王秀兰" not in said


def test_none_so_far_and_no_number(village: Village) -> None:
    client = staff_client(village, "grid_worker")
    assert "以前没有说过" in look(client).content.decode()
    answer = look(client, "12")
    assert answer.status_code == 422 and "不是电话号码" in answer.content.decode()


def test_without_a_script_the_page_comes_again_with_what_was_typed(village: Village) -> None:
    client = staff_client(village, "secretary")
    case = village.case("水管漏水", phone=PHONE, name="王秀兰")
    typed = said(client, village, phone=PHONE, text="又漏了", about_official="", channel="tel")
    answer = client.post("/work/new/earlier/", typed)
    page = answer.content.decode()
    assert answer.status_code == 200 and "<html" in page and case.number in page
    assert "又漏了" in page and typed["key"] in page and f'value="{PHONE}"' in page
    assert "请填写" not in page and len(kept(village)) == 1


def test_a_number_stands_in_no_address(village: Village) -> None:
    client = staff_client(village, "hotline")
    assert client.get(f"/work/new/earlier/?phone={PHONE}").status_code == 405


def test_the_next_one_comes_the_same_way(village: Village) -> None:
    client = staff_client(village, "grid_worker")
    assert '<option value="visit" selected>' in client.get("/work/new/").content.decode()
    client.post("/work/new/", said(client, village, channel="patrol"))
    assert '<option value="patrol" selected>' in client.get("/work/new/").content.decode()
    client.cookies["intake_channel"] = "nonsense"
    assert '<option value="visit" selected>' in client.get("/work/new/").content.decode()


def test_the_form_begins_with_his_own_grid_whatever_other_post_he_has(village: Village) -> None:
    client = staff_client(village, "grid_lead")
    village.appoint("人-grid_lead", duty="deputy", area=village.code)
    first = re.search(
        r'<select name="area_code".*?<option value="(\d+)"', client.get("/work/new/").content.decode(), re.S
    )
    assert first is not None and first.group(1) == village.grid
