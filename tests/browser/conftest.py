"""Real processes (pages, live, worker) on free ports over the run's database, and a real Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

if TYPE_CHECKING:  # Django is set up only after this file was read
    from tests.village import Village

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "browser-test-9"
_county = count(970001)


def chromium() -> str:
    """The system's Chromium; the test says so when there is none."""
    found = os.environ.get("WUSHI_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        pytest.fail("no Chromium: sudo apt-get install chromium fonts-noto-cjk")
    return found


def free_pair() -> int:
    """A port whose next one is free too (live listens there)."""
    for _ in range(50):
        with socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            with socket.socket() as second:
                try:
                    second.bind(("127.0.0.1", port + 1))
                except OSError:
                    continue
                return port
    raise AssertionError("no two free ports side by side")


class House:
    """The three processes; ``base`` is the address of the pages."""

    def __init__(self, log: Path) -> None:
        self.port = free_pair()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.children: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start and wait until both answer."""
        environment = {**os.environ, "WUSHI_PORT": str(self.port), "PYTHONUNBUFFERED": "1"}
        environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
        granian = [
            str(Path(sys.executable).with_name("granian")),
            "--host",
            "127.0.0.1",
            "--log-level",
            "warning",
        ]
        pages = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--port", str(self.port)]
        live = ["--interface", "asgi", "--workers", "1", "--port", str(self.port + 1)]
        commands = [
            [*granian, *pages, "wushi.config.wsgi:application"],
            [*granian, *live, "wushi.live.asgi:application"],
            [sys.executable, "-m", "wushi.config.worker"],
        ]
        for command in commands:
            out = self.log.open("ab")
            self.children.append(
                subprocess.Popen(command, env=environment, stdout=out, stderr=out, start_new_session=True)
            )
        self._wait(f"{self.base}/readyz")
        self._wait(f"http://127.0.0.1:{self.port + 1}/live/healthz")

    def _wait(self, url: str) -> None:
        # what earlier tests left in the outbox is handed on first
        for _ in range(1800):
            try:
                with urllib.request.urlopen(url, timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"{url} does not answer\n{self.log.read_text()[-3000:]}")

    def stop(self) -> None:
        """By process id, with their workers."""
        for child in self.children:
            os.killpg(child.pid, signal.SIGTERM)
        for child in self.children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)

    def console(self) -> str:
        """What the processes printed."""
        return self.log.read_text(errors="replace")


@pytest.fixture(scope="package")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Started once for all browser tests, and stopped after them: its worker strikes the clocks of every county it finds."""
    running = House(tmp_path_factory.mktemp("house") / "log")
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests."""
    # Playwright keeps an event loop in this thread; the test itself is plain sequential code
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield opened
        opened.close()


class Screen:
    """A person's device: a context of its own; faults of scripts and requests to other hosts are kept."""

    def __init__(self, browser: Browser, house: House, *, width: int = 360, **more: Any) -> None:
        height = 740 if width < 600 else 900
        wanted = {
            "viewport": {"width": width, "height": height},
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
        }
        self.context: BrowserContext = browser.new_context(base_url=house.base, **{**wanted, **more})
        self.context.set_default_timeout(15_000)
        self.house = house
        self.faults: list[str] = []
        self.elsewhere: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", self._note)

    def _note(self, request: Any) -> None:
        # what a page made itself and plays again is an address of its own
        if not request.url.removeprefix("blob:").startswith(
            (f"http://127.0.0.1:{self.house.port}", f"http://127.0.0.1:{self.house.port + 1}")
        ):
            self.elsewhere.append(request.url)

    def cookie(self, name: str, value: str) -> None:
        """As a page would have set it."""
        self.context.add_cookies([{"name": name, "value": value, "url": self.house.base}])

    def sign_in(self, username: str) -> None:
        """By the office's own page."""
        self.page.goto("/work/sign-in/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url("**/work/**")

    def close(self) -> None:
        """Nothing was fetched from elsewhere, no script failed."""
        assert self.elsewhere == []
        assert self.faults == []
        self.context.close()


@pytest.fixture
def screens(browser: Browser, house: House) -> Iterator[Any]:
    """``screens(width=1440)`` opens a device; all are closed and checked at the end."""
    opened: list[Screen] = []

    def open_one(**more: Any) -> Screen:
        opened.append(Screen(browser, house, **more))
        return opened[-1]

    yield open_one
    for screen in opened:
        screen.close()


@pytest.fixture
def lived(house: House) -> Village:
    """A village of its own with a secretary who has a password."""
    from tests.village import Village
    from wushi.domain.accounts.services import set_password

    village = Village.founded(str(next(_county)))
    village.officer("陈书记")
    set_password(actor=village.house, user_id=village.user_id("陈书记"), password=PASSWORD)
    return village
