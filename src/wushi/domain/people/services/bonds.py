"""亲情关联: a child elsewhere follows and reports for a parent who agreed; either side ends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from wushi.domain.accounts.models import SignInCode
from wushi.domain.accounts.services import check_code, request_code, spend_code
from wushi.domain.areas import queries as areas
from wushi.domain.audit.services import record
from wushi.domain.notify.services import NewNotice, Reach, tell
from wushi.domain.people.errors import LivesElsewhere, OneSelf, TooManyBonds
from wushi.domain.people.messages import FOLLOWED
from wushi.domain.people.models import Bond, Consent, Person
from wushi.domain.people.permissions import may_end_bond, may_tie_for
from wushi.domain.people.queries import current_bonds, person_by_phone
from wushi.domain.people.rules import rule_on
from wushi.domain.people.services.entering import NewPerson, note_person
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed, NotFound
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.fields import blind_index
from wushi.plumbing.personal import is_mobile, mask_phone, normal_phone
from wushi.plumbing.text import clean
from wushi.plumbing.writes import serialised

CALLED_LIMIT = 20
FAMILY = "family"
HOME = "/me/family/"


@dataclass(frozen=True)
class NewBond:
    """What staff note: two phones, where the followed lives, how he agreed (``word`` or ``paper``)."""

    follower_phone: str
    followed_phone: str
    village: str
    consent: str
    called: str = ""


def _follower(actor: Actor) -> UUID:
    if actor.kind != "person" or actor.id is None:
        raise NotAllowed()
    return actor.id


def ask_for_consent(*, actor: Actor, phone: str) -> SignInCode:
    """A code goes to the parent's phone; whether the number is known here is said to nobody. Raises CodeTooSoon.

    The code fits this follower's wish and nothing else: whoever hears it read aloud cannot sign in with it as the parent.
    """
    return request_code(actor=actor, phone=phone, about=FAMILY, bound_to=str(_follower(actor)))


def check_consent(*, actor: Actor, phone: str, code: str) -> UUID:
    """The id of the code that fits. Raises WrongCode; tries are counted as when signing in."""
    return check_code(county=actor.county, phone=phone, code=code, bound_to=str(_follower(actor)))


@verb
def tie_bond(*, actor: Actor, code_id: UUID, phone: str, called: str = "", now: datetime = DB_TIME) -> Bond:
    """A child follows a parent who read aloud the code that came to the parent's own phone."""
    follower = Person.objects.filter(county=actor.county, id=_follower(actor)).first()
    index = spend_code(actor=actor, code_id=code_id, now=now)
    if follower is None or index != blind_index("phone", normal_phone(phone)):
        raise NotAllowed()
    followed = note_person(actor=actor, person=NewPerson(phone=phone), now=now)
    bond = Bond(consent=Consent.MESSAGE.value, village=followed.village, called=called)
    return _tied(actor, follower, followed, bond, now)


@verb
def tie_bond_for(*, actor: Actor, new: NewBond, now: datetime = DB_TIME) -> Bond:
    """The village notes that somebody agreed, by word or on paper, to be followed by a relative elsewhere."""
    if not may_tie_for(actor, new.village):
        raise NotAllowed()
    areas.existing(new.village)
    phones = {"follower_phone": new.follower_phone, "followed_phone": new.followed_phone}
    wrong = {name: "bad_mobile" for name, phone in phones.items() if not is_mobile(phone)}
    if new.consent not in (Consent.WORD, Consent.PAPER):
        wrong["consent"] = "required"
    if wrong:
        raise Invalid(fields=wrong)
    # the village is the followed one's; where the follower lives is not known
    follower = note_person(actor=actor, person=NewPerson(phone=new.follower_phone), now=now)
    known = person_by_phone(actor.county, new.followed_phone)
    if known is not None and known.village != new.village:
        # somebody who is known, and not as one of this village: no village says for him that he agreed
        raise LivesElsewhere()
    person = NewPerson(phone=new.followed_phone, village=new.village)
    followed = note_person(actor=actor, person=person, now=now)
    return _tied(
        actor, follower, followed, Bond(consent=new.consent, village=new.village, called=new.called), now
    )


def _tied(actor: Actor, follower: Person, followed: Person, bond: Bond, now: datetime) -> Bond:
    """The row, within the limits, once; who is followed is told."""
    if follower.id == followed.id:
        raise OneSelf()
    # one after the other, so that many at once are no way round the limits; in one order, so that two cannot lock each other
    for person_id in sorted({follower.id, followed.id}):
        serialised(f"bonds:{person_id}")
    bond.county, bond.follower, bond.followed, bond.since = actor.county, follower, followed, now
    bond.called = clean(bond.called, field="called", limit=CALLED_LIMIT)
    there = current_bonds(actor.county).filter(follower=follower, followed=followed).first()
    if there is not None:
        return there
    rule = rule_on(timezone.localdate(now))
    for side, person, most in (("follower", follower, rule.followed), ("followed", followed, rule.followers)):
        if current_bonds(actor.county).filter(**{side: person}).count() >= most:
            raise TooManyBonds(most=most)
    bond.save(force_insert=True)
    record(subject=bond, follower=follower.id, followed=followed.id, consent=bond.consent)
    facts = {"who": mask_phone(follower.phone)}
    told = NewNotice(
        FOLLOWED, str(bond.id), Reach(f"person:{followed.id}", followed.phone), facts, HOME, bond
    )
    tell(actor=Actor.of_house(actor.county), notice=told, now=now)
    return bond


@verb
def end_bond(*, actor: Actor, bond_id: UUID, now: datetime = DB_TIME) -> Bond:
    """Following ends at once, by either of the two, or by the village for somebody without a phone of his own."""
    bond = Bond.objects.select_for_update(of=("self",)).filter(county=actor.county, id=bond_id).first()
    if bond is None or not may_end_bond(actor, bond):
        # whether there is such a bond is nobody else's to know
        raise NotFound()
    if bond.until is None:
        bond.until, bond.step = now, bond.step + 1
        bond.save(update_fields=["until", "step"])
        record(subject=bond)
    return bond
