"""How one wants to be told: channels, quiet hours, language; what is urgent comes whatever is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushi.domain.notify import queries as notify
from wushi.domain.notify.carriers import carrier_of
from wushi.domain.notify.rules import INBOX, PUSH, rule_on
from wushi.domain.notify.services import Chosen, add_browser, drop_browser, set_wishes
from wushi.edge.guard import guarded, resident_page
from wushi.edge.pages import show
from wushi.kernel.errors import DomainError
from wushi.kernel.verb import current_scope
from wushi.web import frame
from wushi.web.forms import Form
from wushi.web.labels.channels import CHANNELS
from wushi.web.routes import SeeOther

STAFF_WAYS, RESIDENT_WAYS = ("push", "app", "sms", "voice", "mail"), ("sms", "mail")


class TimeInput(forms.TimeInput):
    """The clock of the phone itself."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "input"}, format="%H:%M")


class WishForm(Form):
    """Nothing is required: an empty form is "as the rule says"."""

    channels = forms.MultipleChoiceField(
        label=_("Tell me by"), required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )
    every_step = forms.BooleanField(label=_("Tell me of every step"), required=False)
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=TimeInput)
    quiet_until = forms.TimeField(label=_("Quiet until"), required=False, widget=TimeInput)
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", pgettext_lazy("language", "Chinese")), ("en", pgettext_lazy("language", "English"))],
    )
    app_id = forms.CharField(
        label=_("My name in WeCom"),
        help_text=_("as the administrator there knows it"),
        required=False,
        max_length=64,
    )
    mail = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=200,
        widget=forms.EmailInput(attrs={"class": "input", "autocomplete": "email"}),
    )

    def __init__(self, data: Any, *, ways: Sequence[str], staff: bool, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        there = [way for way in ways if carrier_of(way)]
        self.fields["channels"].choices = [(way, CHANNELS[way]) for way in there]  # type: ignore[attr-defined]
        for name in ["every_step"] if staff else ["app_id", "quiet_from", "quiet_until"]:
            del self.fields[name]
        if "app" not in there:
            self.fields.pop("app_id", None)
        if "mail" not in there:
            self.fields.pop("mail", None)


def _form(request: Any, data: Any, staff: bool) -> WishForm:
    wish, scope = notify.wish_of(request.actor), current_scope()
    rule = rule_on(scope.now.date()) if scope else None
    default: Sequence[str] = (rule.default_staff if staff else rule.default_resident) if rule else ()
    initial: dict[str, Any] = {
        "channels": list(default) if wish is None or wish.channels is None else wish.channels,
        "quiet_from": (wish and wish.quiet_from) or (rule.quiet_from if rule else time(21)),
        "quiet_until": (wish and wish.quiet_until) or (rule.quiet_until if rule else time(7)),
    }
    if wish:
        initial |= {
            "language": wish.language,
            "every_step": wish.every_step,
            "app_id": wish.app_id,
            "mail": wish.mail,
        }
    ways = STAFF_WAYS if staff else RESIDENT_WAYS
    return WishForm(data, ways=ways, staff=staff, initial=initial)


def _browsers(request: Any) -> dict[str, Any]:
    """Browsers that are woken for him, and the key by which this one may be; '' where web push is not set up."""
    return {
        "browsers": notify.browsers_of(request.actor),
        "push_key": getattr(carrier_of(PUSH), "browser_key", ""),
    }


def _asked(request: Any, staff: bool, page: str, here: str) -> HttpResponse:
    around = frame.office(request, "/work/me/") if staff else frame.resident("/me/")
    if request.method != "POST":
        more = _browsers(request) if staff else {}
        form, saved = _form(request, None, staff), "saved" in request.GET
        return show(request, page=page, form=form, saved=saved, **more, **around)
    with request.reading():
        form = _form(request, request.POST, staff)
        good = form.is_valid()
    refusal = ""
    if good:
        said = form.cleaned_data
        chosen = Chosen(
            channels=(INBOX, *said["channels"]),
            quiet_from=said.get("quiet_from"),
            quiet_until=said.get("quiet_until"),
            language=said.get("language", ""),
            every_step=said.get("every_step", False),
            app_id=said.get("app_id", ""),
            mail=said.get("mail", ""),
        )
        try:
            set_wishes(actor=request.actor, chosen=chosen)
            return SeeOther(f"{here}?saved=1")
        except DomainError as error:
            refusal = form.take(error)
    with request.reading():
        more = _browsers(request) if staff else {}
        return show(request, page=page, status=422, form=form, refusal=refusal, **more, **around)


@guarded()
def work_wishes(request: Any) -> HttpResponse:
    """Of a member of staff."""
    return _asked(request, True, "notify/wishes.html", "/work/me/notices/")


@resident_page
def my_wishes(request: Any) -> HttpResponse:
    """Of a resident."""
    return _asked(request, False, "notify/my_wishes.html", "/me/notices/")


@guarded()
def add_one(request: Any) -> HttpResponse:
    """This browser may be woken."""
    add_browser(actor=request.actor, subscription=request.POST.get("subscription", "")[:4000])
    return SeeOther("/work/me/notices/")


@guarded()
def drop_one(request: Any, browser_id: UUID) -> HttpResponse:
    """It is woken no more."""
    drop_browser(actor=request.actor, browser_id=browser_id)
    return SeeOther("/work/me/notices/")
