"""A list comes in by the browser: sent to ``live``, told, looked at by the worker, carried out; the page follows by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD
from tests.browser.shown_lists import HEADS
from tests.stories.test_register_is_imported import people
from tests.village import Village
from wushi.domain.accounts.services import set_password
from wushi.plumbing.sheets.writing import write_rows


def test_a_list_comes_in(lived: Village, screens: Any, tmp_path: Path) -> None:
    lived.officer("周立新", duty="town_clerk")
    set_password(actor=lived.house, user_id=lived.user_id("周立新"), password=PASSWORD)
    desk = screens(width=1440)
    desk.sign_in(f"周立新-{lived.county}")
    page = desk.page
    page.goto("/work/imports/new/")
    send = page.locator("form[data-table] button.primary")
    send.click()
    expect(page.locator("form[data-table] .err:visible")).to_contain_text("来源")
    page.fill("[name=source]", "派出所")
    web_page = tmp_path / "名册.xls"
    web_page.write_text("<html><table></table></html>")
    page.set_input_files("[name=file]", web_page)
    send.click()
    expect(page.locator("form[data-table] .err:visible")).to_contain_text("网页")
    path = tmp_path / "名册.xlsx"
    write_rows(
        path,
        HEADS,
        [["王小明", "", "13800000001", "孙岗村", "", "井边路1号"], ["李四", "", "12", "孙岗村", "", ""]],
    )
    page.set_input_files("[name=file]", path)
    send.click()
    expect(page.locator("select[name=column-name]")).to_have_value("0")
    page.get_by_role("button", name="核对各行").click()
    # nobody presses anything: the page asks again until the worker has looked at the rows
    yes = page.get_by_role("button", name="确认导入")
    expect(yes).to_contain_text("新增 1")
    expect(page.locator(".wrong")).to_contain_text("不是电话号码")
    with page.expect_download() as got:
        page.get_by_role("link", name="下载原表").click()
    assert got.value.suggested_filename.endswith(".xlsx")
    yes.click()
    expect(page.locator(".note.green")).to_contain_text("已导入")
    assert set(people(lived)) == {"王小明"}
