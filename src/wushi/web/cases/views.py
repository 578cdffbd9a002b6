"""The office's requests: lists, one case, photos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts.duties import ANY_STAFF, AREA_READERS, Duty
from wushi.domain.areas import queries as areas
from wushi.domain.cases import queries as cases
from wushi.domain.cases.permissions import is_partner, trays_of
from wushi.domain.files.queries import photo_of, recording_of
from wushi.domain.people.queries import people_by_id
from wushi.edge import live
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.plumbing.pages import Count
from wushi.web import asked, frame, labels, words
from wushi.web.calendar import calendar_warning
from wushi.web.cases.cards import (
    KNOWN_IN_LISTS,
    CaseRow,
    Further,
    ListTab,
    Picking,
    WorkList,
    groups_of,
    list_words,
    row_of,
)
from wushi.web.cases.filters import Narrowing, kept_of, narrowing_of, shareable
from wushi.web.cases.lamps import LampSums, lamp_line, lamp_sums
from wushi.web.cases.sheet import Beside, CaseSheet, Other, facts_of, sheet_of, tray_choices
from wushi.web.cases.together import together_of
from wushi.web.labels import word
from wushi.web.offered import Around, handles, verbs_among, verbs_for
from wushi.web.photos import photo_response
from wushi.web.recordings import recording_response
from wushi.web.told import Known, Names

COUNTED = ("mine", "tray", "parts", "overdue")
READERS = ANY_STAFF
MANY = 2
FEW = 3
# Whose lists hold matters of a whole town or district: they hear of every change there.
LISTENERS = AREA_READERS | {Duty.HOTLINE}


@dataclass(frozen=True)
class Rows:
    """The rows of a page, where there are more, and how many a list has in all where that is known by now."""

    rows: list[Any]
    further: list[Further]
    counts: dict[str, int]


def wanted_list(request: Any) -> str:
    """The list asked for; what is to be done for those who have a tray, else the area."""
    name = request.GET.get("list", "")
    if name in list_words():
        return str(name)
    return "todo" if trays_of(request.actor) else "area"


def rows_for(request: Any, name: str, text: str, narrow: Narrowing) -> Rows:
    """The rows of one page, and where there are more."""
    whole = not text and not narrow.said
    if name == "todo" and whole:
        return _todo(request.actor)
    wanted, cursor = (
        cases.Wanted("area" if name == "todo" else name, text, **narrow.said),
        asked.cursor(request),
    )
    page = cases.page_for(request.actor, wanted, cursor)
    query = {"list": name, "q": text, **narrow.query, "select": _picked(request), "after": page.next_cursor}
    url = f"/work/?{urlencode({k: v for k, v in query.items() if v})}"
    if page.next_cursor:
        return Rows(page.rows, [Further(url, _("Show more"))], {})
    return Rows(page.rows, [], {name: len(page.rows)} if whole and not cursor else {})


def _todo(actor: Any) -> Rows:
    """His trays, what he signed for and what he was called to, the nearest deadline first; the way to all of it."""
    found: dict[Any, Any] = {}
    further: list[Further] = []
    counts = {}
    for part in ("tray", "mine", "parts"):
        page = cases.page_for(actor, cases.Wanted(part))
        found |= {case.id: case for case in page.rows}
        if page.next_cursor:
            word = _("All of “%(list)s”") % {"list": list_words()[part]}
            further.append(Further(f"/work/?list={part}", word))
        else:
            counts[part] = len(page.rows)
    return Rows(sorted(found.values(), key=lambda case: (case.due_at, str(case.id))), further, counts)


def _picked(request: Any) -> str:
    """Whether several are being chosen; ``all``: everything on the page to begin with."""
    said = request.GET.get("select", "")
    return said if said in ("1", "all") else ""


def _cards(request: Any, found: list[Any], query: str, name: str, now: Any) -> list[CaseRow]:
    holders = accounts.names_of(case.holder_id for case in found)
    names = Names(areas.name_of, accounts.unit_names(request.actor.county))
    actor, calls = request.actor, name in ("todo", "parts")
    return [
        row_of(
            case,
            may=verbs_among(actor, case, KNOWN_IN_LISTS),
            holder=holders.get(case.holder_id, ""),
            names=names,
            now=now,
            query=query,
            called=calls and is_partner(actor, case) and not handles(actor, case),
        )
        for case in found
    ]


def _tabs(request: Any, here: str, known: dict[str, int]) -> list[ListTab]:
    """The lists this reader has; what waits for him is counted, where the rows that were read do not tell it."""
    actor, works = request.actor, bool(trays_of(request.actor))
    counts = {
        part: Count(known[part]) if part in known else cases.count_for(actor, cases.Wanted(part))
        for part in COUNTED
        if works or part == "overdue"
    }
    shown = {part: str(count) if count.n else "" for part, count in counts.items()}
    if works:
        shown["todo"] = str(counts["mine"].n + counts["tray"].n + counts["parts"].n or "")
    hidden = set() if works else {"todo", "mine", "tray", "parts"}
    if works and not counts["parts"].n and here != "parts":
        hidden.add("parts")
    order = list(list_words())
    if Duty.DEPARTMENT in request.viewer.duties and "parts" not in hidden:
        order.sort(key=lambda part: part != "parts")
    return [
        ListTab(f"/work/?list={part}", list_words()[part], part == here, shown.get(part, ""))
        for part in order
        if part not in hidden
    ]


def work_list(request: Any, now: Any, sums: LampSums | None) -> WorkList:
    """The list, its tabs, the lamp over it."""
    name, text = wanted_list(request), asked.words(request, "q", 100)
    narrow, picked = narrowing_of(request), _picked(request)
    found = rows_for(request, name, text, narrow)
    plain = urlencode({k: v for k, v in {"list": name, "q": text, **narrow.query}.items() if v})
    query = f"?{plain}&select={picked}" if picked else f"?{plain}"
    post = frame.main_post(request.viewer)
    place = post.area_name if post else request.viewer.district_name
    lamp = lamp_line(request.actor, post, sums)
    quiet = lamp is None or lamp.colour == "green"
    rows = _cards(request, found.rows, query, name, now)
    return WorkList(
        title=_("Found for “%(text)s”") % {"text": text} if text else f"{place} · {list_words()[name]}",
        order=_("newest first")
        if text or narrow.said or name in ("area", "watching")
        else _("first due first"),
        url=f"/work/{query}",
        name=name,
        narrow=narrow,
        kept=kept_of(request.actor),
        shareable=shareable(request.viewer) if narrow.said else [],
        topic=" ".join(topics_of(request)),
        lists=_tabs(request, "" if text else name, found.counts),
        groups=groups_of(rows),
        further=found.further,
        calm=name == "todo" and not text and not narrow.said and not rows and quiet,
        calm_line=_("Everything told has been settled"),
        lamp=lamp,
        empty_title=_("Nothing found") if text else _("Nothing here"),
        empty_text=_("Try fewer words, or the whole number.")
        if text
        else _("Whatever comes in appears here by itself."),
        empty_url=f"/work/?list={name}" if text or narrow.said else "",
        empty_action=_("Back to the list") if text or narrow.said else "",
        picking=_picking(rows, plain, picked),
    )


def _picking(rows: list[CaseRow], plain: str, picked: str) -> Picking | None:
    """Choosing several is offered where at least two could be given to somebody."""
    if sum(row.pick for row in rows) < MANY:
        return None
    here = f"/work/?{plain}"
    return Picking(bool(picked), picked == "all", f"{here}&select=1", here, f"{here}&select=all")


def topics_of(request: Any) -> list[str]:
    """What makes the lists read again: his trays, himself, the lamps and areas he answers for."""
    actor = request.actor
    found = [live.topic("tray", area, duty) for duty, area, _unit in trays_of(actor)]
    found.append(live.topic("user", actor.id))
    for post in request.viewer.posts:
        if len(post.area) >= 12:
            found.append(live.topic("lamp", post.area[:12]))
        elif len(post.area) >= 6 and post.duty in LISTENERS:
            found += [live.topic("area", post.area), live.topic("lamps", post.area)]
    return sorted(set(found))


def sheet(request: Any, case: Any, now: Any) -> CaseSheet:
    """One case with everything around it."""
    actor = request.actor
    around = Around(actor, case, now)
    known = Known(
        may=verbs_for(actor, case, now, around),
        steps=cases.timeline(actor, case),
        why=around.why,
        names=Names(areas.name_of, accounts.unit_names(case.county)),
        topic=live.opaque(case.topic),
        now=now,
    )
    person = people_by_id(actor, [case.reporter_id]).get(case.reporter_id) if case.reporter_id else None
    taker = accounts.names_of([case.taken_by_id]).get(case.taken_by_id, "") if case.taken_by_id else ""
    place = words.place([p.name for p in areas.line_of(case.area)[1:]])
    trays = choices(actor, case) if "assign_case" in known.may else []
    return sheet_of(
        case,
        known,
        Beside(
            facts_of(case, person, taker, place, handles=handles(actor, case)),
            trays,
            together_of(around, known.may, known.names, known.steps),
            **_beside(actor, case, now),
        ),
    )


def _beside(actor: Any, case: Any, now: Any) -> dict[str, list[Other]]:
    """What is linked with it, told of the same place, told by the same person; each once."""
    linked = [(word(labels.LINKED, kind), other) for kind, other in cases.linked_to(actor, case)]
    linked += [(_("merged into"), other) for other in cases.cases_of(actor, [case.merged_into_id]).values()]
    gone = {case.id, *(other.id for _kind, other in linked)}
    same = [other for other in cases.of_same_person(actor, case) if other.id not in gone][:FEW]
    gone |= {other.id for other in same}
    near = [other for other in cases.near_to(actor, case, now) if other.id not in gone][:FEW]
    return {
        "linked": _others(linked, now),
        "same": _others([("", other) for other in same], now),
        "near": _others([("", other) for other in near], now),
    }


def _others(found: list[tuple[str, Any]], now: Any) -> list[Other]:
    """Other requests beside this one, as short lines."""
    return [
        Other(
            f"/work/cases/{other.id}/",
            other.title,
            " · ".join(part for part in (kind, other.number, words.when(other.opened_at, now)) if part),
            labels.STAFF_STATES[other.state],
        )
        for kind, other in found
    ]


def choices(actor: Any, case: Any) -> list[Any]:
    """The trays a case can be given to."""
    today = timezone.localdate()
    village = areas.place(case.village) if case.village else None
    grids = (
        [areas.place(case.grid)]
        if case.grid
        else areas.places_under(case.village, "grid")
        if case.village
        else []
    )
    upper = [areas.place(code) for code in (case.town, case.county) if code]
    departments = [unit for unit in accounts.units_of(case.county, today) if unit.kind == "department"]
    near = [place for place in (village, *grids) if place and not place.ended]
    return tray_choices(case, trays_of(actor), near, [place for place in upper if place], departments)


def listed(request: Any, now: Any, case: CaseSheet | None = None, **more: Any) -> HttpResponse:
    """The page of both halves; the piece is whichever a script asks for."""
    part = request.headers.get("X-Piece")
    piece = "cases/_detail.html" if case and part == "detail" else "cases/_rows.html"
    topics = [*topics_of(request), *([case.topic] if case else [])]
    sums = None if part == "detail" else lamp_sums(request.actor, frame.main_post(request.viewer))
    return show(
        request,
        page="cases/list.html",
        piece=piece,
        work=None if part == "detail" else work_list(request, now, sums),
        case=case,
        query=asked.words(request, "q", 100),
        calendar_warning=calendar_warning(request),
        today=date_format(timezone.localtime(now), _("M j, l")),
        lamps=sums,
        live_ticket=live.ticket(request, topics),
        **frame.office(
            request, "all" if request.GET.get("list") == "area" and trays_of(request.actor) else "/work/"
        ),
        **more,
    )


@guarded(READERS)
def work(request: Any) -> HttpResponse:
    """What is to be done: cards on the phone, a list with the case beside it at the desk."""
    return listed(request, timezone.now())


def case_for(request: Any, case_id: UUID) -> Any:
    """The row, if it exists for this reader."""
    case = cases.visible_to(request.actor).filter(id=case_id).first()
    if case is None:
        raise Http404
    return case


@guarded(READERS)
def work_case(request: Any, case_id: UUID) -> HttpResponse:
    """One case, with the verbs its reader may use now."""
    now = timezone.now()
    return listed(request, now, sheet(request, case_for(request, case_id), now))


@guarded(READERS)
def case_photo(request: Any, case_id: UUID, photo_id: UUID) -> HttpResponse:
    """A photo of a case one may see."""
    case = case_for(request, case_id)
    return photo_response(photo_of(case.county, [case.id], photo_id))


@guarded(READERS)
def case_voice(request: Any, case_id: UUID, recording_id: UUID) -> HttpResponse:
    """A recording of a case one may see."""
    case = case_for(request, case_id)
    return recording_response(request, recording_of(case.county, [case.id], recording_id))
