"""One matter told twice, several matters told as one: merging, taking apart, splitting, linking, and sorting anew."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from wushi.domain.accounts.queries import still_serves
from wushi.domain.areas import queries as areas
from wushi.domain.cases.errors import MergeIntoOlder, NoMaster, OpenParts, UnknownCategory
from wushi.domain.cases.models import UNSEALED, Case, Clock, Kind, Link, LinkKind, Outcome, Tag, Urgency
from wushi.domain.cases.permissions import servers_of
from wushi.domain.cases.queries.rulebook import rulebook
from wushi.domain.cases.rules import ClockName
from wushi.domain.cases.services.clocks import (
    end_clocks,
    hand_over,
    pace_for,
    plan_again,
    resolution_columns,
    running,
    save_planned,
    take_pace,
    wind_up,
)
from wushi.domain.cases.services.desk import afresh, all_of, keep, once
from wushi.domain.cases.services.flags import watch_move_of_deadline
from wushi.domain.cases.services.intake import Intake, checked, enter
from wushi.domain.cases.services.resting import resume_case
from wushi.domain.cases.services.steps import advance, is_repeated, keep_words, leaf, locked, locked_row, tell
from wushi.domain.cases.states import MOVES, OPEN, CaseState
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.ids import uuid7
from wushi.kernel.verb import DB_TIME, verb
from wushi.plumbing.writes import insert_once, serialised


def one_at_a_time(county: str) -> None:
    """Whoever locks two requests waits his turn, so that two of them cannot hold one each and wait for the other."""
    serialised(f"{county}: requests that belong together")


def _other(actor: Actor, case: Case, other_id: UUID) -> Case:
    """The other request, locked, if it exists for him. Raises NoMaster."""
    other = locked_row(actor, other_id)
    if other is None or other.id == case.id:
        raise NoMaster()
    return other


@verb
def merge_case(
    *, actor: Actor, case_id: UUID, master_id: UUID, words: str = "", now: datetime = DB_TIME
) -> Case:
    """合并: the same matter was told before; it is settled there, and who told this one follows that one from now on."""
    one_at_a_time(actor.county)
    case = locked(actor, case_id, "merge_case", words, master=master_id)
    if case.state not in MOVES["merge_case"].sources:
        return case
    master = _other(actor, case, master_id)
    if master.state not in OPEN or master.seal != case.seal or case.merged:
        raise NoMaster()
    if master.opened_at > case.opened_at:
        # else a deadline could be left behind by telling the matter anew
        raise MergeIntoOlder(number=master.number)
    if case.open_parts:
        raise OpenParts(n=case.open_parts)
    if case.state == CaseState.PAUSED:
        resume_case(actor=Actor.house(actor), case_id=case.id, now=now)
        afresh(case)
    advance(
        case,
        "merge_case",
        merged_into_id=master.id,
        state_before=case.state,
        closed_at=now,
        closing="merged",
        outcome=Outcome.DUPLICATE,
    )
    if master.due_at > case.due_at:
        watch_move_of_deadline(case, "merged_later", now)
    end_clocks(case, now, "merge_case")
    wind_up(case, now)
    facts = keep_words(actor=actor, case=case, words=words, now=now)
    leaf(case, master=master.id, **facts)
    master.step, master.merged = master.step + 1, master.merged + 1
    keep(master, "step", "merged")
    leaf(master, taken_in=case.id)
    tell(case)
    tell(master)
    return case


@verb
def unmerge_case(*, actor: Actor, case_id: UUID, words: str = "", now: datetime = DB_TIME) -> Case:
    """取消合并: it was another matter after all; it has the state, the holder and the clocks it had."""
    one_at_a_time(actor.county)
    case = locked(actor, case_id, "unmerge_case", words)
    if case.state not in MOVES["unmerge_case"].sources:
        return case
    master = (
        all_of(Case)
        .select_for_update(of=("self",))
        .filter(county=case.county, id__in=[case.merged_into_id])
        .get()
    )
    clocks = _clocks_again(case)
    held = case.holder_id is not None and once(
        still_serves, case.holder_id, servers_of(case.tray_duty), case.tray_area, timezone.localdate(now)
    )
    # whoever had it in hand may be gone meanwhile: then it is to be signed for anew
    anew = case.state_before == CaseState.WORKING and not held
    advance(
        case,
        "unmerge_case",
        state=CaseState.ASSIGNED.value if anew else case.state_before,
        holder_id=case.holder_id if held else None,
        state_before="",
        merged_into_id=None,
        closed_at=None,
        closing="",
        outcome="",
        **resolution_columns(clocks),
    )
    if anew:
        hand_over(case, now)
    facts = keep_words(actor=actor, case=case, words=words, now=now)
    leaf(case, master=master.id, **facts)
    master.step, master.merged = master.step + 1, max(0, master.merged - 1)
    keep(master, "step", "merged")
    leaf(master, let_go=case.id)
    tell(case)
    tell(master)
    return case


def let_others_go(actor: Actor, master: Case, now: datetime) -> None:
    """What was merged into a request that its own resident took back, or that is not accepted, goes on by itself."""
    if not master.merged:
        return
    rows = all_of(Case).filter(county=master.county, merged_into=master.id).order_by("id")
    for slave_id in list(rows.values_list("id", flat=True)):
        unmerge_case(actor=Actor.house(actor), case_id=slave_id, now=now)
    afresh(master)


def _clocks_again(case: Case) -> list[Clock]:
    """The clocks that merging stopped go on from their own start: the time in between was not a rest."""
    calendar, book = areas.calendar_of(case.county), rulebook(case.county)
    rows = list(all_of(Clock).filter(county=case.county, case=case, ended_by="merge_case"))
    for clock in rows:
        clock.ended_at, clock.ended_by = None, ""
        plan_again(clock, case, calendar, book)
        save_planned(clock, "ended_at", "ended_by")
    return rows


@verb
def link_cases(*, actor: Actor, case_id: UUID, other_id: UUID, kind: str, now: datetime = DB_TIME) -> Case:
    """关联: two requests belong together, or are the same matter and both go on; who sees the one sees that there is another."""
    one_at_a_time(actor.county)
    case = locked(actor, case_id, "link_cases")
    if kind not in (LinkKind.DUPLICATE, LinkKind.RELATED):
        raise Invalid(fields={"kind": "unknown"})
    other = _other(actor, case, other_id)
    if other.seal != case.seal:
        raise NoMaster()
    if _link(case, other, kind, now):
        advance(case, "link_cases")
        leaf(case, other=other.id, kind=kind)
        tell(case)
    return case


def _link(case: Case, other: Case, kind: str, now: datetime) -> bool:
    row = Link(id=uuid7(), county=case.county, case=case, other=other, kind=kind, since=now)
    return insert_once(row, key=("county", "case", "other", "kind"))[1]


@verb
def split_case(
    *,
    actor: Actor,
    case_id: UUID,
    text: str,
    number: str,
    key: str,
    category: str = "",
    now: datetime = DB_TIME,
) -> Case:
    """拆分: two matters were told as one; the second gets a number, a receipt and clocks of its own. Returns the new one."""
    case = locked(actor, case_id, "split_case")
    if case.seal < UNSEALED:
        # the second one would lie where the first is kept from
        raise NotAllowed(verb="split_case")
    earlier = all_of(Case).filter(county=case.county, client_key=key).first()
    if earlier is not None and all_of(Link).filter(county=case.county, case=case, other=earlier).exists():
        return earlier
    intake = checked(
        Intake(
            text=text,
            area_code=case.grid or case.village,
            channel=case.channel,
            key=key,
            number=number,
            category=category,
            urgency=case.urgency,
            place=case.place,
            on_behalf=case.on_behalf,
            consent=case.consent,
            wants_reply=case.wants_reply,
            longitude=case.longitude,
            latitude=case.latitude,
        )
    )
    new, _fresh = enter(actor, intake, case.reporter, now)
    _link(case, new, LinkKind.SPLIT, now)
    if any(c.reached or now >= c.yellow_at for c in running(case, (ClockName.RESOLUTION,))):
        watch_move_of_deadline(case, "late_split", now)
    advance(case, "split_case")
    leaf(case, other=new.id)
    tell(case)
    return new


@verb
def revise_case(
    *,
    actor: Actor,
    case_id: UUID,
    kind: str = "",
    category: str = "",
    urgency: str = "",
    tags: Sequence[str] | None = None,
    now: datetime = DB_TIME,
) -> Case:
    """改类: what it is about, how urgent, 急难愁盼. Sorting anew never moves a deadline later; it may bring it nearer."""
    case = locked(actor, case_id, "revise_case")
    if is_repeated(actor, case, "revise_case") and _same(case, kind, category, urgency, tags):
        return case
    _check_words(kind, urgency, tags)
    if category and category not in {c.code for c in rulebook(case.county).categories}:
        raise UnknownCategory(category=category[:32])
    changes: dict[str, Any] = {
        name: value for name, value in (("kind", kind), ("category", category), ("urgency", urgency)) if value
    }
    if tags is not None:
        changes["tags"] = sorted(set(tags))
    changes = {name: value for name, value in changes.items() if getattr(case, name) != value}
    if not changes:
        return case
    for name, value in changes.items():
        setattr(case, name, value)
    advance(case, "revise_case", **changes, **_nearer(case))
    leaf(case, due=case.due_at, changed=sorted(changes), **{k: v for k, v in changes.items() if k != "tags"})
    tell(case)
    return case


def _same(case: Case, kind: str, category: str, urgency: str, tags: Sequence[str] | None) -> bool:
    asked = (kind or case.kind, category or case.category, urgency or case.urgency)
    return asked == (case.kind, case.category, case.urgency) and (
        tags is None or sorted(set(tags)) == case.tags
    )


def _check_words(kind: str, urgency: str, tags: Sequence[str] | None) -> None:
    wrong = {}
    if kind and (kind not in Kind.values or kind == Kind.TIP_OFF):
        wrong["kind"] = "unknown"
    if urgency and urgency not in Urgency.values:
        wrong["urgency"] = "unknown"
    if tags is not None and not set(tags) <= set(Tag.values):
        wrong["tags"] = "unknown"
    if wrong:
        raise Invalid(fields=wrong)


def _nearer(case: Case) -> dict[str, Any]:
    """Each running clock takes the pace of the new sort where that is due sooner; its start and its rests stay."""
    calendar, book = areas.calendar_of(case.county), rulebook(case.county)
    clocks = running(case)
    for clock in clocks:
        if clock.name not in (ClockName.CLAIM, ClockName.HANDOVER, ClockName.CONTACT, ClockName.RESOLUTION):
            continue
        pace = pace_for(book, case, clock.name, clock.started_at)
        if pace is None or clock.extended:
            continue
        sooner = copy(clock)
        take_pace(sooner, pace)
        plan_again(sooner, case, calendar, book)
        if sooner.due_at < clock.due_at:
            take_pace(clock, pace)
            plan_again(clock, case, calendar, book)
            save_planned(clock, "pace", "pace_version", "amount", "unit", "by_time")
    return resolution_columns(clocks)
