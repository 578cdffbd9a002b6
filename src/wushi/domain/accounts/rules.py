"""Limits of signing in, as dated data with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class SignInRule:
    """How long a sign-in lasts and how often one may guess. ``basis`` names where the numbers come from."""

    since: date
    basis: str
    staff_idle: timedelta = timedelta(hours=4)
    staff_total: timedelta = timedelta(hours=12)
    administrator_idle: timedelta = timedelta(minutes=15)
    resident_total: timedelta = timedelta(days=90)
    guesses: int = 5
    guess_window: timedelta = timedelta(minutes=10)
    address_guesses: int = 30
    code_lives: timedelta = timedelta(minutes=10)
    code_tries: int = 5
    codes_per_minute: int = 1
    codes_per_hour: int = 5
    codes_per_day: int = 10


RULES = (SignInRule(since=date(2026, 1, 1), basis="GB/T 22239-2019 8.1.4.1; docs/decisions/0005-sign-in.md"),)


def rule_on(day: date) -> SignInRule:
    """The rule in force on a day."""
    return [rule for rule in RULES if rule.since <= day][-1] if day >= RULES[0].since else RULES[0]


def still_signed_in(
    *, created: datetime, seen: datetime, expires: datetime, now: datetime, idle: timedelta | None
) -> bool:
    """Neither too old nor idle too long (``idle`` None: no idle limit)."""
    return created <= now < expires and (idle is None or now - seen < idle)


def too_many(stamps: list[datetime], now: datetime, window: timedelta, limit: int) -> bool:
    """Whether ``limit`` stamps already lie within the window before now."""
    return sum(now - window < at <= now for at in stamps) >= limit
