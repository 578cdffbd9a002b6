"""Signing in and out: residents by a code to their phone, staff by name and password, administrators with a second factor."""

from __future__ import annotations

from typing import Any

import pyotp
import segno
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect

from wushi.domain.accounts import services
from wushi.domain.areas import queries as areas
from wushi.domain.people.services import sign_resident_in
from wushi.edge.guard import public, staff_signing_in
from wushi.edge.pages import show
from wushi.edge.viewer import COOKIE, client_address
from wushi.kernel.errors import DomainError
from wushi.web import frame
from wushi.web.accounts.forms import CodeForm, PhoneForm, SignInForm
from wushi.web.routes import SeeOther, back, remember

RESIDENT_AGE = 90 * 86400
STAFF_AGE = 7 * 86400


def _page(
    request: Any, page: str, form: Any, refusal: str = "", status: int = 422, **more: Any
) -> HttpResponse:
    return show(
        request,
        page=page,
        form=form,
        refusal=refusal,
        status=status if refusal or form.errors else 200,
        next=back(request, ""),
        **more,
    )


@public("a resident signs in by a code to his phone")
def sign_in(request: Any) -> HttpResponse:
    """Asks for the number and sends a code."""
    form, refusal = PhoneForm(request.POST or None), ""
    if request.method != "POST":
        return _page(request, "accounts/phone.html", form)
    if form.is_valid():
        phone = form.cleaned_data["phone"]
        try:
            services.request_code(actor=request.actor, phone=phone)
            with request.reading():
                return _page(request, "accounts/code.html", CodeForm(), phone=phone)
        except DomainError as error:
            refusal = form.take(error)
    with request.reading():
        return _page(request, "accounts/phone.html", form, refusal)


@public("a resident signs in by a code to his phone")
def sign_in_code(request: Any) -> HttpResponse:
    """The code; then one's own matters."""
    if request.method != "POST":
        return HttpResponseRedirect("/sign-in/")
    phone, form, refusal = request.POST.get("phone", "")[:30], CodeForm(request.POST), ""
    if form.is_valid():
        try:
            code_id = services.check_code(
                county=request.actor.county, phone=phone, code=form.cleaned_data["code"]
            )
            fresh = sign_resident_in(actor=request.actor, code_id=code_id, phone=phone)
            response = SeeOther(back(request, "/mine/"))
            remember(response, COOKIE, fresh.token, secret=True, age=RESIDENT_AGE)
            return response
        except DomainError as error:
            refusal = form.take(error)
    with request.reading():
        return _page(request, "accounts/code.html", form, refusal, phone=phone)


def _out(request: Any, to: str) -> HttpResponse:
    who = request.viewer.sign_in
    if who is not None:
        services.sign_out(actor=request.actor, sign_in_id=who.sign_in_id)
    response = SeeOther(to)
    remember(response, COOKIE, "")
    # copies of pages and photos in the browser's own cache; what he has not sent yet stays, locked (web/offline)
    response["Clear-Site-Data"] = '"cache"'
    return response


@public("signing out of what one may not be signed in to harms nobody")
def sign_out(request: Any) -> HttpResponse:
    """This browser forgets the resident."""
    return _out(request, "/")


@staff_signing_in
def work_sign_out(request: Any) -> HttpResponse:
    """This browser forgets the member of staff."""
    return _out(request, "/work/sign-in/")


@public("settings of this browser")
def me(request: Any) -> HttpResponse:
    """Light or dark, size, village, signing out."""
    village = areas.place(request.viewer.village) if request.viewer.village else None
    return show(request, page="accounts/me.html", village=village, **frame.resident("/me/"))


@public("the door of the office")
def work_sign_in(request: Any) -> HttpResponse:
    """Name and password; administrators go on to the second factor."""
    form, refusal = SignInForm(request.POST or None), ""
    if request.method != "POST":
        return _page(request, "accounts/work_sign_in.html", form)
    if form.is_valid():
        said = form.cleaned_data
        try:
            fresh = services.sign_in(
                username=said["username"], password=said["password"], address=client_address(request)
            )
            response = SeeOther(back(request, "/work/"))
            remember(response, COOKIE, fresh.token, secret=True, age=STAFF_AGE)
            return response
        except DomainError as error:
            refusal = form.take(error)
    with request.reading():
        return _page(request, "accounts/work_sign_in.html", form, refusal, status=401)


def _enrolment(request: Any) -> dict[str, Any]:
    """The secret as QR image and text, for its owner who has not confirmed it yet; the same until he does."""
    secret = services.enrol_totp(actor=request.actor)
    uri = pyotp.TOTP(secret).provisioning_uri(
        name=request.viewer.username, issuer_name=f"Wushi {settings.WUSHI_COUNTY}"
    )
    return {
        "secret": secret,
        "image": segno.make(uri, error="m", micro=False).svg_data_uri(scale=4, border=0),
    }


@staff_signing_in
def work_totp(request: Any) -> HttpResponse:
    """The second factor: enrolled at the first sign-in (a POST, because it writes), asked for at every later one."""
    who = request.viewer.sign_in
    if not request.viewer.needs_second_factor:
        return SeeOther(back(request, "/work/"))
    enrol = not who.totp_enrolled
    if request.method != "POST":
        return _page(request, "accounts/totp.html", CodeForm(), enrol=enrol)
    if "begin" in request.POST and enrol:
        more, form, refusal = _enrolment(request), CodeForm(), ""
    else:
        more, form, refusal = {}, CodeForm(request.POST), ""
        if form.is_valid():
            try:
                code = form.cleaned_data["code"]
                services.confirm_totp(
                    actor=request.actor, sign_in_id=who.sign_in_id, code=code, address=client_address(request)
                )
                return SeeOther(back(request, "/work/"))
            except DomainError as error:
                refusal = form.take(error)
        more = _enrolment(request) if enrol else {}
    with request.reading():
        return _page(request, "accounts/totp.html", form, refusal, status=401, enrol=enrol, **more)
