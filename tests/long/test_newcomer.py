"""The newcomer's first five minutes, by the words of the README: its addresses, its button names, in its order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.long.test_up import free_ports

ROOT = Path(__file__).parents[2]
# ours for a machine on which the tests' database runs already
OWN = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_BACKUP_URL",
    "LISTEN_DATABASE_URL",
    "TASK_DATABASE_URL",
)


def section(name: str, heading: str) -> str:
    """The numbered steps of a README."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]


class Readme:
    """The steps as a reader follows them: addresses and names of buttons are taken from the page, one after the other."""

    def __init__(self, text: str, quotes: str, base: str) -> None:
        self.names = iter(re.findall(f"{quotes[0]}(.+?){quotes[1]}", text))
        self.addresses = iter(re.findall(r"<http://127\.0\.0\.1:8000(/[^>]*)>", text))
        self.base = base

    def press(self, page: Page) -> str:
        """The next button or link the README names."""
        name = next(self.names)
        found = page.get_by_role("button", name=name, exact=True).or_(
            page.get_by_role("link", name=name, exact=True)
        )
        found.locator("visible=true").first.click()
        return name

    def open(self, page: Page) -> None:
        """The next address the README names."""
        page.goto(self.base + next(self.addresses))


class Up:
    """``make up`` of a newcomer: his own home, a free port, the demonstration."""

    def __init__(self, home: Path) -> None:
        self.port, self.log = free_ports(), home.with_suffix(".log")
        environ = {name: value for name, value in os.environ.items() if name not in OWN}
        self.environ = {**environ, "WUSHI_HOME": str(home), "WUSHI_PORT": str(self.port), "WUSHI_DEBUG": "0"}
        self.command = [str(Path(sys.executable).parent / "wushi")]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*self.command, "up"], env=self.environ, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )

    def said(self) -> str:
        """Everything printed so far."""
        return self.log.read_text(errors="replace")

    def wait(self) -> str:
        """Until it says how to sign in; the password it printed."""
        end = time.monotonic() + 600
        while "Ctrl-C stops everything" not in self.said():
            assert self.process.poll() is None and time.monotonic() < end, self.said()
            time.sleep(0.2)
        found = re.search(r"with the password\s+(\S+)", self.said())
        assert found, self.said()
        return found.group(1)

    def end(self) -> None:
        """Leave nothing behind."""
        self.process.terminate()
        self.process.wait(60)
        subprocess.run([*self.command, "reset", "--yes"], env=self.environ, capture_output=True, check=True)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    running = Up(tmp_path / "home")
    yield running
    running.end()


def device(browser: Browser, locale: str, width: int) -> Page:
    """A browser of one's own: private windows know nothing of each other."""
    context = browser.new_context(
        locale=locale, viewport={"width": width, "height": 800}, timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(30_000)
    return context.new_page()


@pytest.mark.parametrize(
    ("name", "heading", "quotes", "locale"),
    [
        ("README.zh.md", "头五分钟", "「」", "zh-CN"),
        ("README.md", "The first five minutes", "“”", "en-US"),
    ],
)
def test_the_first_five_minutes(
    up: Up, browser: Browser, name: str, heading: str, quotes: str, locale: str
) -> None:
    password = up.wait()
    readme = Readme(section(name, heading), quotes, f"http://127.0.0.1:{up.port}")
    resident, secretary = device(browser, locale, 360), device(browser, locale, 1440)
    sentence = "新来的人写的一句话：村口的灯不亮"

    readme.open(resident)
    resident.fill("textarea[name=text]", sentence)
    _answer_about_officials(resident)
    readme.press(resident)
    readme.press(resident)

    readme.open(secretary)
    secretary.fill("input[name=username]", "secretary")
    secretary.fill("input[name=password]", password)
    secretary.press("input[name=password]", "Enter")
    secretary.get_by_role("link", name=sentence).first.click()
    readme.press(secretary)
    expect(resident.locator("main")).to_contain_text("陈德明")

    readme.press(secretary)
    secretary.fill("textarea[name=words]", "换了灯头，亮了")
    _solved(secretary)
    readme.press(secretary)
    readme.press(resident)
    expect(resident.locator("main")).to_contain_text("换了灯头，亮了")
    secretary.goto(f"{readme.base}/work/")
    readme.press(secretary)
    expect(secretary.locator("h1")).to_contain_text("孙岗村")
    with pytest.raises(StopIteration):
        next(readme.names)
    with pytest.raises(StopIteration):
        next(readme.addresses)


def _answer_about_officials(page: Any) -> None:
    """The one question every report asks: it is not about an official."""
    page.locator("label", has=page.locator("input[name=about_official][value=no]")).click()


def _solved(page: Any) -> None:
    """What became of it, where nothing is chosen yet."""
    page.locator("label", has=page.locator("input[name=outcome][value=resolved]")).first.click()
