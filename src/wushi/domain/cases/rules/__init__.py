"""Decisions about requests on plain data: which tray, by when, which number, what is worth a second look."""

from wushi.domain.cases.rules.clocks import (
    LOCAL,
    ClockName,
    Level,
    PaceRule,
    Plan,
    Shares,
    Unit,
    decide_pace,
    due_at,
    plan,
)
from wushi.domain.cases.rules.numbers import check_digit, is_number, number_of
from wushi.domain.cases.rules.routing import (
    UPPER_TRAY,
    Decision,
    NoRule,
    RouteRule,
    Tray,
    decide_route,
    level_of_tray,
    tray_above,
)

__all__ = [
    "LOCAL",
    "UPPER_TRAY",
    "ClockName",
    "Decision",
    "Level",
    "NoRule",
    "PaceRule",
    "Plan",
    "RouteRule",
    "Shares",
    "Tray",
    "Unit",
    "check_digit",
    "decide_pace",
    "decide_route",
    "due_at",
    "is_number",
    "level_of_tray",
    "number_of",
    "plan",
    "tray_above",
]
