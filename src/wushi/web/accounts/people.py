"""Taking people on, giving them a post, a password, a fresh second factor: the administrator's small forms."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from wushi.domain.accounts import queries as accounts
from wushi.domain.accounts import services
from wushi.domain.accounts.duties import Duty
from wushi.domain.areas import queries as areas
from wushi.edge.guard import guarded
from wushi.edge.pages import show
from wushi.kernel.errors import DomainError
from wushi.web import frame, labels, words
from wushi.web.accounts.forms import AppointForm, EndForm, PersonForm
from wushi.web.forms import Form
from wushi.web.routes import SeeOther

# Letters and digits nobody confuses when a password is read aloud.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def _page(request: Any, form: Form, said: dict[str, str], refusal: str = "") -> HttpResponse:
    return show(
        request,
        page="accounts/staff_form.html",
        status=422 if refusal or form.errors else 200,
        form=form,
        refusal=refusal,
        **said,
        **frame.office(request, "/work/staff/"),
    )


def _asked(
    request: Any, make: Callable[[Any], tuple[Form, dict[str, str]]], act: Callable[[Any], str]
) -> HttpResponse:
    """One form, one verb, then the list; ``make`` reads what the form needs, ``act`` says where to go."""
    if request.method != "POST":
        return _page(request, *make(None))
    with request.reading():
        form, said = make(request.POST)
        good = form.is_valid()
    refusal = ""
    if good:
        try:
            return SeeOther(act(form.cleaned_data))
        except DomainError as error:
            refusal = form.take(error)
    with request.reading():
        return _page(request, form, said, refusal)


@guarded(Duty.DISTRICT_ADMIN)
def new_person(request: Any) -> HttpResponse:
    """A member of staff is entered; next comes the post."""
    said = {
        "title": _("Enter somebody"),
        "lead": _("The name people know, and the name to sign in with. A post and a password come next."),
        "button": _("Enter"),
    }

    def act(data: Any) -> str:
        user = services.register_user(
            actor=request.actor, **{k: data[k] for k in ("username", "name", "phone")}
        )
        return f"/work/staff/appoint/?user={user.id}"

    return _asked(request, lambda data: (PersonForm(data), said), act)


@guarded(Duty.DISTRICT_ADMIN)
def appoint(request: Any) -> HttpResponse:
    """A person takes up a post, from today on or from a day to come."""
    said = {
        "title": _("Give a post"),
        "lead": _("A duty over an area. A grid has one lead at a time; end the old post first."),
        "button": _("Appoint"),
    }

    def make(data: Any) -> tuple[Form, dict[str, str]]:
        initial = {
            "user_id": request.GET.get("user", ""),
            "area": request.GET.get("area", ""),
            "duty": request.GET.get("duty", ""),
        }
        initial["since"] = timezone.localdate()
        people = [
            (str(user.id), f"{user.name} ({user.username})") for user in accounts.staff_people(request.actor)
        ]
        units = [
            (unit.code, unit.name) for unit in accounts.units_of(request.actor.county, timezone.localdate())
        ]
        return AppointForm(data, people=people, units=units, initial=initial), said

    def act(data: Any) -> str:
        services.appoint(
            actor=request.actor,
            user_id=UUID(data["user_id"]),
            duty=data["duty"],
            area=data["area"],
            unit=data["unit"],
            since=data["since"],
        )
        return f"/work/staff/?who={data['area']}"

    return _asked(request, make, act)


def _holder(request: Any, post_id: UUID) -> Any:
    post = accounts.staff_of(request.actor, timezone.localdate()).filter(id=post_id).first()
    if post is None:
        raise Http404
    return post


def _whom(post: Any) -> str:
    where = words.place([place.name for place in areas.line_of(post.area)[1:]])
    return f"{post.user.name} ({post.user.username}), {labels.word(labels.DUTIES, post.duty)}, {where}"


@guarded(Duty.DISTRICT_ADMIN)
def new_password(request: Any, post_id: UUID) -> HttpResponse:
    """A fresh password, made by the machine and shown once; every browser of his is signed out."""
    said = {"title": _("Set a new password?"), "button": _("Make a new password")}
    if request.method == "POST":
        with request.reading():
            post = _holder(request, post_id)
        password = "-".join("".join(secrets.choice(LETTERS) for _n in range(5)) for _part in range(4))
        try:
            services.set_password(actor=request.actor, user_id=post.user_id, password=password)
        except DomainError as error:
            refusal = EndForm().take(error)
            with request.reading():
                return _page(request, EndForm(), {**said, "lead": _whom(post)}, refusal)
        with request.reading():
            return show(
                request,
                page="accounts/password.html",
                whom=_whom(post),
                password=password,
                **frame.office(request, "/work/staff/"),
            )
    lead = (
        _whom(_holder(request, post_id))
        + " · "
        + _("He is signed out everywhere. The new password is shown once.")
    )
    return _page(request, EndForm(), {**said, "lead": lead})


@guarded(Duty.DISTRICT_ADMIN)
def reset_totp(request: Any, post_id: UUID) -> HttpResponse:
    """A lost second factor is taken off; he enrols anew at the next sign-in."""

    def make(data: Any) -> tuple[Form, dict[str, str]]:
        lead = _whom(_holder(request, post_id)) + " · " + _("He enrols a new one at the next sign-in.")
        return EndForm(data), {
            "title": _("Take off the second step?"),
            "lead": lead,
            "button": _("Take it off"),
        }

    def act(data: Any) -> str:
        with request.reading():
            user_id = _holder(request, post_id).user_id
        services.reset_totp(actor=request.actor, user_id=user_id)
        return "/work/staff/"

    return _asked(request, make, act)
