"""Following a matter with its receipt: look, agree, refuse, add, take back, go higher. No sign-in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from wushi.domain.accounts import queries as accounts
from wushi.domain.areas import queries as areas
from wushi.domain.cases import queries as cases
from wushi.domain.cases import services
from wushi.domain.files.queries import photo_of, recording_of
from wushi.edge import live
from wushi.edge.guard import public, receipt_page, resident_page
from wushi.edge.pages import show
from wushi.edge.receipts import actor_of, normal_code
from wushi.edge.refusals import sentence, status_of
from wushi.kernel.errors import DomainError, NotFound
from wushi.web import frame
from wushi.web.family.cards import groups_of
from wushi.web.forms import photo_ids, recording_ids
from wushi.web.offered import Around, is_beside_staff, verbs_for
from wushi.web.photos import photo_response
from wushi.web.recordings import recording_response
from wushi.web.routes import SeeOther
from wushi.web.told import Known, Names
from wushi.web.track.cards import ResidentCase, rows_of
from wushi.web.track.forms import CodeForm, WordsForm
from wushi.web.track.sheet import Master, resident_case

PAGE = 30


@public("the receipt code itself is the right")
def enter(request: Any) -> HttpResponse:
    """Type the receipt code; spaces, dashes and small letters do not matter."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = normal_code(form.cleaned_data["code"])
        if not code:
            form.add_error(
                "code", _("That is not a whole receipt code: it has 18 characters, six digits first.")
            )
        else:
            try:
                actor_of(code)
                return SeeOther(f"/r/{code}/")
            except NotFound:
                form.add_error(
                    "code", _("No matter has this code. Compare it once more, character by character.")
                )
    if request.method != "POST":
        return show(request, page="track/track.html", form=form)
    with request.reading():
        return show(request, page="track/track.html", form=form, status=422)


def sheet_for(request: Any, case: Any, base: str = "") -> ResidentCase:
    """The page's card: reads names, trace and rules once. A merged matter follows the one that took it in.

    ``base`` is where a relative's page is; his own right is the receipt's.
    """
    taken_in = cases.master_of(case)
    master = Master(taken_in, cases.timeline_of_master(case)) if taken_in else None
    shown = taken_in or case
    held = accounts.names_of([shown.holder_id] if shown.holder_id else [])
    now = timezone.now()
    around = Around(request.actor, case, now)
    known = Known(
        may=verbs_for(request.actor, case, now, around),
        steps=cases.timeline(request.actor, case),
        why=cases.explain(shown, now),
        names=Names(areas.name_of, accounts.unit_names(case.county)),
        topic=live.opaque(case.topic),
        now=now,
    )
    name = held.get(shown.holder_id, "") if shown.holder_id else ""
    place = areas.place(shown.tray_area)
    found = resident_case(case, known, holder_name=name, place=place, master=master, base=base)
    return replace(
        found,
        beside=is_beside_staff(request.actor),
        others=rows_of(cases.split_off(case), now),
        contest_by=around.contest_until if "contest_case" in known.may else None,
    )


def _page(request: Any, *, refusal: str = "", status: int = 200) -> HttpResponse:
    case = cases.by_receipt(request.actor)
    if case is None:
        raise Http404
    sheet = sheet_for(request, case)
    return show(
        request,
        page="track/detail.html",
        piece="track/_detail.html",
        status=status,
        case=sheet,
        refusal=refusal,
        live_ticket=live.ticket(request, [sheet.topic]),
    )


@receipt_page
def track_case(request: Any, code: str) -> HttpResponse:
    """Like a parcel: what happened, who has it now, what comes next, by when."""
    return _page(request)


def _refused(request: Any, error: DomainError) -> HttpResponse:
    with request.reading():
        return _page(request, refusal=sentence(error), status=status_of(error))


def _said(request: Any) -> dict[str, Any]:
    """What the three rows of faces and the field say; nothing chosen is nothing said."""
    return {name: request.POST.get(name, "") for name in ("rating", "attitude", "speed", "words")}


@receipt_page
def confirm(request: Any, code: str) -> HttpResponse:
    """好了: the resident agrees; the ratings are his to give or not."""
    try:
        services.confirm_case(actor=request.actor, case_id=request.actor.id, **_said(request))
    except DomainError as error:
        return _refused(request, error)
    return SeeOther(f"/r/{code}/")


@receipt_page
def rate(request: Any, code: str) -> HttpResponse:
    """评价: said later, once."""
    try:
        services.rate_case(actor=request.actor, case_id=request.actor.id, **_said(request))
    except DomainError as error:
        return _refused(request, error)
    return SeeOther(f"/r/{code}/")


@receipt_page
def reopen(request: Any, code: str) -> HttpResponse:
    """还没好: one tap as well; what is missing can be said with it, or on the next page."""
    words = request.POST.get("words", "")
    try:
        services.reopen_case(actor=request.actor, case_id=request.actor.id, words=words)
    except DomainError as error:
        return _refused(request, error)
    return SeeOther(f"/r/{code}/" if words.strip() else f"/r/{code}/words/?after=reopen")


def _say(
    request: Any,
    code: str,
    form: WordsForm,
    words: dict[str, Any],
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    case = cases.by_receipt(request.actor)
    if case is None:
        raise Http404
    return show(
        request,
        page="track/say.html",
        form=form,
        code=code,
        number=case.number,
        refusal=refusal,
        status=status,
        district=areas.name_of(case.county),
        town=areas.name_of(case.town) if case.town else "",
        **words,
    )


def _asked(request: Any, code: str, words: dict[str, Any], act: Any) -> HttpResponse:
    """A page with one field: shown, then one verb, then back to the matter."""
    form = WordsForm(request.POST or None)
    if request.method != "POST":
        return _say(request, code, form, words)
    refusal, status = "", 422
    if form.is_valid():
        try:
            act(form.cleaned_data["words"])
            return SeeOther(f"/r/{code}/")
        except DomainError as error:
            refusal, status = form.take(error), status_of(error)
    with request.reading():
        return _say(request, code, form, words, refusal or _("Something is missing."), status)


@receipt_page
def add_words(request: Any, code: str) -> HttpResponse:
    """补句话或照片."""
    words = {
        "verb": "words",
        "title": _("Add a word or photo"),
        "lead": _("Whoever handles it reads it at once."),
        "button": _("Add"),
        "photos": True,
    }
    if request.GET.get("after") == "reopen":
        words |= {
            "title": _("It went back"),
            "lead": _(
                "Whoever handled it sees that it is not right yet. What is missing? A word or a photo helps, but need not be."
            ),
        }
    return _asked(
        request,
        code,
        words,
        lambda text: services.add_words(
            actor=request.actor,
            case_id=request.actor.id,
            words=text,
            photos=photo_ids(request),
            recordings=recording_ids(request),
        ),
    )


@receipt_page
def withdraw(request: Any, code: str) -> HttpResponse:
    """不用办了: asked once, because nobody sees to it afterwards."""
    words = {
        "verb": "withdraw",
        "title": _("No longer needed?"),
        "lead": _("Nobody will see to it any more. You can tell us again at any time."),
        "button": _("Yes, take it back"),
        "photos": False,
    }
    return _asked(
        request,
        code,
        words,
        lambda text: services.withdraw_case(actor=request.actor, case_id=request.actor.id, words=text),
    )


@receipt_page
def contest(request: Any, code: str) -> HttpResponse:
    """这不是我要反映的: somebody recorded it in his name; asked once, because it ends by that."""
    words = {
        "verb": "contest",
        "title": _("Is this not what you wanted?"),
        "lead": _(
            "Somebody recorded this in your name. If it was not your wish, it ends here, "
            "and the level above looks at how it came about. A word from you helps, but need not be."
        ),
        "button": _("This was not my wish"),
        "photos": False,
    }
    return _asked(
        request,
        code,
        words,
        lambda text: services.contest_case(actor=request.actor, case_id=request.actor.id, words=text),
    )


@receipt_page
def appeal(request: Any, code: str, level: str) -> HttpResponse:
    """向上反映: nobody below can prevent it, and the handling goes on."""
    words = {
        "verb": f"appeal-{level}",
        "title": _("Go higher"),
        "lead": _("They see your matter and everything that was done. The handling goes on meanwhile."),
        "button": _("Send it higher"),
        "photos": False,
    }
    return _asked(
        request,
        code,
        words,
        lambda text: services.appeal_case(
            actor=request.actor, case_id=request.actor.id, level=level, words=text
        ),
    )


@receipt_page
def receipt_photo(request: Any, code: str, photo_id: Any) -> HttpResponse:
    """A photo of the matter; of the one it was merged into, those staff showed."""
    case = cases.by_receipt(request.actor)
    if case is None:
        raise Http404
    shown = {photo.id for step in cases.timeline_of_master(case) for photo in step.photos}
    owner = case.merged_into_id if photo_id in shown else None
    return photo_response(photo_of(case.county, [owner or case.id], photo_id))


@receipt_page
def receipt_voice(request: Any, code: str, recording_id: Any) -> HttpResponse:
    """A recording of the matter, under the same right as its photos."""
    case = cases.by_receipt(request.actor)
    if case is None:
        raise Http404
    told = {voice.id for step in cases.timeline_of_master(case) for voice in step.recordings}
    owner = case.merged_into_id if recording_id in told else None
    return recording_response(request, recording_of(case.county, [owner or case.id], recording_id))


@resident_page
def mine(request: Any) -> HttpResponse:
    """Everything told with this phone number."""
    found = list(cases.mine_of(request.actor)[:PAGE])
    family = list(cases.of_family(request.actor)[:PAGE])
    topics = [live.opaque(case.topic) for case in (*found, *family)]
    return show(
        request,
        page="track/mine.html",
        piece="track/_mine.html",
        rows=rows_of(found),
        family=groups_of(request.actor, family),
        topic=" ".join(topics),
        live_ticket=live.ticket(request, topics) if topics else "",
        **frame.resident("/mine/"),
    )
