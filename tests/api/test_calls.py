"""Calls and wireless callers over the API: by token, within the line of duty, each deed safe to ask for twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.stories.calling import again, button, known, press
from tests.village import Village
from wushi.domain.accounts.models import SignIn
from wushi.domain.accounts.services import open_sign_in
from wushi.domain.calls.models import Call
from wushi.domain.calls.services import Calling, open_call
from wushi.kernel.actor import Actor
from wushi.kernel.verb import unscoped


@dataclass
class Program:
    """Another system, signed in as a member of staff."""

    token: str

    def get(self, path: str, **query: Any) -> Any:
        """GET below /api/v1."""
        return Client().get(f"/api/v1{path}", query, headers={"Authorization": f"Bearer {self.token}"})

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """POST below /api/v1."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if body is None:
            # as curl sends a POST without anything
            return Client().post(f"/api/v1{path}", data="", content_type="application/json", headers=headers)
        return Client().post(f"/api/v1{path}", body, content_type="application/json", headers=headers)


def program(village: Village, name: str, duty: str, area: str = "", *, shown: bool = True) -> Program:
    """Signed in as somebody; the second factor counts as shown."""
    actor = village.officer(name, duty=duty, area=area, unit="JT" if duty == "department" else "")
    begun = open_sign_in(actor=Actor(actor.ref, village.county), user_id=village.user_id(name))
    with unscoped("test: the second factor counts as shown, or not"):
        SignIn.objects.filter(id=begun.row.id).update(second_factor=shown)
    return Program(begun.token)


def called(village: Village, **more: Any) -> Call:
    """Somebody called by the page."""
    given = {"key": str(uuid4()), "area_code": village.grid, "urgency": "emergency", "place": "井边路12号"}
    calling = Calling(**{**given, "phone": "13812345678", **more})
    return open_call(actor=village.resident(), calling=calling)


def test_the_whole_life_over_the_api(village: Village) -> None:
    secretary, call = program(village, "书记", "secretary"), called(village)
    listed = secretary.get("/calls", stage="unanswered").json()
    assert [one["id"] for one in listed["calls"]] == [str(call.id)] and listed["next"] == ""
    one = secretary.get(f"/calls/{call.id}").json()
    assert (one["state"], one["phone"], one["rungs"][0]["rang"]) == ("ringing", "13812345678", 1)
    assert "acknowledge_call" in one["may"] and "end_call" not in one["may"]
    base = f"/calls/{call.id}"
    early = secretary.post(f"{base}/end", {"finding": "helped"})
    assert (early.status_code, early.json()["code"]) == (409, "move_refused")
    for deed, state in (("acknowledge", "acknowledged"), ("set-out", "on_way"), ("arrive", "arrived")):
        for _twice in range(2):
            done = secretary.post(f"{base}/{deed}")
            assert (done.status_code, done.json()["state"]) == (200, state), deed
    for _twice in range(2):
        ended = secretary.post(f"{base}/end", {"finding": "helped", "words": "扶起来了"})
        assert (ended.status_code, ended.json()["state"]) == (200, "ended")
    told = ended.json()
    assert [c["done_at"] is not None for c in told["clocks"]] == [True, True]
    verbs = [step["verb"] for step in told["steps"]]
    assert verbs == ["open_call", "ring_next", "acknowledge_call", "set_out", "arrive_at_call", "end_call"]
    assert told["steps"][-1]["words"] == "扶起来了" and told["steps"][-1]["name"] == "书记"
    assert secretary.get("/calls", stage="open").json()["calls"] == []
    assert len(secretary.get("/calls", stage="over").json()["calls"]) == 1


def test_given_back_taken_over_handed_to_120_and_a_mistake(village: Village) -> None:
    secretary, deputy = program(village, "书记", "secretary"), program(village, "副书记", "deputy")
    call = called(village)
    base = f"/calls/{call.id}"
    assert secretary.post(f"{base}/acknowledge").status_code == 200
    taken = deputy.post(f"{base}/acknowledge")
    assert (taken.status_code, taken.json()["code"]) == (409, "calls.already_taken")
    assert deputy.post(f"{base}/take-over").json()["state"] == "acknowledged"
    for _twice in range(2):
        # asked for again after the ladder rang on: the same answer, and nothing rings a second time
        back = deputy.post(f"{base}/release", {"words": "在外地"})
        assert (back.status_code, back.json()["state"]) == (200, "ringing")
    assert [s["verb"] for s in back.json()["steps"]].count("release_call") == 1
    assert deputy.post(f"{base}/service", {"service": "120"}).json()["services"] == ["120"]
    assert deputy.post(f"{base}/service", {"service": "911"}).status_code == 422
    assert secretary.post(f"{base}/acknowledge").status_code == 200
    assert secretary.post(f"{base}/end-mistaken", {"spoke": ""}).status_code == 422
    assert secretary.post(f"{base}/end-mistaken", {"spoke": "phone"}).json()["finding"] == "mistaken"


def test_a_list_in_pages_and_narrowed(village: Village) -> None:
    clerk = program(village, "区平台", "district_clerk")
    calls = [called(village, urgency="ordinary" if n % 2 else "emergency") for n in range(5)]
    seen, after = [], ""
    for _page in range(3):
        answer = clerk.get("/calls", limit=2, after=after).json()
        seen, after = [*seen, *(one["id"] for one in answer["calls"])], answer["next"]
    assert seen == [str(call.id) for call in reversed(calls)] and after == ""
    assert len(clerk.get("/calls", urgency="ordinary").json()["calls"]) == 2
    assert len(clerk.get("/calls", area=village.grid).json()["calls"]) == 5
    assert clerk.get("/calls", area=village.sibling).json()["calls"] == []
    since = calls[3].opened_at.isoformat()
    assert len(clerk.get("/calls", since=since).json()["calls"]) == 2
    assert len(clerk.get("/calls", until=since).json()["calls"]) == 3
    for wrong in (
        {"stage": "x"},
        {"area": "12"},
        {"area": "²" * 12},
        {"after": "x"},
        {"since": "2026-01-01T00:00"},
        {"limit": 201},
    ):
        answer = clerk.get("/calls", **wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), wrong


def test_names_and_numbers_are_whole_for_the_line_alone(village: Village) -> None:
    call = called(village)
    for duty, phone in (("secretary", "13812345678"), ("supervisor", "138****5678")):
        assert program(village, f"人-{duty}", duty).get(f"/calls/{call.id}").json()["phone"] == phone


def test_outside_the_line_of_duty_it_does_not_exist(village: Village) -> None:
    call = called(village)
    base = f"/calls/{call.id}"
    for name, duty, area, status in (
        ("邻村书记", "secretary", village.sibling, 404),
        ("邻格网格长", "grid_lead", village.other_grid, 404),
        ("邻镇", "town_clerk", village.other_town, 404),
        ("话务员", "hotline", "", 404),
        ("交通局", "department", "", 403),
        ("管理员", "district_admin", "", 403),
    ):
        other = program(village, name, duty, area)
        assert other.get(base).status_code == status, name
        for deed, body in (("acknowledge", None), ("arrive", None), ("end", {"finding": "helped"})):
            assert other.post(f"{base}/{deed}", body).status_code == status, (name, deed)
        if status == 404:
            assert other.get("/calls").json()["calls"] == []
    assert again(call).step == call.step


def test_a_token_is_asked_for_and_a_cookie_is_none(village: Village) -> None:
    call, secretary = called(village), program(village, "书记", "secretary")
    browser = Client()
    browser.cookies["wushi"] = secretary.token
    assert browser.get(f"/api/v1/calls/{call.id}").status_code == 401
    assert browser.post(f"/api/v1/calls/{call.id}/acknowledge").status_code == 401
    for header in ("", "Bearer", "Bearer nothing", f"Basic {secretary.token}"):
        answer = Client().get("/api/v1/calls", headers={"Authorization": header})
        assert (answer.status_code, answer.json()["code"]) == (401, "api.not_signed_in"), header
    half = program(village, "管理员", "district_admin", shown=False)
    assert half.get("/devices").status_code == 401


def test_devices_in_pages_and_one(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch)
    staff = village.officer("书记")
    secretary = program(village, "书记", "secretary")
    spots = {"contact_name": "刘大姐", "contact_phone": "13711112222"}
    devices = [button(village, staff, f"24E124535B00000{n}", **spots) for n in range(3)]
    seen, after = [], ""
    for _page in range(2):
        page = secretary.get("/devices", limit=2, **({"after": after} if after else {})).json()
        seen, after = [*seen, *(one["id"] for one in page["devices"])], page["next"]
    assert seen == [str(device.id) for device in devices] and after == ""
    one = secretary.get(f"/devices/{devices[0].id}").json()
    assert (one["state"], one["contact_phone"], one["silent"]) == ("installed", "137****2222", False)
    assert one["contact_name"] == "刘**" and one["place"] == "村西头第三家"
    assert len(secretary.get("/devices", q="000002").json()["devices"]) == 1
    assert secretary.get("/devices", which="repair").json()["devices"] == []
    assert secretary.get("/devices", which="x").status_code == 422
    pressed = press(devices[1], "press_sos")
    assert pressed is not None
    assert [c["id"] for c in secretary.get("/calls", device=devices[1].id).json()["calls"]] == [
        str(pressed.id)
    ]
    other = program(village, "邻村书记", "secretary", village.sibling)
    assert other.get(f"/devices/{devices[0].id}").status_code == 404
    assert other.get("/devices").json()["devices"] == []


def test_the_shape_is_public_and_says_what_it_takes() -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/calls", "/api/v1/calls/{call_id}/arrive", "/api/v1/devices/{device_id}"} <= set(paths)
    assert "409" in paths["/api/v1/calls/{call_id}/acknowledge"]["post"]["responses"]
