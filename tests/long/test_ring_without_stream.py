"""In real Chromium: without its stream an open page asks now and then, and rings all the same."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.test_call_rings import RINGING, called
from tests.village import Village


def test_the_stream_is_lost_and_it_rings_all_the_same(screens: Any, lived: Village) -> None:
    office = screens()
    page = office.page
    page.route("**/live/stream**", lambda route: route.abort())
    office.sign_in(lived.people["陈书记"].username)
    called(lived)
    expect(page.locator(RINGING)).to_be_visible(timeout=60_000)
