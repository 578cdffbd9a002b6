"""Narrowing a list: what stands in the address is the filter, so that it can be shared; and lists kept under a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wushi.domain.accounts import queries as accounts
from wushi.domain.areas import queries as areas
from wushi.domain.cases import queries as cases
from wushi.domain.cases import services
from wushi.edge.guard import guarded
from wushi.web import asked, labels
from wushi.web.cases.forms.others import categories_of
from wushi.web.cases.forms.plain import DayInput
from wushi.web.forms import Form
from wushi.web.routes import SeeOther

COUNTY = 6
LEVELS = (COUNTY, 9, 12, 15)
NAMES = ("kind", "category", "urgency", "state", "tag", "supervised", "since", "until", "figure", "area")


@dataclass(frozen=True)
class Kept:
    """A list somebody keeps; his own can be dropped. ``shared``: the area everybody of which is offered it."""

    id: UUID
    name: str
    url: str
    own: bool
    shared: str = ""
    owner: str = ""


def _choices(table: dict[str, Any]) -> list[tuple[str, Any]]:
    return [("", _("all")), *table.items()]


class FilterForm(Form):
    """What a list is narrowed to; empty is everything."""

    kind = forms.ChoiceField(label=_("Kind"), choices=_choices(labels.KINDS), required=False)
    category = forms.ChoiceField(label=_("About"), choices=(), required=False)
    urgency = forms.ChoiceField(label=_("How urgent?"), choices=_choices(labels.URGENCIES), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        choices=[("", _("all")), *((code, badge.word) for code, badge in labels.STAFF_STATES.items())],
        required=False,
    )
    tag = forms.ChoiceField(label=_("What presses?"), choices=_choices(labels.TAGS), required=False)
    supervised = forms.ChoiceField(
        label=_("Supervised"),
        choices=[("", _("all")), *((code, badge.word) for code, badge in labels.SUPERVISED.items())],
        required=False,
    )
    since = forms.DateField(label=_("Told from"), required=False, widget=DayInput)
    until = forms.DateField(label=_("Told until"), required=False, widget=DayInput)
    # by these the page of figures opens the rows it counted
    figure = forms.ChoiceField(
        choices=[("", ""), *labels.FIGURES.items()], required=False, widget=forms.HiddenInput
    )
    area = forms.RegexField(r"^([0-9]{9}|[0-9]{12}|[0-9]{15})$", required=False, widget=forms.HiddenInput)

    def __init__(self, categories: Iterable[tuple[str, Any]], data: Any = None) -> None:
        super().__init__(data)
        self.fields["category"].choices = [("", _("all")), *categories]  # type: ignore[attr-defined]


@lru_cache(maxsize=64)
def _empty_fields(language: str, categories: tuple[tuple[str, Any], ...]) -> SafeString:
    """The fields with nothing chosen: the same sixty choices on nearly every page of a county, rendered once."""
    return render_to_string("cases/_filter_fields.html", {"form": FilterForm(categories, {})})


@dataclass(frozen=True)
class Narrowing:
    """What the address asks for: the form to show, and the values that make sense."""

    form: FilterForm | None
    said: dict[str, Any]
    categories: tuple[tuple[str, Any], ...] = ()

    @property
    def fields(self) -> SafeString:
        """The form's fields as they are shown."""
        if self.form is None:
            return _empty_fields(get_language() or "", self.categories)
        return render_to_string("cases/_filter_fields.html", {"form": self.form})

    @property
    def counted(self) -> str:
        """The figure whose rows these are, and its area: Answered in time · 孙岗村; '' otherwise."""
        figure, area = self.said.get("figure", ""), self.said.get("area", "")
        return " · ".join(str(part) for part in (labels.FIGURES.get(figure, ""), areas.name_of(area)) if part)

    @property
    def query(self) -> dict[str, str]:
        """For addresses."""
        return {
            name: value.isoformat() if isinstance(value, date) else value for name, value in self.said.items()
        }


def narrowing_of(request: Any) -> Narrowing:
    """From the query string; what is no choice is left out."""
    categories = tuple(categories_of(request.actor.county))
    if not any(request.GET.get(name) for name in NAMES):
        return Narrowing(None, {}, categories)
    form = FilterForm(categories, {name: request.GET.get(name, "") for name in NAMES})
    form.is_valid()
    said = {name: form.cleaned_data[name] for name in NAMES if form.cleaned_data.get(name)}
    return Narrowing(form, said, categories)


def kept_of(actor: Any) -> list[Kept]:
    """His lists and those shared with his area; whose these are."""
    rows = cases.filters_for(actor)
    owners = accounts.names_of(row.owner_id for row in rows if row.owner_id != actor.id)
    return [
        Kept(
            row.id,
            row.name,
            f"/work/?{urlencode(_clean(row.wanted))}",
            row.owner_id == actor.id,
            areas.name_of(row.shared_area) if row.shared_area else "",
            owners.get(row.owner_id, ""),
        )
        for row in rows
    ]


def shareable(viewer: Any) -> list[tuple[str, str]]:
    """The areas one answers for oneself: with all whose posts lie in them a list can be shared."""
    return sorted({(post.area, post.area_name) for post in viewer.posts if len(post.area) >= COUNTY})


def _clean(wanted: dict[str, Any], names: Iterable[str] = ("list", *NAMES)) -> dict[str, str]:
    return {name: str(wanted[name])[:40] for name in names if wanted.get(name)}


@guarded()
def keep(request: Any) -> HttpResponse:
    """Keep the list as it is narrowed now under a name."""
    wanted = _clean(request.POST)
    area = asked.code(request.POST.get("shared_area", ""), *LEVELS)
    services.save_filter(
        actor=request.actor, name=request.POST.get("name", ""), wanted=wanted, shared_area=area
    )
    return SeeOther(f"/work/?{urlencode(wanted)}")


@guarded()
def drop(request: Any, filter_id: UUID) -> HttpResponse:
    """It is not needed any more."""
    services.drop_filter(actor=request.actor, filter_id=filter_id)
    return SeeOther("/work/")
