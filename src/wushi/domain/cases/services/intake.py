"""Taking in a request: checked, numbered, routed, given a deadline, and where the route decides, accepted and assigned."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushi.domain.areas import queries as areas
from wushi.domain.areas.rules import columns_of
from wushi.domain.audit.services import digest, new_salt, record
from wushi.domain.cases.errors import AboutOfficial, UnknownCategory
from wushi.domain.cases.events import CaseOpened
from wushi.domain.cases.models import Case, Channel, Clock, Consent, Kind, Tag, Urgency
from wushi.domain.cases.permissions import may_open
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.rules import ClockName, Decision, NoRule, decide_route
from wushi.domain.cases.services.clocks import opening_clocks
from wushi.domain.cases.services.desk import all_of
from wushi.domain.cases.services.notices import leave_telling
from wushi.domain.cases.services.steps import tell
from wushi.domain.cases.states import CaseState
from wushi.domain.files.services import attach_photos, attach_recordings
from wushi.domain.people.models import Person
from wushi.domain.people.queries import bond_to
from wushi.domain.people.services import NewPerson, note_person
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, KeyReused, NotAllowed
from wushi.kernel.events import announce
from wushi.kernel.ids import receipt_code, uuid7
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.text import clean
from wushi.plumbing.tokens import quarter_token, tokens
from wushi.plumbing.writes import insert_many, insert_once

TEXT_LIMIT = 2000
TITLE_LENGTH = 24
# What a request says that was only spoken: lists, search and paper need words, and nobody here writes down what he
# heard in another's name. Stored, so in the language of the district, like whatever residents type.
SPOKEN = "语音诉求，请听录音"
# A client key must not be guessable or reused by chance: 122 random bits and more (house rule 11), UUID or longer.
_KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")


@dataclass(frozen=True)
class Intake:
    """What is known when a request comes in. ``area_code`` has 12 or 15 digits; ``key`` is made where it was typed."""

    text: str
    area_code: str
    channel: str
    key: str
    number: str
    kind: str = ""
    category: str = ""
    urgency: str = Urgency.NORMAL.value
    place: str = ""
    name: str = ""
    phone: str = ""
    on_behalf: bool = False
    consent: str = ""
    wants_reply: bool = True
    about_official: bool = False
    photos: tuple[UUID, ...] = ()
    recordings: tuple[UUID, ...] = ()
    tags: tuple[str, ...] = ()
    longitude: float | None = None
    latitude: float | None = None
    # 亲情关联: whom the signed-in resident reports for
    for_person: UUID | None = None


def refuse_about_official(actor: Actor, intake: Intake) -> None:
    """Raises AboutOfficial with the channels: such a complaint is kept nowhere here, not even in a log."""
    if intake.about_official or intake.kind == Kind.TIP_OFF:
        raise AboutOfficial(channels=list(rulebook(actor.county).profile.discipline_channels))


def checked(intake: Intake) -> Intake:
    """The intake with its texts made safe. Raises Invalid naming every field that cannot be taken."""
    wrong: dict[str, str] = {}
    if intake.recordings and not intake.text.strip():
        intake = replace(intake, text=SPOKEN)
    if not _KEY.fullmatch(intake.key):
        wrong["key"] = "bad_key"
    if intake.channel not in Channel.values:
        wrong["channel"] = "unknown"
    if intake.kind and intake.kind not in Kind.values:
        wrong["kind"] = "unknown"
    if intake.urgency not in Urgency.values:
        wrong["urgency"] = "unknown"
    if not set(intake.tags) <= set(Tag.values):
        wrong["tags"] = "unknown"
    if intake.on_behalf and intake.consent not in Consent.values:
        wrong["consent"] = "required"
    if (
        len(intake.area_code) not in (12, 15)
        or not intake.area_code.isdigit()
        or not intake.area_code.isascii()
    ):
        wrong["area_code"] = "bad_area"
    texts: dict[str, str] = {}
    for name, limit, needed in (("text", TEXT_LIMIT, True), ("place", 200, False), ("name", 60, False)):
        try:
            texts[name] = clean(getattr(intake, name), field=name, limit=limit, required=needed)
        except Invalid as error:
            wrong.update(error.facts["fields"])  # type: ignore[call-overload]
    if wrong:
        raise Invalid(fields=wrong)
    return replace(intake, **texts)  # type: ignore[arg-type]


def title_of(text: str) -> str:
    """The first clause, at most 24 characters: what a list shows."""
    first = re.split(r"[，。！？；,.!?;\n]", text.strip(), maxsplit=1)[0].strip() or text.strip()
    return first if len(first) <= TITLE_LENGTH else first[: TITLE_LENGTH - 1] + "…"


def body_hash(intake: Intake) -> bytes:
    """What makes two requests with one key the same: everything that was said, not the number that was drawn."""
    said = {k: v for k, v in asdict(intake).items() if k not in {"number", "key"}}
    if not intake.recordings:
        # keys that were used before there were recordings stay what they were
        del said["recordings"]
    if intake.for_person is None:
        del said["for_person"]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).digest()


@verb
def open_case(*, actor: Actor, intake: Intake, now: datetime = DB_TIME) -> Case:
    """A resident says something is wrong, himself or through somebody; asked twice with one key it is the same request."""
    refuse_about_official(actor, intake)
    intake = checked(for_family(actor, intake))
    place = areas.existing(intake.area_code)
    by_others = intake.on_behalf and intake.for_person is None
    if place.code[:6] != actor.county or not may_open(actor, place.code, by_others):
        raise NotAllowed()
    stored = _stored(actor, intake)
    if stored is not None:
        return stored
    case, fresh = enter(actor, intake, _reporter(actor, intake, now), now)
    if fresh and intake.photos:
        attach_photos(actor=actor, owner=case, photo_ids=intake.photos, now=now)
    if fresh and intake.recordings:
        attach_recordings(actor=actor, owner=case, recording_ids=intake.recordings, now=now)
    return case


def for_family(actor: Actor, intake: Intake) -> Intake:
    """Reported for somebody whom he follows: theirs, with the consent that tied the two. Raises NotAllowed without a bond."""
    if intake.for_person is None:
        return intake
    bond = bond_to(actor, intake.for_person)
    if bond is None:
        raise NotAllowed()
    return replace(intake, on_behalf=True, consent=bond.consent, name="", phone="")


def enter(actor: Actor, intake: Intake, person: Person | None, now: datetime) -> tuple[Case, bool]:
    """The row with its clocks, leaves and notice; whether it is new. ``intake`` was checked."""
    kind, decision = _decide(intake, now)
    row = _row(intake, kind, decision, now)
    row.reporter = person
    row.taken_by_id = actor.id if actor.kind == "user" else None
    clocks = opening_clocks(row, now)
    _promise(row, clocks)
    case, fresh = insert_once(row, key=("county", "client_key"), same=("body_hash",))
    if not fresh:
        return case, False
    insert_many(clocks)
    _leave_leaves(case, intake, decision)
    tell(case)
    leave_telling(case, "open_case", step=1)
    announce(CaseOpened(actor=actor, at=now, case_id=case.id, village=case.village))
    return case, True


def _promise(row: Case, clocks: list[Clock]) -> None:
    """The deadline for handling goes on the row itself, with the line it comes from. Raises NoRule without such a line."""
    clock = next((c for c in clocks if c.name == ClockName.RESOLUTION), None)
    if clock is None:
        raise NoRule(ClockName.RESOLUTION)
    row.due_at, row.due_is_guess = clock.due_at, clock.is_guess
    row.why |= {
        "pace": clock.pace,
        "pace_version": clock.pace_version,
        "amount": clock.amount,
        "unit": clock.unit,
    }


def _stored(actor: Actor, intake: Intake) -> Case | None:
    """What was opened with this key before; raises KeyReused when it said something else.

    Looked up first only where a person would be entered on the way; otherwise the insert itself tells.
    """
    if not (intake.name or intake.phone):
        return None
    found = all_of(Case).filter(county=actor.county, client_key=intake.key).first()
    if found is not None and bytes(found.body_hash) != body_hash(intake):
        raise KeyReused()
    return found


def _decide(intake: Intake, now: datetime) -> tuple[str, Decision]:
    """Kind and tray, from the county's rules in force today."""
    book, today = rulebook(intake.area_code[:6]), timezone.localdate(now)
    category = next((c for c in book.categories if c.code == intake.category), None)
    if intake.category and category is None:
        raise UnknownCategory(category=intake.category[:32])
    kind = intake.kind or (category.kind if category else Kind.HELP.value)
    decision = decide_route(
        book.routes, category=intake.category, kind=kind, area=intake.area_code, day=today
    )
    return kind, decision


def _reporter(actor: Actor, intake: Intake, now: datetime) -> Person | None:
    if intake.for_person is not None:
        return all_of(Person).filter(county=actor.county, id=intake.for_person).first()
    if actor.kind == "person" and actor.id and not intake.on_behalf:
        return all_of(Person).filter(county=actor.county, id=actor.id).first()
    if not (intake.name or intake.phone):
        return None
    village = intake.area_code[:12]
    return note_person(
        actor=actor, person=NewPerson(name=intake.name, phone=intake.phone, village=village), now=now
    )


def _row(intake: Intake, kind: str, decision: Decision, now: datetime) -> Case:
    salt = new_salt()
    county = intake.area_code[:6]
    return Case(
        id=uuid7(),
        **columns_of(intake.area_code),
        number=intake.number,
        receipt=receipt_code(county),
        client_key=intake.key,
        body_hash=body_hash(intake),
        place=intake.place,
        longitude=intake.longitude,
        latitude=intake.latitude,
        kind=kind,
        category=intake.category,
        urgency=intake.urgency,
        channel=intake.channel,
        title=title_of(intake.text),
        text=intake.text,
        salt=salt,
        # not the name: people are not looked up by words
        tokens=[*tokens(f"{intake.text} {intake.place}"), quarter_token(timezone.localdate(now))],
        on_behalf=intake.on_behalf,
        consent=intake.consent,
        wants_reply=intake.wants_reply,
        state=CaseState.ASSIGNED.value if decision.automatic else CaseState.RECEIVED.value,
        step=3 if decision.automatic else 1,
        tray_duty=decision.tray.duty,
        tray_area=decision.tray.area,
        unit=decision.tray.unit,
        tags=list(intake.tags),
        why=_why(decision),
        opened_at=now,
    )


def _why(decision: Decision) -> dict[str, Any]:
    return {
        "route": decision.route,
        "route_version": decision.version,
        "missing_level": decision.missing,
        "automatic": decision.automatic,
        "tray": [decision.tray.duty, decision.tray.area, decision.tray.unit],
    }


def _leave_leaves(case: Case, intake: Intake, decision: Decision) -> None:
    """Opening; and where the route decides at once, accepting and assigning, each its own leaf."""
    record(
        subject=case,
        step=1,
        state=CaseState.RECEIVED.value,
        channel=case.channel,
        kind=case.kind,
        on_behalf=case.on_behalf,
        consent=case.consent,
        words=digest(case.text, bytes(case.salt)),
        photos=list(intake.photos),
        recordings=list(intake.recordings),
    )
    if decision.automatic:
        record(
            subject=case,
            as_verb="cases.accept_case",
            step=2,
            state=CaseState.WAITING.value,
            route=decision.route,
        )
        record(
            subject=case,
            as_verb="cases.assign_case",
            step=3,
            state=CaseState.ASSIGNED.value,
            duty=case.tray_duty,
            area=case.tray_area,
            unit=case.unit,
            route=decision.route,
            version=decision.version,
        )
