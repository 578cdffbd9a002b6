"""ChirpStack v4, its JSON: by MQTT (the event is the topic's last word) or by HTTP (``?event=``)."""

from __future__ import annotations

from collections.abc import Mapping

from wushi.domain.calls.wire import DeviceEvent, EventKind, Unreadable, Uplink
from wushi.gateway.envelopes.reading import (
    Fields,
    best_signal,
    from_base64,
    inner,
    percent,
    read_object,
    text,
    uid,
    when,
    whole,
)

# what the network says of itself: nothing the device did
NOTHING = frozenset({"txack", "log", "location", "integration"})
_PLAIN = {"join": EventKind.ONLINE, "ack": EventKind.COMMAND_ACK, "status": EventKind.HEARTBEAT}
COUNTER = 2**32 - 1


def uplinks(body: bytes, beside: Mapping[str, str]) -> list[Uplink]:
    """What one message holds. Raises Unreadable."""
    fields = read_object(body)
    event = _event(fields, beside)
    if event in NOTHING:
        return []
    device = uid(inner(fields, "deviceInfo").get("devEui"))
    words = beside.get("topic", "").split("/")
    if "device" in words[:-1] and uid(words[words.index("device") + 1]) != device:
        raise Unreadable("the topic of another device")
    found = Uplink(
        uid=device,
        dedupe=text(fields.get("deduplicationId"), 80),
        counter=whole(fields.get("fCnt", 0), 0, COUNTER),
        session=text(fields.get("devAddr"), 40),
        occurred_at=when(fields.get("time")),
        signal=best_signal(fields.get("rxInfo")),
    )
    if event == "up":
        return [_up(found, fields)]
    if event not in _PLAIN:
        raise Unreadable("no event of ChirpStack")
    battery = None
    if (
        event == "status"
        and not fields.get("batteryLevelUnavailable")
        and not fields.get("externalPowerSource")
    ):
        battery = percent(fields.get("batteryLevel"))
    # one uplink can carry a press and a status: they share their deduplicationId
    dedupe = f"{found.dedupe}:{event}" if found.dedupe else ""
    return [
        Uplink(
            found.uid,
            dedupe=dedupe,
            occurred_at=found.occurred_at,
            signal=found.signal,
            event=DeviceEvent(_PLAIN[event], battery=battery),
        )
    ]


def _event(fields: Fields, beside: Mapping[str, str]) -> str:
    """By the address or the topic; a broker that bridges may have lost both, then by its fields."""
    if said := beside.get("event", ""):
        return said
    words = beside.get("topic", "").split("/")
    if len(words) >= 2 and words[-2] == "event":
        return words[-1]
    return "up" if "data" in fields or "fCnt" in fields else ""


def _up(found: Uplink, fields: Fields) -> Uplink:
    payload = from_base64(fields.get("data"))
    return Uplink(
        found.uid,
        payload=payload,
        port=whole(fields.get("fPort", 0), 0, 255) or 0,
        dedupe=found.dedupe,
        # without an address of the session a counter that begins anew would meet an old one
        counter=found.counter if found.session else None,
        session=found.session,
        occurred_at=found.occurred_at,
        signal=found.signal,
        # an uplink without a payload carries the network's own commands: the device is there
        event=None if payload else DeviceEvent(EventKind.HEARTBEAT, facts={"empty": True}),
    )
