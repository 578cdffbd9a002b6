"""Presses that are one call, devices that fall silent, batteries that run down."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

EMERGENCY, ORDINARY = "emergency", "ordinary"


@dataclass(frozen=True)
class HabitsRule:
    """What the county set for its calls."""

    version: int
    duplicate_seconds: int = 90
    take_back_seconds: int = 30
    silent_intervals: Decimal = Decimal("2.5")
    repair_hours: int = 48
    battery_low: int = 20
    battery_urgent: int = 10
    test_days: int = 31
    test_minutes: int = 15
    inform_days: int = 3
    archive_days: int = 7
    keep_wires_days: int = 90
    probe_minutes: int = 5
    # a message whose own time lies so far back is none of now
    late_minutes: int = 720
    # within a session messages may overtake each other by so many counts
    behind_most: int = 8
    # what a device may send in a minute; beyond it, it is set aside for so long
    most_a_minute: int = 30
    aside_minutes: int = 60


def dedupe_key(
    *, uid: str, given: str, counter: int | None, session: str, payload: bytes, otherwise: str
) -> str:
    """What makes two messages the same one: the network's own name, else device, counter and session.

    Without either, nothing does: ``otherwise`` (our own number of the message) keeps each of them, and the rule for
    repeated presses makes one call of them.
    """
    if given:
        return f"n:{_short(uid + '|' + given)}"
    if counter is not None:
        return f"c:{_short(f'{uid}|{session}|{counter}|{payload.hex()}')}"
    return f"w:{otherwise}"


def doubt_of(
    *,
    told: datetime | None,
    received: datetime,
    counted: tuple[str, int | None],
    newest: tuple[str, int | None],
    habits: HabitsRule,
) -> str:
    """'' for a message of now; ``late`` by its own time, ``behind`` by its count in the session it belongs to.

    ``told`` is None where the device's clock is plainly wrong: then it is believed, better once too often. A new session counts
    anew.
    """
    if told is not None and received - told > timedelta(minutes=habits.late_minutes):
        return "late"
    (session, count), (known, last) = counted, newest
    if session and session == known and count is not None and last is not None:
        return "behind" if count < last - habits.behind_most else ""
    return ""


def is_too_much(count: int, *, habits: HabitsRule) -> bool:
    """So many messages of one device within a minute; 0 sets no bound."""
    return 0 < habits.most_a_minute < count


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:48]


def is_same_call(*, last_press: datetime, pressed: datetime, seconds: int) -> bool:
    """A press so soon after another of the same device means the same call (either may have been told first)."""
    return abs(pressed - last_press) <= timedelta(seconds=seconds)


def urgency_of(
    kind: str, button: int | None, *, classes: Mapping[str, str], buttons: Mapping[int, str]
) -> str:
    """Red or green, by the button or the kind of press; what the model does not say is red: better once too often."""
    if button is not None and button in buttons:
        return buttons[button]
    return classes.get(kind, EMERGENCY)


def silent_from(seen: datetime, *, interval: int, habits: HabitsRule) -> datetime:
    """When a device last heard at ``seen`` counts as silent."""
    return seen + timedelta(seconds=float(habits.silent_intervals * interval))


def fraction_of(volts: float, *, empty: float, full: float) -> int:
    """Percent of a battery by its volts, between what the maker calls empty and full; within 0 and 100."""
    if full <= empty:
        return 0
    return round(100 * min(max((volts - empty) / (full - empty), 0.0), 1.0))


def battery_errand(battery: int | None, *, low: bool, habits: HabitsRule) -> str:
    """'' while it is well, else ``battery`` or ``battery_urgent``; a device that only says "low" is low."""
    if battery is not None and battery <= habits.battery_urgent:
        return "battery_urgent"
    if low or (battery is not None and battery <= habits.battery_low):
        return "battery"
    return ""
