"""How long a file and its cells are kept, as dated data with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class KeepRule:
    """File, cells and what stood before are forgotten so long after the file came. ``basis`` says why."""

    since: date
    basis: str
    keep: timedelta = timedelta(days=30)
    # rows of a list that leaves as a file: what a request may work at before a browser gives up
    export_rows: int = 50_000


RULES = (
    KeepRule(
        since=date(2026, 1, 1),
        basis="个人信息保护法 6, 19 (the least that the purpose needs); docs/decisions/0019-spreadsheets.md",
    ),
)


def rule_on(day: date) -> KeepRule:
    """The rule in force on a day."""
    return ([rule for rule in RULES if rule.since <= day] or [RULES[0]])[-1]
