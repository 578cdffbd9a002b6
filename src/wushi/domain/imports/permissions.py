"""Who sees a batch. Pure; who may bring in a kind is said by its importer."""

from wushi.domain.accounts.duties import Duty
from wushi.domain.imports.models import Batch
from wushi.kernel.actor import Actor


def sees_every_batch(actor: Actor) -> bool:
    """The district's administrator and dispatcher, and the house."""
    whole = actor.holds(Duty.DISTRICT_ADMIN, Duty.DISTRICT_CLERK, over=actor.county)
    return whole or "house" in actor.relations


def may_act_on(actor: Actor, batch: Batch) -> bool:
    """Whoever brought it in, the district, and the house."""
    return sees_every_batch(actor) or batch.by == actor.ref
