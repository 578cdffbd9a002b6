"""Several requests given to one tray: each by its own call of the verb; what was given and what not is said, and stays chosen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from wushi.domain.accounts import queries as accounts
from wushi.domain.areas import queries as areas
from wushi.domain.cases import queries as cases
from wushi.domain.cases import services
from wushi.domain.cases.rules import Tray
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import sentence
from wushi.kernel.errors import DomainError, NotFound
from wushi.kernel.states import MoveRefused
from wushi.web import frame
from wushi.web.cases.acts import tray_of
from wushi.web.cases.sheet import TrayChoice
from wushi.web.cases.views import READERS, choices
from wushi.web.forms import Form
from wushi.web.offered import verbs_among
from wushi.web.routes import back
from wushi.web.told import Names

MOST = 100
ASSIGN = "assign_case"
MISSING = "-"


class Several(Form):
    """One tray and one word for all of them."""

    tray = forms.CharField(max_length=80)
    words = forms.CharField(required=False, max_length=500)


@dataclass(frozen=True)
class Chosen:
    """One request that was chosen; ``why`` it was not given."""

    id: UUID
    title: str
    line: str
    url: str
    open: bool
    why: str = ""


@dataclass(frozen=True)
class Given:
    """What became of it: how many were given to whom, how many not by reason, how many are not there."""

    n: int
    to: str
    reasons: list[tuple[str, int]]
    missing: int = 0


def ids_of(values: Iterable[str]) -> list[UUID]:
    """The ids that were checked, each once; what is no id was never a request."""
    found: dict[UUID, None] = {}
    for text in list(values)[: MOST * 2]:
        try:
            found[UUID(text)] = None
        except ValueError:
            continue
    return list(found)


def common_trays(actor: Any, rows: Sequence[Any]) -> list[TrayChoice]:
    """Where all of them may go, in the order of the first; requests of the same place have the same choices."""
    of_place: dict[tuple[Any, ...], list[TrayChoice]] = {}
    for case in rows:
        place = (case.grid, case.village, case.town, case.county, case.seal)
        if place not in of_place:
            of_place[place] = choices(actor, case)
    if not of_place:
        return []
    first, *others = of_place.values()
    values = [{choice.value for choice in found} for found in others]
    return [choice for choice in first if all(choice.value in found for found in values)]


def _chosen(actor: Any, ids: Sequence[UUID], why: dict[UUID, str]) -> tuple[list[Any], list[Chosen]]:
    """Those that exist for him, in the order they were chosen; ``open``: they can be given to somebody now."""
    known = cases.cases_of(actor, list(ids))
    rows = [known[i] for i in ids if i in known]
    open_ = {case.id for case in rows if verbs_among(actor, case, (ASSIGN,))}
    lines = [
        Chosen(
            case.id,
            case.title,
            f"{case.number} · {areas.name_of(case.grid or case.village or case.town or case.county)}",
            f"/work/cases/{case.id}/",
            case.id in open_,
            why.get(case.id, ""),
        )
        for case in rows
    ]
    return [case for case in rows if case.id in open_], lines


def _page(
    request: Any, ids: Sequence[UUID], *, given: Given | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    """What is chosen, the trays they have in common, and what became of those that were sent before."""
    rows, lines = _chosen(request.actor, ids, more.pop("why", {}))
    return show(
        request,
        page="cases/assign.html",
        piece="cases/_assign.html",
        status=status,
        chosen=lines,
        ready=len(rows),
        trays=common_trays(request.actor, rows),
        given=given,
        most=MOST,
        next=back(request, "/work/"),
        **more,
        **frame.office(request, "/work/"),
    )


@guarded(READERS)
def assign(request: Any) -> HttpResponse:
    """The chosen ones and where all of them may go; then each is given there."""
    if request.method != "POST":
        ids = ids_of(request.GET.getlist("ids"))
        return _page(request, ids[:MOST], too_many=len(ids) > MOST)
    ids, form = ids_of(request.POST.getlist("ids")), Several(request.POST)
    if not form.is_valid() or not 0 < len(ids) <= MOST:
        many = len(ids) > MOST
        with request.reading():
            return _page(request, ids[:MOST], status=422, too_many=many, nothing=not many)
    tray, text = tray_of(form.cleaned_data["tray"]), form.cleaned_data["words"]
    why = {i: refused for i in ids if (refused := _give(request.actor, i, tray, text))}
    reasons = Counter(why.values())
    n, missing = len(ids) - len(why), reasons.pop(MISSING, 0)
    with request.reading():
        names = Names(areas.name_of, accounts.unit_names(request.actor.county))
        to = names.tray(tray.duty, tray.area, tray.unit) if n else ""
        given = Given(n, to, reasons.most_common(), missing)
        return _page(request, [i for i in ids if i in why], given=given, why=why, words=text)


def _give(actor: Any, case_id: UUID, tray: Tray, words: str) -> str:
    """One of them by its own verb; why not, or nothing. Of what does not exist for him no more is said."""
    try:
        case = services.assign_case(actor=actor, case_id=case_id, tray=tray, words=words)
    except NotFound:
        return MISSING
    except DomainError as error:
        return sentence(error)
    # asked twice it stays where it was given first
    there = (case.tray_duty, case.tray_area) == (tray.duty, tray.area) and (
        tray.duty != "department" or case.unit == tray.unit
    )
    return "" if there else sentence(MoveRefused(verb=ASSIGN, state=case.state))
