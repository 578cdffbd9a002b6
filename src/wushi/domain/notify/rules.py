"""When a notice goes out by which channel, how often it is tried, when many become one. Pure; times are given."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
INBOX, SMS, VOICE, APP, MAIL, PUSH, ROBOT = "inbox", "sms", "voice", "app", "mail", "push", "robot"
# as a person chooses them; a robot speaks to a group, nobody chooses it
CHANNELS = (INBOX, PUSH, APP, SMS, VOICE, MAIL)


@dataclass(frozen=True)
class NotifyRule:
    """Numbers of sending. ``basis`` names where they come from."""

    since: date
    basis: str
    quiet_from: time = time(21, 0)
    quiet_until: time = time(7, 0)
    # how long after the n-th try the next one comes; after the last it is given up
    retry_after: tuple[int, ...] = (15, 60, 300, 1200, 3600, 10800)
    # how long everything waits when a provider refuses us, not a letter
    barred_seconds: int = 300
    # a provider that has not answered within this is asked again by whoever comes next
    lease_seconds: int = 60
    # so many waiting for the same person by the same channel become one
    digest_from: int = 4
    silent_minutes: int = 15
    silent_least: int = 3
    urgent_lives_hours: int = 12
    lives_hours: int = 72
    forget_days: int = 30
    default_staff: tuple[str, ...] = (INBOX, PUSH, APP)
    urgent_staff: tuple[str, ...] = (INBOX, PUSH, APP, SMS, VOICE)
    default_resident: tuple[str, ...] = (INBOX, SMS)


RULES = (
    NotifyRule(
        since=date(2026, 1, 1), basis="docs/decisions/0017-notices.md; 个人信息保护法 19 for forget_days"
    ),
)


def rule_on(day: date) -> NotifyRule:
    """The rule in force on a day."""
    return [rule for rule in RULES if rule.since <= day][-1] if day >= RULES[0].since else RULES[0]


@dataclass(frozen=True)
class Wishes:
    """What somebody chose; None: as the rule says."""

    channels: tuple[str, ...] | None = None
    quiet_from: time | None = None
    quiet_until: time | None = None


def channels_for(
    rule: NotifyRule, *, weight: str, staff: bool, wishes: Wishes, reachable: Collection[str]
) -> list[str]:
    """The channels one notice takes, the quiet ones first. The inbox always; what is urgent takes every way there is.

    ``reachable`` are the channels that are set up and have an address of this person.
    """
    if staff and weight == "urgent":
        wanted = set(rule.urgent_staff) | set(wishes.channels or ())
    else:
        default = rule.default_staff if staff else rule.default_resident
        wanted = set(default if wishes.channels is None else wishes.channels) | {INBOX}
    return [c for c in CHANNELS if c in wanted and c in reachable]


def not_before(rule: NotifyRule, *, weight: str, wishes: Wishes, now: datetime) -> datetime:
    """When it may go out: at once when urgent, else after the quiet hours (of the person, or the rule's)."""
    begin, end = wishes.quiet_from or rule.quiet_from, wishes.quiet_until or rule.quiet_until
    if weight == "urgent" or begin == end:
        return now
    local = now.astimezone(LOCAL)
    clock = local.time()
    quiet = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not quiet:
        return now
    day = local.date() + timedelta(days=begin > end and clock >= begin)
    return datetime.combine(day, end, LOCAL)


def next_try(rule: NotifyRule, *, tries: int, now: datetime, asked: float = 0.0) -> datetime | None:
    """When to try again after so many tries (``asked``: seconds the provider wants); None: given up."""
    if tries > len(rule.retry_after):
        return None
    return now + timedelta(seconds=max(rule.retry_after[tries - 1], asked))


def lives_until(rule: NotifyRule, *, weight: str, now: datetime) -> datetime:
    """After this it helps nobody any more."""
    return now + timedelta(hours=rule.urgent_lives_hours if weight == "urgent" else rule.lives_hours)


def room_left(rule_per_minute: int, sent: Sequence[datetime], now: datetime) -> tuple[int, datetime]:
    """(how many more may go out this minute, when the next place is free) under a limit of so many in any 60 seconds."""
    lately = sorted(at for at in sent if at > now - timedelta(seconds=60))
    left = rule_per_minute - len(lately)
    if left > 0:
        return left, now
    return 0, lately[len(lately) - rule_per_minute] + timedelta(seconds=60)


def cut(text: str, limit: int, *, in_bytes: bool = False) -> str:
    """The text within a provider's limit of characters (or UTF-8 bytes), with an ellipsis where something was left off."""

    def size(part: str) -> int:
        return len(part.encode()) if in_bytes else len(part)

    if size(text) <= limit:
        return text
    while text and size(text + "…") > limit:
        text = text[: -max(1, (size(text) + 3 - limit) // 4)]
    return text + "…"
