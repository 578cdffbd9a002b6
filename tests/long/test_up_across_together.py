"""In real Chromium with a real worker: overdue goes up and comes back, three departments are whistled for, two are one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD
from tests.village import Village
from wushi.domain.accounts.services import found_unit, set_password
from wushi.domain.accounts.services.posts import NewUnit
from wushi.domain.cases.models import Case, Clock
from wushi.domain.cases.services import claim_case
from wushi.kernel.verb import chore

# the worker looks every twenty seconds
STRUCK = 45_000


@pytest.fixture
def people(lived: Village) -> Village:
    """A town clerk, a supervisor and three departments beside the secretary; all can sign in."""
    for code, name in (("SL", "区水利局"), ("ZJ", "区住房城乡建设局")):
        found_unit(actor=lived.house, unit=NewUnit(code, name, "department", lived.county))
    lived.officer("周分流员", duty="town_clerk")
    lived.officer("郑督办", duty="supervisor")
    for code in ("JT", "SL", "ZJ"):
        lived.officer(f"人{code}", duty="department", unit=code)
    for name in lived.people:
        set_password(actor=lived.house, user_id=lived.user_id(name), password=PASSWORD)
    return lived


def press(page: Page, verb: str) -> None:
    """A verb of the open case, from the row of buttons or from the menu behind it."""
    button = page.locator(f".verbs [data-verb={verb}]").first
    if not button.is_visible():
        page.locator(".verbs details.more > summary").first.click()
    button.click()


def say(page: Page, words: str) -> None:
    """The words of a verb's page, sent."""
    page.fill("textarea[name=words]", words)
    page.locator("form:has(textarea[name=words]) button.primary").first.click()


def handle(page: Page, words: str) -> None:
    """办结."""
    press(page, "handle_case")
    page.locator("label", has=page.locator("input[name=outcome][value=resolved]")).first.click()
    say(page, words)


def test_overdue_goes_up_comes_back_and_ends_under_supervision(screens: Any, people: Village) -> None:
    case = people.told("井边路路灯不亮，晚上看不见", timezone.now() - timedelta(days=4), category="light")
    url = f"/work/cases/{case.id}/"
    phone, town, village, above = screens(), screens(width=1440), screens(width=1440), screens(width=1440)
    resident = phone.page
    resident.goto(f"/r/{case.receipt}/")
    town.sign_in(people.people["周分流员"].username)
    village.sign_in(people.people["陈书记"].username)
    above.sign_in(people.people["郑督办"].username)

    # nobody opened the tray: the worker takes it up, and both open pages say so by themselves
    row = town.page.get_by_text("井边路路灯不亮").first
    expect(row).to_be_visible(timeout=STRUCK)
    expect(resident.locator("main")).to_contain_text("孙岗乡", timeout=STRUCK)
    town.page.goto(url)
    press(town.page, "hand_back_case")
    say(town.page, "供电所已派人，请书记到现场对接")
    expect(resident.locator("main")).to_contain_text("供电所已派人")

    office = village.page
    office.goto(url)
    press(office, "claim_case")
    handle(office, "换了灯头")
    resident.get_by_role("button", name="还没好").click()
    resident.goto(f"/r/{case.receipt}/")
    expect(office.locator(".verbs [data-verb=claim_case]").first).to_be_visible()
    press(office, "claim_case")
    handle(office, "换了灯泡")
    expect(resident.get_by_role("button", name="还没好")).to_be_visible()
    resident.get_by_role("button", name="还没好").click()
    resident.goto(f"/r/{case.receipt}/")
    expect(resident.locator("main")).to_contain_text("督办")

    above.page.goto("/work/?list=watching")
    expect(above.page.locator("main")).to_contain_text("井边路路灯不亮")
    press(office, "claim_case")
    handle(office, "换了整套灯具")
    above.page.goto(url)
    press(above.page, "close_case")
    say(above.page, "现场看过，灯亮")
    expect(resident.locator("main")).to_contain_text("没等到您的答复")
    done = people.again(case)
    assert (done.state, done.closing, done.refusals, done.supervised) == ("closed", "supervisor", 2, "red")


def test_three_departments_are_called_and_one_is_late(screens: Any, people: Village) -> None:
    case = people.case("桥头护坡塌了，路也断了", kind="hazard")
    claim_case(actor=people.actor("陈书记"), case_id=case.id)
    url = f"/work/cases/{case.id}/"
    desk, phone = screens(width=1440), screens()
    office, resident = desk.page, phone.page
    resident.goto(f"/r/{case.receipt}/")
    desk.sign_in(people.people["陈书记"].username)
    office.goto(url)
    press(office, "blow_whistle")
    office.locator("label", has=office.locator("input[name=kind][value=urgent]")).first.click()
    for code in ("JT", "SL", "ZJ"):
        office.locator("label", has=office.locator(f"input[name=units][value={code}]")).first.click()
    say(office, "请到现场")
    expect(resident.locator("main")).to_contain_text("一起办")

    for code in ("JT", "SL"):
        theirs = screens(width=1440)
        theirs.sign_in(people.people[f"人{code}"].username)
        expect(theirs.page.locator("main")).to_contain_text("桥头护坡塌了")
        theirs.page.goto(url)
        press(theirs.page, "report_for_roll_call")
        expect(theirs.page.locator(".verbs [data-verb=answer_part]").first).to_be_visible()
        press(theirs.page, "answer_part")
        theirs.page.locator("label", has=theirs.page.locator("input[name=result][value=done]")).first.click()
        say(theirs.page, f"{code}的部分已办好")
    expect(office.locator("main")).to_contain_text("SL的部分已办好")

    # time passes for the third, and the real clock strikes
    with chore(people.county, "forget_old"):
        past = timezone.now() - timedelta(minutes=1)
        rows = Clock.objects.filter(county=people.county, case=case.id, name="roll_call", ended_at=None)
        rows.update(started_at=past - timedelta(hours=2), yellow_at=past, due_at=past, next_at=past)
    expect(office.locator(".together")).to_contain_text("超时", timeout=STRUCK)
    assert people.again(case).state == "working"


def test_merged_and_taken_apart_before_both_residents(screens: Any, people: Village) -> None:
    first, second = (
        people.case("井边路灯不亮", category="light"),
        people.case("村井旁那盏灯坏了", category="light"),
    )
    one, other, desk = screens(), screens(), screens(width=1440)
    one.page.goto(f"/r/{first.receipt}/")
    other.page.goto(f"/r/{second.receipt}/")
    desk.sign_in(people.people["陈书记"].username)
    office = desk.page
    office.goto(f"/work/cases/{second.id}/")
    press(office, "merge_case")
    office.locator("label", has=office.locator(f"input[value='{first.id}']")).first.click()
    office.locator("form:has(input[type=radio]) button.primary").first.click()
    expect(other.page.locator("main")).to_contain_text("合并")
    claim_case(actor=people.actor("陈书记"), case_id=first.id)
    # both follow the one that is settled
    expect(one.page.locator("main")).to_contain_text("陈书记")
    expect(other.page.locator("main")).to_contain_text("陈书记")
    assert first.receipt not in other.page.content() and "井边路灯不亮" not in other.page.content()

    office.goto(f"/work/cases/{second.id}/")
    press(office, "unmerge_case")
    office.locator("form button.primary").first.click()
    expect(other.page.locator("main")).not_to_contain_text("陈书记签收")
    assert (people.again(second).state, people.again(first).state) == ("assigned", "working")
    assert isinstance(first, Case)
