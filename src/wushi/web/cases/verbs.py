"""One verb a POST. What needs words has a small page of its own; what does not is one tap."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from wushi.domain.cases.permissions import may_move
from wushi.domain.cases.states import MOVES
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import sentence, status_of
from wushi.kernel.errors import DomainError, NotAllowed
from wushi.kernel.states import MoveRefused
from wushi.web import frame
from wushi.web.cases.acts import ACTS
from wushi.web.cases.forms import Asked, form_for
from wushi.web.cases.views import READERS, case_for, choices, listed, sheet
from wushi.web.forms import Form
from wushi.web.labels.verbs import BY_SLUG, Verb
from wushi.web.offered import Around, verbs_for
from wushi.web.routes import SeeOther, back

# Whose forms choose among the trays.
OF_TRAYS = ("transfer", "partner")
# What a grid worker says at a door may be written without signal and is sent later.
QUEUED = ("contact", "words", "handle")
# After these the matter may be out of the reader's own sight: then the list is what is left.
LEAVING = ("official",)


def _asked(request: Any, verb: Verb, case: Any) -> Asked:
    """What the verb's form is built for."""
    trays = choices(request.actor, case) if verb.slug in OF_TRAYS else []
    part = request.POST.get("part") or request.GET.get("part") or ""
    return Asked(request.actor, case, Around(request.actor, case, timezone.now()), trays, part)


@guarded(READERS)
def case_verb(request: Any, case_id: UUID, slug: str) -> HttpResponse:
    """The verb's small page, or the verb itself."""
    verb = BY_SLUG.get(slug)
    if verb is None:
        raise Http404
    if request.method == "POST":
        return _do(request, case_id, verb)
    case = case_for(request, case_id)
    asked = _asked(request, verb, case)
    if verb.at_once or slug == "assign":
        return SeeOther(f"/work/cases/{case_id}/")
    if verb.code not in verbs_for(request.actor, case, asked.around.now, asked.around):
        return SeeOther(f"/work/cases/{case_id}/")
    return _ask(request, verb, case, form_for(verb, asked))


def _ask(
    request: Any, verb: Verb, case: Any, form: Form | None, refusal: str = "", status: int = 200
) -> HttpResponse:
    url = f"/work/cases/{case.id}/"
    return show(
        request,
        page="cases/verb.html",
        piece="cases/_verb.html",
        status=status,
        form=form,
        refusal=refusal,
        next=back(request, url),
        case={"number": case.number, "title": case.title, "url": url},
        verb={
            "name": verb.slug,
            "title": verb.title,
            "lead": verb.lead,
            "word": verb.word,
            "icon": verb.icon,
            "photos": verb.photos,
            "voices": verb.slug == "words",
            "queued": verb.slug in QUEUED,
            "url": f"{url}{verb.slug}/",
        },
        **frame.office(request, "/work/"),
    )


def _refusal_of(request: Any, verb: Verb, case: Any) -> DomainError | None:
    """What the verb answers whatever its form says: not his (403), or not in this state (409)."""
    step = MOVES[verb.code]
    if not may_move(request.actor, step, case):
        return NotAllowed(verb=verb.code)
    return None if case.state in step.sources else MoveRefused(verb=verb.code, state=case.state)


def _do(request: Any, case_id: UUID, verb: Verb) -> HttpResponse:
    """The verb; a refusal comes back on its form, or on the case's page."""
    form: Form | None = None
    said: dict[str, Any] = {}
    if not verb.at_once:
        with request.reading():
            case = case_for(request, case_id)
            form = form_for(verb, _asked(request, verb, case), request.POST)
            good = form is not None and form.is_valid()
            error = None if good else _refusal_of(request, verb, case)
        assert form is not None
        if not good:
            missing = _("Something is missing. It is marked below.")
            return _again(
                request,
                case_id,
                verb,
                None if error else form,
                sentence(error) if error else missing,
                status_of(error) if error else 422,
            )
        said = form.cleaned_data
    try:
        ACTS[verb.slug](request, case_id, said)
    except DomainError as error:
        words, status = form.take(error) if form else sentence(error), status_of(error)
        return _again(request, case_id, verb, form if status != 403 else None, words, status)
    return SeeOther("/work/" if verb.slug in LEAVING else back(request, f"/work/cases/{case_id}/"))


def _again(
    request: Any, case_id: UUID, verb: Verb, form: Form | None, refusal: str, status: int
) -> HttpResponse:
    """The form with what was typed where that can still help; else the case as it stands now."""
    with request.reading():
        case = case_for(request, case_id)
        if form is not None and verb.slug != "assign":
            return _ask(request, verb, case, form, refusal, status)
        now = timezone.now()
        response = listed(request, now, sheet(request, case, now), refusal=refusal)
        response.status_code = status
        return response
