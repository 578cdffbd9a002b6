"""Who may appoint."""

from wushi.domain.accounts.duties import APPOINTERS, Duty
from wushi.kernel.actor import Actor


def may_appoint(actor: Actor, area: str) -> bool:
    """The district's administrator over his district; the house when it founds or imports."""
    return "house" in actor.relations or actor.holds(*APPOINTERS, over=area)


def may_arrange_stand_in(actor: Actor, user_ref: str, area: str) -> bool:
    """The holder himself, the administrator, and the town's clerk for his villages (AB角 is arranged where it is needed)."""
    return (
        actor.ref == user_ref
        or may_appoint(actor, area)
        or actor.holds(Duty.TOWN_CLERK, Duty.DISTRICT_CLERK, over=area)
    )
