"""Limits of photos and recordings; those of recordings as dated data with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MEGABYTE = 1024 * 1024
MAX_BYTES = 10 * MEGABYTE
MAX_PIXELS = 60_000_000
MAX_PER_OWNER = 20
# Kept no larger than this on the long side: enough to read a meter, small enough for a village's line.
LONG_SIDE = 2048
QUALITY = 82
# What nobody sent a form with is thrown away after this many hours.
ORPHAN_HOURS = 24


@dataclass(frozen=True)
class SoundRule:
    """How much may be said by voice. ``seconds`` counts only where the container tells them cheaply."""

    since: date
    basis: str
    max_bytes: int = 10 * MEGABYTE
    seconds: int = 180
    per_owner: int = 5


SOUND_RULES = (
    SoundRule(
        since=date(2026, 1, 1),
        basis="docs/decisions/0015-offline.md: what a secretary can listen to between two doors",
    ),
)


def sound_rule_on(day: date) -> SoundRule:
    """The rule in force on a day."""
    return ([rule for rule in SOUND_RULES if rule.since <= day] or [SOUND_RULES[0]])[-1]
