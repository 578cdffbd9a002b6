"""A real button's message, by a real broker or a real callback, rings in real Chromium: for the secretary, for who stands in for
him, and when nobody answers for the district."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, House
from tests.browser.test_call_rings import RINGING, listens
from tests.gateway.broker import Broker, eventually, publish, running
from tests.gateway.calling import kept, way_in
from tests.village import SINCE, Village
from wushi.domain.accounts.services import arrange_stand_in, set_password
from wushi.domain.calls.models import Call, Device
from wushi.domain.calls.services import CallBook, adopt_ladder
from wushi.domain.calls.services.enlisting import KnownDevice, enter_devices
from wushi.kernel.verb import reading

UID = "24E124535B000001"
# a ladder in seconds: the district is reached before anybody gets tired of waiting
SECONDS = (
    ("village", "secretary", 0),
    ("grid", "grid_lead", 1),
    ("town", "town_clerk", 2),
    ("county", "district_clerk", 3),
)


def hung(village: Village, model: str = "milesight/ws101") -> Device:
    """A button at somebody's door."""
    at = timezone.now() - timedelta(days=1)
    known = KnownDevice(UID, model, village.grid, place="井边路12号", installed_at=at, tested_at=at)
    [device] = enter_devices(actor=village.house, devices=[known])
    return device


def officer(village: Village, name: str, duty: str = "secretary") -> Any:
    """Somebody with a post and a password."""
    actor = village.officer(name, duty=duty)
    set_password(actor=village.house, user_id=village.user_id(name), password=PASSWORD)
    return actor


def only_call(village: Village) -> Call:
    """The one there is."""

    def found() -> Call | None:
        with reading(village.house):
            return Call.objects.filter(county=village.county, test=False).first()

    call: Call = eventually(found)
    return call


@contextmanager
def ingest(village: Village, broker: Broker, log: Path) -> Iterator[None]:
    """The consumer, as ``wushi up`` starts it: a process of its own."""
    environment = {**os.environ, "MQTT_URL": broker.url, "WUSHI_COUNTY": village.county}
    command = [sys.executable, "-m", "wushi.gateway.mqtt", village.county]
    with log.open("ab") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.terminate()
        process.wait(15)


def test_by_mosquitto_it_rings_at_the_secretary_and_ends_with_a_rating(
    screens: Any, lived: Village, tmp_path: Path
) -> None:
    """ChirpStack's message of a short press: ring, acknowledge, set out, arrive, end, rate."""
    hung(lived)
    way_in(lived, code="lora", envelope="chirpstack", topic="application/+/device/+/event/up")
    desk, phone = screens(), screens()
    desk.sign_in(lived.people["陈书记"].username)
    listens(desk.page)
    topic = f"application/1/device/{UID.lower()}/event/up"
    body = {
        "deduplicationId": "3ac7e3c4", "deviceInfo": {"devEui": UID.lower()}, "devAddr": "00189440", "fCnt": 4, "fPort": 85,
        "data": "AXUQ/y4B", "rxInfo": [{"rssi": -36}],
    }  # fmt: skip
    with running(tmp_path) as broker, ingest(lived, broker, tmp_path / "ingest.log"):

        def arrived() -> bool:
            publish(broker, topic, json.dumps(body).encode())
            return bool(kept(lived.county))

        # the consumer may still be subscribing: copies of one press are one call
        eventually(arrived)
        sheet = desk.page.locator(RINGING)
        expect(sheet).to_contain_text("井边路12号")
    sheet.get_by_role("button", name="接警").first.click()
    desk.page.wait_for_url("**/work/calls/*/")
    call = only_call(lived)
    assert (call.urgency, call.way, call.presses) == ("ordinary", "button", 1)
    phone.page.goto(f"/call/{call.receipt}/")
    expect(phone.page.locator("main")).to_contain_text("陈书记看到了")
    desk.page.get_by_role("button", name="出发").click()
    desk.page.get_by_role("button", name="到场").first.click()
    expect(phone.page.locator("main")).to_contain_text("陈书记到了")
    desk.page.locator("label", has=desk.page.locator("input[value=helped]")).click()
    desk.page.get_by_role("button", name="结束", exact=True).click()
    phone.page.get_by_role("button", name="满意", exact=True).click()
    expect(phone.page.locator("main")).to_contain_text("您的评价：满意")


def post(house: House, village: Village, secret: str, **said: Any) -> int:
    """As a 4G button's platform posts; the status."""
    request = urllib.request.Request(
        f"{house.base}/in/{village.county}/g4",
        data=json.dumps({"device": UID, "event": "press", "id": "p1", **said}).encode(),
        headers={"X-Wushi-Token": secret, "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return int(answer.status)


def test_by_a_callback_it_rings_at_who_stands_in(screens: Any, lived: Village, house: House) -> None:
    """The secretary is away: who stands in for him is rung, comes, and it is said that he came in his place."""
    hung(lived, "wushi/4g")
    secret = str(way_in(lived, code="g4").secret)
    officer(lived, "赵会计", "grid_worker")
    today, admin = timezone.localdate(), lived.officer("管理员", duty="district_admin")
    post_id, user_id = lived.posts["陈书记"].id, lived.user_id("赵会计")
    arrange_stand_in(
        actor=admin, post_id=post_id, user_id=user_id, first=today, last=today + timedelta(days=1)
    )
    desk = screens()
    desk.sign_in(lived.people["赵会计"].username)
    listens(desk.page)
    assert post(house, lived, secret, event="sos") == 200
    assert post(house, lived, secret, event="sos") == 200  # the platform is not sure that we heard it
    sheet = desk.page.locator(RINGING)
    expect(sheet).to_contain_text("井边路12号")
    sheet.get_by_role("button", name="接警").first.click()
    desk.page.wait_for_url("**/work/calls/*/")
    desk.page.get_by_role("button", name="到场").first.click()
    expect(desk.page.locator("input[value=helped]")).to_have_count(1)
    call = only_call(lived)
    assert (call.urgency, call.presses, call.arrived_by_id) == ("emergency", 1, lived.user_id("赵会计"))


def test_nobody_answers_until_the_district_rings(screens: Any, lived: Village, house: House) -> None:
    """The ladder goes on by itself; at the secretary's it stops when the district has it."""
    hung(lived, "wushi/4g")
    secret = str(way_in(lived, code="g4").secret)
    officer(lived, "网格长", "grid_lead")
    officer(lived, "区平台", "district_clerk")
    lines = [
        {"code": duty, "after_seconds": after, "level": level, "duties": [duty], "basis": "test"}
        for level, duty, after in SECONDS
    ]
    adopt_ladder(actor=lived.house, book=CallBook(SINCE, lines))
    village, district = screens(), screens(width=1440)
    village.sign_in(lived.people["陈书记"].username)
    district.sign_in(lived.people["区平台"].username)
    for screen in (village, district):
        listens(screen.page)
    assert post(house, lived, secret) == 200
    expect(village.page.locator(RINGING)).to_be_visible()
    expect(district.page.locator(RINGING)).to_be_visible()
    district.page.locator(".ans").click()
    expect(village.page.locator(RINGING)).to_have_count(0)
    call = only_call(lived)
    assert call.rungs == len(SECONDS), "the town's rung was empty and kept nobody waiting"
    assert call.answerer_id == lived.user_id("区平台")
