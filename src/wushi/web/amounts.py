"""How much of a clock's unit: 3 working days, 4 office hours, 30 minutes."""

from __future__ import annotations

from django.utils.translation import ngettext


def amount(number: int, unit: str) -> str:
    """3 working days; 4 office hours; 30 minutes; 15 days."""
    if unit == "workday":
        return ngettext("%(n)s working day", "%(n)s working days", number) % {"n": number}
    if unit == "day":
        return ngettext("%(n)s calendar day", "%(n)s calendar days", number) % {"n": number}
    office = unit == "work_minute"
    if number % 60 == 0:
        hours = number // 60
        phrase = (
            ngettext("%(n)s office hour", "%(n)s office hours", hours)
            if office
            else ngettext("%(n)s hour", "%(n)s hours", hours)
        )
        return phrase % {"n": hours}
    phrase = (
        ngettext("%(n)s office minute", "%(n)s office minutes", number)
        if office
        else ngettext("%(n)s minute", "%(n)s minutes", number)
    )
    return phrase % {"n": number}


def unit_word(unit: str) -> str:
    """What one asks for more of: working days, minutes of office hours."""
    return {
        "workday": ngettext("working day", "working days", 2),
        "day": ngettext("calendar day", "calendar days", 2),
        "work_minute": ngettext("office minute", "office minutes", 2),
    }.get(unit, ngettext("minute", "minutes", 2))
