"""Messages nobody meant, many of them: decoders, envelopes, and the whole way in with a real alarm among them.

``WUSHI_FUZZ`` is how many of each; 100,000 is what the bar asks for.
"""

from __future__ import annotations

import json
import os
import random

from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.gateway import test_decoders as decoders
from tests.gateway import test_envelopes as forms
from tests.gateway.calling import kept, way_in
from tests.gateway.test_press_comes_in import calls, hung
from tests.village import Village
from wushi.domain.calls.services import Arrived, keep_messages, read_wires
from wushi.gateway import devices

MANY = int(os.environ.get("WUSHI_FUZZ", "3000"))
QUIET = settings(max_examples=MANY, deadline=None, suppress_health_check=list(HealthCheck), database=None)
BATCH = 500


@QUIET
@given(data=st.data())
def test_bytes_nobody_meant_are_an_event(data: st.DataObject) -> None:
    model, port, payload = decoders.mutated(data)
    decoders.check(devices.decode(model, port, payload))


@QUIET
@given(data=st.data())
def test_whatever_is_sent_is_read_or_unreadable(data: st.DataObject) -> None:
    for uplink in forms.fuzzed(data):
        forms.check(uplink)


def mutated(chance: random.Random) -> tuple[str, bytes]:
    """A sample of a form with some of its bytes changed, moved or left out."""
    envelope = chance.choice(sorted(forms.SAMPLES))
    body = bytearray(json.dumps(forms.SAMPLES[envelope]).encode())
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(body))
        how = chance.randrange(4)
        if how == 0:
            body[at] = chance.randrange(256)
        elif how == 1:
            del body[at : at + chance.randint(1, 20)]
        elif how == 2:
            body[at:at] = chance.randbytes(chance.randint(1, 8))
        else:
            body[at:at] = chance.choice(
                [b"[" * 50, b"9" * 400, b"\\ud800", b"\\u0000", b"null", b"{}", b"-1e999"]
            )
        body = body or bytearray(b"0")
    return envelope, bytes(body)


def test_a_real_alarm_among_them_rings(village: Village) -> None:
    hung(village, "B0001", "wushi/4g")
    gate = way_in(village)
    chance, left, real = random.Random(20261123), MANY, 0
    address = f"/in/{village.county}/buttons?token={gate.secret}"
    while left > 0:
        batch = [mutated(chance) for _ in range(min(BATCH, left))]
        rows = [Arrived("fuzz", envelope, body, {"event": "up"}) for envelope, body in batch]
        keep_messages(village.county, rows[: len(rows) // 2])
        real += 1
        told = json.dumps({"device": "B0001", "event": "sos", "id": f"real-{real}"})
        assert Client().post(address, told, content_type="application/json").status_code == 200
        keep_messages(village.county, rows[len(rows) // 2 :])
        while read_wires(village.county):
            pass
        left -= len(batch)
        (call,) = calls(village.county)
        assert call.presses == real
    assert {row.result for row in kept(village.county)} <= {"read", "unknown", "undecodable"}
