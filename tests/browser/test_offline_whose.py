"""Without signal: whose it is. What the one before left goes with him, and nothing becomes of one matter twice."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import Screen
from tests.browser.test_offline import (
    KEPT_IN_CLEAR,
    cases_of,
    keeps,
    ready,
    say_no_official,
    speaking,
    worker,
)
from tests.village import Village
from wushi.domain.accounts.services import open_sign_in
from wushi.domain.people.services import NewBond, NewPerson, note_person, tie_bond_for
from wushi.kernel.actor import Actor

__all__ = ["speaking"]

# A push service is the world outside: a browser that has a subscription, and what becomes of it.
SUBSCRIBED = """() => {
  const told = { unsubscribe: async () => { localStorage.setItem("woken", "no more"); return true; } };
  PushManager.prototype.getSubscription = async () => (localStorage.getItem("woken") ? null : told);
}"""


def hers(village: Village) -> str:
    """The sign-in of somebody who follows her mother."""
    mum, daughter = f"136{village.county}01", f"136{village.county}02"
    note_person(actor=village.house, person=NewPerson(phone=mum, village=village.code))
    new = NewBond(daughter, mum, village.code, "word", "老妈张桂兰")
    bond = tie_bond_for(actor=village.actor("陈书记"), new=new)
    actor = Actor(f"person:{bond.follower_id}", village.county)
    return open_sign_in(actor=actor, person_id=bond.follower_id).token


def signed_in(screen: Screen, token: str) -> None:
    """As the page of the code would have left this phone."""
    screen.cookie("wushi", token)


def test_after_signing_out_the_form_without_signal_names_nobody(screens: Any, lived: Village) -> None:
    phone = screens()
    page, context = phone.page, phone.context
    page.goto(f"/d/{lived.grid}/")
    ready(page)
    signed_in(phone, hers(lived))
    page.goto("/report/")
    expect(page.locator("main")).to_contain_text("张桂兰")
    page.wait_for_timeout(1000)
    page.goto("/report/")
    page.wait_for_timeout(500)
    context.set_offline(True)
    page.goto("/report/")
    expect(page.locator("main")).to_contain_text("张桂兰")  # her own phone: whom she speaks for can be chosen
    context.set_offline(False)
    page.goto("/me/")
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(lambda url: not url.endswith("/me/"))
    keeps(page, "/report/")
    assert "张桂兰" not in page.evaluate(KEPT_IN_CLEAR)
    context.set_offline(True)
    page.goto("/report/")
    expect(page.locator("textarea[name=text]")).to_be_visible()
    assert "张桂兰" not in page.content()


def test_when_the_session_ends_the_draft_of_a_call_goes(screens: Any, lived: Village) -> None:
    phone = screens()
    page = phone.page
    phone.sign_in(worker(lived))
    page.goto("/work/new/")
    page.fill("input[name=name]", "钱过期")
    page.fill("input[name=phone]", "13755556666")
    page.fill("textarea[name=text]", "说到一半")
    page.wait_for_timeout(600)
    page.goto("/work/new/")
    expect(page.locator("textarea[name=text]")).to_have_value("说到一半")  # his own comes back
    phone.context.clear_cookies(name="wushi")
    page.goto("/work/")
    page.wait_for_url("**/sign-in/**")
    page.wait_for_timeout(500)
    assert "钱过期" not in page.evaluate(KEPT_IN_CLEAR)
    phone.sign_in(worker(lived, "网格员小孙"))
    page.goto("/work/new/")
    expect(page.locator("input[name=name]")).to_have_value("")
    expect(page.locator("textarea[name=text]")).to_have_value("")


def test_what_was_begun_before_signing_in_goes_on_afterwards(screens: Any, lived: Village) -> None:
    phone = screens()
    page = phone.page
    page.goto(f"/d/{lived.grid}/")
    page.fill("textarea[name=text]", "还没登录时写的")
    page.wait_for_timeout(600)
    signed_in(phone, hers(lived))
    page.goto("/report/")
    expect(page.locator("textarea[name=text]")).to_have_value("还没登录时写的")


def test_signing_out_ends_being_woken_in_this_browser(screens: Any, lived: Village) -> None:
    phone = screens()
    page = phone.page
    page.add_init_script(f"({SUBSCRIBED})()")
    phone.sign_in(worker(lived))
    ready(page)
    page.goto("/work/me/")
    page.wait_for_timeout(800)
    assert page.evaluate("localStorage.getItem('woken')") is None
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/work/sign-in/")
    assert page.evaluate("localStorage.getItem('woken')") == "no more"


def test_what_may_have_arrived_is_not_said_anew(screens: Any, lived: Village) -> None:
    phone = screens()
    page, context = phone.page, phone.context
    page.goto(f"/d/{lived.grid}/")
    ready(page)

    arrived: list[int] = []
    mended: list[bool] = []

    def cut(route: Any) -> None:
        if route.request.method != "POST" or mended:
            return route.continue_()
        if not arrived:
            arrived.append(route.fetch(max_redirects=0).status)
        return route.abort()

    context.route("**/report/", cut)
    page.fill("textarea[name=text]", "桥头石板松了")
    say_no_official(page)
    page.get_by_role("button", name="交给村里").click()
    page.wait_for_url("**/offline/")
    row = page.locator(".waitrow")
    expect(row).to_contain_text("等信号")
    expect(row.get_by_role("button", name="改一改")).to_be_hidden()
    expect(row).to_contain_text("可能已经送到了")
    mended.append(True)
    page.get_by_role("button", name="现在就试着发").click()
    expect(row).to_contain_text("已发出")
    assert arrived == [303]
    assert [case.text for case in cases_of(lived)] == ["桥头石板松了"]


def test_what_never_went_out_can_be_mended(screens: Any, lived: Village) -> None:
    phone = screens()
    page, context = phone.page, phone.context
    page.goto(f"/d/{lived.grid}/")
    ready(page)
    context.set_offline(True)
    page.fill("textarea[name=text]", "水管漏")
    say_no_official(page)
    page.get_by_role("button", name="交给村里").click()
    page.wait_for_url("**/offline/")
    row = page.locator(".waitrow")
    row.get_by_role("button", name="改一改").click()
    row.locator("textarea[name=text]").fill("水管漏得厉害")
    row.get_by_role("button", name="改好了").click()
    expect(page.locator(".waitrow textarea[name=text]")).to_have_value("水管漏得厉害")
    context.set_offline(False)
    page.get_by_role("button", name="现在就试着发").click()
    expect(page.locator(".waitrow")).to_contain_text("已发出")
    assert [case.text for case in cases_of(lived)] == ["水管漏得厉害"]


def test_what_is_being_sent_is_neither_changed_nor_thrown_away(screens: Any, lived: Village) -> None:
    phone = screens()
    page, context = phone.page, phone.context
    page.goto(f"/d/{lived.grid}/")
    ready(page)
    context.set_offline(True)
    page.fill("textarea[name=text]", "正在发的一件")
    say_no_official(page)
    page.get_by_role("button", name="交给村里").click()
    page.wait_for_url("**/offline/")
    # a sender has the lock, as `sync` does for as long as a slow line takes
    page.evaluate(
        "() => void navigator.locks.request('wushi-queue', () => new Promise((r) => (window.letGo = r)))"
    )
    page.locator(".waitrow").get_by_role("button", name="从这里删掉").click()
    page.wait_for_timeout(600)
    expect(page.locator(".waitrow")).to_have_count(1)
    page.evaluate("() => window.letGo()")
    expect(page.locator(".waitrow")).to_have_count(0)


def test_what_nobody_signed_is_sent_by_nobody_after_signing_in(screens: Any, lived: Village) -> None:
    phone = screens()
    page, context = phone.page, phone.context
    page.goto(f"/d/{lived.grid}/")
    ready(page)
    context.set_offline(True)
    page.fill("textarea[name=text]", "没登录也没信号")
    say_no_official(page)
    page.get_by_role("button", name="交给村里").click()
    page.wait_for_url("**/offline/")
    context.route(
        "**/report/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    context.set_offline(False)
    signed_in(phone, hers(lived))
    page.goto("/me/")
    expect(page.locator("[data-waits]")).to_contain_text("1 条待发送")
    context.unroute("**/report/")
    page.goto("/offline/")
    page.get_by_role("button", name="现在就试着发").click()
    expect(page.locator(".waitrow")).to_contain_text("已发出")
    (case,) = cases_of(lived)
    assert case.text == "没登录也没信号" and case.reporter_id is None


def test_a_recording_is_heard_and_taken_back_after_a_missed_question(
    speaking: Any, house: Any, lived: Village
) -> None:
    phone = Screen(speaking, house, permissions=["microphone"])
    page = phone.page
    page.goto(f"/d/{lived.grid}/")
    page.get_by_role("button", name="用嘴说").click()
    expect(page.locator("[data-record]")).to_contain_text("停止 0:01")
    page.locator("[data-record]").click()
    expect(page.locator("input[name=recordings]")).to_have_count(1)
    page.get_by_role("button", name="交给村里").click()
    field = page.locator("input[name=about_official]").first
    expect(field).to_be_focused()
    expect(page.locator(".err[id]")).to_be_in_viewport()
    assert page.locator(".err[id]").get_attribute("id") in (field.get_attribute("aria-describedby") or "")
    audio = page.locator(".note-row audio")
    audio.evaluate("async (a) => { a.muted = true; await a.play(); }")
    page.wait_for_function("() => document.querySelector('.note-row audio').currentTime > 0.2")
    page.locator(".note-row").get_by_role("button").click()
    expect(page.locator("input[name=recordings]")).to_have_count(0)
    phone.close()
