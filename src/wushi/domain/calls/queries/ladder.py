"""The county's ladder and habits, read once per version and kept in the process; and whom a rung rings now."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime

from django.utils import timezone

from wushi.domain.accounts.models import User
from wushi.domain.accounts.queries import holders
from wushi.domain.areas.queries import mark_of
from wushi.domain.calls.models import Call, Habits, LadderStep, OnWatch
from wushi.domain.calls.rules import HabitsRule, LadderRule, ladder_for, rung_area
from wushi.plumbing.cache import VersionedCache


@dataclass(frozen=True)
class CallRules:
    """Lines of the ladder and the newest habits of a county."""

    ladder: tuple[LadderRule, ...]
    habits: HabitsRule
    day: date

    def ladder_of(self, urgency: str, day: date) -> tuple[LadderRule, ...]:
        """The rungs of one class, in order."""
        return ladder_for(self.ladder, urgency=urgency, day=day)


def _load(county: str) -> CallRules:
    today = timezone.localdate()
    names = [f.name for f in fields(LadderRule) if f.name != "duties"]
    lines = tuple(
        LadderRule(duties=tuple(row.duties), **{n: getattr(row, n) for n in names})
        for row in LadderStep.objects.filter(county=county).order_by("after_seconds", "code", "version")
    )
    row = Habits.objects.filter(county=county, valid_from__lte=today).order_by("-version").first()
    habits = (
        HabitsRule(**{f.name: getattr(row, f.name) for f in fields(HabitsRule)}) if row else HabitsRule(0)
    )
    return CallRules(lines, habits, today)


_rules: VersionedCache[CallRules] = VersionedCache(_load, mark_of)


def call_rules(county: str) -> CallRules:
    """The county's rules for calls; one without any has an empty ladder."""
    found = _rules.get(county)
    if found.day != timezone.localdate():
        _rules.forget(county)
        found = _rules.get(county)
    return found


def watchers(county: str, area: str, duty: str, now: datetime) -> list[User]:
    """Who is on watch in the place of a duty's holders; nobody: the holders themselves."""
    rows = OnWatch.objects.filter(
        county=county, area=area, duty=duty, begins_at__lte=now, ends_at__gt=now, ended_at=None
    )
    return [
        row.user
        for row in rows.filter(user__is_active=True).select_related("user").order_by("begins_at", "id")
    ]


def people_on_rung(call: Call, rule: LadderRule, now: datetime) -> list[User]:
    """Whom a rung rings: the roster's people, else the holders of its duties and who stands in for them; each once."""
    area = rung_area(rule.level, grid=call.grid, village=call.village, county=call.county)
    found: dict[object, User] = {}
    for duty in rule.duties:
        people = watchers(call.county, area, duty, now) or holders(duty, area, timezone.localdate(now))
        found.update({user.id: user for user in people})
    return list(found.values())
