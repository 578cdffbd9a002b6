"""Who holds which post: the administrator's page, and the reader's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts import services
from wushi.domain.accounts.duties import ANY_STAFF, Duty
from wushi.domain.accounts.permissions import may_arrange_stand_in
from wushi.domain.areas import queries as areas
from wushi.domain.people.permissions import villages_tied
from wushi.edge import live
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.kernel.errors import DomainError, NotAllowed
from wushi.web import asked, frame, labels, words
from wushi.web.accounts.forms import EndForm, StandInForm
from wushi.web.calendar import calendar_warning
from wushi.web.routes import SeeOther

PAGE = 60


@dataclass(frozen=True)
class PostRow:
    """A post in the list."""

    id: UUID
    name: str
    duty_word: str
    where: str
    since: date
    stand_in: str
    may_end: bool


@dataclass(frozen=True)
class VacancyRow:
    """A post nobody holds."""

    area: str
    duty: str
    area_name: str
    duty_word: str


def _where(area: str) -> str:
    return words.place([place.name for place in areas.line_of(area)[1:]]) or areas.name_of(area)


def _fits(post: Any, who: str) -> bool:
    return not who or who in post.user.name or who in post.user.username or who in _where(post.area)


@guarded(Duty.DISTRICT_ADMIN)
def staff(request: Any) -> HttpResponse:
    """Posts, vacancies, stand-ins; search by name or place."""
    today, who = timezone.localdate(), asked.words(request, "who", 40)
    start, topic = asked.number(request, "from"), live.topic("staff", request.actor.county)
    found = accounts.staff_of(request.actor, today)
    posts = [post for post in found if _fits(post, who)] if who else list(found[: start + PAGE + 1])
    stand_ins = {s.post_id: s for s in accounts.stand_ins_of(request.actor, today)}
    rows = [_row(post, stand_ins.get(post.id)) for post in posts[start : start + PAGE]]
    vacant = accounts.vacancies(request.actor.county, request.actor.county, today)
    return show(
        request,
        page="accounts/staff.html",
        piece="accounts/_staff.html",
        posts=rows,
        who=who,
        vacancies=[
            VacancyRow(area, duty, _where(area), labels.word(labels.DUTIES, duty))
            for duty, area in vacant[:PAGE]
        ],
        vacant=len(vacant),
        next_url=f"/work/staff/?{urlencode({'who': who, 'from': start + PAGE})}"
        if len(posts) > start + PAGE
        else "",
        calendar_warning=calendar_warning(request),
        topic=topic,
        live_ticket=live.ticket(request, [topic]),
        **frame.office(request, "/work/staff/"),
    )


def _row(post: Any, stand_in: Any, name: str = "") -> PostRow:
    line = (
        _("%(name)s stands in until %(day)s") % {"name": stand_in.user.name, "day": stand_in.valid_until}
        if stand_in
        else ""
    )
    return PostRow(
        post.id,
        name or post.user.name,
        labels.word(labels.DUTIES, post.duty),
        _where(post.area),
        post.valid_from,
        line,
        True,
    )


def _post(request: Any, post_id: UUID) -> Any:
    post = accounts.staff_of(request.actor, timezone.localdate()).filter(id=post_id).first()
    if post is None:
        raise Http404
    return post


def _home(request: Any) -> str:
    return "/work/staff/" if request.viewer.is_administrator else "/work/me/"


def _form_page(
    request: Any, form: Any, title: str, lead: str, button: str, refusal: str = ""
) -> HttpResponse:
    return show(
        request,
        page="accounts/staff_form.html",
        status=422 if refusal or form.errors else 200,
        form=form,
        title=title,
        lead=lead,
        button=button,
        refusal=refusal,
        back=_home(request),
        **frame.office(request, "/work/staff/"),
    )


@guarded(Duty.DISTRICT_ADMIN)
def end_post(request: Any, post_id: UUID) -> HttpResponse:
    """Ending a post: asked once, with its consequence."""
    refusal = ""
    if request.method == "POST":
        try:
            services.end_post(actor=request.actor, post_id=post_id)
            return SeeOther("/work/staff/")
        except DomainError as error:
            refusal = EndForm().take(error)
        with request.reading():
            return _end_page(request, post_id, refusal)
    return _end_page(request, post_id, refusal)


def _end_page(request: Any, post_id: UUID, refusal: str) -> HttpResponse:
    post = _post(request, post_id)
    facts = {
        "name": post.user.name,
        "duty": labels.word(labels.DUTIES, post.duty),
        "where": _where(post.area),
    }
    lead = (
        _(
            "%(name)s, %(duty)s, %(where)s: takes effect at once. What he holds goes back to the tray, and the vacancy shows."
        )
        % facts
    )
    return _form_page(request, EndForm(), _("End this post?"), lead, _("End it"), refusal)


@guarded(ANY_STAFF)
def stand_in(request: Any, post_id: UUID) -> HttpResponse:
    """AB角: who stands in, from which day to which."""
    if request.method != "POST":
        return _stand_in_page(request, post_id, None, "")
    with request.reading():
        form = _stand_in_form(request, post_id, request.POST)
        good = form.is_valid()
    refusal = ""
    if good:
        said = form.cleaned_data
        try:
            services.arrange_stand_in(
                actor=request.actor,
                post_id=post_id,
                user_id=UUID(said["user_id"]),
                first=said["first"],
                last=said["last"],
            )
            return SeeOther(_home(request))
        except DomainError as error:
            refusal = form.take(error)
    with request.reading():
        return _stand_in_page(request, post_id, form, refusal)


def _post_to_lend(request: Any, post_id: UUID) -> Any:
    post = _post(request, post_id)
    if not may_arrange_stand_in(request.actor, f"user:{post.user_id}", post.duty, post.area):
        raise NotAllowed()
    return post


def _stand_in_form(request: Any, post_id: UUID, data: Any) -> StandInForm:
    post, people = _post_to_lend(request, post_id), {}
    for other in accounts.staff_of(request.actor, timezone.localdate()).filter(
        area__startswith=post.area[:9]
    ):
        if other.user_id != post.user_id:
            people[str(other.user_id)] = (
                f"{other.user.name} · {labels.word(labels.DUTIES, other.duty)} · {_where(other.area)}"
            )
    return StandInForm(data, people=list(people.items()), initial={"first": timezone.localdate()})


def _stand_in_page(request: Any, post_id: UUID, form: StandInForm | None, refusal: str) -> HttpResponse:
    post = _post_to_lend(request, post_id)
    lead = f"{post.user.name}, {labels.word(labels.DUTIES, post.duty)}, {_where(post.area)}"
    return _form_page(
        request,
        form or _stand_in_form(request, post_id, None),
        _("Arrange a stand-in"),
        lead,
        _("Arrange"),
        refusal,
    )


@guarded(ANY_STAFF)
def work_me(request: Any) -> HttpResponse:
    """The reader's own posts and how he likes to read."""
    today = timezone.localdate()
    lent = {s.post_id: s for s in accounts.stand_ins_of(request.actor, today)}
    own = accounts.posts_of(request.actor.id, today)
    posts = [_row(post, lent.get(post.id), request.viewer.name) for post in own]
    borrowed = [post for post in request.viewer.posts if post.stands_in_for]
    others = [{"duty_word": labels.word(labels.DUTIES, p.duty), "where": p.area_name} for p in borrowed]
    return show(
        request,
        page="accounts/work_me.html",
        posts=posts,
        others=others,
        admin=request.viewer.is_administrator,
        ties_family=bool(villages_tied(request.actor)),
        keeps_lists=bool(request.viewer.duties & frame.LIST_KEEPERS),
        **frame.office(request, "/work/me/"),
    )
