"""Every page at 200 %, with the largest letters and in dark: nothing is cut off, nothing overlaps sideways."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.pages import sights
from tests.browser.shown import Shown, show_a_village

CUT = """() => [...document.querySelectorAll("h1, h2, h3, .btn, .badge, label, legend, dt, dd, summary, .opt, .note")]
  .filter((n) => n.offsetParent && getComputedStyle(n).overflowX !== "auto" && getComputedStyle(n).textOverflow !== "ellipsis")
  .filter((n) => !n.closest(".vh, .chips, .desklists, .seg"))
  .filter((n) => n.getBoundingClientRect().width && n.getBoundingClientRect().right > innerWidth + 1)
  .map((n) => `${n.tagName}.${n.className} ${n.textContent.trim().slice(0, 30)}`)"""


OUT = """() => [...document.querySelectorAll("body *")]
  .filter((n) => n.getClientRects().length && n.getBoundingClientRect().right > innerWidth + 1 && !n.closest(".chips"))
  .map((n) => `${n.tagName}.${n.className} ${n.textContent.trim().slice(0, 20)}`).slice(0, 3)"""


@pytest.fixture(scope="module")
def shown(house: Any, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return show_a_village("963001", tmp_path_factory.mktemp("shown"))


@pytest.mark.parametrize(
    ("language", "elder", "theme"), [("zh-hans", "", ""), ("en", "", "dark"), ("en", "30", "")]
)
def test_at_two_hundred_percent_nothing_is_cut_off(
    shown: Shown, screens: Any, language: str, elder: str, theme: str
) -> None:
    """A desk of 1280 px at 200 % is 640 px wide with letters as large as they were."""
    wrong, by_who = [], {}
    for sight in sights(shown):
        if sight.name == "style":
            continue
        if sight.who not in by_who:
            by_who[sight.who] = screens(width=640, device_scale_factor=2)
            known = {"django_language": language, "elder": elder, "theme": theme}
            for name, value in {**shown.cookies[sight.who], **known}.items():
                if value:
                    by_who[sight.who].cookie(name, value)
        page = by_who[sight.who].page
        sight.open(page)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        cut = page.evaluate(CUT)
        if over > 0 or cut:
            wrong.append(f"{sight.name}: {over} px over, {cut[:3]}")
    assert wrong == []


def test_letters_twice_as_large_fit_a_phone(shown: Shown, screens: Any) -> None:
    """The browser's own setting for larger letters: the root is 32 px, without the large-text version of ours."""
    wrong, by_who = [], {}
    for sight in sights(shown):
        if sight.name == "style":
            continue
        if sight.who not in by_who:
            by_who[sight.who] = screens()
            for name, value in shown.cookies[sight.who].items():
                by_who[sight.who].cookie(name, value)
        page = by_who[sight.who].page
        sight.open(page)
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%', 'important')")
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wrong.append(f"{sight.name}: {over} px, {page.evaluate(OUT)}")
    assert wrong == []


def test_what_is_cut_off_is_found(screens: Any, shown: Shown) -> None:
    page = screens(width=640).page
    page.goto("/help/")
    page.evaluate("document.querySelector('h1').style.cssText = 'width: 900px; white-space: nowrap'")
    assert page.evaluate(CUT)
