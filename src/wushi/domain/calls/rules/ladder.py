"""Who is rung when. The ladder never stops on a missing person: an empty rung is passed at once, the last one repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wushi.domain.areas.rules import DIGITS
from wushi.domain.cases.rules.routing import in_force


@dataclass(frozen=True)
class LadderRule:
    """One dated line: so long after the press, these duties at this level of the place. Empty ``urgency``: both classes."""

    code: str
    version: int
    urgency: str
    after_seconds: int
    level: str
    duties: tuple[str, ...]
    again_seconds: int
    valid_from: date
    valid_until: date | None
    basis: str


# 0 s 书记 -> 2 min 网格长 -> 5 min 副书记 -> 10 min 镇值班 -> 15 min 区平台, then everybody every five minutes. A county's own
# lines go first; these hold where it has none, because a call must ring whatever was forgotten when it was set up.
CUSTOMARY: tuple[LadderRule, ...] = tuple(
    LadderRule(
        code,
        0,
        "",
        after,
        level,
        duties,
        again,
        date(2021, 1, 1),
        None,
        "本平台默认，可由区里改（书记必到，逐级接续）",
    )
    for code, after, level, duties, again in (
        ("secretary", 0, "village", ("secretary",), 0),
        ("grid", 120, "grid", ("grid_lead",), 0),
        ("village", 300, "village", ("deputy",), 0),
        ("town", 600, "town", ("town_clerk", "town_lead"), 0),
        ("district", 900, "county", ("district_clerk",), 300),
    )
)


def ladder_for(rules: Sequence[LadderRule], *, urgency: str, day: date) -> tuple[LadderRule, ...]:
    """The lines in force for one class, in order of time; a class with lines of its own uses only those."""
    lines = [rule for rule in rules if in_force(rule, day)] or list(CUSTOMARY)
    own = [rule for rule in lines if rule.urgency == urgency]
    return tuple(
        sorted(
            own or [rule for rule in lines if not rule.urgency],
            key=lambda rule: (rule.after_seconds, rule.code),
        )
    )


def rung_area(level: str, *, grid: str, village: str, county: str) -> str:
    """The area whose duties a rung rings; where the place lies in no known grid, a grid's rung is its village's."""
    exact = grid or village or county
    return exact[: min(DIGITS[level], len(exact))]


def rung_of(ladder: Sequence[LadderRule], number: int) -> LadderRule:
    """The line of the n-th rung (from 1); beyond the last it is the last again."""
    return ladder[min(number, len(ladder)) - 1]


def when_next(
    ladder: Sequence[LadderRule], *, taken: int, opened: datetime, now: datetime, empty: bool = False
) -> datetime | None:
    """When the rung after ``taken`` is due; None where the last has rung and does not repeat.

    An empty rung is no reason to wait for the next one's time. Times run from the press; a ladder that begins late (the
    worker was away) takes what it missed at once, one after the other.
    """
    if taken < len(ladder):
        due = opened + timedelta(seconds=ladder[taken].after_seconds)
        return min(due, now) if empty else due
    again = ladder[-1].again_seconds if ladder else 0
    return now + timedelta(seconds=again) if again else None
