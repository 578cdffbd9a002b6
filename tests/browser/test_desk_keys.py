"""The desk by keys alone: several chosen, given to one tray with a digit and Enter; the help that lists the keys."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD
from tests.village import Village
from wushi.domain.accounts.services import set_password
from wushi.domain.cases.services import return_case


def test_several_are_given_without_the_mouse(lived: Village, screens: Any) -> None:
    secretary = lived.actor("陈书记")
    cases = [lived.case(f"{n} 号桥断了", category="road") for n in range(3)]
    for case in cases:
        return_case(actor=secretary, case_id=case.id, reason_code="not_our_duty")
    lived.officer("钱分流", duty="town_clerk")
    set_password(actor=lived.house, user_id=lived.user_id("钱分流"), password=PASSWORD)
    desk = screens(width=1440)
    desk.sign_in(f"钱分流-{lived.county}")
    page = desk.page
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator("[data-case] h1")).to_contain_text("桥断了")
    page.keyboard.press("s")
    page.wait_for_url("**select=1*")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-picked]")).to_have_text("2")
    page.keyboard.press("Enter")
    expect(page.locator("[data-many]")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("2 件已派给")
    given = [lived.again(case).state for case in cases]
    assert sorted(given) == ["assigned", "assigned", "waiting"]


def test_the_arrows_go_through_the_list_when_one_is_in_it(lived: Village, screens: Any) -> None:
    for n in range(3):
        lived.case(f"{n} 号灯不亮", category="light")
    desk = screens(width=1440)
    desk.sign_in(f"陈书记-{lived.county}")
    page = desk.page
    rows = page.locator("[data-list] [data-row]")
    rows.nth(0).locator("a[data-open]").focus()
    page.keyboard.press("Enter")
    expect(rows.nth(0)).to_have_class("caserow act sel")
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_have_class("caserow act sel")
    expect(page.locator("[data-case] h1")).to_contain_text("号灯不亮")
    page.keyboard.press("ArrowUp")
    expect(rows.nth(0)).to_have_class("caserow act sel")
    page.keyboard.press("/")
    expect(page.locator("[data-find]")).to_be_focused()
