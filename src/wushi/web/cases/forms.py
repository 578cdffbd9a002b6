"""What staff type: the small forms of the verbs, and the intake on somebody's behalf."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wushi.web import labels
from wushi.web.forms import Form, KeyField
from wushi.web.report.forms import OfficialField

Choices = list[tuple[str, Any]]


class Words(Form):
    """A word of explanation; whether it is needed is the verb's affair."""

    words = forms.CharField(
        label=_("In words"),
        help_text=_("the resident reads it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class Handle(Words):
    """办结: what became of it, in words the resident understands."""

    outcome = forms.ChoiceField(
        label=_("What became of it?"), choices=list(labels.OUTCOMES.items()), widget=forms.RadioSelect
    )
    field_order = ("outcome", "words")


class Return(Words):
    """退单: with its reason."""

    reason_code = forms.ChoiceField(
        label=_("Why?"), choices=list(labels.RETURN_REASONS.items()), widget=forms.RadioSelect
    )
    field_order = ("reason_code", "words")


class Decline(Words):
    """不予受理: the right channel is always named."""

    channel_code = forms.ChoiceField(
        label=_("Who is the right one?"),
        choices=list(labels.RIGHT_CHANNELS.items()),
        widget=forms.RadioSelect,
    )
    field_order = ("channel_code", "words")


class Assign(Words):
    """派单."""

    tray = forms.CharField(max_length=80)


class Accused(Words):
    """Who it is about, where that is known; the words stay above the level that is shut out."""

    accused = forms.ChoiceField(label=_("Who is it about?"), choices=(), widget=forms.RadioSelect)
    field_order = ("accused", "words")

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accused"].choices = people  # type: ignore[attr-defined]


FORMS: dict[str, Callable[..., Form]] = {
    "handle": Handle,
    "return": Return,
    "decline": Decline,
    "close": Words,
    "reopen": Words,
    "words": Words,
}


class IntakeForm(Form):
    """代录: what, where, who told you; the rest has a sensible beginning."""

    key = KeyField()
    text = forms.CharField(label=_("What is it?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    area_code = forms.ChoiceField(label=_("Village or grid"), choices=())
    place = forms.CharField(label=_("Where exactly"), required=False, max_length=200)
    name = forms.CharField(
        label=_("Whose matter is it?"), help_text=_("if known"), required=False, max_length=60
    )
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("if known"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    on_behalf = forms.ChoiceField(
        label=_("Whom do you speak for?"),
        choices=[("yes", _("Somebody asked me")), ("no", _("I saw it myself"))],
        initial="yes",
        widget=forms.RadioSelect,
    )
    consent = forms.ChoiceField(
        label=_("How did they agree?"), choices=list(labels.CONSENTS.items()), initial="word", required=False
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("by category")), *[(k, v) for k, v in labels.KINDS.items() if k != "tip_off"]],
        required=False,
    )
    category = forms.ChoiceField(label=_("About"), choices=(), required=False)
    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[
            (c, labels.CHANNELS[c])
            for c in ("tel", "walk", "visit", "patrol", "12345", "letter", "dept", "leader")
        ],
    )
    urgency = forms.ChoiceField(
        label=_("How urgent?"),
        choices=list(labels.URGENCIES.items()),
        initial="normal",
        widget=forms.RadioSelect,
    )
    about_official = OfficialField()

    def __init__(
        self, *args: Any, places: Choices, categories: Choices, channel: str = "walk", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_code"].choices = places  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", pgettext_lazy("category", "not sure")), *categories]  # type: ignore[attr-defined]
        self.fields["channel"].initial = channel
