"""Pages on paper: clean A4 by the browser itself, no buttons, nothing cut; the guides are two sheets each."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.browser.shown import Shown, show_a_village
from wushi.web.help.guides import GUIDED

HELP = Path(__file__).resolve().parents[2] / "src/wushi/web/static/help"
MOST_BYTES = 1_500_000


@pytest.fixture(scope="module")
def shown(house: Any, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return show_a_village("964001", tmp_path_factory.mktemp("shown"))


def printed(screen: Any, path: str) -> PdfReader:
    """The page as Chromium prints it, with the page's own size."""
    screen.page.goto(path)
    # pictures that wait until they come near are fetched before printing
    screen.page.evaluate(
        "Promise.all([...document.images].map((i) => { i.loading = 'eager'; return i.decode().catch(() => 0); }))"
    )
    return PdfReader(io.BytesIO(screen.page.pdf(prefer_css_page_size=True)))


def words(reader: PdfReader) -> str:
    """All text, without breaks."""
    found = "".join(page.extract_text() for page in reader.pages).replace("\n", "").replace(" ", "")
    # Chromium writes some characters as the radicals that look like them
    return unicodedata.normalize("NFKC", found)


def as_who(shown: Shown, screens: Any, who: str, **more: str) -> Any:
    """A device of somebody."""
    screen = screens(width=1440)
    for name, value in {**shown.cookies[who], **more}.items():
        screen.cookie(name, value)
    return screen


# press and link words that mean nothing on paper
BUTTONS = ("打印", "签收", "退单", "挂起", "筛选", "大字")


def test_a_case_a_receipt_and_a_list_are_clean_on_a4(shown: Shown, screens: Any) -> None:
    secretary = as_who(shown, screens, "secretary")
    working, code = shown.working, shown.waiting.receipt
    pages = {
        f"/work/cases/{working.id}/": (working.number, "看过了，灯头烧了", "按派单目录"),
        f"/r/{code}/": (code[6:10], f"/r/{code}/"),
        f"/report/done/{code}/": (code[6:10], f"/r/{code}/"),
        "/work/?list=area": ("井边路路灯不亮",),
        "/work/village/": ("孙岗村一网格",),
    }
    for path, wanted in pages.items():
        reader = printed(secretary, path)
        said = words(reader)
        for word in wanted:
            assert unicodedata.normalize("NFKC", word) in said, (path, word)
        for page in reader.pages:
            assert (round(page.mediabox.width), round(page.mediabox.height)) == (595, 842), path
    said = words(printed(secretary, f"/work/cases/{shown.waiting.id}/"))
    for word in BUTTONS[:1] + BUTTONS[2:4]:
        assert word not in said, word


def test_nothing_is_wider_than_the_paper(shown: Shown, screens: Any) -> None:
    screen = as_who(shown, screens, "secretary")
    page = screen.page
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 658, "height": 900})  # A4 without its margins, in CSS pixels
    for path in (
        f"/work/cases/{shown.working.id}/",
        f"/r/{shown.waiting.receipt}/",
        f"/report/done/{shown.waiting.receipt}/",
        "/work/?list=area",
        "/work/village/",
        "/help/",
        "/work/help/",
    ):
        page.goto(path)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, path
        shown_buttons = page.evaluate(
            "[...document.querySelectorAll('button, form, nav.tabs, .iconbtn')].filter((n) => n.getClientRects().length).length"
        )
        assert shown_buttons == 0, path


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_guide_is_two_sheets(shown: Shown, screens: Any, language: str) -> None:
    screen = as_who(shown, screens, "secretary", django_language=language)
    sheets = {duty: len(printed(screen, f"/work/help/?duty={duty}").pages) for duty in GUIDED}
    assert sheets == dict.fromkeys(GUIDED, 2)


def test_pictures_of_the_help_come_late_and_are_small(shown: Shown, screens: Any) -> None:
    assert sum(path.stat().st_size for path in HELP.iterdir()) <= MOST_BYTES
    screen = screens()
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url))
    screen.page.goto("/help/")
    every = screen.page.locator("main img").count()
    assert every >= 5
    assert all(
        w and h
        for w, h in screen.page.evaluate(
            "[...document.querySelectorAll('main img')].map((i) => [i.getAttribute('width'), i.getAttribute('height')])"
        )
    )
    screen.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    screen.page.wait_for_timeout(800)
    broken = screen.page.evaluate(
        "[...document.querySelectorAll('main img')].filter((i) => i.complete && !i.naturalWidth).length"
    )
    assert broken == 0
