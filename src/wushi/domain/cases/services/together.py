"""吹哨报到 and co-handling: others are called to one matter, say that they are there, do their part, and are graded back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.models import Unit
from wushi.domain.cases.errors import NoPart, NoTray, NoWhistle, OpenParts, WhistleBlown
from wushi.domain.cases.models import Case, Clock, Grade, Part, PartResult, Whistle, WhistleKind
from wushi.domain.cases.permissions import (
    WHISTLERS,
    is_holder,
    is_in_tray,
    lying_tray,
    partner_key,
    trays_of,
)
from wushi.domain.cases.rules import ClockName, Tray
from wushi.domain.cases.services.assignment import check_tray
from wushi.domain.cases.services.clocks import start_clock
from wushi.domain.cases.services.desk import add, all_of, keep
from wushi.domain.cases.services.steps import advance, is_repeated, keep_words, leaf, locked, tell
from wushi.domain.cases.services.watching import end_watch, watch
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.ids import uuid7
from wushi.kernel.verb import DB_TIME, verb

MOST_PARTS = 20


@dataclass(frozen=True)
class Called:
    """A department that is called, and whether the matter cannot be done without its part."""

    unit: str
    essential: bool = True


def open_parts_of(case: Case) -> int:
    """Essential parts nobody has answered or released."""
    return (
        all_of(Part)
        .filter(county=case.county, case=case, essential=True, answered_at=None, released_at=None)
        .count()
    )


def _add_part(
    case: Case, tray: Tray, now: datetime, *, essential: bool, whistle: Whistle | None, loudness: str = ""
) -> Part:
    """The row, its clocks, and that its tray sees the matter."""
    unit = tray.unit if tray.duty == Duty.DEPARTMENT else ""
    part = Part(
        id=uuid7(),
        county=case.county,
        case=case,
        whistle=whistle,
        tray_duty=tray.duty,
        tray_area=tray.area,
        unit=unit,
        essential=essential,
        asked_at=now,
        asked_at_step=case.step + 1,
    )
    add(part)
    watch(case, "part", now, tray=tray)
    if whistle is not None:
        start_clock(case, ClockName.ROLL_CALL, now, part_id=part.id, urgency=loudness)
    start_clock(case, ClockName.PART, now, part_id=part.id, urgency=loudness)
    return part


def _partners(case: Case, trays: Sequence[Tray]) -> list[str]:
    keys = [partner_key((t.duty, t.area, t.unit if t.duty == Duty.DEPARTMENT else "")) for t in trays]
    return sorted({*case.partners, *keys})


def _busy(case: Case, trays: Sequence[Tray]) -> bool:
    held = all_of(Part).filter(county=case.county, case=case, answered_at=None, released_at=None)
    return bool({p.tray for p in held} & {(t.duty, t.area, t.unit) for t in trays})


@verb
def blow_whistle(
    *,
    actor: Actor,
    case_id: UUID,
    kind: str,
    called: Sequence[Called],
    words: str,
    now: datetime = DB_TIME,
) -> Whistle:
    """吹哨: a village, a town or the district calls departments to this matter; each has a clock for saying it is there."""
    case = locked(actor, case_id, "blow_whistle")
    if case.tray_duty not in WHISTLERS:
        raise NotAllowed(verb="blow_whistle")
    running = all_of(Whistle).filter(county=case.county, case=case, ended_at=None).first()
    if running is not None:
        if is_repeated(actor, case, "blow_whistle", words, kind=kind):
            return running
        raise WhistleBlown()
    if kind not in WhistleKind.values:
        raise Invalid(fields={"kind": "required"})
    trays = _trays_called(case, called)
    whistle = Whistle(
        id=uuid7(),
        county=case.county,
        case=case,
        kind=kind,
        tray_duty=case.tray_duty,
        tray_area=case.tray_area,
        blown_at=now,
    )
    add(whistle)
    essential = {c.unit: c.essential for c in called}
    for tray in trays:
        _add_part(case, tray, now, essential=essential[tray.unit], whistle=whistle, loudness=kind)
    advance(case, "blow_whistle", partners=_partners(case, trays), open_parts=open_parts_of(case))
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=True)
    leaf(case, kind=kind, whistle=whistle.id, units=[t.unit for t in trays], **facts)
    tell(case)
    return whistle


def _trays_called(case: Case, called: Sequence[Called]) -> list[Tray]:
    codes = list(dict.fromkeys(c.unit for c in called))
    if not codes or len(codes) > MOST_PARTS:
        raise Invalid(fields={"units": "required"})
    known = set(
        Unit.objects.filter(county=case.county, code__in=codes, kind="department").values_list(
            "code", flat=True
        )
    )
    if known != set(codes):
        raise NoTray()
    trays = [Tray(Duty.DEPARTMENT.value, case.county, code) for code in codes]
    if _busy(case, trays) or any(len(t.area) > case.seal for t in trays):
        raise NoTray()
    return trays


@verb
def ask_partner(
    *,
    actor: Actor,
    case_id: UUID,
    tray: Tray,
    words: str,
    essential: bool = True,
    now: datetime = DB_TIME,
) -> Part:
    """协办: the holder leads, another tray has a part of its own (首接负责: who took it first answers for the whole)."""
    case = locked(actor, case_id, "ask_partner")
    check_tray(case, tray)
    lying = lying_tray(case)
    same = (tray.duty, tray.area) == (lying.duty, lying.area) and (
        tray.duty != Duty.DEPARTMENT or tray.unit == lying.unit
    )
    if same or _busy(case, [tray]):
        raise NoTray()
    part = _add_part(case, tray, now, essential=essential, whistle=None)
    advance(case, "ask_partner", partners=_partners(case, [tray]), open_parts=open_parts_of(case))
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=True)
    leaf(case, part=part.id, duty=tray.duty, area=tray.area, unit=tray.unit, essential=essential, **facts)
    tell(case)
    return part


def _part(case: Case, part_id: UUID) -> Part:
    part = all_of(Part).filter(county=case.county, case=case, id=part_id).first()
    if part is None:
        raise NoPart()
    return part


def _own_part(actor: Actor, case: Case, part_id: UUID) -> Part:
    """A part of one of his trays. Raises NoPart for another's."""
    part = _part(case, part_id)
    if part.tray not in trays_of(actor):
        raise NoPart()
    return part


@verb
def release_partner(
    *, actor: Actor, case_id: UUID, part_id: UUID, words: str = "", now: datetime = DB_TIME
) -> Part:
    """撤销协办: the part is not needed after all; a called department's cannot be dropped like that."""
    case = locked(actor, case_id, "release_partner")
    part = _part(case, part_id)
    if part.released_at is not None:
        return part
    if part.whistle_id is not None or not part.is_open:
        raise NoPart()
    part.released_at = now
    keep(part, "released_at")
    _end_clocks_of(part, case, now, "release_partner")
    changes: dict[str, Any] = {"open_parts": open_parts_of(case)}
    others = all_of(Part).filter(county=case.county, case=case, released_at=None)
    if not any(other.tray == part.tray for other in others):
        # he has no part in it any more, and sees no more of it
        end_watch(case, "part", now, Tray(*part.tray))
        changes["partners"] = [key for key in case.partners if key != partner_key(part.tray)]
    advance(case, "release_partner", **changes)
    facts = keep_words(actor=actor, case=case, words=words, now=now)
    leaf(case, part=part.id, **facts)
    tell(case)
    return part


def _end_clocks_of(part: Part, case: Case, now: datetime, by: str, *names: ClockName) -> None:
    wanted = names or (ClockName.ROLL_CALL, ClockName.PART)
    all_of(Clock).filter(
        county=case.county, case=case, part_id=part.id, name__in=list(wanted), ended_at=None
    ).update(ended_at=now, ended_by=by, next_at=None)


@verb
def report_for_roll_call(
    *, actor: Actor, case_id: UUID, part_id: UUID, words: str = "", now: datetime = DB_TIME
) -> Part:
    """报到: the called department says that it is there, and who comes."""
    case = locked(actor, case_id, "report_for_roll_call")
    part = _own_part(actor, case, part_id)
    if part.whistle_id is None or part.released_at is not None:
        raise NoPart()
    if part.came_at is not None:
        return part
    part.came_at = now
    keep(part, "came_at")
    _end_clocks_of(part, case, now, "report_for_roll_call", ClockName.ROLL_CALL)
    advance(case, "report_for_roll_call")
    facts = keep_words(actor=actor, case=case, words=words, now=now)
    leaf(case, part=part.id, unit=part.unit, duty=part.tray_duty, area=part.tray_area, **facts)
    tell(case)
    return part


@verb
def answer_part(
    *,
    actor: Actor,
    case_id: UUID,
    part_id: UUID,
    result: str,
    words: str,
    photos: Sequence[UUID] = (),
    now: datetime = DB_TIME,
) -> Part:
    """分办反馈: what became of one's own part; who answers without having said he is there is there."""
    case = locked(actor, case_id, "answer_part")
    part = _own_part(actor, case, part_id)
    if part.answered_at is not None and is_repeated(
        actor, case, "answer_part", words, part=str(part.id), result=result
    ):
        return part
    if not part.is_open:
        raise NoPart()
    if result not in PartResult.values:
        raise Invalid(fields={"result": "required"})
    part.answered_at, part.answered_at_step, part.result = now, case.step + 1, result
    part.came_at = part.came_at or now
    keep(part, "answered_at", "answered_at_step", "result", "came_at")
    _end_clocks_of(part, case, now, "answer_part")
    advance(case, "answer_part", open_parts=open_parts_of(case))
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=True, photos=photos)
    leaf(case, part=part.id, result=result, unit=part.unit, duty=part.tray_duty, area=part.tray_area, **facts)
    tell(case)
    return part


@verb
def plan_together(*, actor: Actor, case_id: UUID, words: str, now: datetime = DB_TIME) -> Whistle:
    """联合方案: who called says in words what each does until when; all of them read it."""
    case = locked(actor, case_id, "plan_together")
    whistle = _running(case)
    if whistle.planned_at is not None and is_repeated(actor, case, "plan_together", words):
        return whistle
    whistle.planned_at = now
    keep(whistle, "planned_at")
    advance(case, "plan_together")
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=True)
    leaf(case, whistle=whistle.id, **facts)
    tell(case)
    return whistle


def _running(case: Case) -> Whistle:
    whistle = all_of(Whistle).filter(county=case.county, case=case, ended_at=None).first()
    if whistle is None:
        raise NoWhistle()
    return whistle


@verb
def end_whistle(*, actor: Actor, case_id: UUID, result: str, words: str, now: datetime = DB_TIME) -> Whistle:
    """哨件办结: the common work is over; not while an essential part is unanswered."""
    case = locked(actor, case_id, "end_whistle")
    whistle = _running(case)
    if result not in PartResult.values:
        raise Invalid(fields={"result": "required"})
    waiting = all_of(Part).filter(
        county=case.county, case=case, whistle=whistle, answered_at=None, released_at=None
    )
    essential = waiting.filter(essential=True).count()
    if essential:
        raise OpenParts(n=essential)
    for part in waiting:
        part.released_at = now
        keep(part, "released_at")
        _end_clocks_of(part, case, now, "end_whistle")
    whistle.ended_at, whistle.result = now, result
    keep(whistle, "ended_at", "result")
    advance(case, "end_whistle")
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=True)
    leaf(case, whistle=whistle.id, result=result, **facts)
    tell(case)
    return whistle


@verb
def grade_part(*, actor: Actor, case_id: UUID, part_id: UUID, grade: str, now: datetime = DB_TIME) -> Part:
    """双向评价: who called grades who came, who came grades who called; each once, and neither for himself."""
    case = locked(actor, case_id, "grade_part")
    part = _part(case, part_id)
    if grade not in Grade.values:
        raise Invalid(fields={"grade": "required"})
    if part.answered_at is None:
        raise NoPart()
    if part.tray in trays_of(actor):
        column = "grade_of_caller"
    elif is_holder(actor, case) or is_in_tray(actor, case):
        column = "grade_of_part"
    else:
        raise NoPart()
    if getattr(part, column):
        return part
    setattr(part, column, grade)
    keep(part, column)
    advance(case, "grade_part")
    leaf(case, part=part.id, grade=grade, of=column)
    tell(case)
    return part
