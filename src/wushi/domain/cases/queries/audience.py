"""Who is told after a deed: codes and people, no words. The deed itself is read from its leaf."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.models import Post, User
from wushi.domain.accounts.queries import holders, in_force
from wushi.domain.areas.queries import line_of
from wushi.domain.audit.models import Leaf
from wushi.domain.cases import messages as m
from wushi.domain.cases.models import UNSEALED, Case, Clock, Part, Urgency
from wushi.domain.cases.permissions import lying_tray, servers_of, upper_tray
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.rules.clocks import last_day_to_contest
from wushi.domain.notify.messages import NoticeKind
from wushi.domain.people.models import Person
from wushi.domain.people.queries import followers_to_tell

STAFF_LINK, RESIDENT_LINK, FAMILY_LINK = "/work/cases/{}/", "/r/{}/", "/me/family/{}/"


@dataclass(frozen=True)
class Told:
    """One who is to be told: kind, whom, number, and the facts of the sentence."""

    kind: NoticeKind
    who: str
    phone: str = field(default="", repr=False)
    facts: dict[str, Any] = field(default_factory=dict)
    link: str = ""


def leaf_at(case: Case, step: int) -> Leaf | None:
    """The deed that took a request to a step."""
    rows = Leaf.objects.filter(county=case.county, subject="cases.case", subject_id=str(case.id))
    return rows.filter(step=step, step__gt=0).first()


def audience(case: Case, deed: Leaf, now: datetime) -> list[Told]:
    """Everybody who is told of a deed, nobody twice, never who did it himself nor whom the matter is about."""
    verb = deed.verb.partition(".")[2]
    found: dict[str, Told] = {}
    for told in (*_staff(case, deed, verb, now), *_reporter(case, deed, verb)):
        if told.who not in (deed.actor, deed.behind, f"user:{case.accused_id}"):
            found.setdefault(told.who, told)
    return list(found.values())


def group_kind(case: Case, deed: Leaf) -> NoticeKind | None:
    """What a group's robot is told of the deed; nothing of what is sealed or over."""
    verb = deed.verb.partition(".")[2]
    if case.seal != UNSEALED or not case.is_open:
        return None
    kind = _tray_kind(case) if verb in m.TO_TRAY else m.TO_HOLDER.get(verb)
    if verb == "mark_clock" and deed.facts.get("level") == "red":
        kind = m.OVERDUE
    return kind if kind and kind.group else None


def facts_about(case: Case) -> dict[str, Any]:
    """Number, place and deadline: what a sentence to staff or a group may hold."""
    names = [place.name for place in line_of(case.village or case.area)][-1:]
    return {"number": case.number, "place": "".join(names), "due": case.due_at.isoformat()}


def facts_of(case: Case, deed: Leaf) -> dict[str, Any]:
    """The same, and for a clock that strikes: which, and its own time."""
    about, name = facts_about(case), str(deed.facts.get("clock", ""))
    if not deed.verb.endswith(".mark_clock"):
        return about
    clock = Clock.objects.filter(county=case.county, case=case, name=name, run=deed.facts.get("run")).first()
    due = clock.due_at.isoformat() if clock else about["due"]
    return {**about, "clock": name, "due": due}


def _tray_kind(case: Case) -> NoticeKind:
    return m.IN_TRAY_URGENT if case.urgency == Urgency.URGENT else m.IN_TRAY


def people_of(tray: Tray, day: date) -> list[User]:
    """Who empties a tray today, and who stands in for them."""
    if tray.duty == Duty.DEPARTMENT:
        posts = Post.objects.filter(
            in_force(day), county=tray.area[:6], duty=Duty.DEPARTMENT, unit=tray.unit, user__is_active=True
        )
        return [post.user for post in posts.select_related("user").order_by("valid_from", "id")]
    return [user for duty in servers_of(tray.duty) for user in holders(duty, tray.area, day)]


def _staff(case: Case, deed: Leaf, verb: str, now: datetime) -> Iterator[Told]:
    day, about = timezone.localdate(now), facts_of(case, deed)
    tray = lying_tray(case)
    if verb == "add_words" and not deed.actor.startswith(("receipt:", "person:")):
        return
    if verb in m.TO_TRAY and case.is_open:
        yield from _each(_tray_kind(case), people_of(tray, day), case, about)
    if verb in m.TO_HOLDER:
        yield from _each(m.TO_HOLDER[verb], _responsible(case, day), case, about)
    if verb == "contest_case":
        yield from _each(m.CONTESTED, _recorder(case), case, about)
    if verb == "mark_clock" and case.is_open:
        kind = {"yellow": m.DUE_SOON, "red": m.OVERDUE}.get(str(deed.facts.get("level")))
        if kind and deed.facts.get("clock") not in ("answer", "pause"):
            yield from _each(kind, _responsible(case, day), case, about)
    if verb == "request_extension" and (upper := upper_tray(case)):
        yield from _each(m.MORE_TIME_ASKED, people_of(upper, day), case, about)
    if verb in m.TO_PARTNERS:
        yield from _partners(case, day, about)


def _responsible(case: Case, day: date) -> list[User]:
    """Its holder; nobody holding it, whoever empties its tray."""
    held = None
    if case.holder_id is not None:
        held = User.objects.filter(id=case.holder_id, county=case.county, is_active=True).first()
    return [held] if held else people_of(lying_tray(case), day)


def _recorder(case: Case) -> list[User]:
    """Who typed it in for somebody, as long as he may see it."""
    if case.taken_by_id is None or case.seal != UNSEALED:
        return []
    return list(User.objects.filter(id=case.taken_by_id, county=case.county, is_active=True))


def _partners(case: Case, day: date, about: dict[str, Any]) -> Iterator[Told]:
    parts = Part.objects.filter(county=case.county, case=case, answered_at=None, released_at=None)
    for part in parts.order_by("id"):
        tray = Tray(part.tray_duty, part.tray_area, part.unit)
        yield from _each(m.CALLED, people_of(tray, day), case, about)


def _each(kind: NoticeKind, users: list[User], case: Case, facts: dict[str, Any]) -> Iterator[Told]:
    for user in users:
        yield Told(kind, f"user:{user.id}", user.phone, facts, STAFF_LINK.format(case.id))


def _reporter(case: Case, deed: Leaf, verb: str) -> Iterator[Told]:
    """The resident, where he left a number and wants to hear, and who follows him; never of what says nothing to them."""
    kind = m.TO_REPORTER.get(verb)
    if kind is None or case.reporter_id is None:
        return
    if verb == "pause_case" and deed.facts.get("reason") != m.WAITING_FOR_RESIDENT:
        return
    if verb == "decide_extension" and not deed.facts.get("granted"):
        return
    facts = {
        "number": case.number,
        "due": case.due_at.isoformat(),
        "until": str(deed.facts.get("until", "")),
    }
    person = Person.objects.filter(county=case.county, id=case.reporter_id).first()
    for_him = verb == "open_case" and case.on_behalf
    # told by somebody else: he hears of it whatever that one wished, or he could not contest it
    if person is not None and person.phone and (case.wants_reply or for_him):
        own = {**facts, "receipt": case.receipt} | ({"until": _contest_until(case)} if for_him else {})
        how = m.RECORDED_FOR_YOU if for_him else kind
        yield Told(how, f"person:{person.id}", person.phone, own, RESIDENT_LINK.format(case.receipt))
    yield from _family(case, m.TO_FAMILY[kind], facts)


def _contest_until(case: Case) -> str:
    """The last day on which he may say that it was not his wish."""
    days = rulebook(case.county).profile.contest_days
    return last_day_to_contest(opened=timezone.localdate(case.opened_at), days=days).isoformat()


def _family(case: Case, kind: NoticeKind, facts: dict[str, Any]) -> Iterator[Told]:
    """Who follows the resident now; nothing of what is sealed."""
    if case.seal != UNSEALED or case.reporter_id is None:
        return
    for person in followers_to_tell(case.county, case.reporter_id):
        yield Told(kind, f"person:{person.id}", person.phone, facts, FAMILY_LINK.format(case.id))


def case_with(county: str, case_id: UUID) -> Case | None:
    """The row, for the house."""
    return Case.objects.filter(county=county, id=case_id).first()
