"""Tables of calls: wireless callers and what they said, the calls, the ladder as data."""

from wushi.domain.calls.models.call import (
    Call,
    Finding,
    How,
    Probe,
    Rating,
    Remark,
    Rung,
    Service,
    Spoke,
    Urgency,
    Way,
)
from wushi.domain.calls.models.device import (
    Device,
    Envelope,
    Errand,
    ErrandKind,
    Gateway,
    Heard,
    Help,
    Proof,
    Wire,
)
from wushi.domain.calls.models.ladder import Habits, LadderStep, OnWatch

__all__ = [
    "Call",
    "Device",
    "Envelope",
    "Errand",
    "ErrandKind",
    "Finding",
    "Gateway",
    "Habits",
    "Heard",
    "Help",
    "How",
    "LadderStep",
    "OnWatch",
    "Probe",
    "Proof",
    "Rating",
    "Remark",
    "Rung",
    "Service",
    "Spoke",
    "Urgency",
    "Way",
    "Wire",
]
