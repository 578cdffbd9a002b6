"""The API as another system meets it: taken in once, refused in codes, tracked by receipt."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.test import Client

from tests.village import Village
from wushi.domain.cases.models import Case
from wushi.domain.cases.services import add_words, claim_case, handle_case, merge_case
from wushi.kernel.verb import reading


def post(body: dict[str, Any], key: str = "", client: Client | None = None) -> Any:
    """POST /api/v1/cases."""
    headers = {"Idempotency-Key": key or str(uuid4())}
    return (client or Client()).post("/api/v1/cases", body, content_type="application/json", headers=headers)


def body(village: Village, **more: Any) -> dict[str, Any]:
    """The least that is needed."""
    return {"area_code": village.grid, "text": "水渠堵了，田里进水", "channel": "api", **more}


def test_taken_in_once_and_the_same_answer_twice(village: Village) -> None:
    key = str(uuid4())
    first, second = post(body(village), key), post(body(village), key)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert set(first.json()) == {"number", "receipt_code", "track_url"}
    assert first.json()["track_url"].endswith(f"/r/{first.json()['receipt_code']}/")
    other = post(body(village, text="另一件事"), key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    with reading(village.house):
        assert Case.objects.filter(county=village.county).count() == 1


def test_village_codes_are_enough_and_others_are_refused_in_words(village: Village) -> None:
    assert post(body(village, area_code=village.code)).status_code == 201
    for wrong in ("123", village.county + "999999", "34150420021100x", "999999999999999"):
        answer = post(body(village, area_code=wrong))
        assert answer.status_code == 422, wrong
        assert answer.json()["message"]


def test_without_a_key_or_with_a_short_one_nothing_is_kept(village: Village) -> None:
    client = Client()
    assert client.post("/api/v1/cases", body(village), content_type="application/json").status_code == 422
    assert post(body(village), "short").json()["fields"] == {"key": "bad_key"}
    with reading(village.house):
        assert not Case.objects.filter(county=village.county).exists()


def test_about_an_official_nothing_is_kept_and_the_channels_are_named(village: Village) -> None:
    for more in ({"about_official": True}, {"kind": "tip_off"}):
        answer = post(body(village, text="村书记收钱", **more))
        assert (answer.status_code, answer.json()["code"]) == (422, "cases.about_official")
        assert answer.json()["facts"]["channels"][0]["value"] == "12388"
    with reading(village.house):
        assert not Case.objects.filter(county=village.county).exists()


def test_tracked_by_receipt_and_by_nothing_else(village: Village) -> None:
    opened = post(body(village, phone="13812345678", name="王小明")).json()
    found = Client().get(f"/api/v1/cases/{opened['receipt_code']}")
    assert found.status_code == 200
    assert found.json()["state"] == "assigned"
    assert [s["verb"] for s in found.json()["steps"]] == ["open_case", "accept_case", "assign_case"]
    assert "13812345678" not in found.content.decode()
    assert Client().get(f"/api/v1/cases/{opened['number']}").status_code == 404
    wrong = opened["receipt_code"][:-1] + ("0" if opened["receipt_code"][-1] != "0" else "1")
    assert Client().get(f"/api/v1/cases/{wrong}").status_code == 404


def test_hostile_texts_are_kept_right_or_refused_with_a_reason(village: Village) -> None:
    kept = post(body(village, text="𠮷野家门口\u202e的\u0000路\ufeff坏了\r\n请修"))
    assert kept.status_code == 201
    with reading(village.house):
        assert Case.objects.get(county=village.county).text == "𠮷野家门口的路坏了\n请修"
    assert post(body(village, text="字" * 2001)).status_code == 422
    assert post(body(village, text="   ")).status_code == 422


def test_the_shape_of_the_api_is_public() -> None:
    schema = Client().get("/api/v1/openapi.json")
    assert schema.status_code == 200
    assert "/api/v1/cases" in schema.json()["paths"]


def test_a_merged_request_follows_the_one_it_is_settled_with(village: Village) -> None:
    secretary = village.officer("陈书记")
    first, second = post(body(village)).json(), post(body(village, text="沟里的水满到田里了")).json()
    with reading(village.house):
        rows = {c.receipt: c for c in Case.objects.filter(county=village.county)}
    one, other = rows[first["receipt_code"]], rows[second["receipt_code"]]
    merge_case(actor=secretary, case_id=other.id, master_id=one.id)
    claim_case(actor=secretary, case_id=one.id)
    add_words(actor=village.holding(one), case_id=one.id, words="我家在东头")
    handle_case(actor=secretary, case_id=one.id, outcome="resolved", words="清了淤")
    told = Client().get(f"/api/v1/cases/{other.receipt}").json()
    assert (told["state"], told["follows"], told["outcome"]) == ("merged", "handled", "resolved")
    words = [step["words"] for step in told["steps"]]
    assert "清了淤" in words and "我家在东头" not in words
    assert one.receipt not in str(told) and one.number not in str(told)
