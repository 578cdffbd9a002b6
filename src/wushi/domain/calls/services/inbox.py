"""What devices send: written at once, read afterwards. A copy meets its first, what cannot be read is kept and shown.

``keep_messages`` is all that happens before a sender hears "received": rows in one statement, committed. ``read_wires``
reads them in order and calls verbs for what somebody has to hear of; heartbeats only move the devices' columns.
"""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count

from wushi.domain.areas import queries as areas
from wushi.domain.calls import wire as wires
from wushi.domain.calls.models import Device, Heard, Wire
from wushi.domain.calls.queries.ladder import call_rules
from wushi.domain.calls.rules import dedupe_key
from wushi.domain.calls.services.doubts import ASIDE, Doubts, is_red, note_old_press, set_device_aside
from wushi.domain.calls.services.health import Seen, may_matter, move_columns, see_to
from wushi.domain.calls.services.presses import Said, receive_event
from wushi.domain.calls.services.probing import PROBE_GATEWAY, receive_probe
from wushi.domain.calls.wire import PRESSES, DeviceEvent, EventKind, Unreadable, Uplink
from wushi.kernel.actor import Actor
from wushi.kernel.ids import earliest_of, uuid7s
from wushi.kernel.verb import chore, reading
from wushi.plumbing.reads import read_rows
from wushi.plumbing.writes import insert_arrays

BATCH = 1000
# the installation's own trials come under this number, by a gateway of their own
PROBE = "PROBE"
AT_ONCE = 5000
# somebody has to hear of these; all else is how the device is
HEARD = PRESSES | {EventKind.RELEASE, EventKind.CANCEL, EventKind.TEST, EventKind.TAMPER}
AGAIN_SECONDS = 1.0
KEEPS_HEADERS = 20
_WAITING = "WHERE county = $1 AND result = '' AND id <> ALL($2::uuid[]) ORDER BY id LIMIT $3"
_KEEP = """
INSERT INTO calls_wire (id, county, gateway, envelope, body, beside, received_at, result, said, uid, read_at)
SELECT g.id, c.county, g.gateway, g.envelope, g.body, g.beside::jsonb, c.at, '', '', '', NULL
  FROM (SELECT %s::text AS county, %s::timestamptz AS at) c,
       unnest(%b::uuid[], %b::text[], %b::text[], %b::bytea[], %b::text[]) AS g(id, gateway, envelope, body, beside)
"""


class Arrived(NamedTuple):
    """One message as it came: which gateway, in whose form, its bytes, what its envelope needs beside them."""

    gateway: str
    envelope: str
    body: bytes
    beside: Mapping[str, str] = MappingProxyType({})


@functools.lru_cache(maxsize=10_000)
def _json(beside: tuple[tuple[str, str], ...]) -> str:
    # what stands beside a message is mostly its topic, and a device's is always the same
    return json.dumps(dict(beside[:KEEPS_HEADERS]))


def keep_messages(county: str, messages: Sequence[Arrived]) -> list[UUID]:
    """Write what came in, in one statement; committed when this returns. Their ids, in order."""
    # in order: a press taken back is told after the press
    ids = uuid7s(len(messages))
    with chore(county, "keep_wires") as scope:
        insert_arrays(
            _KEEP,
            [
                county,
                scope.now,
                ids,
                [one.gateway for one in messages],
                [one.envelope for one in messages],
                [one.body for one in messages],
                [_json(tuple(one.beside.items())) for one in messages],
            ],
        )
    return ids


@dataclass
class _Read:
    """One message as it was read: what becomes of its row, and what of it is still to be done."""

    row: Wire
    result: str = "read"
    said: str = ""
    uid: str = ""
    heard: list[tuple[Device, Uplink, DeviceEvent]] = field(default_factory=list)
    # presses that are none of now, and why
    old: list[tuple[Device, Said, str]] = field(default_factory=list)
    trials: list[str] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)


_failed: dict[UUID, float] = {}


def read_wires(
    county: str,
    fault: Callable[[UUID, Exception], None] | None = None,
    limit: int = BATCH,
    told: Callable[[], None] | None = None,
) -> int:
    """Read what waits, oldest first; how many messages. Safe beside another reader: each event counts once.

    ``told`` is called after each message that somebody has to hear of: its ring does not wait for the next message.
    A message whose deed fails waits and is tried again every second; it keeps no other from being read.
    """
    with reading(Actor.of_house(county)):
        now = time.monotonic()
        resting = [key for key, until in _failed.items() if until > now]
        rows = read_rows(Wire, _WAITING, [county, resting, limit])
        if not rows:
            return 0
        read = [_opened(row) for row in rows]
        devices = _devices(county, {uplink.uid for _, uplinks in read for uplink in uplinks})
        doubts = Doubts(call_rules(county).habits)
    done: list[_Read] = []
    seen: list[Seen] = []
    for one, uplinks in read:
        _sort(one, uplinks, devices, doubts)
        if _act(one, fault):
            if told and (one.heard or one.trials):
                told()
            done.append(one)
            seen += one.seen
    if done:
        with chore(county, "mark_wires") as scope:
            rows_seen = move_columns(county, seen, doubts.marks)
            _mark(county, done, scope.now)
        see_to(county, [one for one in rows_seen if may_matter(one)])
    for device_id, since in doubts.begun.items():
        set_device_aside(actor=Actor.of_house(county), device_id=device_id, since=since)
    return len(done)


def _opened(row: Wire) -> tuple[_Read, Sequence[Uplink]]:
    one = _Read(row)
    try:
        return one, wires.opened(row.envelope, bytes(row.body), row.beside)
    except Unreadable as error:
        one.result, one.said = "undecodable", _code(str(error))
    except Exception as error:  # a message never stops the reader, whatever is wrong with it
        one.result, one.said = "undecodable", _code(type(error).__name__)
    return one, ()


def _code(text: str) -> str:
    return "".join(ch for ch in text if ch.isprintable())[:200]


def _devices(county: str, uids: set[str]) -> dict[str, Device]:
    wanted = sorted(uid for uid in uids if uid)
    rows = read_rows(Device, "WHERE county = $1 AND uid = ANY($2::text[])", [county, wanted])
    return {device.uid: device for device in rows}


def _sort(one: _Read, uplinks: Sequence[Uplink], devices: Mapping[str, Device], doubts: Doubts) -> None:
    """What each uplink says, for whom, and whether it is believed."""
    for uplink in uplinks:
        one.uid = one.uid or uplink.uid[:40]
        if uplink.uid == PROBE and one.row.gateway == PROBE_GATEWAY:
            one.trials.append(uplink.dedupe)
            continue
        device = devices.get(uplink.uid)
        if device is None:
            one.result = "unknown" if one.result == "read" else one.result
            continue
        try:
            event = wires.decoded(device.model, uplink)
        except Exception as error:  # as above
            event = DeviceEvent(EventKind.UNDECODABLE, facts={"error": type(error).__name__})
        received = one.row.received_at
        # what is only tried again was judged when it came
        tried = one.row.id in _failed
        doubt = "" if tried else doubts.of(device, uplink, _sensible(uplink.occurred_at, received), received)
        if event.kind == EventKind.UNDECODABLE:
            one.result, one.said = "undecodable", _code(str(dict(event.facts)))
        elif doubt and not (doubt == ASIDE and is_red(device, event)):
            _not_believed(one, device, uplink, event, doubt)
            continue
        elif event.kind in HEARD:
            one.heard.append((device, uplink, event))
        # whatever it said, it was heard
        one.seen.append(Seen.of(device, uplink, event, one.row.received_at))


def _not_believed(one: _Read, device: Device, uplink: Uplink, event: DeviceEvent, why: str) -> None:
    """It is kept with its reason and changes nothing; that the device lives is seen all the same."""
    one.result, one.said = (ASIDE, "") if why == ASIDE else ("old", why)
    if why != ASIDE and event.kind in PRESSES:
        one.old.append((device, _said(one.row, uplink, event), why))
    one.seen.append(Seen(device, one.row.received_at))


def _act(one: _Read, fault: Callable[[UUID, Exception], None] | None) -> bool:
    """Have the verbs done; whether all of them were."""
    try:
        for key in one.trials:
            _try(one.row.county, key)
        for device, uplink, event in one.heard:
            said = _said(one.row, uplink, event)
            receive_event(actor=device_actor(device), device_id=device.id, said=said)
        for device, said, why in one.old:
            note_old_press(actor=device_actor(device), device_id=device.id, said=said, why=why)
    except Exception as error:
        _failed[one.row.id] = time.monotonic() + AGAIN_SECONDS
        if fault is None:
            raise
        fault(one.row.id, error)
        return False
    _failed.pop(one.row.id, None)
    return True


def _try(county: str, key: str) -> None:
    """A trial of the installation's, at the county's first village."""
    house = Actor.of_house(county)
    with reading(house):
        villages = areas.places_under(county, "village")
    if villages:
        receive_probe(actor=house, key=key, village=villages[0].code)


def _said(row: Wire, uplink: Uplink, event: DeviceEvent) -> Said:
    key = dedupe_key(
        uid=uplink.uid,
        given=uplink.dedupe,
        counter=uplink.counter,
        session=uplink.session,
        payload=uplink.payload,
        otherwise=str(row.id),
    )
    occurred = _sensible(uplink.occurred_at, row.received_at)
    return Said(key, event.kind.value, event.button, event.tamper, occurred, row.id)


def _sensible(at: datetime | None, received: datetime) -> datetime | None:
    """A device's own time, unless its clock is plainly wrong (ahead of ours, or more than a week behind)."""
    if (
        at is None
        or at.tzinfo is None
        or at > received + timedelta(minutes=5)
        or at < received - timedelta(days=7)
    ):
        return None
    return at


def device_actor(device: Device) -> Actor:
    """The house, because a device said something."""
    return Actor(
        f"house:{device.county}",
        device.county,
        relations=frozenset({"house"}),
        behind=f"device:{device.id}",
    )


def _mark(county: str, done: Sequence[_Read], now: datetime) -> None:
    """The rows say what became of them, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE calls_wire w SET result = d.result, said = d.said, uid = d.uid, read_at = %s
                 FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[]) AS d(id, result, said, uid)
                WHERE w.county = %s AND w.id = d.id""",
            [
                now,
                [one.row.id for one in done],
                [one.result for one in done],
                [one.said for one in done],
                [one.uid for one in done],
                county,
            ],
        )


def forget_wires(county: str) -> int:
    """Messages older than the county keeps them go, and the names of events by which copies are told; how many messages."""
    with chore(county, "forget_wires") as scope:
        before = scope.now - timedelta(days=call_rules(county).habits.keep_wires_days)
        # by the key, which tells when it was made: what is written by the thousand has no index it can do without
        rows = Wire.objects.filter(county=county, id__lt=earliest_of(before))
        old = list(rows.order_by("id").values_list("id", flat=True)[:AT_ONCE])
        gone, _ = Wire.objects.filter(county=county, id__in=old).delete()
        names = Heard.objects.filter(county=county, heard_at__lt=before).order_by("heard_at")
        told = list(names.values_list("id", flat=True)[:AT_ONCE])
        Heard.objects.filter(county=county, id__in=told).delete()
    return gone


def counts_of(county: str, since: datetime) -> dict[str, int]:
    """How many messages became what since a moment (inside a reading)."""
    rows = (
        Wire.objects.filter(county=county, id__gte=earliest_of(since))
        .values("result")
        .annotate(n=Count("id"))
    )
    return {row["result"] or "waiting": row["n"] for row in rows.order_by()}
