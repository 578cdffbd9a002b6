"""The bell rings on an open page by itself; a push is shown; where nothing can wake the browser the page says so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.gateway.channels import push_keys


@pytest.fixture
def push_set_up(house: Any) -> Iterator[None]:
    """channels.toml with web push, as an administrator would write it; gone afterwards."""
    home = Path(settings.WUSHI_HOME)
    private, public = push_keys()
    made = {home / "push.key": private, home / "push.pub": public}
    for path, data in made.items():
        path.write_bytes(data)
    file = home / "channels.toml"
    file.write_text('[push]\nsubscriber = "it@example.cn"\n')
    file.chmod(0o600)
    yield
    for path in (file, *made):
        path.unlink()


def test_the_bell_rings_by_itself(lived: Any, screens: Any) -> None:
    desk = screens(width=1440)
    desk.sign_in(f"陈书记-{lived.county}")
    page = desk.page
    expect(page.locator(".bell:visible em")).to_have_count(0)
    lived.case("井边路路灯不亮")
    expect(page.locator(".bell:visible em")).to_have_text("1", timeout=15000)
    page.locator(".bell:visible").click()
    page.locator(".inbox button.row").first.click()
    expect(page.locator("h1, h2").filter(has_text="井边路路灯不亮").first).to_be_visible()
    expect(page.locator(".bell:visible em")).to_have_count(0)


def test_what_is_pushed_is_shown_and_what_cannot_wake_says_so(
    house: Any, lived: Any, screens: Any, push_set_up: None
) -> None:
    phone = screens(width=360)
    phone.sign_in(f"陈书记-{lived.county}")
    page = phone.page
    page.context.grant_permissions(["notifications"], origin=house.base)
    page.goto("/work/me/notices/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    session = page.context.new_cdp_session(page)
    found: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(r["registrationId"] for r in event["registrations"]),
    )
    session.send("ServiceWorker.enable")
    page.wait_for_timeout(500)
    assert found, "the worker is registered"
    message = {"title": "紧急诉求", "text": "孙岗村：请立即查看", "link": "/work/", "key": "k1"}
    data = {"origin": house.base, "registrationId": found[0], "data": json.dumps(message)}
    session.send("ServiceWorker.deliverPushMessage", data)
    page.wait_for_timeout(800)
    shown = page.evaluate(
        "navigator.serviceWorker.ready.then((r) => r.getNotifications())"
        ".then((all) => all.map((n) => [n.title, n.body, n.data.link]))"
    )
    assert shown == [["紧急诉求", "孙岗村：请立即查看", "/work/"]]
    page.locator("[data-wake]").click()
    expect(page.locator(".pushsays")).to_contain_text("推送服务", timeout=25000)
