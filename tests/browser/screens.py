"""Pictures of every page for ``make screens``; not collected by the ordinary suite (no ``test_`` in its file name)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.browser.pages import sights
from tests.browser.shown import Shown, show_a_village, staff_token
from tests.browser.shown_calls import show_calls
from tests.village import Village

OUT = Path(__file__).resolve().parents[2] / "docs" / "screens"
# name of the sheet -> (width, locale, cookies, pages a row, width of a picture on the sheet)
SHEETS: dict[str, tuple[int, str, dict[str, str], int, int]] = {
    "phone-zh": (360, "zh-CN", {}, 10, 240),
    "phone-en": (360, "en-US", {}, 10, 240),
    "phone-elder": (360, "zh-CN", {"elder": "26"}, 10, 240),
    "phone-dark": (360, "zh-CN", {"theme": "dark"}, 10, 240),
    "desk-zh": (1440, "zh-CN", {}, 4, 600),
    "desk-en": (1440, "en-US", {}, 4, 600),
    "desk-dark": (1440, "zh-CN", {"theme": "dark"}, 4, 600),
}
# shown whole in the README and looked at beside the design's pictures
WHOLE = {
    "phone-zh": ("home-amber", "home-green", "door", "track-working", "track-rate", "work-list"),
    "phone-elder": ("home-amber",),
    "desk-zh": ("work-case", "work-case-town"),
}
# a sheet over everything is as tall as the screen
AS_TALL = ("work-ring",)
TALLEST = 2.6
LABEL, GAP = 22, 12


@pytest.fixture(scope="module")
def shown(house: Any, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return show_a_village("950001", tmp_path_factory.mktemp("shown"))


@pytest.mark.parametrize("name", SHEETS)
def test_take(name: str, shown: Shown, browser: Any, house: Any, tmp_path: Path) -> None:
    width, locale, cookies, columns, small = SHEETS[name]
    by_who: dict[str, Any] = {}
    taken: list[tuple[str, Image.Image]] = []
    for sight in sights(shown):
        if sight.who not in by_who:
            size = {"width": width, "height": 740 if width < 600 else 900}
            context = browser.new_context(
                base_url=house.base,
                viewport=size,
                locale=locale,
                timezone_id="Asia/Shanghai",
                device_scale_factor=2,
            )
            wanted = {**shown.cookies[sight.who], **cookies}
            context.add_cookies([{"name": k, "value": v, "url": house.base} for k, v in wanted.items()])
            by_who[sight.who] = context.new_page()
        page = by_who[sight.who]
        sight.open(page)
        if sight.name in AS_TALL:
            # it is asked for once the page stands
            page.locator("dialog[data-ring][open]").wait_for()
        page.wait_for_timeout(150)
        path = tmp_path / f"{sight.name}.png"
        page.screenshot(path=path, full_page=width < 600 and sight.name not in AS_TALL)
        with Image.open(path) as image:
            taken.append((sight.name, image.convert("RGB")))
        if sight.name in WHOLE.get(name, ()):
            keep(taken[-1][1], OUT / f"{name}-{sight.name}.png", width)
    sheet(taken, columns, small).save(OUT / f"sheet-{name}.jpg", quality=78, optimize=True)
    for page in by_who.values():
        page.context.close()


def test_a_call_in_its_first_minute(browser: Any, house: Any, tmp_path: Path) -> None:
    """The ring, the duty room and the caller's page by the customary ladder: that of the sheets goes by the hour."""
    village = Village.founded("950002")
    village.officer("周立新", duty="town_clerk")
    village.officer("陈值班", duty="district_clerk")
    known = show_calls(village, slow=False)
    village.officer("吴网格长", duty="grid_lead", area=f"{village.town}203001")
    looks = (
        ("work-ring", "/work/me/", staff_token(village, "马书记")),
        ("work-duty", "/work/calls/duty/", staff_token(village, "周立新")),
        ("call-ringing", f"/call/{known.ringing.receipt}/", ""),
    )
    for sheet_name in ("phone-zh", "desk-zh"):
        width, locale, _cookies, _columns, _small = SHEETS[sheet_name]
        for name, address, token in looks:
            context = browser.new_context(
                base_url=house.base,
                viewport={"width": width, "height": 740 if width < 600 else 900},
                locale=locale,
                timezone_id="Asia/Shanghai",
                device_scale_factor=2,
            )
            known_as = {"wushi": token} if token else {}
            context.add_cookies([{"name": k, "value": v, "url": house.base} for k, v in known_as.items()])
            page, path = context.new_page(), tmp_path / f"{sheet_name}-{name}.png"
            page.goto(address)
            page.wait_for_timeout(1500)
            page.screenshot(path=path, full_page=width < 600 and name not in AS_TALL)
            with Image.open(path) as image:
                keep(image.convert("RGB"), OUT / path.name, width)
            context.close()


def keep(image: Image.Image, path: Path, width: int) -> None:
    """A whole page at twice (phone) or once (desk) its width, few colours: small, and sharp enough to read."""
    wide = width * 2 if width < 600 else width
    small = image.resize((wide, round(image.height * wide / image.width)), Image.Resampling.LANCZOS)
    small.quantize(192).save(path, optimize=True)


def sheet(taken: list[tuple[str, Image.Image]], columns: int, width: int) -> Image.Image:
    """All pictures with their names in rows; very long pages are cut."""
    cells = []
    for name, image in taken:
        height = round(image.height * width / image.width)
        cell = image.resize((width, height), Image.Resampling.LANCZOS)
        cells.append((name, cell.crop((0, 0, width, min(height, round(width * TALLEST))))))
    rows = [cells[n : n + columns] for n in range(0, len(cells), columns)]
    heights = [max(c.height for _, c in row) + LABEL + GAP for row in rows]
    whole = Image.new("RGB", (columns * (width + GAP) + GAP, sum(heights) + GAP), (228, 224, 216))
    draw, font = ImageDraw.Draw(whole), ImageFont.load_default(14)
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for column, (name, cell) in enumerate(row):
            left = GAP + column * (width + GAP)
            draw.text((left, top), name, fill=(60, 54, 46), font=font)
            whole.paste(cell, (left, top + LABEL))
        top += height
    return whole


def test_front() -> None:
    """The README's picture: two phones and the desk."""
    phones = [Image.open(OUT / f"phone-zh-{n}.png").convert("RGB") for n in ("home-amber", "work-ring")]
    desk = Image.open(OUT / "desk-zh-work-case-town.png").convert("RGB")
    height = desk.height
    parts = []
    for phone in phones:
        tall = phone.resize((round(phone.width * 0.6), round(phone.height * 0.6)), Image.Resampling.LANCZOS)
        parts.append(tall.crop((0, 0, tall.width, min(height, tall.height))))
    parts.append(desk)
    whole = Image.new(
        "RGB", (sum(p.width + GAP * 2 for p in parts) + GAP * 2, height + GAP * 4), (228, 224, 216)
    )
    left = GAP * 2
    for part in parts:
        whole.paste(part, (left, GAP * 2))
        left += part.width + GAP * 2
    whole.quantize(192).save(OUT / "front.png", optimize=True)
