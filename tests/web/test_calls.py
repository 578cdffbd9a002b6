"""Pages of calls: who is rung sees who, where, what helps; nobody outside the line of duty learns of it; one tap a step."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.village import Village
from tests.web.people import STAFF, resident_client, staff_client, visitor
from wushi.domain.calls.models import Call, Device, Errand, Gateway
from wushi.domain.calls.services import Calling, Said, open_call, receive_event
from wushi.domain.calls.services.inbox import device_actor
from wushi.domain.people.services import NewBond, NewPerson, note_person, tie_bond_for
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

IN_LINE = {"secretary", "deputy", "grid_lead", "grid_worker", "grid_assistant"} | {
    *("town_clerk", "town_lead", "district_clerk", "district_lead", "supervisor")
}


def called(village: Village, actor: Actor | None = None, **more: Any) -> Call:
    """Somebody called from the grid's door."""
    known: dict[str, Any] = {
        "key": str(uuid4()),
        "area_code": village.grid,
        "urgency": "emergency",
        "place": "井边路12号",
        "phone": "13812345678",
    }
    return open_call(actor=actor or village.resident(), calling=Calling(**{**known, **more}))


def again(village: Village, call: Call) -> Call:
    """The row as it is now."""
    with reading(village.house):
        return Call.objects.get(county=village.county, id=call.id)


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of the form of the page."""
    return dict(re.findall(r'name="(key|area_code|for_person)" value="([^"]+)"', page))


def test_a_resident_calls_and_the_secretary_is_there(village: Village) -> None:
    office = staff_client(village, "secretary")
    phone = visitor(village)
    home = phone.get("/").content.decode()
    assert 'href="/call/"' in home and "dawn-green" in home
    page = phone.get("/call/").content.decode()
    assert all(f'href="tel:{number}"' in page for number in ("110", "119", "120"))
    sent = {**form_of(page), "urgency": "emergency", "place": "井边路12号", "phone": "13812345678"}
    answer = phone.post("/call/", sent)
    assert answer.status_code == 303
    url = answer["Location"]
    assert phone.post("/call/", sent)["Location"] == url  # pressed twice on a slow line
    seen = phone.get(url).content.decode()
    assert "dawn-red" in seen and 'class="now" aria-current="step"' in seen
    assert "dawn-red" in phone.get("/").content.decode()
    assert f'href="{url}"' in phone.get("/").content.decode()

    sheet = office.get("/work/calls/ringing/").content.decode()
    assert "井边路12号" in sheet and "tel:13812345678" in sheet
    any_page = office.get("/work/me/").content.decode()  # on every page of the office; who calls is not in it
    assert "<b>1 个呼叫 · 孙岗村" in any_page and "井边路12号" not in any_page
    base = re.findall(r'action="(/work/calls/[0-9a-f-]+/)acknowledge/"', sheet)[0]
    assert office.post(f"{base}acknowledge/")["Location"] == base  # 1 tap
    assert "data-calling" not in office.get("/work/calls/ringing/").content.decode()
    own = office.get(base).content.decode()
    assert 'href="tel:13812345678"' in own and "geo:0,0?q=" in own
    assert "人-secretary" in phone.get(url).content.decode()
    assert office.post(f"{base}setout/").status_code == 303
    assert "dawn-red" in phone.get("/").content.decode()  # nobody is there yet
    early = office.post(f"{base}end/", {"finding": "helped"})
    assert early.status_code == 409
    assert office.post(f"{base}arrive/").status_code == 303  # 1 tap
    assert "dawn-red" not in phone.get("/").content.decode()
    assert phone.post(f"{url}here/").status_code == 303
    assert office.post(f"{base}end/", {"words": "扶起来了"}).status_code == 422  # what was found is asked
    assert office.post(f"{base}end/", {"finding": "helped", "words": "扶起来了"}).status_code == 303
    over = phone.get(url).content.decode()
    assert f'action="{url}rate/"' in over
    assert phone.post(f"{url}rate/", {"rating": "satisfied"}).status_code == 303
    told = office.get(base).content.decode()
    assert "扶起来了" in told and "callnext" not in told


def test_nobody_outside_the_line_of_duty_learns_of_it(village: Village) -> None:
    call = called(village, area_code=village.other_grid)
    base = f"/work/calls/{call.id}/"
    grid = {"grid_lead", "grid_worker", "grid_assistant"}  # of the other grid
    for duty in STAFF:
        client = staff_client(village, duty)
        page = client.get(base)
        expected = 200 if duty in IN_LINE - grid else 404 if duty in grid | {"hotline"} else 403
        assert page.status_code == expected, duty
        posted = client.post(f"{base}acknowledge/").status_code
        assert posted == (303 if duty in IN_LINE - grid else expected) or posted in (403, 409), duty
        if expected != 200:
            lists = (client.get(path) for path in ("/work/", "/work/calls/", "/work/calls/duty/"))
            assert all("井边路12号" not in one.content.decode() for one in lists), duty
    for stranger in (resident_client(village, "13900000009"), visitor(village)):
        assert stranger.get(base).status_code == 302
        assert stranger.get("/call/341504ABCDEFGHJKMN/").status_code == 404


def test_numbers_and_names_are_hidden_from_who_does_not_go_there(village: Village) -> None:
    call = called(village)
    supervisor = staff_client(village, "supervisor").get(f"/work/calls/{call.id}/").content.decode()
    assert "13812345678" not in supervisor and "138****5678" in supervisor
    duty = staff_client(village, "district_clerk").get("/work/calls/duty/").content.decode()
    assert "13812345678" not in duty and "井边路12号" in duty and 'class="red"' in duty


def test_a_name_is_whole_only_for_those_who_may_go_there(village: Village) -> None:
    person = note_person(actor=village.house, person=NewPerson(phone="13800000021", name="刘秀英"))
    call = called(village, Actor(f"person:{person.id}", village.county))
    own = staff_client(village, "secretary").get(f"/work/calls/{call.id}/").content.decode()
    assert "刘秀英" in own
    for duty, path in (
        ("supervisor", f"/work/calls/{call.id}/"),
        ("district_clerk", "/work/calls/duty/"),
        ("town_clerk", "/work/calls/"),
    ):
        page = staff_client(village, duty).get(path).content.decode()
        assert "刘**" in page and "刘秀英" not in page, duty


def test_another_was_faster_and_takes_over(village: Village) -> None:
    call = called(village)
    base = f"/work/calls/{call.id}/"
    first, second = staff_client(village, "secretary"), staff_client(village, "deputy")
    assert first.post(f"{base}acknowledge/").status_code == 303
    late = second.post(f"{base}acknowledge/")
    assert late.status_code == 409 and 'role="alert"' in late.content.decode()
    assert second.post(f"{base}takeover/").status_code == 303
    assert second.post(f"{base}arrive/").status_code == 303
    assert again(village, call).stand_in  # 代到
    assert "代到" in second.get(base).content.decode() or "stand" in second.get(base).content.decode()


def test_given_back_noted_handed_to_120_and_a_mistake(village: Village) -> None:
    call = called(village)
    base, office = f"/work/calls/{call.id}/", staff_client(village, "secretary")
    office.post(f"{base}acknowledge/")
    assert office.post(f"{base}release/", {"words": "在外地"}).status_code == 303
    assert again(village, call).state == "ringing"
    office.post(f"{base}acknowledge/")
    assert office.post(f"{base}service/", {"service": "120"}).status_code == 303
    assert office.post(f"{base}note/", {"words": "老人摔倒"}).status_code == 303
    page = office.get(base).content.decode()
    assert "在外地" in page and "老人摔倒" in page
    assert office.post(f"{base}mistaken/", {"spoke": ""}).status_code == 422
    assert office.post(f"{base}mistaken/", {"spoke": "phone"}).status_code == 303
    assert again(village, call).finding == "mistaken"


def test_a_call_becomes_a_request(village: Village) -> None:
    call = called(village, urgency="ordinary")
    base, office = f"/work/calls/{call.id}/", staff_client(village, "secretary")
    office.post(f"{base}acknowledge/")
    page = office.get(f"{base}case/").content.decode()
    sent = {**form_of(page), "text": "屋顶漏雨", "kind": "help", "urgency": "soon"}
    made = office.post(f"{base}case/", sent)
    assert made.status_code == 303 and made["Location"].startswith("/work/cases/")
    assert "屋顶漏雨" in office.get(base).content.decode()
    assert office.post(f"{base}case/", {"text": ""}).status_code == 422


def test_pressed_again_taken_back_and_called_with_another_button(village: Village) -> None:
    phone = visitor(village)
    fields = form_of(phone.get("/call/").content.decode())
    plain = phone.post("/call/", {**fields, "urgency": "ordinary"})["Location"]
    red = phone.post("/call/", {**fields, "urgency": "emergency"})
    assert red.status_code == 303 and red["Location"] != plain
    changed = phone.post("/call/", {**fields, "urgency": "emergency", "place": "又一处"})
    assert changed.status_code == 303  # a cry for help is never refused for an old form
    assert phone.post(f"{plain}again/").status_code == 303
    assert phone.post(f"{plain}mistake/").status_code == 303
    wrong = phone.post("/call/", {**fields, "urgency": "ordinary", "phone": "12"})
    assert wrong.status_code == 422 and 'role="alert"' in wrong.content.decode()
    assert phone.post("/call/", {**fields, "area_code": "", "urgency": "ordinary"}).status_code == 422
    assert Client().get("/call/").status_code == 200  # no village yet: it is asked here


def test_the_ledger_counts_how_long_people_waited(village: Village) -> None:
    office, clerk = staff_client(village, "secretary"), staff_client(village, "town_clerk")
    for _n in range(3):
        call = called(village)
        office.post(f"/work/calls/{call.id}/acknowledge/")
        office.post(f"/work/calls/{call.id}/arrive/")
        office.post(f"/work/calls/{call.id}/end/", {"finding": "company"})
    page = clerk.get("/work/calls/").content.decode()
    assert "3/3" in page and "100 %" in page
    assert clerk.get(f"/work/calls/?code={village.code}").status_code == 200
    taken = clerk.post(f"/work/export/?what=calls&code={village.code}", {"take": "1"})
    assert taken.status_code == 200 and "spreadsheet" in taken["Content-Type"]
    follow = clerk.post(f"/work/calls/{call.id}/followup/", {"words": "很满意", "rating": "satisfied"})
    assert follow.status_code == 303
    refused = office.post(f"/work/calls/{call.id}/followup/", {"words": "我自己问的"})
    assert refused.status_code in (403, 409)
    office.get("/work/calls/?after=nonsense")
    assert office.get("/work/calls/?after=nonsense").status_code == 422


def test_written_down_by_telephone(village: Village) -> None:
    hotline = staff_client(village, "hotline")
    page = hotline.get("/work/calls/new/").content.decode()
    sent = {"key": str(uuid4()), "area_code": village.code, "urgency": "emergency", "phone": "13812345678"}
    assert village.code in page
    made = hotline.post("/work/calls/new/", sent)
    assert made.status_code == 303
    shown = hotline.get(made["Location"])
    assert shown.status_code == 200 and "callnext" not in shown.content.decode()
    assert hotline.post("/work/calls/new/", {"key": "x"}).status_code == 422


def test_an_emergency_leaves_somebody_to_be_told_afterwards(village: Village) -> None:
    office, call = staff_client(village, "secretary"), called(village)
    base = f"/work/calls/{call.id}/"
    for step, body in (("acknowledge", {}), ("arrive", {}), ("end", {"finding": "helped"})):
        assert office.post(f"{base}{step}/", body).status_code == 303
    with reading(village.house):
        errand = Errand.objects.get(county=village.county, call_id=call.id)
    listed = office.get("/work/devices/errands/").content.decode()
    assert str(errand.id) in listed
    where = f"/work/devices/errands/{errand.id}/"
    assert office.post(where).status_code == 422  # how he was told is asked
    assert office.post(where, {"how": "phone"}).status_code == 303
    assert staff_client(village, "town_lead").post(where, {"how": "phone"}).status_code == 403


def test_a_watch_is_put_on_and_taken_off(village: Village) -> None:
    office, clerk = staff_client(village, "secretary"), staff_client(village, "town_clerk")
    staff_client(village, "deputy")
    page = office.get("/work/calls/watch/").content.decode()
    post = f"secretary@{village.code}"
    assert post in page
    sent = {"post": post, "user_id": str(village.user_id("人-deputy"))}
    times = {"begins_at": "2099-01-01T18:00", "ends_at": "2099-01-02T08:00"}
    assert office.post("/work/calls/watch/", {**sent, **times}).status_code == 303
    assert (
        office.post("/work/calls/watch/", {**sent, **times, "ends_at": "2098-01-01T00:00"}).status_code == 422
    )
    off = re.findall(r"/work/calls/watch/[0-9a-f-]{36}/", clerk.get("/work/calls/watch/").content.decode())
    assert off and clerk.post(off[0]).status_code == 303
    assert clerk.post(f"/work/calls/watch/{uuid4()}/").status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_in_both_languages(village: Village, language: str) -> None:
    call, office = called(village), staff_client(village, "secretary")
    admin = staff_client(village, "district_admin")
    phone = visitor(village)
    for client in (office, admin, phone):
        client.cookies["django_language"] = language
    for path in ("", "duty/", "watch/", "new/", f"{call.id}/", "ringing/"):
        assert office.get(f"/work/calls/{path}").status_code == 200, path
    for path in ("", "errands/"):
        assert office.get(f"/work/devices/{path}").status_code == 200, path
    assert admin.get("/work/devices/gateways/").status_code == 200
    said = phone.get(f"/call/{call.receipt}/").content.decode()
    assert ("We are calling for you" in said) == (language == "en")


def test_a_device_comes_into_stock_is_tried_hangs_and_is_handed_back(village: Village) -> None:
    office = staff_client(village, "secretary")
    stock = {"uid": "24:e1-24535B000001", "model": "milesight/ws101-sos", "area_code": village.code}
    made = office.post("/work/devices/", stock)
    assert made.status_code == 303
    url = made["Location"]
    assert office.post("/work/devices/", {**stock, "uid": "?"}).status_code == 422
    assert "24E124535B000001" in office.get("/work/devices/?q=24e1-2453").content.decode()
    assert "24E124535B000001" not in office.get("/work/devices/?which=installed").content.decode()
    spot = {
        "area_code": village.grid,
        "place": "东塘坝3号",
        "helps": ["alone"],
        "contact_phone": "13912345678",
    }
    untried = office.post(f"{url}install/", spot)
    assert untried.status_code == 409 and 'role="alert"' in untried.content.decode()
    assert office.post(f"{url}try/").status_code == 303
    with reading(village.house):
        device = Device.objects.get(county=village.county)
    said = Said(key=f"w:{uuid4()}", kind="press")
    receive_event(actor=device_actor(device), device_id=device.id, said=said)
    stranger = office.post(f"{url}install/", {**spot, "person_phone": "13800009999"})
    assert stranger.status_code == 422
    assert office.post(f"{url}install/", spot).status_code == 303
    page = office.get(url).content.decode()
    assert "139****5678" in page and "13912345678" not in page
    moved = {**spot, "place": "西头", "contact_phone": "139****5678"}
    assert office.post(f"{url}move/", moved).status_code == 303
    with reading(village.house):
        device = Device.objects.get(county=village.county)
        assert (device.place, device.contact_phone) == ("西头", "13912345678")
    pressed = receive_event(
        actor=device_actor(device), device_id=device.id, said=Said(key=f"w:{uuid4()}", kind="press_sos")
    )
    assert pressed is not None
    own = office.get(f"/work/calls/{pressed.id}/").content.decode()
    assert "door_code" in own and "tel:13912345678" in own
    wrong = office.post(f"/work/calls/{pressed.id}/arrive/", {"door_code": "NOTTHEDOOR"})
    assert wrong.status_code == 422
    right = office.post(f"/work/calls/{pressed.id}/arrive/", {"door_code": device.door_code.lower()})
    assert right.status_code == 303
    for step in ("repair", "putback"):
        assert office.post(f"{url}{step}/").status_code == 303
    assert office.post(f"{url}handback/", {"reason": ""}).status_code == 422
    assert office.post(f"{url}handback/", {"reason": "moved"}).status_code == 303
    assert "139****5678" not in office.get(url).content.decode()
    assert office.post(f"{url}restock/").status_code == 303
    other = staff_client(village, "hotline")
    assert other.get(url).status_code == 403


def test_the_secret_of_a_way_in_is_shown_once(village: Village) -> None:
    admin = staff_client(village, "district_admin")
    sent = {"code": "lora-1", "name": "镇上", "envelope": "chirpstack", "proof": "token"}
    first = admin.post("/work/devices/gateways/", sent).content.decode()
    with reading(village.house):
        row = Gateway.objects.get(county=village.county, code="lora-1")
    assert row.secret in first
    assert row.secret not in admin.post("/work/devices/gateways/", sent).content.decode()
    assert row.secret not in admin.get("/work/devices/gateways/").content.decode()
    assert admin.post("/work/devices/gateways/", {**sent, "code": "?"}).status_code == 422
    assert admin.post(f"/work/devices/gateways/{row.id}/").status_code == 303
    assert "已停用" in admin.get("/work/devices/gateways/").content.decode()


def test_a_daughter_calls_for_her_mother(village: Village) -> None:
    village.officer("陈书记")
    mother = note_person(
        actor=village.house, person=NewPerson(phone="13800000011", name="刘秀英", village=village.code)
    )
    daughter = resident_client(village, "13700000012")
    bond = NewBond("13700000012", "13800000011", village.code, "word", "妈妈")
    tie_bond_for(actor=village.actor("陈书记"), new=bond)
    assert f"/call/?for={mother.id}" in daughter.get("/me/family/").content.decode()
    page = daughter.get(f"/call/?for={mother.id}").content.decode()
    assert "妈妈" in page
    made = daughter.post("/call/", {**form_of(page), "urgency": "emergency"})
    assert made.status_code == 303
    with reading(village.house):
        call = Call.objects.get(county=village.county)
    assert (call.person_id, call.way, call.village) == (mother.id, "family", village.code)
    stranger = resident_client(village, "13700000099")
    again_for = {**form_of(stranger.get("/call/").content.decode()), "for_person": str(mother.id)}
    assert stranger.post("/call/", {**again_for, "urgency": "ordinary"}).status_code == 403
