"""One verb a POST. What needs words has a small page of its own; what does not is one tap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from wushi.domain.accounts import queries as accounts
from wushi.domain.cases import queries as cases
from wushi.domain.cases import services
from wushi.domain.cases.rules import Tray
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.edge.refusals import sentence
from wushi.kernel.errors import DomainError
from wushi.web import frame
from wushi.web.cases.forms import FORMS, UNIT, Accused, Assign
from wushi.web.cases.views import READERS, case_for, listed, sheet
from wushi.web.forms import Form, photo_ids
from wushi.web.labels import VERBS, Verb
from wushi.web.routes import SeeOther, back

BY_SLUG = {
    verb.slug: verb
    for verb in VERBS.values()
    if verb.code not in ("withdraw_case", "confirm_case", "appeal_case")
}
Act = Callable[[Any, UUID, dict[str, Any]], Any]


def _tray(text: str) -> Tray:
    duty, _bar, rest = text.partition("|")
    area, _bar, unit = rest.partition("|")
    return Tray(duty, area, unit)


def _accused(text: str) -> UUID | None:
    return None if text == UNIT else UUID(text)


ACTS: dict[str, Act] = {
    "accept": lambda r, i, said: services.accept_case(actor=r.actor, case_id=i),
    "claim": lambda r, i, said: services.claim_case(actor=r.actor, case_id=i),
    "assign": lambda r, i, said: services.assign_case(
        actor=r.actor, case_id=i, tray=_tray(said["tray"]), words=said["words"]
    ),
    "return": lambda r, i, said: services.return_case(
        actor=r.actor, case_id=i, reason_code=said["reason_code"], words=said["words"]
    ),
    "decline": lambda r, i, said: services.decline_case(
        actor=r.actor, case_id=i, channel_code=said["channel_code"], words=said["words"]
    ),
    "handle": lambda r, i, said: services.handle_case(
        actor=r.actor, case_id=i, outcome=said["outcome"], words=said["words"], photos=photo_ids(r)
    ),
    "close": lambda r, i, said: services.close_case(actor=r.actor, case_id=i, words=said["words"]),
    "reopen": lambda r, i, said: services.reopen_case(actor=r.actor, case_id=i, words=said["words"]),
    "words": lambda r, i, said: services.add_words(
        actor=r.actor, case_id=i, words=said["words"], photos=photo_ids(r)
    ),
    "official": lambda r, i, said: services.mark_official(
        actor=r.actor, case_id=i, accused_id=_accused(said["accused"]), words=said["words"]
    ),
}


def _people(case: Any) -> list[tuple[str, Any]]:
    """Who could be meant: the holder, and who holds the tray."""
    today = timezone.localdate()
    found = {post.user_id: post.user.name for post in accounts.posts_over(case.tray_area, today)}
    if case.holder_id:
        found |= accounts.names_of([case.holder_id])
    return [(str(key), name) for key, name in found.items()]


def form_for(verb: Verb, case: Any, data: Any = None) -> Form | None:
    """The verb's form; None for what is one tap."""
    if verb.at_once:
        return None
    if verb.slug == "official":
        return Accused(data, people=_people(case))
    if verb.slug == "assign":
        return Assign(data)
    return FORMS[verb.slug](data)


@guarded(READERS)
def case_verb(request: Any, case_id: UUID, slug: str) -> HttpResponse:
    """The verb's small page, or the verb itself."""
    verb = BY_SLUG.get(slug)
    if verb is None:
        raise Http404
    if request.method == "POST":
        return _do(request, case_id, verb)
    case = case_for(request, case_id)
    form = form_for(verb, case)
    if form is None or slug == "assign" or verb.code not in cases.may(request.actor, case):
        return SeeOther(f"/work/cases/{case_id}/")
    return _ask(request, verb, case, form)


def _ask(request: Any, verb: Verb, case: Any, form: Form, refusal: str = "") -> HttpResponse:
    url = f"/work/cases/{case.id}/"
    return show(
        request,
        page="cases/verb.html",
        piece="cases/_verb.html",
        status=422 if refusal else 200,
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
            "url": f"{url}{verb.slug}/",
        },
        **frame.office(request, "/work/"),
    )


def _do(request: Any, case_id: UUID, verb: Verb) -> HttpResponse:
    """The verb; a refusal comes back on its form, or on the case's page."""
    form: Form | None = None
    said: dict[str, Any] = {}
    if not verb.at_once:
        with request.reading():
            form = form_for(verb, case_for(request, case_id), request.POST)
        assert form is not None
        if not form.is_valid():
            return _again(request, case_id, verb, form, _("Something is missing. It is marked below."))
        said = form.cleaned_data
    try:
        ACTS[verb.slug](request, case_id, said)
    except DomainError as error:
        return _again(request, case_id, verb, form, form.take(error) if form else sentence(error))
    # marking may take the case out of the reader's own sight: then the list is what is left
    fallback = "/work/" if verb.slug == "official" else f"/work/cases/{case_id}/"
    return SeeOther(back(request, fallback) if verb.slug != "official" else "/work/")


def _again(request: Any, case_id: UUID, verb: Verb, form: Form | None, refusal: str) -> HttpResponse:
    with request.reading():
        case = case_for(request, case_id)
        if form is not None and verb.slug != "assign":
            return _ask(request, verb, case, form, refusal)
        now = timezone.now()
        response = listed(request, now, sheet(request, case, now), refusal=refusal)
        response.status_code = 409
        return response
