"""What every verb on a request does: load and lock, check the move and the right, step forward, keep the words, tell."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from wushi.domain.accounts.duties import Duty
from wushi.domain.audit.models import Leaf
from wushi.domain.audit.services import digest, new_salt, record
from wushi.domain.cases.errors import NoTray
from wushi.domain.cases.models import UNSEALED, Case, Entry
from wushi.domain.cases.permissions import may_move
from wushi.domain.cases.queries.scopes import exists_for, visible_to
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services.desk import add, all_of, keep
from wushi.domain.cases.services.notices import leave_telling
from wushi.domain.cases.states import MOVES
from wushi.domain.files.services import attach_photos, attach_recordings
from wushi.domain.outbox.services import leave_notice
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed, NotFound
from wushi.kernel.states import move
from wushi.kernel.verb import current_frame
from wushi.plumbing.bench import held, the_bench
from wushi.plumbing.text import clean

WORDS_LIMIT = 2000


def locked(actor: Actor, case_id: UUID, verb: str, words: str = "", **facts: Any) -> Case:
    """The row, locked, when the actor sees it (NotFound), may use the verb (NotAllowed) and its state allows it (MoveRefused).

    ``facts`` are those of the deed's leaf: asked a second time with the same words and facts it is answered alike, with
    others it is another deed and refused by its state.
    """
    case = locked_row(actor, case_id)
    if case is None:
        raise NotFound()
    step = MOVES[verb]
    if case.state not in step.sources and is_repeated(actor, case, verb, words, **facts):
        return case
    if not may_move(actor, step, case):
        raise NotAllowed(verb=verb)
    move(MOVES, verb, case.state)
    return case


def locked_row(actor: Actor, case_id: UUID) -> Case | None:
    """The row, locked, when it exists for the actor."""
    if held(Case) is not None:
        found: Case | None = all_of(Case).filter(county=actor.county, id=case_id).first()
        return found if found is not None and exists_for(actor, found) else None
    ids = visible_to(actor).filter(id=case_id).values("id")[:1]
    return Case.objects.select_for_update(of=("self",)).filter(county=actor.county, id__in=ids).first()


def is_repeated(actor: Actor, case: Case, verb: str, words: str = "", **facts: Any) -> bool:
    """Whether the last thing that happened to it is this very deed, by the same person, with the same words and facts.

    A phone with bad signal asks twice; the second time the row is given back and nothing is written.
    """
    last = (
        all_of(Leaf)
        .filter(county=case.county, subject="cases.case", subject_id=str(case.id), step=case.step, step__gt=0)
        .first()
    )
    if last is None or last.verb != f"cases.{verb}" or last.actor != actor.ref:
        return False
    if any((last.facts.get(name) or "") != _as_fact(value) for name, value in facts.items()):
        return False
    entry = all_of(Entry).filter(county=case.county, case=case, at_step=case.step).first()
    return (entry.text if entry else "") == clean(words, field="words", limit=WORDS_LIMIT)


def _as_fact(value: Any) -> Any:
    """As a leaf keeps it; nothing is the same as empty."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [str(part) for part in value] or ""
    return value if isinstance(value, bool | int | float) else str(value or "")


def advance(case: Case, verb: str, **changes: Any) -> None:
    """To the next step: the target of the table (where it has one) and the changed columns, written together.

    Where the state depends on the row (unmerging, a matter sent back to nobody), it comes among the columns.
    """
    target = MOVES[verb].target
    if target and "state" not in changes:
        changes["state"] = target
    case.step += 1
    for name, value in changes.items():
        setattr(case, name, value)
    keep(case, "step", *changes)


def put_tray(case: Case, tray: Tray) -> dict[str, Any]:
    """The columns of a tray, for ``advance``; nobody holds it then. Raises NoTray for one the seal shuts out."""
    if len(tray.area) > case.seal and tray.duty != Duty.SUPERVISOR:
        raise NoTray()
    return {"tray_duty": tray.duty, "tray_area": tray.area, "unit": tray.unit, "holder": None}


def keep_words(
    *,
    actor: Actor,
    case: Case,
    words: str,
    now: datetime,
    required: bool = False,
    photos: Sequence[UUID] = (),
    recordings: Sequence[UUID] = (),
) -> dict[str, Any]:
    """Words, photos and recordings of the step the case has just reached; returns its leaf's facts (hash and ids, never text)."""
    facts: dict[str, Any] = {}
    text = clean(words, field="words", limit=WORDS_LIMIT, required=required and not (photos or recordings))
    if text:
        salt = new_salt()
        add(
            Entry(
                county=case.county,
                case=case,
                at_step=case.step,
                text=text,
                salt=salt,
                author=actor.ref,
                said_at=now,
            )
        )
        facts["words"] = digest(text, salt)
    if photos:
        attach_photos(actor=actor, owner=case, photo_ids=list(photos), now=now)
        facts["photos"] = list(photos)
    if recordings:
        attach_recordings(actor=actor, owner=case, recording_ids=list(recordings), now=now)
        facts["recordings"] = list(recordings)
    return facts


def tell(case: Case, *more: str) -> None:
    """Open pages of this request, its village's lamp, its tray and its holder read again after the commit."""
    if the_bench() is not None:
        # nobody has a page open on what is only being written down
        return
    topics = [case.topic, f"tray:{case.tray_area}:{case.tray_duty}", *more]
    if case.seal == UNSEALED:
        # a sealed matter is not in the village's lamp, and its lamp must not blink for it either
        topics += area_topics(case)
    if case.holder_id:
        topics.append(f"user:{case.holder_id}")
    if case.merged:
        # whoever told the same matter follows this one
        topics += [slave.topic for slave in all_of(Case).filter(county=case.county, merged_into=case.id)]
    topics += [_tray_topic(partner) for partner in case.partners]
    leave_notice(topics)


def _tray_topic(partner: str) -> str:
    duty, area, _unit = partner.split("|")
    return f"tray:{area}:{duty}"


def area_topics(case: Case) -> list[str]:
    """Whose lists and lamps a matter concerns: its village's lamp, its town, its county."""
    return [f"lamp:{case.village or case.county}", f"area:{case.town or case.county}", f"area:{case.county}"]


def leaf(case: Case, **facts: Any) -> None:
    """The step's leaf, with the state it reached."""
    record(subject=case, state=case.state, **facts)
    leave_telling(case, current_frame().name.partition(".")[2])
