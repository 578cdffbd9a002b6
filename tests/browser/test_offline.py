"""Without signal: written and spoken on the phone, kept, sent once; nothing readable stays after sign-out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser.conftest import FLAGS, PASSWORD, Screen, chromium
from tests.village import Village
from wushi.domain.accounts.services import set_password
from wushi.domain.cases.models import Case
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services import claim_case, transfer_case
from wushi.domain.files.queries import photos_of
from wushi.kernel.verb import reading

READY = "() => navigator.serviceWorker.controller !== null"


def ready(page: Any) -> None:
    """The service worker is there, and this page is its own: one that was on its way meanwhile is not."""
    page.wait_for_load_state()
    page.wait_for_function("() => navigator.serviceWorker.ready.then(() => true)", timeout=60_000)
    page.reload()
    page.wait_for_function(READY, timeout=60_000)


# Everything a browser keeps, as text: what can be read there by whoever holds the device.
KEPT_IN_CLEAR = """async () => {
  const found = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
  for (const name of await caches.keys())
    for (const asked of await (await caches.open(name)).keys())
      if (!asked.url.includes("/static/")) found.push(asked.url + await (await (await caches.open(name)).match(asked)).text());
  for (const {name} of await indexedDB.databases()) {
    const db = await new Promise((r) => { const a = indexedDB.open(name); a.onsuccess = () => r(a.result); });
    for (const store of db.objectStoreNames) {
      const rows = await new Promise((r) => {
        const a = db.transaction(store).objectStore(store).getAll(); a.onsuccess = () => r(a.result); });
      for (const row of rows) {
        const whole = (part) => part instanceof ArrayBuffer ? new TextDecoder().decode(part)
          : part && typeof part === "object" && !(part instanceof CryptoKey)
          ? Object.values(part).map(whole).join(" ") : String(part);
        found.push(whole(row));
      }
    }
    db.close();
  }
  return found.join("\\n");
}"""


def keeps(page: Any, path: str) -> None:
    """Waits until this browser has a copy of the page."""
    for _ in range(200):
        if page.evaluate("path => caches.match(path, {ignoreVary: true}).then(Boolean)", path):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"no copy of {path}")


def cases_of(village: Village) -> list[Case]:
    """Every request of the county, the oldest first."""
    with reading(village.house):
        return list(Case.objects.filter(county=village.county).order_by("opened_at", "id"))


def say_no_official(page: Any) -> None:
    """The one question."""
    page.locator("label", has=page.locator("input[name=about_official][value=no]")).click()


def in_the_grids_tray(village: Village, text: str) -> Case:
    """A request the secretary has given to the grid."""
    case, secretary = village.case(text), village.officer("陈书记")
    claim_case(actor=secretary, case_id=case.id)
    tray = Tray("grid_lead", village.grid, "")
    return transfer_case(actor=secretary, case_id=case.id, tray=tray, reason_code="other", words="请跑一趟")


def worker(village: Village, name: str = "网格员小赵") -> str:
    """A grid worker who can sign in; his user name."""
    village.officer(name, duty="grid_worker")
    set_password(actor=village.house, user_id=village.user_id(name), password=PASSWORD)
    return village.people[name].username


def test_a_report_written_without_signal_is_sent_once(screens: Any, lived: Village, tmp_path: Path) -> None:
    phone = screens()
    page, context = phone.page, phone.context
    page.goto(f"/d/{lived.grid}/")
    ready(page)
    page.goto("/report/")  # his village is known by now: the form is kept without him
    keeps(page, "/report/")
    context.set_offline(True)
    page.goto("/report/")
    expect(page.locator("body")).to_contain_text("没有信号")
    Image.effect_noise((3000, 2200), 60).convert("RGB").save(tmp_path / "lamp.jpg", "JPEG", quality=95)
    page.fill("textarea[name=text]", "井边路灯不亮，没信号时写的")
    page.set_input_files("[data-upload] input[type=file]", str(tmp_path / "lamp.jpg"))
    expect(page.locator(".shot .again")).to_be_visible()
    say_no_official(page)
    page.get_by_role("button", name="交给村里").click()
    page.wait_for_url("**/offline/")
    expect(page.locator(".waitrow")).to_contain_text("等信号")
    page.goto("/report/")
    expect(page.locator("[data-waits]")).to_contain_text("1 条待发送")
    assert cases_of(lived) == []

    # the line comes back, the answer to the first sending is lost: the same request is sent again
    lost: list[str] = []

    def lose(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            route.fetch(max_redirects=0)
            lost.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    context.route("**/report/", lose)
    context.set_offline(False)
    page.goto("/offline/")
    page.get_by_role("button", name="现在就试着发").click()
    page.wait_for_timeout(1500)
    page.get_by_role("button", name="现在就试着发").click()
    expect(page.locator(".waitrow")).to_contain_text("已发出")
    assert len(lost) == 1
    (case,) = cases_of(lived)
    assert case.text == "井边路灯不亮，没信号时写的"
    with reading(lived.house):
        (photo,) = photos_of(lived.county, case.id)
    assert max(photo.width, photo.height) == 2048
    page.get_by_role("link", name="打开回执").click()
    page.wait_for_url(f"**/report/done/{case.receipt}/")


def test_what_is_refused_is_told_in_words_and_can_be_mended(screens: Any, lived: Village) -> None:
    phone = screens()
    page, context = phone.page, phone.context
    page.goto(f"/d/{lived.grid}/")
    ready(page)
    context.set_offline(True)
    page.fill("textarea[name=text]", "水渠堵了")
    page.fill("input[name=phone]", "123")
    page.get_by_role("button", name="交给村里").click()
    expect(page.locator("[data-lacks]")).to_be_visible()  # the one question was not answered
    say_no_official(page)
    page.get_by_role("button", name="交给村里").click()
    page.wait_for_url("**/offline/")
    context.set_offline(False)
    page.get_by_role("button", name="现在就试着发").click()
    row = page.locator(".waitrow")
    expect(row.locator("[data-message]")).to_contain_text("电话号码")
    row.get_by_role("button", name="改一改").click()
    row.locator("input[name=phone]").fill("13800138000")
    row.get_by_role("button", name="改好了").click()
    expect(page.locator(".waitrow")).to_contain_text("已发出")
    assert [case.text for case in cases_of(lived)] == ["水渠堵了"]


def test_about_an_official_nothing_is_kept_without_signal_either(screens: Any, lived: Village) -> None:
    phone = screens()
    page = phone.page
    page.goto(f"/d/{lived.grid}/")
    ready(page)
    phone.context.set_offline(True)
    page.fill("textarea[name=text]", "金丝雀说书记收钱")
    page.locator("label", has=page.locator("input[name=about_official][value=yes]")).click()
    page.get_by_role("button", name="交给村里").click()
    page.wait_for_url("**/report/official/")
    expect(page.locator("body")).to_contain_text("12388")
    assert "金丝雀" not in page.evaluate(KEPT_IN_CLEAR)


def test_ten_visits_without_signal_then_one_was_faster(screens: Any, lived: Village) -> None:
    mine = [in_the_grids_tray(lived, f"要跑的第{n}件") for n in range(6)]
    username = worker(lived)
    lived.officer("网格长老钱", duty="grid_lead")
    phone = screens()
    page, context = phone.page, phone.context
    phone.sign_in(username)
    ready(page)
    page.goto("/work/")
    for case in mine:
        keeps(page, f"/work/cases/{case.id}/")
    keeps(page, "/work/new/")
    keeps(page, "/offline/act/")
    context.set_offline(True)

    page.goto("/work/")
    expect(page.locator("main")).to_contain_text("没有信号")
    for case in mine[
        :3
    ]:  # three he signs for and settles at once, the last of which somebody else takes meanwhile
        page.goto(f"/work/cases/{case.id}/")
        page.get_by_role("button", name="签收").first.click()
        page.wait_for_url("**/offline/")
        page.goto(f"/work/cases/{case.id}/handle/")
        form = page.locator("form[data-act=handle]")
        form.locator("label", has=page.locator("input[value=resolved]")).click()
        form.locator("textarea[name=words]").fill(f"当面办好了 {case.title}")
        form.locator("button.primary").click()
        page.wait_for_url("**/offline/")
    page.goto(f"/work/cases/{mine[3].id}/words/")
    page.locator("form[data-act=words] textarea").fill("门锁着，明天再去")
    page.locator("form[data-act=words] button.primary").click()
    page.wait_for_url("**/offline/")
    for n in range(3):
        page.goto("/work/new/")
        page.fill("textarea[name=text]", f"替大娘录的第{n}件")
        say_no_official(page)
        page.locator("form[data-queue] button.primary").click()
        page.wait_for_url("**/offline/")
    expect(page.locator(".waitrow")).to_have_count(10)

    claim_case(actor=lived.actor("网格长老钱"), case_id=mine[2].id)  # somebody was faster
    context.set_offline(False)
    page.goto("/offline/")
    page.get_by_role("button", name="现在就试着发").click()
    expect(page.locator(".waitrow.waiting")).to_have_count(0, timeout=60_000)
    refused = page.locator(".waitrow.refused")
    expect(refused).to_have_count(2)  # the claim that came too late, and what he would have done with it
    expect(refused.first.locator("[data-message]")).not_to_be_empty()
    expect(refused.first.get_by_role("link", name="看一看")).to_have_attribute(
        "href", f"/work/cases/{mine[2].id}/"
    )
    states = [lived.again(case).state for case in mine]
    assert states == ["handled", "handled", "working", "assigned", "assigned", "assigned"]
    assert sorted(c.text for c in cases_of(lived) if "替大娘" in c.text) == [
        f"替大娘录的第{n}件" for n in range(3)
    ]


def test_after_signing_out_nothing_can_be_read_and_the_same_person_sends_it_later(
    screens: Any, lived: Village
) -> None:
    case = in_the_grids_tray(lived, "老周家的私事要保密")
    username = worker(lived)
    phone = screens()
    page, context = phone.page, phone.context
    phone.sign_in(username)
    ready(page)
    page.goto("/work/")
    keeps(page, f"/work/cases/{case.id}/")
    keeps(page, "/work/new/")
    context.set_offline(True)
    page.goto("/work/new/")
    page.fill("textarea[name=text]", "没发出去的悄悄话")
    page.wait_for_timeout(600)  # the draft is kept meanwhile
    say_no_official(page)
    page.locator("form[data-queue] button.primary").click()
    page.wait_for_url("**/offline/")
    expect(page.locator(".waitrow")).to_contain_text("没发出去的悄悄话")
    clear = page.evaluate(KEPT_IN_CLEAR)
    assert (
        "老周家" in clear and "悄悄话" not in clear
    )  # signed in: pages are there, what waits is locked already

    context.set_offline(False)
    context.route(
        "**/work/new/", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.goto("/work/new/")
    page.fill("input[name=name]", "打电话的吴大娘")
    page.fill("textarea[name=text]", "写了一半的话")
    page.wait_for_timeout(600)
    assert "吴大娘" in page.evaluate(KEPT_IN_CLEAR)
    page.goto("/work/me/")
    page.get_by_role("button", name="退出").click()
    expect(page.locator("[data-lacks]")).to_contain_text("还有 1 条没发出去")
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/work/sign-in/")
    clear = page.evaluate(KEPT_IN_CLEAR)
    for word in ("老周家", "悄悄话", "小赵", "吴大娘", "写了一半"):
        assert word not in clear

    other = worker(lived, "网格员小孙")
    phone.sign_in(other)
    page.goto("/work/new/")
    expect(page.locator("textarea[name=text]")).to_have_value("")
    expect(page.locator("input[name=name]")).to_have_value("")
    page.goto("/offline/")
    expect(page.locator("[data-waiting-none]")).to_be_visible()
    assert "悄悄话" not in page.evaluate(KEPT_IN_CLEAR)
    page.goto("/work/me/")
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/work/sign-in/")

    context.unroute("**/work/new/")
    phone.sign_in(username)
    page.goto("/offline/")
    expect(page.locator(".waitrow")).to_contain_text("已发出")
    assert "没发出去的悄悄话" in [c.text for c in cases_of(lived)]


@pytest.fixture
def speaking(browser: Browser, house: Any) -> Any:
    """A Chromium whose microphone is a tone, and that asks nobody for leave."""
    flags = [*FLAGS, "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    opened = browser.browser_type.launch(executable_path=chromium(), args=flags)
    yield opened
    opened.close()


def test_a_voice_note_is_recorded_and_heard_by_the_secretary(
    speaking: Any, house: Any, screens: Any, lived: Village
) -> None:
    phone = Screen(speaking, house, permissions=["microphone"])
    page = phone.page
    page.goto(f"/d/{lived.grid}/")
    page.get_by_role("button", name="用嘴说").click()
    expect(page.locator("[data-record]")).to_contain_text("停止 0:02")
    page.locator("[data-record]").click()
    expect(page.locator("input[name=recordings]")).to_have_count(1)
    expect(page.locator(".note-row audio")).to_be_visible()
    say_no_official(page)
    page.get_by_role("button", name="交给村里").click()
    page.wait_for_url("**/report/done/**")
    (case,) = cases_of(lived)
    assert case.text == "语音诉求，请听录音"

    desk = screens(width=1440)
    desk.sign_in(lived.people["陈书记"].username)
    desk.page.goto(f"/work/cases/{case.id}/")
    audio = desk.page.locator(".quote + .voices audio")
    expect(audio).to_be_visible()
    audio.evaluate("async (a) => { a.muted = true; await a.play(); }")
    desk.page.wait_for_function("() => document.querySelector('.quote + .voices audio').currentTime > 0.3")
    code = re.search(r"/report/done/(\w+)/", page.url)
    assert code
    page.goto(f"/r/{code.group(1)}/")
    expect(page.locator(".tl audio")).to_be_visible()
    phone.close()
