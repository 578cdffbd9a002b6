"""Who may appoint."""

from wushi.domain.accounts.duties import APPOINTERS, PROTECTED, Duty
from wushi.kernel.actor import Actor


def may_appoint(actor: Actor, area: str) -> bool:
    """The district's administrator over his district; the house when it founds or imports."""
    return "house" in actor.relations or actor.holds(*APPOINTERS, over=area)


def may_arrange_stand_in(actor: Actor, holder_ref: str, duty: str, area: str) -> bool:
    """The administrator; for everyday duties also the holder himself, and a clerk for posts strictly below his own area.

    Never a clerk or the holder for duties that administer, supervise or inspect: lending those would widen rights.
    """
    if may_appoint(actor, area):
        return True
    if duty in PROTECTED:
        return False
    clerks = (Duty.TOWN_CLERK, Duty.DISTRICT_CLERK)
    below = any(
        g.duty in clerks and area.startswith(g.area) and len(area) > len(g.area) for g in actor.grants
    )
    return actor.ref == holder_ref or below
