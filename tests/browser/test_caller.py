"""Who is on the line: typing a number shows what was told before, without the number in any address; one tap takes it over."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD
from tests.village import Village
from wushi.domain.accounts.services import set_password

PHONE = "13856411234"


def recorder(village: Village, name: str, duty: str) -> str:
    """Somebody who records, with a password; his name for signing in."""
    village.officer(name, duty=duty)
    set_password(actor=village.house, user_id=village.user_id(name), password=PASSWORD)
    return f"{name}-{village.county}"


def test_typing_a_number_shows_what_was_told_and_one_tap_takes_it_over(lived: Village, screens: Any) -> None:
    case = lived.case("水管漏水", phone=PHONE, name="王秀兰", place="老槐树下", area_code=lived.other_grid)
    phone = screens()
    phone.sign_in(recorder(lived, "钱副书记", "deputy"))
    page = phone.page
    asked: list[Any] = []
    page.on("request", lambda request: asked.append(request) if "earlier" in request.url else None)
    page.goto("/work/new/")
    page.fill("textarea[name=text]", "又漏了")
    page.fill("[name=phone]", PHONE)
    page.locator("[name=name]").focus()
    box = page.locator("[data-earlier]")
    expect(box).to_contain_text(case.number)
    page.locator("[data-take]").click()
    expect(page.locator("[name=name]")).to_have_value("王秀兰")
    expect(page.locator("[name=area_code]")).to_have_value(lived.other_grid)
    expect(page.locator("[name=place]")).to_have_value("老槐树下")
    expect(page.locator("textarea[name=text]")).to_have_value("又漏了")
    page.fill("[name=phone]", "")
    page.locator("[name=name]").focus()
    expect(box).to_be_empty()
    sent = [r for r in asked if r.url.endswith("/work/new/earlier/")]
    assert [r.method for r in sent] == ["POST"] and PHONE in (sent[0].post_data or "")
    assert page.url.endswith("/work/new/")


def test_enter_records_and_does_not_look_up(lived: Village, screens: Any) -> None:
    phone = screens()
    phone.sign_in(recorder(lived, "小赵", "grid_worker"))
    page = phone.page
    page.goto("/work/new/")
    page.fill("textarea[name=text]", "水管漏水")
    page.locator("label:has([name=about_official][value=no])").click()
    page.fill("[name=name]", "王秀兰")
    page.press("[name=name]", "Enter")
    page.wait_for_url("**/work/cases/**")


def test_what_is_no_number_is_said_and_nothing_typed_is_lost(lived: Village, screens: Any) -> None:
    phone = screens()
    phone.sign_in(recorder(lived, "小赵", "grid_worker"))
    page = phone.page
    page.goto("/work/new/")
    page.fill("textarea[name=text]", "水管漏水")
    page.fill("[name=phone]", "12")
    page.locator("[data-look]").click()
    expect(page.locator("[data-earlier] .err")).to_be_visible()
    expect(page.locator("textarea[name=text]")).to_have_value("水管漏水")
    phone.context.set_offline(True)
    page.locator("[data-look]").click()
    expect(page.locator("[data-earlier]")).to_contain_text("没有信号")
