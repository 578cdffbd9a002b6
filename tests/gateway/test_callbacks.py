"""The callback: kept and committed before it says so, proven by its gateway's secret, and no hint to anybody else."""

from __future__ import annotations

import json
import time
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client

from tests.gateway.calling import bodies, kept, shut, way_in
from tests.gateway.test_envelopes import onenet_signed
from tests.support import statements
from tests.village import Village
from wushi.domain.calls.models import Gateway
from wushi.domain.calls.services import close_gateway
from wushi.gateway import callbacks, proofs, ways

BODY = json.dumps({"device": "861234567890123", "event": "press", "id": "17"}).encode()


def post(
    village: Village, code: str = "buttons", body: bytes = BODY, query: str = "", **headers: str
) -> HttpResponse:
    """Send as a platform does: no cookie, no form."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client(enforce_csrf_checks=True).post(  # type: ignore[return-value]
        f"/in/{village.county}/{code}{query}", body, content_type="application/json", headers=named
    )


def token(village: Village, gate: Gateway, **more: Any) -> HttpResponse:
    """With the token of a gateway."""
    return post(village, x_wushi_token=gate.secret, **more)


def signed(body: bytes, at: float, secret: str) -> dict[str, str]:
    """The headers of a signature."""
    stamp = str(int(at))
    return {"x_wushi_timestamp": stamp, "x_wushi_signature": proofs.signature(secret, stamp, body)}


def test_what_was_sent_is_kept_before_it_is_said(village: Village) -> None:
    gate = way_in(village)
    answer = token(village, gate)
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    (row,) = kept(village.county)
    assert (bytes(row.body), row.gateway, row.envelope) == (BODY, "buttons", "plain")
    assert (row.result, row.beside) == ("", {})


def test_only_the_insert_happens(village: Village) -> None:
    gate = way_in(village)
    token(village, gate)
    with statements() as seen:
        token(village, gate)
    # the gateway is known for some seconds; one statement writes
    assert len(seen) == 1 and "calls_wire" in seen[0]


def test_what_nobody_can_read_is_kept_too(village: Village) -> None:
    gate = way_in(village)
    for body in (b"\x00\xff", b"not json", b"[" * 5000):
        assert token(village, gate, body=body).status_code == 200
    assert bodies(village.county) == [b"\x00\xff", b"not json", b"[" * 5000]


def test_a_database_that_is_away_is_not_received(village: Village) -> None:
    gate = way_in(village)
    token(village, gate)
    with patch.object(callbacks, "keep_messages", side_effect=OperationalError("gone")):
        answer = token(village, gate)
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert len(kept(village.county)) == 1


def test_the_token_by_header_or_address(village: Village) -> None:
    gate = way_in(village)
    assert post(village, query=f"?token={gate.secret}").status_code == 200
    assert token(village, gate).status_code == 200
    for wrong in ("", gate.secret[:-1], gate.secret + "0", "密", "\x00"):
        assert post(village, query="?" + urlencode({"token": wrong})).status_code == 403
    assert post(village).status_code == 403
    assert len(kept(village.county)) == 2


def test_whoever_proves_nothing_hears_the_same(village: Village, county: str) -> None:
    gate = way_in(village)
    way_in(village, "signed", proof="hmac")
    refused = [
        post(village),
        post(village, "signed"),
        post(village, "nowhere"),
        token(village, gate, code="nowhere"),
        token(village, gate, code="signed"),
        post(village, "..%00etc"),
        *(
            Client().post(
                f"/in/{where}/buttons",
                BODY,
                content_type="application/json",
                headers={"x-wushi-token": gate.secret},
            )
            for where in ("999999", "abc")
        ),
        Client().get(f"/in/{village.county}/buttons"),
        Client().get(f"/in/{village.county}/nowhere"),
    ]
    shut(village, gate)
    refused.append(token(village, gate))
    assert {(one.status_code, one.content) for one in refused} == {(403, b"no\n")}
    hidden = {"X-Request-Id"}
    assert len({tuple(sorted((k, v) for k, v in one.items() if k not in hidden)) for one in refused}) == 1
    assert kept(village.county) == []


def test_another_county_s_secret_proves_nothing(village: Village) -> None:
    other = Village.founded("989801")
    gate = way_in(village)
    way_in(other)
    assert post(other, x_wushi_token=gate.secret).status_code == 403
    assert kept(other.county) == []


def test_a_signature_over_body_and_time(village: Village) -> None:
    gate = way_in(village, proof="hmac")
    now = time.time()
    assert post(village, **signed(BODY, now, gate.secret)).status_code == 200
    stamped = signed(BODY, now, gate.secret)
    stamped["x_wushi_signature"] = "sha256=" + stamped["x_wushi_signature"].upper()
    assert post(village, **stamped).status_code == 200
    wrong = [
        signed(BODY, now - proofs.SIGNED_WITHIN - 5, gate.secret),
        signed(BODY, now + proofs.SIGNED_WITHIN + 5, gate.secret),
        signed(BODY + b" ", now, gate.secret),
        signed(BODY, now, "another secret"),
        {**signed(BODY, now, gate.secret), "x_wushi_timestamp": str(int(now) + 1)},
        {**signed(BODY, now, gate.secret), "x_wushi_timestamp": "1e9"},
        {"x_wushi_signature": signed(BODY, now, gate.secret)["x_wushi_signature"]},
        {"x_wushi_token": gate.secret},
        {},
    ]
    assert [post(village, **headers).status_code for headers in wrong] == [403] * len(wrong)
    assert len(kept(village.county)) == 2


def test_onenet_checks_the_address_and_signs_its_pushes(village: Village) -> None:
    gate = way_in(village, "onenet", envelope="onenet", proof="onenet")
    query = {"msg": "hello01", "nonce": "abcdefgh", "signature": onenet_signed(gate.secret, "hello01")}
    answer = Client().get(f"/in/{village.county}/onenet?{urlencode(query)}")
    assert (answer.status_code, answer.content) == (200, b"hello01")
    assert answer["Content-Type"].startswith("text/plain")
    query["msg"] = "hello02"
    assert Client().get(f"/in/{village.county}/onenet?{urlencode(query)}").status_code == 403
    msg = '{"at":1795395600000,"type":1,"ds_id":"3200_0_5500","value":1,"dev_id":2017}'
    body = f'{{"msg":{msg},"msg_signature":"{onenet_signed(gate.secret, msg)}","nonce":"abcdefgh"}}'
    assert post(village, "onenet", body.encode()).status_code == 200
    assert post(village, "onenet", body.replace('"value":1', '"value":0').encode()).status_code == 403
    assert post(village, "onenet", body.encode()[:-1]).status_code == 403
    assert bodies(village.county) == [body.encode()]


def test_the_address_can_be_tried_with_the_token(village: Village) -> None:
    gate = way_in(village)
    answer = Client().get(f"/in/{village.county}/buttons?token={gate.secret}&msg=x")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert kept(village.county) == []


def test_chirpstack_s_event_is_kept_beside_the_body(village: Village) -> None:
    gate = way_in(village, "lora", envelope="chirpstack")
    assert token(village, gate, code="lora", body=b"{}", query="?event=up&more=1").status_code == 200
    assert token(village, gate, code="lora", body=b"{}", query="?event=%00").status_code == 200
    assert token(village, gate, code="lora", body=b"{}", query="?event=" + "u" * 500).status_code == 200
    assert [row.beside for row in kept(village.county)] == [{"event": "up"}, {}, {}]


def test_too_much_nothing_and_other_methods(village: Village) -> None:
    gate = way_in(village)
    assert token(village, gate, body=b"1" * callbacks.BODY_LIMIT).status_code == 200
    assert token(village, gate, body=b"1" * (callbacks.BODY_LIMIT + 1)).status_code == 413
    assert post(village, body=b"1" * (callbacks.BODY_LIMIT + 1)).status_code == 413
    assert token(village, gate, body=b"").status_code == 400
    for method in ("put", "delete", "patch"):
        answer = getattr(Client(), method)(f"/in/{village.county}/buttons?token={gate.secret}")
        assert answer.status_code == 405
    assert len(kept(village.county)) == 1


def test_it_asks_nobody_and_sets_no_cookie(village: Village) -> None:
    gate = way_in(village)
    client = Client()
    client.cookies["wushi_sign_in"] = "somebody"
    address = f"/in/{village.county}/buttons?token={gate.secret}"
    answer = client.post(address, BODY, content_type="application/json")
    assert answer.status_code == 200 and not answer.cookies


def test_a_gateway_without_a_secret_takes_nothing(village: Village) -> None:
    way_in(village)
    nothing = ways.Way("buttons", "plain", "token", "")
    with patch.object(ways, "way", return_value=nothing):
        assert post(village).status_code == 403
        assert post(village, query="?token=").status_code == 403


def test_the_secret_does_not_show() -> None:
    assert "hidden" not in repr(ways.Way("buttons", "plain", "token", "hidden"))
    assert "hidden" not in repr(proofs.Request(b"hidden", {"x": "hidden"}, {"token": "hidden"}))


@pytest.mark.parametrize("seconds", [0, 4])
def test_a_closed_gateway_is_known_within_seconds(village: Village, seconds: int, monkeypatch: Any) -> None:
    gate = way_in(village)
    assert token(village, gate).status_code == 200
    close_gateway(actor=village.house, gateway_id=gate.id)
    later = time.monotonic() + seconds
    monkeypatch.setattr(ways.time, "monotonic", lambda: later)
    assert token(village, gate).status_code == 200
    monkeypatch.setattr(ways.time, "monotonic", lambda: later + ways.KEPT_SECONDS)
    assert token(village, gate).status_code == 403


def test_counties_nobody_has_fill_no_memory() -> None:
    ways.forget()
    for number in range(ways.MOST + 20):
        ways.way(f"{100000 + number}", "x")
    assert len(ways._kept) <= ways.MOST
    ways.forget()
