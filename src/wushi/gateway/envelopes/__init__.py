"""The forms in which networks and platforms hand on what devices send: a message in, its uplinks out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from wushi.domain.calls.models import Envelope
from wushi.domain.calls.wire import Unreadable, Uplink
from wushi.gateway.envelopes import chirpstack, ctwing, onenet, plain, tts

OPENERS: Mapping[str, Callable[[bytes, Mapping[str, str]], Sequence[Uplink]]] = {
    Envelope.CHIRPSTACK.value: chirpstack.uplinks,
    Envelope.TTS.value: tts.uplinks,
    Envelope.ONENET.value: onenet.uplinks,
    Envelope.CTWING.value: ctwing.uplinks,
    Envelope.PLAIN.value: plain.uplinks,
}


def open(envelope: str, body: bytes, beside: Mapping[str, str]) -> list[Uplink]:  # noqa: A001
    """What a message holds; ``beside`` has the topic, or the event of the address. Raises Unreadable, and nothing else."""
    if envelope not in OPENERS:
        raise Unreadable("no such envelope")
    return list(OPENERS[envelope](body, beside))
