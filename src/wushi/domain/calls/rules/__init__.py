"""Decisions about calls and wireless callers, on plain data."""

from wushi.domain.calls.rules.devices import (
    HabitsRule,
    battery_errand,
    dedupe_key,
    doubt_of,
    fraction_of,
    is_same_call,
    is_too_much,
    silent_from,
    urgency_of,
)
from wushi.domain.calls.rules.ladder import CUSTOMARY, LadderRule, ladder_for, rung_area, rung_of, when_next
from wushi.domain.calls.rules.times import Spread, spread_of

__all__ = [
    "CUSTOMARY",
    "HabitsRule",
    "LadderRule",
    "Spread",
    "battery_errand",
    "dedupe_key",
    "doubt_of",
    "fraction_of",
    "is_same_call",
    "is_too_much",
    "ladder_for",
    "rung_area",
    "rung_of",
    "silent_from",
    "spread_of",
    "urgency_of",
    "when_next",
]
