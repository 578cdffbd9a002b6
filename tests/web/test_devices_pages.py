"""Stickers of wireless callers, what a door says to whom, their list as a file; the ladder; one position, given freely."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from tests.village import Village
from tests.web.people import client_of, resident_client, staff_client, visitor
from wushi.domain.accounts.models import SignIn
from wushi.domain.audit.models import Leaf
from wushi.domain.calls.models import Call, Device, Habits
from wushi.domain.calls.queries import call_rules
from wushi.domain.calls.services import (
    CallBook,
    Said,
    Spot,
    adopt_ladder,
    install_device,
    receive_event,
    register_device,
    try_device,
)
from wushi.domain.calls.services.inbox import device_actor
from wushi.domain.people.services import NewPerson, note_person
from wushi.kernel.verb import reading, unscoped
from wushi.web.calls.cards import left_of
from wushi.web.devices import labels

MODEL = "milesight/ws101-sos"


def stocked(village: Village, number: int, area: str = "") -> Device:
    """One taken into stock."""
    uid = f"24E124535B{number:06}"
    return register_device(actor=village.house, uid=uid, model=MODEL, area_code=area or village.code)


def hung(village: Village, number: int = 77) -> Device:
    """One that hangs at 刘秀英's, in the grid."""
    device = stocked(village, number)
    try_device(actor=village.house, device_id=device.id)
    pressed(device, "test")
    person = note_person(actor=village.house, person=NewPerson(phone="13800000031", name="刘秀英"))
    contact = {"contact_name": "刘敏", "contact_phone": "13912345678"}
    spot = Spot(village.grid, "东塘坝3号", person_id=person.id, helps=("alone",), **contact)
    return install_device(actor=village.house, device_id=device.id, spot=spot)


def pressed(device: Device, kind: str = "press_sos") -> Call | None:
    said = Said(key=f"w:{uuid4()}", kind=kind)
    return receive_event(actor=device_actor(device), device_id=device.id, said=said)


def door_of(device: Device) -> str:
    return f"/d/{device.county}{device.door_code}/"


def pages_of(answer: Any) -> list[str]:
    """The text of each page of a PDF."""
    assert answer.status_code == 200, answer.status_code
    assert answer["Content-Type"] == "application/pdf"
    return [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]


# ---- stickers ----


def test_a_sticker_says_the_device_and_its_door_and_nobody(village: Village) -> None:
    device, office = hung(village), staff_client(village, "secretary")
    assert (
        f"/work/devices/{device.id}/label.pdf" in office.get(f"/work/devices/{device.id}/").content.decode()
    )
    (text,) = pages_of(office.get(f"/work/devices/{device.id}/label.pdf"))
    assert device.uid in text and f"{device.door_code[:5]} {device.door_code[5:]}" in text
    for whose in ("刘", "东塘坝", "13912345678", "孙岗"):
        assert whose not in text, whose
    english = staff_client(village, "deputy")
    english.cookies["django_language"] = "en"
    assert "Wireless caller" in pages_of(english.get(f"/work/devices/{device.id}/label.pdf"))[0]


def test_the_code_on_the_sticker_is_the_address_of_its_door(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    device, drawn = hung(village), []
    real = labels.qr.svg
    monkeypatch.setattr(labels.qr, "svg", lambda text, **more: drawn.append(text) or real(text, **more))
    staff_client(village, "secretary").get(f"/work/devices/{device.id}/label.pdf")
    assert drawn == [f"http://testserver{door_of(device)}"]


def test_a_list_prints_as_it_is_narrowed_in_prints_of_ten_sheets(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels, "EACH", 24)
    for number in range(50):
        stocked(village, number)
    hung(village)
    stocked(village, 900, village.sibling)
    office = staff_client(village, "secretary")
    assert "/work/devices/labels/?which=stock" in office.get("/work/devices/?which=stock").content.decode()
    page = office.get("/work/devices/labels/?which=stock").content.decode()
    links = [link.replace("&amp;", "&") for link in re.findall(r"/work/devices/labels\.pdf\?[^\"]+", page)]
    assert len(links) == 3
    found = [re.findall(r"24E124535B\d{6}", text) for link in links for text in pages_of(office.get(link))]
    assert [len(uids) for uids in found] == [24, 24, 2]
    assert {uid for uids in found for uid in uids} == {f"24E124535B{n:06}" for n in range(50)}
    assert office.get("/work/devices/labels.pdf?q=nothing-like-it").status_code == 404
    assert "<h2>" not in office.get("/work/devices/labels/?q=nothing-like-it").content.decode()


def test_what_was_handed_back_gets_no_sticker(village: Village) -> None:
    device, office = hung(village), staff_client(village, "secretary")
    assert office.post(f"/work/devices/{device.id}/handback/", {"reason": "moved"}).status_code == 303
    assert "labels.pdf" not in office.get("/work/devices/labels/").content.decode()


def test_a_sticker_of_another_village_is_not_printed(village: Village) -> None:
    device = stocked(village, 900, village.sibling)
    office = staff_client(village, "secretary")
    assert office.get(f"/work/devices/{device.id}/label.pdf").status_code == 404
    assert staff_client(village, "hotline").get("/work/devices/labels/").status_code == 403


# ---- the door ----


def test_whoever_goes_there_is_there_by_one_tap(village: Village) -> None:
    device, office = hung(village), staff_client(village, "secretary")
    call = pressed(device)
    assert call is not None
    office.post(f"/work/calls/{call.id}/acknowledge/")
    page = office.get(door_of(device)).content.decode()
    assert "刘秀英" in page and f'action="/work/calls/{call.id}/arrive/"' in page
    code = re.findall(r'name="door_code" value="(\w+)"', page)[0]
    assert office.post(f"/work/calls/{call.id}/arrive/", {"door_code": code}).status_code == 303
    with reading(village.house):
        row = Call.objects.get(county=village.county, id=call.id)
    assert (row.state, row.arrived_how, row.confirmed_how) == ("arrived", "door", ["door"])
    after = office.get(door_of(device))  # scanned once more
    assert after.status_code == 302 and after["Location"] == f"/work/calls/{call.id}/"


def test_the_code_may_be_typed_as_it_stands_on_the_sticker(village: Village) -> None:
    device, office = hung(village), staff_client(village, "secretary")
    call = pressed(device)
    assert call is not None
    typed = f" {device.door_code[:5].lower()} {device.door_code[5:]} "
    assert office.post(f"/work/calls/{call.id}/arrive/", {"door_code": typed}).status_code == 303


def test_without_a_call_staff_find_the_device_whatever_letters(village: Village) -> None:
    device = hung(village)
    for duty in ("secretary", "grid_worker", "town_clerk", "district_admin"):
        answer = staff_client(village, duty).get(door_of(device).lower())
        assert answer["Location"] == f"/work/devices/{device.id}/", duty


def test_anybody_else_can_call_from_there_and_learns_nothing(village: Village) -> None:
    device = hung(village)
    elsewhere = village.officer("外村书记", area=village.sibling)
    assert elsewhere
    readers: dict[str, Client] = {
        "visitor": visitor(village),
        "resident": resident_client(village, "13700000009"),
        "hotline": staff_client(village, "hotline"),
        "department": staff_client(village, "department"),
        "elsewhere": client_of(village, "外村书记"),
        "another phone": Client(),
    }
    before = {who: client.get(door_of(device)) for who, client in readers.items()}
    assert pressed(device) is not None
    for who, client in readers.items():
        answer = client.get(door_of(device))
        assert answer.status_code == before[who].status_code == 302, who
        assert answer["Location"] == before[who]["Location"] == f"/call/?at={village.grid}", who
        assert answer.content == before[who].content == b"", who
        page = client.get(answer["Location"]).content.decode()
        assert "刘秀英" not in page and "东塘坝" not in page and device.uid not in page, who
        assert f'value="{village.grid}"' in page, who
    assert visitor(village).get(f"/d/{village.county}ABCDEFGHJK/").status_code == 404


def test_a_door_of_another_county_knows_nobody(village: Village) -> None:
    other_village = Village.founded(str(int(village.county) - 30000))
    device = hung(other_village)
    call = pressed(device)
    assert call is not None
    answer = staff_client(village, "secretary").get(door_of(device))
    assert answer["Location"] == f"/call/?at={other_village.grid}"


def test_an_administrator_without_his_second_factor_is_nobody_at_a_door(village: Village) -> None:
    device, admin = hung(village), staff_client(village, "district_admin")
    assert admin.get(door_of(device))["Location"] == f"/work/devices/{device.id}/"
    with unscoped("test: the second factor was not shown"):
        SignIn.objects.filter(user_id=village.user_id("人-district_admin")).update(second_factor=False)
    assert admin.get(door_of(device))["Location"] == f"/call/?at={village.grid}"


# ---- one position ----


def test_one_position_is_given_and_only_that_it_was_is_kept(village: Village) -> None:
    office, device = staff_client(village, "secretary"), hung(village)
    call = pressed(device)
    assert call is not None
    base = f"/work/calls/{call.id}/"
    page = office.get(base).content.decode()
    assert 'name="how" value="fix"' in page and "data-fix" in page
    sent = {"how": "fix", "latitude": "31.8", "longitude": "115.9"}
    assert office.post(f"{base}arrive/", {**sent, "how": "press"}).status_code == 422
    assert office.post(f"{base}arrive/", sent).status_code == 303
    with reading(village.house):
        row = Call.objects.get(county=village.county, id=call.id)
        leaves = [
            str(leaf.facts) for leaf in Leaf.objects.filter(county=village.county, subject_id=str(call.id))
        ]
    assert row.arrived_how == "fix"
    assert not any("115.9" in facts or "31.8" in facts for facts in leaves)
    assert "data-fix" not in office.get(base).content.decode()


# ---- the list as a file, and in ----


def sheet_of(answer: Any) -> str:
    assert answer.status_code == 200 and answer.content[:2] == b"PK", answer.content[:300]
    rows = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
    return "\n".join(" | ".join(str(cell) for cell in row if cell is not None) for row in rows)


def test_the_list_leaves_masked_as_narrowed_and_with_a_leaf(village: Village) -> None:
    device, office = hung(village), staff_client(village, "secretary")
    other = stocked(village, 3)
    assert "/work/export/?what=devices&amp;which=installed" in (
        office.get("/work/devices/?which=installed").content.decode()
    )
    said = sheet_of(office.post("/work/export/?what=devices&which=installed", {"take": "1"}))
    assert device.uid in said and other.uid not in said and "which=installed" in said
    assert "139****5678" in said and "13912345678" not in said and "刘秀英" not in said
    whole = sheet_of(office.post("/work/export/?what=devices", {"take": "1", "reason": "换电池"}))
    assert "13912345678" in whole and "刘秀英" in whole and "换电池" in whole and other.uid in whole
    admin = staff_client(village, "district_admin")
    looked = sheet_of(admin.post("/work/export/?what=devices", {"take": "1", "reason": "想看"}))
    assert "13912345678" not in looked and device.uid in looked
    with reading(village.house):
        assert Leaf.objects.filter(county=village.county, verb="imports.export_list").count() == 3
    assert staff_client(village, "hotline").get("/work/export/?what=devices").status_code == 404


def test_a_list_of_devices_comes_in_from_their_page(village: Village) -> None:
    clerk, office = staff_client(village, "town_clerk"), staff_client(village, "secretary")
    assert "/work/imports/new/?kind=devices" in clerk.get("/work/devices/").content.decode()
    assert '<option value="devices" selected>' in (
        clerk.get("/work/imports/new/?kind=devices").content.decode()
    )
    assert "/work/imports/" not in office.get("/work/devices/").content.decode()


# ---- the ladder ----


def form_of(page: str) -> dict[str, str]:
    """Everything the form of a new ladder holds already."""
    found = dict(re.findall(r'name="(step-[^"]+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select name="(step-[^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        found[name] = chosen[0] if chosen else ""
    return found


def test_the_administrator_enters_a_new_ladder_and_the_line_reads_it(village: Village) -> None:
    admin, office = staff_client(village, "district_admin"), staff_client(village, "secretary")
    adopt_ladder(
        actor=village.house,
        book=CallBook(timezone.localdate() - timedelta(days=30), habits={"duplicate_seconds": 120}),
    )
    page = office.get("/work/calls/ladder/").content.decode()
    assert "逐级接续" in page and "/work/calls/ladder/new/" not in page
    assert office.get("/work/calls/ladder/new/").status_code == 403
    assert "/work/calls/ladder/new/" in admin.get("/work/calls/ladder/").content.decode()
    form = form_of(admin.get("/work/calls/ladder/new/").content.decode())
    assert form["step-0-who"] == "village:secretary" and form["step-1-after_seconds"] == "120"
    today = timezone.localdate().isoformat()
    sent = {**form, "since": today, "basis": "区办〔2026〕9号", "step-1-after_seconds": "90"}
    sent |= {"step-5-who": "village:secretary+deputy", "step-5-after_seconds": "0"}
    sent |= {"step-5-urgency": "emergency", "step-5-again_seconds": "60"}
    assert admin.post("/work/calls/ladder/new/", sent).status_code == 303
    with reading(village.house):
        rules = call_rules(village.county)
        habits = Habits.objects.filter(county=village.county).order_by("-version").first()
    day = timezone.localdate()
    assert [rule.after_seconds for rule in rules.ladder_of("ordinary", day)] == [0, 90, 300, 600, 900]
    (red,) = rules.ladder_of("emergency", day)
    assert (red.duties, red.again_seconds, red.basis) == (("secretary", "deputy"), 60, "区办〔2026〕9号")
    assert habits is not None and habits.duplicate_seconds == 120  # what else was set stays
    page = office.get("/work/calls/ladder/").content.decode()
    assert "区办〔2026〕9号" in page and "逐级接续" in page  # the old one stands below


def test_nonsense_is_refused_and_what_was_typed_stays(village: Village) -> None:
    admin = staff_client(village, "district_admin")
    form = form_of(admin.get("/work/calls/ladder/new/").content.decode())
    today = timezone.localdate()
    good = {**form, "since": today.isoformat(), "basis": "依据某号"}
    wrong: list[dict[str, str]] = [
        {"step-0-after_seconds": "30"},  # nobody is rung at once
        {"step-1-after_seconds": ""},
        {"step-1-after_seconds": "-5"},
        {"step-1-who": "village:hotline"},
        {"since": (today - timedelta(days=1)).isoformat()},
        {"basis": ""},
        {f"step-{n}-who": "" for n in range(5)},  # nobody at all
        {f"step-{n}-urgency": "emergency" for n in range(5)},  # nobody for the others
    ]
    for change in wrong:
        answer = admin.post("/work/calls/ladder/new/", {**good, "basis": "依据某号", **change})
        page = answer.content.decode()
        assert answer.status_code == 422 and 'role="alert"' in page, change
        assert change.get("basis") == "" or "依据某号" in page, change
    with reading(village.house):
        assert not Habits.objects.filter(county=village.county).exists()
    assert staff_client(village, "district_clerk").post("/work/calls/ladder/new/", good).status_code == 403


def test_a_ladder_to_come_stands_beside_the_one_in_force(village: Village) -> None:
    admin = staff_client(village, "district_admin")
    form = form_of(admin.get("/work/calls/ladder/new/").content.decode())
    soon = timezone.localdate() + timedelta(days=9)
    sent = {**form, "since": soon.isoformat(), "basis": "下月起"}
    assert admin.post("/work/calls/ladder/new/", sent).status_code == 303
    page = admin.get("/work/calls/ladder/").content.decode()
    assert page.index("逐级接续") < page.index("下月起") and soon.isoformat() in page


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_in_both_languages(village: Village, language: str) -> None:
    device, office = hung(village), staff_client(village, "secretary")
    admin = staff_client(village, "district_admin")
    pressed(device)
    for client in (office, admin):
        client.cookies["django_language"] = language
    for path in ("/work/devices/labels/", "/work/calls/ladder/", door_of(device)):
        assert office.get(path).status_code == 200, path
    said = admin.get("/work/calls/ladder/new/").content.decode()
    assert ("A new order of ringing" in said) == (language == "en")


def test_the_last_minute_of_a_promise_is_told_as_such() -> None:
    now = timezone.now()
    told = [str(left_of(now + timedelta(seconds=seconds), now)) for seconds in (59, -59, 150, -150)]
    assert not any("0" in words for words in told[:2]) and len(set(told)) == 4
    assert all("2" in words for words in told[2:])
