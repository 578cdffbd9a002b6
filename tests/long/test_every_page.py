"""Every page of the list: no serious fault for those who see or move differently, nothing from elsewhere, within its budget."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.browser.pages import NO_PAGE, Sight, sights
from tests.browser.shown import Shown, show_a_village
from tests.house.test_03_guards import NO_ACCESS, routes

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"
LOOKS = {"light": {}, "dark": {"theme": "dark"}, "elder": {"elder": "26"}}
KILOBYTE = 1024


@pytest.fixture(scope="module")
def shown(house: Any, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return show_a_village("960001", tmp_path_factory.mktemp("shown"))


def test_every_route_with_a_page_is_on_the_list(shown: Shown) -> None:
    listed = {s.route for s in sights(shown)}
    pages = {w for w, _ in routes() if w not in NO_ACCESS and not w.startswith("api/v1/")} - NO_PAGE
    missing = {w for w in pages if not any(w == r or (r and w.startswith(r)) for r in listed)} - {""}
    assert missing == set()


@pytest.mark.parametrize("look", LOOKS)
def test_no_serious_fault_on_any_page(shown: Shown, screens: Any, look: str) -> None:
    wrong = []
    source = AXE.read_text(encoding="utf-8")
    by_who: dict[str, Any] = {}
    for sight in sights(shown):
        if sight.who not in by_who:
            by_who[sight.who] = screens()
            for name, value in {**shown.cookies[sight.who], **LOOKS[look]}.items():
                by_who[sight.who].cookie(name, value)
        wrong += violations(by_who[sight.who].page, sight, source)
    assert wrong == []


def test_a_fault_is_found(screens: Any, shown: Shown) -> None:
    page = screens().page
    page.goto("/who-sees/")
    page.evaluate("document.querySelector('main').innerHTML = '<img src=x><input>'")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document)")["violations"]
    assert {"image-alt", "label"} <= {v["id"] for v in found if v["impact"] in {"serious", "critical"}}


def violations(page: Any, sight: Sight, source: str) -> list[str]:
    """Serious and critical ones, as axe names them."""
    sight.open(page)
    page.evaluate(source)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{sight.name}: {v['id']} {json.dumps(v['nodes'][0]['target'])} {v['nodes'][0]['failureSummary'][:160]}"
        for v in found["violations"]
        if v["impact"] in {"serious", "critical"}
    ]


def wire_bytes(screen: Any, path: str) -> int:
    """Bytes over the wire for a page with an empty cache, headers included."""
    session = screen.context.new_cdp_session(screen.page)
    session.send("Network.enable")
    total = [0]
    session.on(
        "Network.loadingFinished",
        lambda event: total.__setitem__(0, total[0] + int(event["encodedDataLength"])),
    )
    screen.page.goto(path, wait_until="load")
    screen.page.wait_for_timeout(300)
    session.detach()
    return total[0]


def test_pages_keep_their_budget(shown: Shown, screens: Any) -> None:
    """Resident's home 60 KB in all; office 120 KB the first page, 40 KB each later one."""
    home = screens()
    home.cookie("village", shown.village.code)
    assert wire_bytes(home, "/") <= 60 * KILOBYTE
    office = screens(width=1440)
    for name, value in shown.cookies["town"].items():
        office.cookie(name, value)
    assert wire_bytes(office, "/work/") <= 120 * KILOBYTE
    for path in ("/work/?list=area", f"/work/cases/{shown.returned.id}/", "/work/village/"):
        assert wire_bytes(office, path) <= 40 * KILOBYTE, path


@pytest.mark.parametrize(("width", "root"), [(360, "30"), (320, "")])
def test_nothing_is_wider_than_the_screen(shown: Shown, screens: Any, width: int, root: str) -> None:
    wide = []
    by_who: dict[str, Any] = {}
    for sight in sights(shown):
        if sight.name == "style":
            continue
        if sight.who not in by_who:
            by_who[sight.who] = screens(width=width)
            for name, value in {**shown.cookies[sight.who], "elder": root}.items():
                if value:
                    by_who[sight.who].cookie(name, value)
        page = by_who[sight.who].page
        sight.open(page)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            wide.append(f"{sight.name}: {over} px")
    assert wide == []
