"""What is said about a call: what was found, words, a request out of it; a call written down; a watch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wushi.web import labels
from wushi.web.forms import Form, KeyField
from wushi.web.labels import calls as said


def _words(label: Any, *, rows: int = 2, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label, required=required, max_length=1000, widget=forms.Textarea(attrs={"rows": rows})
    )


class EndForm(Form):
    """What was found; words need not be."""

    finding = forms.ChoiceField(
        label=_("What was it?"),
        choices=[(code, said.FINDINGS[code]) for code in said.CHOOSABLE],
        widget=forms.RadioSelect,
    )
    words = _words(_("In a few words, if you like"))


class CaseForm(Form):
    """What takes longer becomes a request."""

    key = KeyField()
    text = forms.CharField(
        label=_("What is it about?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (code, labels.KINDS[code]) for code in ("help", "hazard", "dispute", "inquiry", "complaint")
        ],
        initial="help",
    )
    urgency = forms.ChoiceField(
        label=_("How urgent?"),
        choices=list(labels.URGENCIES.items()),
        initial="soon",
        widget=forms.RadioSelect,
    )


class CallForm(Form):
    """A resident calls: where, and how to ring back; the class is the button that is pressed."""

    key = KeyField()
    area_code = forms.CharField(max_length=15, widget=forms.HiddenInput)
    place = forms.CharField(
        label=_("Where exactly"), help_text=_("house number, or beside what"), required=False, max_length=120
    )
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("if you like; so that they can ring you back"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    for_person = forms.CharField(required=False, max_length=36, widget=forms.HiddenInput)


class WrittenForm(Form):
    """Somebody rang and cannot press: a member of staff writes it down."""

    key = KeyField()
    area_code = forms.ChoiceField(label=_("Village or grid"), choices=())
    place = forms.CharField(
        label=_("Where exactly"), help_text=_("house number, or beside what"), required=False, max_length=120
    )
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("to ring back"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    urgency = forms.ChoiceField(
        label=_("How urgent is the call?"),
        choices=[(code, badge.word) for code, badge in said.URGENCIES.items()],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_code"].choices = list(places)  # type: ignore[attr-defined]


class WatchForm(Form):
    """Whose post, by whom, from when until when."""

    post = forms.ChoiceField(label=_("In the place of"), choices=())
    user_id = forms.ChoiceField(label=_("Who is on watch"), choices=())
    begins_at = forms.DateTimeField(
        label=_("From"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "input"}, format="%Y-%m-%dT%H:%M"
        ),
        input_formats=["%Y-%m-%dT%H:%M"],
    )
    ends_at = forms.DateTimeField(
        label=_("Until"),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "input"}, format="%Y-%m-%dT%H:%M"
        ),
        input_formats=["%Y-%m-%dT%H:%M"],
    )

    def __init__(
        self,
        *args: Any,
        posts: Sequence[tuple[str, str]] = (),
        people: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].choices = list(posts)  # type: ignore[attr-defined]
        self.fields["user_id"].choices = list(people)  # type: ignore[attr-defined]
