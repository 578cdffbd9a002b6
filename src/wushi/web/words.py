"""How the pages say times and numbers. Pure: `now` is given; the language is the one in force."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

_WEEKDAYS = (
    pgettext_lazy("weekday", "Monday"),
    pgettext_lazy("weekday", "Tuesday"),
    pgettext_lazy("weekday", "Wednesday"),
    pgettext_lazy("weekday", "Thursday"),
    pgettext_lazy("weekday", "Friday"),
    pgettext_lazy("weekday", "Saturday"),
    pgettext_lazy("weekday", "Sunday"),
)
_NUMBERS = (
    pgettext_lazy("count", "One"),
    pgettext_lazy("count", "Two"),
    pgettext_lazy("count", "Three"),
    pgettext_lazy("count", "Four"),
    pgettext_lazy("count", "Five"),
    pgettext_lazy("count", "Six"),
    pgettext_lazy("count", "Seven"),
    pgettext_lazy("count", "Eight"),
    pgettext_lazy("count", "Nine"),
    pgettext_lazy("count", "Ten"),
)


def place(names: list[str]) -> str:
    """Names of areas from wide to narrow as one; a grid called after its village says the village by itself."""
    return "".join(name for n, name in enumerate(names) if not "".join(names[n + 1 : n + 2]).startswith(name))


def weekday(day: int) -> str:
    """Monday is 0."""
    return str(_WEEKDAYS[day])


def _date(at: datetime, now: datetime) -> str:
    return date_format(at, _("M j")) if at.year == now.year else date_format(at, _("M j, Y"))


def date(at: datetime, now: datetime) -> str:
    """Nov 25; with the year when it is another one."""
    return _date(timezone.localtime(at), timezone.localtime(now))


def exact(at: datetime) -> str:
    """The whole moment, for hovering and for paper."""
    return _exact(timezone.localtime(at), get_language() or "")


@lru_cache(maxsize=4096)
def _exact(at: datetime, language: str) -> str:
    """In lists the same deadline stands in many rows; ``language`` is the one in force."""
    return date_format(at, _("Y-m-d H:i:s"))


def when(at: datetime, now: datetime) -> str:
    """A past moment: today 14:05, yesterday 19:42, 3 days ago, Nov 3."""
    at, now = timezone.localtime(at), timezone.localtime(now)
    days, clock = (now.date() - at.date()).days, at.strftime("%-H:%M")
    if days == 0:
        return _("today %(clock)s") % {"clock": clock}
    if days == 1:
        return _("yesterday %(clock)s") % {"clock": clock}
    if 1 < days < 7:
        return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": days}
    return _date(at, now)


def _day(at: datetime, now: datetime) -> str:
    days = (at.date() - now.date()).days
    if days in (-1, 0, 1):
        return _("today") if days == 0 else _("tomorrow") if days == 1 else _("yesterday")
    monday = now.date() - timedelta(days=now.weekday())
    weeks = (at.date() - monday).days // 7
    if weeks == 0:
        return weekday(at.weekday())
    if weeks in (1, -1):
        phrase = _("next %(weekday)s") if weeks == 1 else _("last %(weekday)s")
        return phrase % {"weekday": weekday(at.weekday())}
    return _date(at, now)


def deadline(at: datetime, now: datetime) -> str:
    """A deadline is a weekday and an hour: Thursday 18:00, next Monday 18:00, Dec 12 18:00."""
    at, now = timezone.localtime(at), timezone.localtime(now)
    return _("%(day)s %(clock)s") % {"day": _day(at, now), "clock": at.strftime("%-H:%M")}


def span(length: timedelta) -> str:
    """How long: 2 days, 3 hours, 12 minutes; one unit, never rounded up."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes >= 48 * 60:
        return ngettext("%(n)s day", "%(n)s days", minutes // 1440) % {"n": minutes // 1440}
    if minutes >= 60:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def left(at: datetime, now: datetime) -> str:
    """What is left until a deadline, or how far it is passed."""
    phrase = _("%(span)s left") if at > now else _("%(span)s over")
    return phrase % {"span": span(abs(at - now))}


def counted(number: int) -> str:
    """A small number as a word, a larger one in figures."""
    return str(_NUMBERS[number - 1]) if 1 <= number <= 10 else str(number)
