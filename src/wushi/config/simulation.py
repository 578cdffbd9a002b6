"""What a district's wireless callers send in some minutes, invented: presses, heartbeats, and with chaos all that goes wrong.

Pure: the same seed gives the same messages. ``commands/simulate.py`` sends them by the real ways in.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# of a hundred messages
PRESSES, LONG, RELEASES = 50, 10, 10
REPEATED, LATE, GARBAGE, DEAD = 0.20, 0.05, 0.03, 0.002
LATE_SECONDS = 240
DARK_SECONDS = 10.0
CUT = 0.03
# model -> (port, pressed, held, alive) in the family's own bytes; every other model speaks plain
BYTES = {
    "milesight/ws101": (85, "FF2E01", "FF2E02", "01755A"),
    "milesight/ws101-sos": (85, "FF2E01", "FF2E02", "01755A"),
    "netvox/r312a": (6, "014D011E01000000000000", "014D011E01000000000000", "014D011E00000000000000"),
    "radio-bridge/rbs301": (2, "13060300", "15060302", "1701020030000000000007"),
}


@dataclass(frozen=True)
class Button:
    """A device that can send."""

    uid: str
    model: str


@dataclass(frozen=True)
class Sending:
    """One message: when it goes out (seconds from the start), whose it is, its body; ``cut``: the answer is not waited for."""

    at: float
    uid: str
    body: bytes
    press: bool = False
    cut: bool = False
    garbage: bool = False


def plan(
    buttons: Sequence[Button], *, rate: float, seconds: float, start: datetime, chaos: bool, seed: int
) -> Iterator[Sending]:
    """Everything that is sent, in order of time; with chaos the power fails in the middle and all come back at once."""
    chance, alive, number = random.Random(seed), list(buttons), 0
    dark = (seconds / 2, seconds / 2 + min(DARK_SECONDS, seconds / 4)) if chaos else (seconds, seconds)
    came_back = not chaos
    at = 0.0
    while alive and at < seconds:
        if dark[0] <= at < dark[1]:
            at = dark[1]
        if at >= dark[1] and not came_back:
            came_back = True
            for button in alive:
                number += 1
                yield _sending(button, "online", f"{seed}-{number}", start, at)
        if at >= seconds:
            break
        button = chance.choice(alive)
        number += 1
        one = _sending(button, _word(chance), f"{seed}-{number}", start, at)
        yield from _gone_wrong(one, chance, start) if chaos else (one,)
        if chaos and chance.random() < DEAD and len(alive) > 1:
            alive.remove(button)
        at += chance.expovariate(rate)


def _word(chance: random.Random) -> str:
    drawn = chance.randrange(100)
    for word, share in (("press", PRESSES), ("long", LONG), ("release", RELEASES)):
        if drawn < share:
            return word
        drawn -= share
    return "heartbeat"


def _sending(button: Button, word: str, name: str, start: datetime, at: float) -> Sending:
    """A plain message, with the family's own bytes where we know them."""
    told: dict[str, object] = {
        "device": button.uid,
        "id": f"sim-{name}",
        "time": (start + timedelta(seconds=at)).isoformat(),
    }
    known = BYTES.get(button.model)
    at_word = {"press": 1, "long": 2, "heartbeat": 3}.get(word)
    if known and at_word:
        told |= {"port": known[0], "hex": known[at_word]}
    else:
        told |= {"event": word, "battery": 80}
    return Sending(at, button.uid, json.dumps(told).encode(), press=word in ("press", "long"))


def _gone_wrong(one: Sending, chance: random.Random, start: datetime) -> Iterator[Sending]:
    """Sent twice or three times, told late, cut off, or garbled on its way (then it comes once more, whole)."""
    if chance.random() < LATE:
        told = json.loads(one.body)
        earlier = start + timedelta(seconds=one.at - chance.uniform(0, LATE_SECONDS))
        one = replace(one, body=json.dumps({**told, "time": earlier.isoformat()}).encode())
    if chance.random() < GARBAGE:
        yield replace(one, body=one.body[: chance.randrange(1, len(one.body))], press=False, garbage=True)
    if chance.random() < CUT:
        yield replace(one, cut=True, press=False)
    for _ in range(chance.randint(1, 2) if chance.random() < REPEATED else 0):
        yield replace(one, press=False)
    yield one
