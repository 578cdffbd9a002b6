"""The verbs of this room, in the order of a request's life."""

from wushi.domain.cases.services.assignment import (
    accept_case,
    assign_case,
    claim_case,
    decline_case,
    readdress_case,
    release_case,
    return_case,
)
from wushi.domain.cases.services.closing import (
    close_case,
    confirm_case,
    handle_case,
    reopen_case,
    withdraw_case,
)
from wushi.domain.cases.services.intake import Intake, open_case
from wushi.domain.cases.services.numbers import take_number
from wushi.domain.cases.services.setup import adopt_rules
from wushi.domain.cases.services.upward import add_words, appeal_case, mark_official

__all__ = [
    "Intake",
    "accept_case",
    "add_words",
    "adopt_rules",
    "appeal_case",
    "assign_case",
    "claim_case",
    "close_case",
    "confirm_case",
    "decline_case",
    "handle_case",
    "mark_official",
    "open_case",
    "readdress_case",
    "release_case",
    "reopen_case",
    "return_case",
    "take_number",
    "withdraw_case",
]
