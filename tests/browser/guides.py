"""Pictures for the help, taken of real pages in both languages (``make guides``); not collected by the ordinary suite."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.browser.shown import Shown, show_a_village
from wushi.web.help.chapters import SIZES

OUT = Path(__file__).resolve().parents[2] / "src/wushi/web/static/help"
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
SHARPNESS = {"phone": 1.5, "desk": 1.25}
# A picture is looked at on a phone beside words; more bytes would show nothing more.
QUALITY = 62


@pytest.fixture(scope="module")
def shown(house: Any, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return show_a_village("951001", tmp_path_factory.mktemp("shown"))


def pictures(shown: Shown) -> list[tuple[str, str, str, str, dict[str, str]]]:
    """(name, shape, who, address, further cookies)."""
    working, handled, called = shown.working, shown.handled, shown.together.called
    calling = f"/call/{shown.calls.ringing.receipt}/"
    return [
        ("report", "phone", "resident", f"/report/?at={shown.grid}", {}),
        ("done", "phone", "resident", f"/report/done/{shown.waiting.receipt}/", {}),
        ("track", "phone", "resident", f"/r/{working.receipt}/", {}),
        ("rate", "phone", "resident", f"/r/{handled.receipt}/", {}),
        ("elder", "phone", "resident", "/", {"elder": "26"}),
        ("list", "phone", "secretary", "/work/", {}),
        ("case", "phone", "secretary", f"/work/cases/{working.id}/", {}),
        ("new", "phone", "secretary", "/work/new/", {}),
        ("village", "phone", "secretary", "/work/village/", {}),
        ("staff", "phone", "admin", "/work/staff/", {}),
        ("desk", "desk", "town", f"/work/cases/{shown.returned.id}/", {}),
        ("calling", "phone", "stranger", calling, {}),
        ("ring", "phone", "rung", "/work/me/", {}),
        ("devices", "phone", "admin", "/work/devices/", {}),
        ("duty", "desk", "town", "/work/calls/duty/", {}),
        ("part", "desk", "department", f"/work/cases/{called.id}/", {}),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_take(language: str, shown: Shown, browser: Any, house: Any, tmp_path: Path) -> None:
    for name, shape, who, address, cookies in pictures(shown):
        width, height = SIZES[shape]
        # the desk's two halves need 1200 px; the picture is of that page, made smaller
        wide = 1240 if shape == "desk" else width
        scale = SHARPNESS[shape]
        context = browser.new_context(
            base_url=house.base,
            viewport={"width": wide, "height": round(height * wide / width)},
            locale=LANGUAGES[language],
            timezone_id="Asia/Shanghai",
            device_scale_factor=scale * width / wide,
        )
        wanted = {**shown.cookies[who], **cookies}
        context.add_cookies([{"name": k, "value": v, "url": house.base} for k, v in wanted.items()])
        page = context.new_page()
        page.goto(address)
        page.wait_for_timeout(200)
        path = tmp_path / "p.png"
        page.screenshot(path=path)
        context.close()
        with Image.open(path) as image:
            wished = (round(width * scale), round(height * scale))
            small = image.convert("RGB").resize(wished, Image.Resampling.LANCZOS)
            small.save(OUT / f"{name}-{language}.webp", quality=QUALITY, method=6)
