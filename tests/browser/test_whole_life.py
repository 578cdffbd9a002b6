"""In real Chromium, both faces watching live: door, case, tray, claim, handle, refusal, handle, nod."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import expect

from tests.village import Village


def test_from_the_doors_code_to_the_nod(screens: Any, lived: Village, tmp_path: Path) -> None:
    desk, phone = screens(width=1440), screens()
    office, resident = desk.page, phone.page
    desk.sign_in(lived.people["陈书记"].username)
    expect(office.locator("body")).not_to_contain_text("井边路路灯不亮")

    # the resident scans the door, types one field, adds a photo, sends
    Image.new("RGB", (900, 700), (40, 44, 60)).save(tmp_path / "lamp.jpg", "JPEG")
    resident.goto(f"/d/{lived.grid}/")
    expect(resident.locator("body")).to_contain_text("孙岗村一网格")
    for number in ("120", "119", "110"):
        expect(resident.locator(f"a[href='tel:{number}']")).to_be_visible()
    resident.fill("textarea[name=text]", "井边路路灯不亮，晚上接孩子看不见")
    resident.set_input_files("input[type=file]", str(tmp_path / "lamp.jpg"))
    expect(resident.locator("input[type=hidden][name=photos]")).to_have_count(1)
    resident.locator("label", has=resident.locator("input[name=about_official][value=no]")).click()
    resident.get_by_role("button", name="交给村里").click()
    resident.wait_for_url("**/report/done/**")
    receipt = re.search(r"/report/done/(\w+)/", resident.url)
    assert receipt
    code = receipt.group(1)

    # it appears at the open desk by itself
    row = office.locator(".list, main").get_by_text("井边路路灯不亮").first
    expect(row).to_be_visible()
    row.click()
    expect(office.locator("body")).to_contain_text("晚上接孩子看不见")

    resident.goto(f"/r/{code}/")
    office.get_by_role("button", name="签收").first.click()
    expect(resident.locator("main")).to_contain_text("接办")  # the resident's open page changes by itself
    handle(office, "换了灯头")
    expect(resident.get_by_role("button", name="还没好")).to_be_visible()
    resident.get_by_role("button", name="还没好").click()
    expect(resident.locator("main")).to_contain_text("已经退回去重办")
    resident.goto(f"/r/{code}/")

    # refused: it is back on the open desk
    expect(office.get_by_role("button", name="签收").first).to_be_visible()
    office.get_by_role("button", name="签收").first.click()
    handle(office, "换了镇流器，试亮正常")
    expect(resident.locator("main")).to_contain_text("换了镇流器")
    resident.get_by_role("button", name="好了", exact=True).click()
    expect(office.locator("body")).to_contain_text("群众点头")
    assert lived.trace(only_case(lived))[3:] == [
        "cases.claim_case",
        "cases.handle_case",
        "cases.reopen_case",
        "cases.claim_case",
        "cases.handle_case",
        "cases.confirm_case",
    ]
    done = lived.again(only_case(lived))
    assert (done.state, done.rating, done.closing) == ("closed", "", "reporter")


def handle(office: Any, words: str) -> None:
    """办结 with its words, as the desk offers it."""
    office.get_by_role("link", name="办结").or_(office.get_by_role("button", name="办结")).first.click()
    office.fill("textarea[name=words]", words)
    office.locator("label", has=office.locator("input[name=outcome][value=resolved]")).first.click()
    office.locator("form:has(textarea[name=words]) button.primary").first.click()


def only_case(village: Village) -> Any:
    """The one case of the village's county."""
    from wushi.domain.cases.queries import visible_to
    from wushi.kernel.verb import reading

    with reading(village.house):
        return visible_to(village.house).get(county=village.county)


def test_about_an_official_keeps_nothing_and_shows_the_channels(screens: Any, lived: Village) -> None:
    page = screens().page
    page.goto(f"/d/{lived.grid}/")
    page.fill("textarea[name=text]", "金丝雀说书记收钱")
    page.locator("label", has=page.locator("input[name=about_official][value=yes]")).click()
    page.get_by_role("button", name="交给村里").click()
    expect(page.locator("body")).to_contain_text("12388")
    page.goto(f"/d/{lived.grid}/")
    assert "金丝雀" not in page.content()
    assert page.input_value("textarea[name=text]") == ""


def test_a_resident_signs_in_by_a_code_and_sees_his_matters(screens: Any, lived: Village, house: Any) -> None:
    phone_number = f"139{lived.county}12"
    lived.case("水渠堵了，田里进水", phone=phone_number)
    screen = screens()
    screen.cookie("village", lived.code)
    page = screen.page
    page.goto("/mine/")
    page.fill("input[name=phone]", phone_number)
    page.press("input[name=phone]", "Enter")
    expect(page.locator("input[name=code]")).to_be_visible()
    found = None
    for _ in range(100):
        found = re.search(rf"sign-in code for {phone_number}: (\d{{6}})", house.console())
        if found:
            break
        page.wait_for_timeout(100)
    assert found, "the console prints the code"
    page.fill("input[name=code]", found.group(1))
    page.press("input[name=code]", "Enter")
    page.wait_for_url("**/mine/**")
    expect(page.locator("main")).to_contain_text("水渠堵了")


def test_what_was_typed_survives_an_error_and_a_second_look(screens: Any, lived: Village) -> None:
    page = screens().page
    page.goto(f"/d/{lived.grid}/")
    page.fill("textarea[name=text]", "水渠堵了")
    page.fill("input[name=phone]", "123")
    page.get_by_role("button", name="交给村里").click()
    expect(page.locator(".err:visible").first).to_be_visible()
    assert page.input_value("textarea[name=text]") == "水渠堵了"
    assert page.input_value("input[name=phone]") == "123"
