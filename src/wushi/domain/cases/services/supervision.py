"""督办 and 批示: words from above that change no state, stay in the trace, and are seen at the desk of who handles it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wushi.domain.accounts.duties import Duty
from wushi.domain.cases.models import Case
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services.steps import advance, is_repeated, keep_words, leaf, locked, tell
from wushi.domain.cases.services.watching import watch
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid
from wushi.kernel.verb import DB_TIME, verb

COLOURS = ("yellow", "red")


@verb
def supervise_case(
    *,
    actor: Actor,
    case_id: UUID,
    colour: str,
    words: str = "",
    reason: str = "",
    now: datetime = DB_TIME,
) -> Case:
    """督办: yellow urges, red demands; by a supervisor, the level above, or the clock. A red one is not made yellow again.

    ``reason`` is a code where a rule asks for it (overdue, refused, part_late); a person says it in words.
    """
    case = locked(actor, case_id, "supervise_case")
    if colour not in COLOURS:
        raise Invalid(fields={"colour": "required"})
    by_rule = actor.kind == "house"
    if is_repeated(actor, case, "supervise_case", words, colour=colour) or (
        by_rule and COLOURS.index(colour) <= COLOURS.index(case.supervised or "yellow") and case.supervised
    ):
        return case
    deeper = "red" if "red" in (colour, case.supervised) else colour
    advance(case, "supervise_case", supervised=deeper)
    watch(case, "supervised", now, tray=Tray(Duty.SUPERVISOR.value, case.county))
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=not by_rule)
    leaf(case, colour=colour, reason=reason, **facts)
    tell(case, f"tray:{case.county}:{Duty.SUPERVISOR.value}")
    return case


@verb
def instruct_case(*, actor: Actor, case_id: UUID, words: str, now: datetime = DB_TIME) -> Case:
    """批示: a leader of the town or the district says what he expects; he watches it from then on."""
    case = locked(actor, case_id, "instruct_case")
    if is_repeated(actor, case, "instruct_case", words):
        return case
    advance(case, "instruct_case")
    watch(case, "instructed", now, user_id=actor.id)
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=True)
    leaf(case, **facts)
    tell(case)
    return case
