"""Who may order areas and calendars."""

from wushi.domain.areas.models import NATION
from wushi.kernel.actor import Actor

ADMINISTRATOR = "district_admin"


def may_order_areas(actor: Actor, code: str) -> bool:
    """The district's administrator over his district, and the house itself (import, founding)."""
    return "house" in actor.relations or actor.holds(ADMINISTRATOR, over=code)


def may_load_calendar(actor: Actor, county: str) -> bool:
    """The administrator for his own county; the nation's calendar only by the house."""
    return "house" in actor.relations or (county != NATION and actor.holds(ADMINISTRATOR, over=county))
