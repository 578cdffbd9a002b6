"""The life of a delivery: one notice, one channel."""

from __future__ import annotations

from enum import StrEnum


class DeliveryState(StrEnum):
    """Where it stands."""

    WAITING = "waiting"  # for its turn, the end of the quiet hours, or the next try
    SENDING = "sending"  # handed to the provider this moment
    SENT = "sent"  # the provider has taken it
    UNSURE = "unsure"  # the reply was cut off: it may have gone out
    REFUSED = "refused"  # the provider says it can never go (a number that is none)
    FAILED = "failed"  # given up after the last try
    UNFILED = "unfiled"  # 短信签名未报备
    MERGED = "merged"  # went out as a line of another one
    EXPIRED = "expired"  # too late to be of use


S = DeliveryState
# what a person may have sent again
AGAIN = frozenset({S.UNSURE, S.REFUSED, S.FAILED, S.UNFILED, S.EXPIRED})
OVER = frozenset({S.SENT, S.MERGED, *AGAIN})
