"""What templates may say beyond Django's own tags: icons, times as people say them, lamps."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wushi.domain.files.rules import sound_rule_on
from wushi.edge.receipts import spaced
from wushi.web import words

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str) -> SafeString:
    """One symbol of the sprite; decoration only, a word always stands beside it."""
    return format_html(
        '<svg class="i" aria-hidden="true"><use href="{}#i-{}"/></svg>', static("icons.svg"), name
    )


@register.simple_tag(name="badge")
def badge_tag(badge: Any) -> SafeString:
    """``components/_badge.html`` in lists: the same badge stands in many rows and is rendered once."""
    return _badge(badge.colour, badge.icon, str(badge.word))


@lru_cache(maxsize=1024)
def _badge(colour: str, name: str, word: str) -> SafeString:
    known = {"colour": colour, "icon": name, "word": word}
    return render_to_string("components/_badge.html", {"badge": known})


@register.simple_tag
def sound_rule() -> Any:
    """How much may be said by voice today."""
    return sound_rule_on(timezone.localdate())


@register.filter
def when(at: datetime | None) -> SafeString | str:
    """A moment as people say it, exact on hover and in print."""
    if at is None:
        return ""
    said, exact = words.when(at, timezone.now()), words.exact(at)
    form = '<time datetime="{}" title="{}"><span class="said">{}</span><span class="exact">{}</span></time>'
    return format_html(form, timezone.localtime(at).isoformat(), exact, said, exact)


@register.filter
def by(at: datetime | None) -> str:
    """A deadline: a weekday and an hour."""
    return words.deadline(at, timezone.now()) if at else ""


@register.filter
def masked(phone: str) -> str:
    """A phone number with its middle hidden."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else phone


@register.filter
def numerals(value: str) -> str:
    """A receipt code in groups, so that it can be read aloud."""
    return spaced(value)
