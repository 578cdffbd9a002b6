"""Looking up who is on the line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wushi.domain.audit.services import record
from wushi.domain.cases.permissions import may_look_up
from wushi.domain.cases.queries.callers import Earlier, earlier_of
from wushi.domain.people.queries import person_by_phone
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.personal import is_phone, normal_phone


@dataclass(frozen=True)
class Caller:
    """What is known of a number: the earlier requests; his name only for who may open one of them."""

    earlier: tuple[Earlier, ...] = ()
    name: str = ""


@verb
def look_up_caller(*, actor: Actor, phone: str, now: datetime = DB_TIME) -> Caller:
    """查来电: whoever records for a caller sees what he told before, so that nothing is told twice.

    It changes nothing, and leaves a leaf all the same: to look somebody up by his number is a use of personal data
    (个人信息保护法 51), and without a trace nobody could find out who looks up whom out of curiosity. The leaf holds the
    person's id and how many were shown, no number and no title; a number nobody has is nobody's data and leaves nothing.
    Raises Invalid for what is no telephone number.
    """
    if not may_look_up(actor):
        raise NotAllowed(verb="look_up_caller")
    number = normal_phone(phone)
    if not is_phone(number):
        raise Invalid(fields={"phone": "bad_phone"})
    person = person_by_phone(actor.county, number)
    if person is None:
        return Caller()
    earlier = tuple(earlier_of(actor, [person.id]))
    # a look is no step of the person's own history
    record(subject=person, step=0, n=len(earlier))
    return Caller(earlier, person.name if any(row.id for row in earlier) else "")
