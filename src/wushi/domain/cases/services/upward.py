"""What is always there: a further word, 向上反映, and taking an official out of what is about him."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from wushi.domain.accounts.duties import Duty
from wushi.domain.accounts.models import User
from wushi.domain.accounts.queries import areas_answered_for
from wushi.domain.cases.errors import NothingAbove
from wushi.domain.cases.models import SEALED_TO_TRAY, Case, Part, Watch, Whistle
from wushi.domain.cases.permissions import is_holder, is_in_tray, is_reporter
from wushi.domain.cases.rules import ClockName, Tray, tray_above
from wushi.domain.cases.services.clocks import (
    end_clocks,
    hand_over,
    resolution_columns,
    start_clock,
)
from wushi.domain.cases.services.desk import afresh, all_of
from wushi.domain.cases.services.merging import one_at_a_time
from wushi.domain.cases.services.resting import resume_case
from wushi.domain.cases.services.steps import (
    advance,
    area_topics,
    is_repeated,
    keep_words,
    leaf,
    locked,
    put_tray,
    tell,
)
from wushi.domain.cases.services.watching import watch
from wushi.domain.cases.states import MOVES, UNDER_WAY, CaseState
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid
from wushi.kernel.verb import DB_TIME, verb

# 向上反映 goes to the dispatchers of the town or the district.
APPEAL_TO = {"town": (9, Duty.TOWN_CLERK), "district": (6, Duty.DISTRICT_CLERK)}


@verb
def add_words(
    *,
    actor: Actor,
    case_id: UUID,
    words: str,
    photos: Sequence[UUID] = (),
    recordings: Sequence[UUID] = (),
    now: datetime = DB_TIME,
) -> Case:
    """Something more is said, spoken or shown, by the resident or by who handles it; both see it."""
    case = locked(actor, case_id, "add_words")
    if is_repeated(actor, case, "add_words", words, photos=photos, recordings=recordings):
        return case
    # the resident reads it: the first word of those who handle it is the first contact
    spoken = actor.kind == "user" and case.contacted_at is None and _handles(actor, case)
    advance(case, "add_words", **({"contacted_at": now} if spoken else {}))
    if spoken:
        end_clocks(case, now, "add_words", (ClockName.CONTACT,))
    shown = {"photos": photos, "recordings": recordings}
    facts = keep_words(actor=actor, case=case, words=words, now=now, required=True, **shown)
    leaf(case, **facts)
    tell(case, *_of_master(case))
    if case.state == CaseState.PAUSED and is_reporter(actor, case):
        # what it waited for is there
        resume_case(actor=Actor.house(actor), case_id=case.id, now=now)
        afresh(case)
    return case


def _of_master(case: Case) -> list[str]:
    """Who handles the one it was merged into hears of a further word, too."""
    master = (
        all_of(Case).filter(county=case.county, id=case.merged_into_id).first()
        if case.merged_into_id
        else None
    )
    return [master.topic, f"tray:{master.tray_area}:{master.tray_duty}"] if master else []


def _handles(actor: Actor, case: Case) -> bool:
    return is_holder(actor, case) or is_in_tray(actor, case)


@verb
def appeal_case(*, actor: Actor, case_id: UUID, level: str, words: str = "", now: datetime = DB_TIME) -> Case:
    """向上反映: the resident turns to the level above; the handling goes on, nobody below can prevent it."""
    if level not in APPEAL_TO:
        raise Invalid(fields={"level": "required"})
    case = locked(actor, case_id, "appeal_case")
    if case.appealed_to == level and is_repeated(actor, case, "appeal_case", words):
        return case
    digits, duty = APPEAL_TO[level]
    if case.appealed_to == "district" or case.appealed_to == level:
        raise NothingAbove(level=level)
    area = (case.town if digits == 9 else case.county) or case.county
    if len(area) > case.seal:
        # it is about an official of that level or below one: it lies above them already
        raise NothingAbove(level=level)
    watch(case, "appeal", now, tray=Tray(duty.value, area))
    advance(case, "appeal_case", appealed_to=level)
    facts = keep_words(actor=actor, case=case, words=words, now=now)
    leaf(case, level=level, duty=duty.value, area=area, **facts)
    tell(case, f"tray:{area}:{duty.value}")
    return case


@verb
def mark_official(
    *,
    actor: Actor,
    case_id: UUID,
    accused_id: UUID | None,
    level: str = "",
    words: str = "",
    now: datetime = DB_TIME,
) -> Case:
    """It turns out to be about an official: he and his unit no longer see it, and it lies with the level above them.

    Without a name (``accused_id`` None) it is about somebody of ``level`` (grid, village, town, district; left out: of
    the level it lies with), and everything up to that level is shut out. Above the district it is the supervisor's.
    """
    one_at_a_time(actor.county)
    case = locked(actor, case_id, "mark_official")
    if case.state == CaseState.PAUSED:
        # nobody above would know what it waits for
        resume_case(actor=Actor.house(actor), case_id=case.id, now=now)
        afresh(case)
    facts: dict[str, Any] = {}
    for row in (case, *_same_matter(case)):
        sealing = _sealing(row, accused_id, level, now)
        before = _seal(row, sealing, now)
        if row is case:
            facts = keep_words(actor=actor, case=case, words=words, now=now)
        leaf(
            row,
            duty=sealing.upper.duty,
            area=sealing.upper.area,
            seal=row.seal,
            **(facts if row is case else {}),
        )
        tell(row, *before)
    return case


def _same_matter(case: Case) -> list[Case]:
    """The requests that were declared the same matter, locked: the one that took it in, and those taken in."""
    master = case.merged_into_id or case.id
    rows = (
        all_of(Case)
        .select_for_update(of=("self",))
        .filter(Q(id=master) | Q(merged_into=master), county=case.county)
    )
    return list(rows.exclude(id=case.id).order_by("id"))


def _sealing(case: Case, accused_id: UUID | None, level: str, now: datetime) -> _Sealing:
    highest = _highest_area(case, accused_id, level, now)
    above = tray_above(highest, {15: "grid", 12: "village", 9: "town"}.get(len(highest), ""))
    upper = above or Tray(Duty.SUPERVISOR.value, case.county)
    seal = min(case.seal, len(upper.area) if above else SEALED_TO_TRAY)
    return _Sealing(accused_id, upper, seal, "seal_case" if above else "seal_case_to_tray")


@dataclass(frozen=True)
class _Sealing:
    """Whom it is about, whose it is from now on, how high it is sealed, and the table's row for that."""

    accused_id: UUID | None
    upper: Tray
    seal: int
    row: str


def _seal(case: Case, sealing: _Sealing, now: datetime) -> list[str]:
    """The next step of a locked request: above those it is about, out of every list below; the topics that must read again."""
    before = [case.topic, f"tray:{case.tray_area}:{case.tray_duty}", *area_topics(case)]
    before += [f"user:{case.holder_id}"] if case.holder_id else []
    row = MOVES[sealing.row]
    columns: dict[str, Any] = {"state": row.target} if case.state in row.sources else {}
    if case.state == CaseState.HANDLED:
        # what those it is about called done is not done
        end_clocks(case, now, "sealed", (ClockName.ANSWER,))
        fresh = start_clock(case, ClockName.RESOLUTION, now)
        columns |= resolution_columns([fresh] if fresh else [])
        columns |= {"handled_at": None, "outcome": "", "plan_on": None, "resolved_level": ""}
    advance(
        case,
        "mark_official",
        accused_id=sealing.accused_id,
        seal=sealing.seal,
        came_from=[],
        partners=[],
        open_parts=0,
        **put_tray(case, sealing.upper),
        **columns,
    )
    _shut_out(case, now)
    return before


def _shut_out(case: Case, now: datetime) -> None:
    """Nobody below hears of it through a part, a watch or a clock of his; its signature is waited for above."""
    all_of(Part).filter(county=case.county, case=case, answered_at=None, released_at=None).update(
        released_at=now
    )
    all_of(Whistle).filter(county=case.county, case=case, ended_at=None).update(ended_at=now)
    end_clocks(case, now, "sealed", (ClockName.ROLL_CALL, ClockName.PART))
    if case.state in UNDER_WAY:
        hand_over(case, now)
    for watched in all_of(Watch).filter(county=case.county, case=case, until=None):
        if watched.user_id or watched.reason == "part" or len(watched.tray_area) > case.seal:
            all_of(Watch).filter(county=case.county, id=watched.id).update(until=now)


def _highest_area(case: Case, accused_id: UUID | None, level: str, now: datetime) -> str:
    """The widest area the accused answers for here, in his own posts and those he stands in for; never below the tray's."""
    if accused_id is None:
        named = {"grid": case.grid, "village": case.village, "town": case.town, "district": case.county}.get(
            level
        )
        return min([named or case.tray_area, case.tray_area], key=len)
    if not User.objects.filter(id=accused_id, county=case.county).exists():
        raise Invalid(fields={"accused": "unknown"})
    areas = areas_answered_for(accused_id, timezone.localdate(now))
    return min([*(a for a in areas if case.area.startswith(a)), case.tray_area], key=len)
