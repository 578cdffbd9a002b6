"""Who may enter households, and tie or end a bond. Pure."""

from wushi.domain.accounts.duties import Duty
from wushi.domain.people.models import Bond
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


# A whole register is brought in by those who keep lists, not by everybody who walks a grid.
_REGISTERING = (Duty.DISTRICT_ADMIN, Duty.DISTRICT_CLERK, Duty.TOWN_CLERK)


def may_import_residents(actor: Actor, area: str) -> bool:
    """The district for all of it, a town's dispatcher for his town, and the house."""
    return "house" in actor.relations or actor.holds(*_REGISTERING, over=area)


# Those who know both sides: whoever answers for the village, and whoever walks its grids.
_TYING = frozenset(d.value for d in (Duty.SECRETARY, Duty.DEPUTY, Duty.GRID_LEAD, Duty.GRID_WORKER))


def villages_tied(actor: Actor) -> list[str]:
    """The villages in which the actor may note that somebody agreed to be followed."""
    return sorted({g.area[:12] for g in actor.grants if g.duty in _TYING and len(g.area) >= 12})


def may_tie_for(actor: Actor, village: str) -> bool:
    """Staff of the village in which the followed person lives."""
    return village in villages_tied(actor)


def may_end_bond(actor: Actor, bond: Bond) -> bool:
    """Either of the two, or staff of the village for somebody without a phone of his own."""
    sides = {f"person:{bond.follower_id}", f"person:{bond.followed_id}"}
    return actor.ref in sides or may_tie_for(actor, bond.village)
