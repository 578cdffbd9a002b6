"""How many may follow one another, as dated data with their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class BondRule:
    """At most so many followed by one, and following one. ``basis`` names where the numbers come from."""

    since: date
    basis: str
    followed: int = 6
    followers: int = 6


# Two parents and four grandparents; six children. Whoever follows more is no longer a family (个人信息保护法 6: the least
# that the purpose needs). Our own decision.
RULES = (BondRule(since=date(2026, 1, 1), basis="个人信息保护法 6, 13, 15; docs/decisions/0018-family.md"),)


def rule_on(day: date) -> BondRule:
    """The rule in force on a day."""
    return [rule for rule in RULES if rule.since <= day][-1] if day >= RULES[0].since else RULES[0]
