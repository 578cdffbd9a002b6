"""What all forms share: the look of their fields, and how a refusal of a verb comes back to the field it is about."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms

from wushi.domain.cases.services.numbers import fresh_key
from wushi.edge import refusals
from wushi.kernel.errors import DomainError

PLAIN = (forms.TextInput, forms.PasswordInput, forms.Select, forms.Textarea, forms.DateInput, forms.FileInput)


class Form(forms.Form):
    """A form in the look of the house; errors carry no colon, labels no star."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, PLAIN) and not isinstance(field.widget, forms.RadioSelect):
                field.widget.attrs.setdefault("class", "input")
            if field.required:
                field.error_messages["required"] = cast(Any, refusals.FIELDS["required"])
            field.error_messages.setdefault("invalid_choice", cast(Any, refusals.FIELDS["unknown"]))

    def take(self, error: DomainError) -> str:
        """Put a refusal's field errors beside their fields; the sentence for the top of the form."""
        for name, words in refusals.field_sentences(error).items():
            if name in self.fields:
                self.add_error(name, words)
        return refusals.sentence(error)


class KeyField(forms.CharField):
    """The key that makes sending twice harmless; made by the server, so that it works without scripts."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(max_length=64, initial=fresh_key)


def photo_ids(request: Any) -> tuple[UUID, ...]:
    """The photos a form names; what is no id is left out, the verb refuses what is not there."""
    return _ids(request, "photos")


def recording_ids(request: Any) -> tuple[UUID, ...]:
    """The recordings a form names, likewise."""
    return _ids(request, "recordings")


def _ids(request: Any, name: str) -> tuple[UUID, ...]:
    found = []
    for text in request.POST.getlist(name)[:20]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return tuple(found)
