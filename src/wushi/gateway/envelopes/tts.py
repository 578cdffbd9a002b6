"""The Things Stack v3, its webhook or MQTT JSON. Fields that are empty, 0 or false are left out by it."""

from __future__ import annotations

from collections.abc import Mapping

from wushi.domain.calls.wire import DeviceEvent, EventKind, Unreadable, Uplink
from wushi.gateway.envelopes.reading import (
    Fields,
    best_signal,
    from_base64,
    inner,
    number,
    read_object,
    text,
    uid,
    when,
    whole,
)

COUNTER = 2**32 - 1
_PLAIN = {
    "join_accept": EventKind.ONLINE,
    "downlink_ack": EventKind.COMMAND_ACK,
    "downlink_nack": EventKind.COMMAND_ACK,
}
# what the network says of itself: nothing the device did
NOTHING = frozenset(
    {
        "downlink_sent",
        "downlink_failed",
        "downlink_queued",
        "downlink_queue_invalidated",
        "location_solved",
        "service_data",
        "uplink_normalized",
    }
)


def uplinks(body: bytes, beside: Mapping[str, str]) -> list[Uplink]:
    """What one message holds. Raises Unreadable."""
    fields = read_object(body)
    ids = inner(fields, "end_device_ids")
    if "uplink_message" in fields:
        return [_up(ids, fields, inner(fields, "uplink_message"))]
    for name, kind in _PLAIN.items():
        if name in fields:
            at = when(fields.get("received_at"))
            return [Uplink(uid(ids.get("dev_eui")), occurred_at=at, event=DeviceEvent(kind))]
    if not NOTHING.isdisjoint(fields):
        return []
    raise Unreadable("no message of The Things Stack")


def _up(ids: Fields, fields: Fields, message: Fields) -> Uplink:
    payload = from_base64(message.get("frm_payload"))
    session = text(message.get("session_key_id"), 80) or text(ids.get("dev_addr"), 40)
    counter = whole(message.get("f_cnt", 0), 0, COUNTER)
    received = text(message.get("received_at"), 40) or text(fields.get("received_at"), 40)
    battery = inner(message, "last_battery_percentage").get("value")
    found = number(battery, 0, 100)
    return Uplink(
        uid(ids.get("dev_eui")),
        payload=payload,
        port=whole(message.get("f_port", 0), 0, 255) or 0,
        # its retries keep their time; a counter names a message only within its session
        dedupe="" if session or not received else f"{received}|{counter}",
        counter=counter if session else None,
        session=session,
        occurred_at=when(received),
        signal=best_signal(message.get("rx_metadata")),
        battery=None if found is None else round(found),
        event=None if payload else DeviceEvent(EventKind.HEARTBEAT, facts={"empty": True}),
    )
