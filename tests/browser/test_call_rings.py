"""In real Chromium: a press on the resident's page rings on the secretary's open page, and each sees what the other does."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD
from tests.village import Village

RINGING = "dialog[data-ring][open]"


def called(village: Village, urgency: str = "emergency", place: str = "井边路12号") -> Any:
    """Somebody calls, by another way than the page."""
    from wushi.domain.calls.services import Calling, open_call

    calling = Calling(key=str(uuid4()), area_code=village.grid, urgency=urgency, place=place)
    return open_call(actor=village.resident(), calling=calling)


def listens(page: Page) -> None:
    """The page has its stream: what happens from now on is heard."""
    page.wait_for_timeout(700)


def test_from_the_press_to_the_rating(screens: Any, lived: Village) -> None:
    office, phone = screens(), screens()
    desk, resident = office.page, phone.page
    office.sign_in(lived.people["陈书记"].username)
    desk.goto("/work/me/")  # any page of the office
    listens(desk)
    resident.goto(f"/d/{lived.grid}/")
    resident.goto("/")
    resident.locator("a[href='/call/']").click()
    resident.locator("details.fold > summary").click()
    resident.fill("input[name=place]", "井边路12号")
    resident.locator("button[value=emergency]").click()
    resident.wait_for_url("**/call/*/")
    expect(resident.locator("main")).to_contain_text("正在为您呼叫")

    sheet = desk.locator(RINGING)
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("井边路12号")
    expect(desk).to_have_title(re.compile("1 个呼叫|无事"))
    sheet.get_by_role("button", name="接警").first.click()
    desk.wait_for_url("**/work/calls/*/")
    expect(desk.locator(RINGING)).to_have_count(0)
    expect(resident.locator("main")).to_contain_text("陈书记看到了")
    desk.get_by_role("button", name="出发").click()
    expect(resident.locator("main")).to_contain_text("陈书记在路上了")
    desk.get_by_role("button", name="到场").first.click()
    expect(resident.locator("main")).to_contain_text("陈书记到了")
    desk.locator("label", has=desk.locator("input[value=helped]")).click()
    desk.get_by_role("button", name="结束", exact=True).click()
    expect(resident.locator("main")).to_contain_text("帮上忙了吗")
    resident.get_by_role("button", name="满意", exact=True).click()
    expect(resident.locator("main")).to_contain_text("您的评价：满意")


def test_acknowledged_elsewhere_it_stops_everywhere(screens: Any, lived: Village) -> None:
    from wushi.domain.accounts.services import set_password

    lived.officer("李副书记", duty="secretary")
    set_password(actor=lived.house, user_id=lived.user_id("李副书记"), password=PASSWORD)
    one, other = screens(width=1440), screens()
    one.sign_in(lived.people["陈书记"].username)
    other.sign_in(lived.people["李副书记"].username)
    for screen in (one, other):
        listens(screen.page)
    called(lived)
    for screen in (one, other):
        expect(screen.page.locator(RINGING)).to_be_visible()
    other.page.locator(".ans").click()
    expect(one.page.locator(RINGING)).to_have_count(0)
    expect(one.page.locator("[data-ring-bar]")).to_be_hidden()


def test_several_are_a_list_the_most_urgent_first_and_silence_is_only_here(
    screens: Any, lived: Village
) -> None:
    office = screens()
    office.sign_in(lived.people["陈书记"].username)
    page = office.page
    listens(page)
    called(lived, "ordinary", "东塘坝3号")
    expect(page.locator(RINGING)).to_contain_text("东塘坝3号")
    called(lived, "emergency", "井边路12号")
    expect(page.locator(f"{RINGING} h2")).to_have_text("井边路12号")
    expect(page.locator(f"{RINGING} .more li")).to_have_count(1)
    page.locator("button[data-ring-aside]").click()
    expect(page.locator(RINGING)).to_have_count(0)
    bar = page.locator("[data-ring-bar]")
    expect(bar).to_be_visible()
    page.reload()
    expect(bar).to_be_visible()  # put aside, not forgotten
    expect(page.locator(RINGING)).to_have_count(0)
    called(lived, "ordinary", "西塘坝9号")  # a new one opens it again
    expect(page.locator(RINGING)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(RINGING)).to_have_count(0)
    bar.click()
    expect(page.locator(RINGING)).to_be_visible()
    page.locator(f"{RINGING} .sub a[href^='/work/calls/']").click()  # looking at it is no answer
    page.wait_for_url("**/work/calls/*/")
    expect(page.locator(".callnext .call")).to_be_visible()
    expect(page.locator(RINGING)).to_have_count(0)


def test_it_sounds_and_says_when_it_may_not(screens: Any, lived: Village) -> None:
    office = screens()
    office.sign_in(lived.people["陈书记"].username)
    page = office.page
    page.goto("/work/calls/duty/")
    page.locator("[data-ring-try]").click()
    expect(page.locator("[data-ring-says]")).to_contain_text("就是这样响")
    # a browser that lets no sound out: the context never runs
    page.add_init_script(
        "window.AudioContext = class { constructor() { this.state = 'suspended'; } resume() { return new Promise(() => {}); } };"
    )
    page.goto("/work/calls/duty/")
    listens(page)
    called(lived)
    expect(page.locator(f"{RINGING} [data-ring-blocked]")).to_be_visible()
    # touched, and the browser lets it out
    page.evaluate(
        """() => {
          AudioContext.prototype.resume = function () { this.state = "running"; return Promise.resolve(); };
          AudioContext.prototype.createOscillator = () => { throw new Error("it sounds"); };
        }"""
    )
    page.locator(f"{RINGING} [data-ring-blocked] button").click()
    expect(page.locator(f"{RINGING} [data-ring-blocked]")).to_be_hidden()
    page.wait_for_timeout(200)
    assert any("it sounds" in fault for fault in office.faults)
    office.faults.clear()


def test_the_duty_room_shows_it_at_once(screens: Any, lived: Village) -> None:
    from wushi.domain.accounts.services import set_password

    lived.officer("周立新", duty="town_clerk")
    set_password(actor=lived.house, user_id=lived.user_id("周立新"), password=PASSWORD)
    room = screens(width=1440)
    room.sign_in(lived.people["周立新"].username)
    page = room.page
    page.goto("/work/calls/duty/")
    expect(page.locator(".townlamps a.red")).to_have_count(0)
    listens(page)
    call = called(lived)
    expect(page.locator(".callcard")).to_contain_text("井边路12号")
    expect(page.locator(".townlamps a.red")).to_have_count(1)
    from wushi.domain.calls.services import arrive_at_call

    arrive_at_call(actor=lived.actor("陈书记"), call_id=call.id)
    expect(page.locator(".townlamps a.red")).to_have_count(0)


def test_one_position_is_asked_for_by_its_tap_alone_and_a_refusal_stops_nobody(
    screens: Any, lived: Village
) -> None:
    from wushi.domain.calls.models import Call
    from wushi.kernel.verb import reading

    found = [called(lived, place="井边路12号"), called(lived, place="东塘坝3号")]
    office = screens()
    office.sign_in(lived.people["陈书记"].username)
    page, here = office.page, "button[data-fix]"
    page.goto(f"/work/calls/{found[0].id}/")
    page.locator(".ring [data-ring-aside]").first.click()
    page.context.clear_permissions()  # Chromium without a window refuses what nobody granted
    page.locator(here).click()
    expect(page.locator("[data-fix-says]")).to_contain_text("照样按")
    page.locator("form[action$='/arrive/'] button:not([data-fix])").first.click()
    expect(page.locator(".callnext form[action$='/arrive/']")).to_have_count(0)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 31.805, "longitude": 115.905})
    page.goto(f"/work/calls/{found[1].id}/")
    page.locator(here).click()
    expect(page.locator(".callnext form[action$='/arrive/']")).to_have_count(0)
    with reading(lived.house):
        rows = [Call.objects.get(county=lived.county, id=call.id) for call in found]
    assert [row.arrived_how for row in rows] == ["word", "fix"]


def test_a_page_kept_open_after_the_post_ended_says_that_it_is_old(screens: Any, lived: Village) -> None:
    from wushi.domain.accounts.services import end_post

    office = screens()
    page = office.page
    office.sign_in(lived.people["陈书记"].username)
    page.route("**/live/stream**", lambda route: route.abort())
    page.goto("/work/me/")
    end_post(actor=lived.house, post_id=lived.posts["陈书记"].id)
    # told by the first refusal; a line that is only lost is waited for longer
    expect(page.locator("html.stale")).to_have_count(1, timeout=3000)
