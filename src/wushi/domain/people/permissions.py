"""Who may enter households."""

from wushi.domain.accounts.duties import Duty
from wushi.kernel.actor import Actor

_ENTERING = (
    Duty.SECRETARY,
    Duty.DEPUTY,
    Duty.GRID_LEAD,
    Duty.GRID_WORKER,
    Duty.GRID_ASSISTANT,
    Duty.DISTRICT_ADMIN,
)


def may_enter_people(actor: Actor, area: str) -> bool:
    """Those who work in the village or grid, and the house when it imports."""
    return "house" in actor.relations or actor.holds(*_ENTERING, over=area)
