"""Reads of this room; every one begins at ``visible_to`` or ``devices_of``."""

from wushi.domain.calls.queries.ladder import CallRules, call_rules
from wushi.domain.calls.queries.scopes import (
    by_receipt,
    devices_of,
    errands_of,
    mine_of,
    of_receipt,
    visible_to,
)
from wushi.domain.calls.queries.watch import (
    earlier_calls,
    lamps_red,
    open_calls,
    remarks_of,
    ringing_for,
    rungs_of,
)

__all__ = [
    "CallRules",
    "by_receipt",
    "call_rules",
    "devices_of",
    "earlier_calls",
    "errands_of",
    "lamps_red",
    "mine_of",
    "of_receipt",
    "open_calls",
    "remarks_of",
    "ringing_for",
    "rungs_of",
    "visible_to",
]
