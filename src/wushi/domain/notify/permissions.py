"""Who may read whose notices, and the ledger. Pure."""

from __future__ import annotations

from wushi.domain.accounts.duties import Duty
from wushi.kernel.actor import Actor


def may_read_ledger(actor: Actor) -> bool:
    """The district's administrator: he sees that and how something was sent, addresses masked."""
    return actor.holds(Duty.DISTRICT_ADMIN, over=actor.county)


def may_tell(actor: Actor) -> bool:
    """Only the house tells; people act, and what follows is told."""
    return "house" in actor.relations
