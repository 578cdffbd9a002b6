"""A device that tells of long ago, tells a thing again, or sends without end: kept, shown why; a red press still rings."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.stories.calling import line_of, work_off
from tests.village import Village
from tests.web.people import staff_client
from wushi.domain.calls.models import Call, Device, Errand, Heard, Wire
from wushi.domain.calls.services import (
    Arrived,
    Spot,
    install_device,
    keep_messages,
    read_wires,
    register_device,
    try_device,
)
from wushi.domain.calls.services.doubts import note_old_press, set_device_aside
from wushi.domain.calls.services.inbox import device_actor
from wushi.domain.calls.services.presses import Said
from wushi.domain.calls.services.setup import CallBook, adopt_ladder
from wushi.domain.notify.models import Notice
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import chore, reading

GPS, BUTTON = "A84041000181D4A1", "861234567890123"
SESSION = "01020304"


@pytest.fixture
def hung(village: Village) -> Iterator[dict[str, Device]]:
    """An LGT-92 and a 4G button at two doors."""
    staff = line_of(village)["secretary"]
    found = {}
    for uid, model in ((GPS, "dragino/lgt92"), (BUTTON, "wushi/4g")):
        device = register_device(actor=staff, uid=uid, model=model, area_code=village.code)
        try_device(actor=staff, device_id=device.id)
        keep_messages(village.county, [plain("press", f"trial-{uid}", device=uid)])
        read_wires(village.county)
        found[uid] = install_device(actor=staff, device_id=device.id, spot=Spot(village.grid, uid[:4]))
    yield found


def plain(event: str, number: str, device: str = BUTTON, **more: Any) -> Arrived:
    """One message in our own form."""
    return Arrived(
        "g1", "plain", json.dumps({"device": device, "event": event, "id": number, **more}).encode()
    )


def alarm(counter: int, session: str = SESSION, minutes: float = 0) -> Arrived:
    """The LGT-92's alarm, as ChirpStack hands it on; ``minutes`` since it was sent."""
    sent = datetime.now(UTC) - timedelta(minutes=minutes)
    body = {
        "deduplicationId": f"{session}-{counter}-{minutes}",
        "time": sent.isoformat(timespec="milliseconds"),
        "deviceInfo": {"devEui": GPS.lower()},
        "devAddr": session,
        "fCnt": counter,
        "fPort": 2,
        # as its maker documents it: a place, alarm, 3.36 V
        "data": base64.b64encode(bytes.fromhex("015A785406CF33D84D2060004B019000")).decode(),
    }
    return Arrived("lora", "chirpstack", json.dumps(body).encode(), {"event": "up"})


def come(village: Village, *messages: Arrived) -> list[tuple[str, str]]:
    """They come in and are read; (result, reason) of each, in order."""
    ids = keep_messages(village.county, list(messages))
    read_wires(village.county)
    with reading(village.house):
        rows = Wire.objects.filter(county=village.county, id__in=ids).order_by("id")
        return list(rows.values_list("result", "said"))


def calls(village: Village) -> list[Call]:
    with reading(village.house):
        return list(Call.objects.filter(county=village.county).order_by("opened_at"))


def errands(village: Village) -> list[tuple[str, str]]:
    """(kind, number of the device) of what is to be seen to."""
    with reading(village.house):
        rows = Errand.objects.filter(county=village.county, done_at=None).order_by("since", "id")
        return list(rows.values_list("kind", "device__uid"))


def test_a_frame_behind_what_was_heard_in_its_session_rings_nobody_and_is_not_lost(
    village: Village, hung: dict[str, Device]
) -> None:
    assert come(village, alarm(500)) == [("read", "")]
    assert len(calls(village)) == 1
    with chore(village.county, "test_over"):
        Call.objects.filter(county=village.county).update(
            state="archived", opened_at=datetime.now(UTC) - timedelta(hours=1), next_rung_at=None,
            last_press_at=datetime.now(UTC) - timedelta(hours=1),
        )  # fmt: skip
    # recorded in the air long ago, sent again now
    assert come(village, alarm(17)) == [("old", "behind")]
    assert len(calls(village)) == 1, "nobody is rung"
    assert ("old_press", GPS) in errands(village)
    # what overtook it by a few counts is no replay
    assert come(village, alarm(495)) == [("read", "")]
    assert len(calls(village)) == 2
    work_off(village)
    with reading(village.house):
        assert Notice.objects.filter(
            county=village.county, kind="calls.errand", facts__what="old_press"
        ).exists()


def test_a_new_session_counts_anew(village: Village, hung: dict[str, Device]) -> None:
    assert come(village, alarm(500), alarm(1, session="0A0B0C0D")) == [("read", ""), ("read", "")]
    with reading(village.house):
        device = Device.objects.get(county=village.county, uid=GPS)
    assert (device.session, device.counted) == ("0A0B0C0D", 1)


def test_a_press_of_long_ago_is_kept_shown_and_asked_after(village: Village, hung: dict[str, Device]) -> None:
    old = datetime.now(UTC) - timedelta(hours=13)
    first = plain("sos", "7", time=old.isoformat())
    assert come(village, first) == [("old", "late")]
    assert calls(village) == [] and errands(village) == [("old_press", BUTTON)]
    # told again it is a copy, and no second errand
    assert come(village, first) == [("old", "late")]
    assert len(errands(village)) == 1
    with reading(village.house):
        assert Heard.objects.filter(county=village.county, kind="press_sos").count() == 1
    page = staff_client(village, "district_admin").get("/work/devices/gateways/").content.decode()
    assert "late" in page and BUTTON in page
    # half a day at sea without a network is no long ago
    young = datetime.now(UTC) - timedelta(hours=11)
    assert come(village, plain("sos", "8", time=young.isoformat())) == [("read", "")]
    assert len(calls(village)) == 1


def test_a_clock_that_begins_anew_after_a_battery_is_believed(
    village: Village, hung: dict[str, Device]
) -> None:
    assert come(village, plain("sos", "9", time="2000-01-01T00:00:07Z")) == [("read", "")]
    assert len(calls(village)) == 1, "better once too often"


def test_who_sends_without_end_is_set_aside_and_still_rings_when_it_is_red(
    village: Village, hung: dict[str, Device]
) -> None:
    results = come(village, *(plain("heartbeat", f"h{n}", battery=90 - n) for n in range(45)))
    assert [r for r, _ in results] == ["read"] * (30 - _said_before(village)) + ["aside"] * (
        15 + _said_before(village)
    )
    with reading(village.house):
        device = Device.objects.get(county=village.county, uid=BUTTON)
    assert device.aside_until is not None and device.battery == 90 - (30 - _said_before(village) - 1)
    assert errands(village) == [("too_much", BUTTON)]
    assert come(village, plain("heartbeat", "more"), plain("tamper", "lid")) == [("aside", ""), ("aside", "")]
    assert ("tamper", BUTTON) not in errands(village)
    assert come(village, plain("sos", "red")) == [("read", "")]
    (call,) = calls(village)
    assert call.urgency == "emergency"
    # however often: one call
    come(village, *(plain("sos", f"red-{n}") for n in range(20)))
    assert len(calls(village)) == 1
    # another device is not touched by it
    assert come(village, alarm(1)) == [("read", "")]
    assert [kind for kind, _uid in errands(village)].count("too_much") == 1


def _said_before(village: Village) -> int:
    """Its test press may have come in the same minute."""
    with reading(village.house):
        rows = list(Wire.objects.filter(county=village.county, uid=BUTTON).order_by("id"))
    first, later = rows[0].received_at, rows[1].received_at
    return int(first.replace(second=0, microsecond=0) == later.replace(second=0, microsecond=0))


def test_after_its_time_aside_it_is_heard_again(village: Village, hung: dict[str, Device]) -> None:
    device = hung[BUTTON]
    past = datetime.now(UTC) - timedelta(minutes=90)
    assert set_device_aside(actor=village.house, device_id=device.id, since=past) is True
    assert come(village, plain("heartbeat", "again", battery=50)) == [("read", "")]
    now = datetime.now(UTC)
    assert set_device_aside(actor=village.house, device_id=device.id, since=now) is True
    assert set_device_aside(actor=village.house, device_id=device.id, since=now) is False, "once"
    assert come(village, plain("heartbeat", "held", battery=40)) == [("aside", "")]
    with reading(village.house):
        assert Device.objects.get(county=village.county, uid=BUTTON).battery == 50


def test_the_district_sets_how_much_is_too_much(village: Village, hung: dict[str, Device]) -> None:
    habits = {"most_a_minute": 0, "late_minutes": 60 * 24 * 8, "basis": "试验"}
    adopt_ladder(actor=village.house, book=CallBook(date(2020, 1, 1), habits=habits))
    results = come(village, *(plain("heartbeat", f"h{n}") for n in range(60)))
    assert {r for r, _ in results} == {"read"}
    old = datetime.now(UTC) - timedelta(days=5)
    assert come(village, plain("sos", "7", time=old.isoformat())) == [("read", "")]


def test_only_the_house_doubts(village: Village, hung: dict[str, Device]) -> None:
    secretary, device = village.actor("书记"), hung[BUTTON]
    with pytest.raises(NotAllowed):
        set_device_aside(actor=secretary, device_id=device.id, since=datetime.now(UTC))
    said = Said(key="n:x", kind="press")
    with pytest.raises(NotAllowed):
        note_old_press(actor=secretary, device_id=device.id, said=said, why="late")
    assert note_old_press(actor=device_actor(device), device_id=device.id, said=said, why="late") is True
    assert note_old_press(actor=device_actor(device), device_id=device.id, said=said, why="late") is False
