"""The county's ladder and habits, read once per version and kept in the process; and whom a rung rings now."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from wushi.domain.areas.queries import mark_of
from wushi.domain.calls.models import Call, Habits, LadderStep
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


# One statement: a press waits for it. Who is on watch (0) goes before who holds the duty (1) and who stands in for him (2).
_ON_RUNG = """
SELECT x.duty, x.rank, x.user_id FROM (
    SELECT w.duty, 0 AS rank, w.user_id, w.begins_at AS since, w.id FROM calls_onwatch w
     WHERE w.county = %(county)s AND w.area = %(area)s AND w.duty = ANY(%(duties)s) AND w.begins_at <= %(now)s
       AND w.ends_at > %(now)s AND w.ended_at IS NULL
    UNION ALL
    SELECT p.duty, 1, p.user_id, p.valid_from, p.id FROM accounts_post p
     WHERE p.county = %(county)s AND p.area = %(area)s AND p.duty = ANY(%(duties)s) AND p.ended_at IS NULL
       AND p.valid_from <= %(day)s AND (p.valid_until IS NULL OR p.valid_until > %(day)s)
    UNION ALL
    SELECT p.duty, 2, s.user_id, s.valid_from, s.id FROM accounts_standin s JOIN accounts_post p ON p.id = s.post_id
     WHERE p.county = %(county)s AND p.area = %(area)s AND p.duty = ANY(%(duties)s) AND p.ended_at IS NULL
       AND p.valid_from <= %(day)s AND (p.valid_until IS NULL OR p.valid_until > %(day)s)
       AND s.ended_at IS NULL AND s.valid_from <= %(day)s AND s.valid_until > %(day)s
) x JOIN accounts_user u ON u.id = x.user_id AND u.is_active
ORDER BY x.rank, x.since, x.id
"""


def people_on_rung(call: Call, rule: LadderRule, now: datetime) -> list[str]:
    """Ids of those a rung rings: for each of its duties the roster's people, else its holders and who stands in; each once."""
    given: dict[str, Any] = {
        "county": call.county,
        "area": rung_area(rule.level, grid=call.grid, village=call.village, county=call.county),
        "duties": list(rule.duties),
        "now": now,
        "day": timezone.localdate(now),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ON_RUNG, given)
        rows = cursor.fetchall()
    watched = {duty for duty, rank, _user in rows if rank == 0}
    found = [
        str(user)
        for wanted in rule.duties
        for duty, rank, user in rows
        if duty == wanted and (rank == 0 if duty in watched else rank > 0)
    ]
    return list(dict.fromkeys(found))
