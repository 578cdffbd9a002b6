"""Who follows whom, as each of them sees it, and a relative's matter without its receipt code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from wushi.domain.cases.states import CLOSED_ELSEWHERE, CONTESTED, CaseState
from wushi.domain.people.models import Bond, Person
from wushi.domain.people.queries import followed_by, people_by_id
from wushi.kernel.actor import Actor
from wushi.plumbing.personal import mask_name, mask_phone
from wushi.web import labels
from wushi.web.track.cards import Final, ResidentCase, Row, rows_of


@dataclass(frozen=True)
class BondCard:
    """One bond: how the other one is called, how it came about, and whose it is to end."""

    id: UUID
    person_id: UUID
    name: str
    small: str
    since: Any
    consent: str


@dataclass(frozen=True)
class Group:
    """What one relative told."""

    name: str
    rows: list[Row] = field(default_factory=list)


def name_of(person: Person | None, called: str = "") -> str:
    """What somebody calls him; else the family name, else the end of the number."""
    if called or person is None:
        return called
    return mask_name(person.name) or mask_phone(person.phone)


def bond_cards(actor: Actor, bonds: Iterable[Bond], *, side: str) -> list[BondCard]:
    """The bonds with the person on one ``side`` (followed or follower); what the follower calls them is his own."""
    found = list(bonds)
    people = people_by_id(actor, (getattr(bond, f"{side}_id") for bond in found))
    cards = []
    for bond in found:
        person = people.get(getattr(bond, f"{side}_id"))
        if person is None:
            continue
        name = name_of(person, bond.called if side == "followed" else "")
        phone = mask_phone(person.phone)
        consent = labels.word(labels.CONSENTS, bond.consent)
        cards.append(BondCard(bond.id, person.id, name, phone if phone != name else "", bond.since, consent))
    return cards


def choices_of(actor: Actor) -> list[tuple[str, str]]:
    """Whom a signed-in resident may report for."""
    return [
        (str(card.person_id), card.name) for card in bond_cards(actor, followed_by(actor), side="followed")
    ]


def groups_of(actor: Actor, cases: Iterable[Any]) -> list[Group]:
    """What those told whom he follows, one group each; the rows lead to his own page of it."""
    found = list(cases)
    return [
        Group(card.name, relative_rows([case for case in found if case.reporter_id == card.person_id]))
        for card in bond_cards(actor, followed_by(actor), side="followed")
    ]


def relative_rows(cases: Iterable[Any]) -> list[Row]:
    """Lines that lead to the follower's page: the receipt code is not his."""
    found = list(cases)
    return [
        replace(row, url=f"/me/family/{case.id}/") for case, row in zip(found, rows_of(found), strict=True)
    ]


def relatives_case(case: Any, sheet: ResidentCase, name: str) -> ResidentCase:
    """The same page for somebody who looks on: nothing of the right to agree, to rate, to go higher or to take back."""
    final = sheet.final
    if final is not None:
        final = _final(case, final, name)
    return replace(
        sheet, code="", may=[], others=[], higher=[], before_after=[], beside=False, rated=True, final=final
    )


def _final(case: Any, told: Final, name: str) -> Final:
    if case.closing == CONTESTED:
        return replace(
            told, words=_("%(name)s said this was not what they wanted to report.") % {"name": name}
        )
    if case.closing == CLOSED_ELSEWHERE or case.state == CaseState.IMPORTED:
        return told
    if case.state == CaseState.CLOSED and case.closing == "reporter":
        return replace(told, words=_("%(name)s said it is right.") % {"name": name})
    if case.state == CaseState.CLOSED:
        return replace(told, words=_("It was closed without an answer from %(name)s.") % {"name": name})
    if case.state == CaseState.WITHDRAWN:
        return replace(told, words=_("%(name)s took it back.") % {"name": name})
    return replace(told, words=_("It is not handled here. %(name)s was told where to turn.") % {"name": name})
