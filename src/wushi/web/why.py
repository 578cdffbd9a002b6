"""Why a request lies where it lies, why by then, and what happens next if nobody does anything: codes -> sentences."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wushi.domain.cases.queries.clocks import ClockLine, Coming, Why
from wushi.web import labels, words
from wushi.web.amounts import amount
from wushi.web.told import Names


def _rule(code: str, version: int, basis: str) -> str:
    named = pgettext("rule", "%(code)s, version %(version)s") % {"code": code, "version": version}
    return f"{named}: {basis}" if basis else named


def _route_lines(why: Why, names: Names) -> list[str]:
    found = []
    if why.first_tray:
        tray = names.tray(why.first_tray.duty, why.first_tray.area, why.first_tray.unit)
        rule = _rule(why.route, why.route_version, why.route_basis)
        found.append(
            _("By the dispatch list (%(rule)s) such matters begin with %(tray)s.")
            % {"rule": rule, "tray": tray}
        )
    if why.missing_level:
        found.append(_("It would have gone further down, but the exact place is not known."))
    return found


def _clock_line(clock: ClockLine, now: datetime) -> str:
    name = labels.word(labels.CLOCKS, clock.name)
    facts = {
        "clock": name,
        "amount": amount(clock.amount + clock.extended, clock.unit),
        "day": words.deadline(clock.due_at, now),
        "rule": _rule(clock.pace, clock.pace_version, clock.basis),
    }
    if clock.paused_at:
        return _("%(clock)s: rests; it goes on from where it stood. %(rule)s") % facts
    return _("%(clock)s: %(amount)s, by %(day)s. %(rule)s") % facts


def _calendar_lines(why: Why) -> list[str]:
    hours = _(", ").join(f"{a}-{b}" for a, b in why.hours)
    found = (
        [_("Office hours are %(hours)s; holidays do not count, make-up days do.") % {"hours": hours}]
        if hours
        else []
    )
    if any(clock.is_guess and clock.runs for clock in why.clocks):
        found.append(_("Next year's holidays are not published yet; it is counted Monday to Friday."))
    return found


def coming_line(coming: Coming, names: Names, now: datetime) -> str:
    """What happens by itself, and when."""
    tray = coming.tray
    facts = {
        "clock": labels.word(labels.CLOCKS, coming.clock),
        "day": words.deadline(coming.at, now),
        "tray": names.tray(tray.duty, tray.area, tray.unit) if tray else "",
    }
    return {
        "remind": _("%(day)s: whoever has it is reminded (%(clock)s)."),
        "watch": _("%(day)s: %(tray)s is told and looks on (%(clock)s)."),
        "escalate": _("%(day)s: it goes up to %(tray)s by itself (%(clock)s)."),
        "supervise": _("%(day)s: it is put under supervision (%(clock)s)."),
        "close": _("%(day)s: it is closed as not answered, never as satisfied."),
        "resume": _("%(day)s: the rest ends and its time goes on."),
    }[coming.effect] % facts


def why_lines(why: Why, names: Names, now: datetime) -> list[str]:
    """Why it went there and why by then, from what was stored when it was decided."""
    running = [clock for clock in why.clocks if clock.ended_at is None and not clock.part_id]
    found = [*_route_lines(why, names), *(_clock_line(c, now) for c in running), *_calendar_lines(why)]
    if why.plea and why.plea[1] is None:
        found.append(_("More time was asked for; the level above has not decided yet."))
    return found


def coming_lines(why: Why, names: Names, now: datetime) -> list[str]:
    """What the clocks do next if nobody does anything, the nearest first."""
    return [coming_line(coming, names, now) for coming in why.coming]
