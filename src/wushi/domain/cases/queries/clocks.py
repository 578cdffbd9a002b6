"""Why: which rule and version sent it here, which clocks run by which line and calendar, and what happens next and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from wushi.domain.accounts.duties import Duty
from wushi.domain.areas import queries as areas
from wushi.domain.areas.rules import WorkCalendar
from wushi.domain.cases.models import Case, Clock, Extension, Pause
from wushi.domain.cases.permissions import upper_tray
from wushi.domain.cases.queries.rulebook import Rulebook, rulebook
from wushi.domain.cases.rules import LOCAL, ClockName, Level, PaceRule, Tray
from wushi.domain.cases.rules.clocks import ORDER
from wushi.domain.cases.states import OPEN, UNDER_WAY, CaseState

TELL, WATCH, ESCALATE, SUPERVISE, CLOSE, RESUME = (
    "remind",
    "watch",
    "escalate",
    "supervise",
    "close",
    "resume",
)


@dataclass(frozen=True)
class ClockLine:
    """One clock of a request with the line it runs by; ``share`` is the percent of its time that is used."""

    name: str
    run: int
    started_at: datetime
    yellow_at: datetime
    due_at: datetime
    supervise_at: datetime
    reached: str
    ended_at: datetime | None
    ended_by: str
    paused_at: datetime | None
    extended: int
    pace: str
    pace_version: int
    amount: int
    unit: str
    basis: str
    is_guess: bool
    part_id: str
    share: int

    @property
    def runs(self) -> bool:
        """Neither ended nor resting."""
        return self.ended_at is None and self.paused_at is None

    @property
    def late(self) -> bool:
        """It ended, or goes on, past its hour."""
        return self.reached in (Level.RED, Level.SUPERVISION) or bool(
            self.ended_at and self.ended_at > self.due_at
        )


@dataclass(frozen=True)
class Coming:
    """What happens by itself, and when, if nobody does anything."""

    at: datetime
    clock: str
    level: str
    effect: str
    tray: Tray | None = None


@dataclass(frozen=True)
class Why:
    """Everything that decided about a request, as codes; the faces say it in words."""

    route: str
    route_version: int
    route_basis: str
    automatic: bool
    missing_level: str
    first_tray: Tray | None
    clocks: tuple[ClockLine, ...]
    coming: tuple[Coming, ...]
    rests: tuple[tuple[str, datetime, datetime | None], ...]
    plea: tuple[int, bool | None] | None
    hours: tuple[tuple[str, str], ...]
    last_year: int


def clocks_of(case: Case, now: datetime) -> list[ClockLine]:
    """The request's clocks, those that run first, each with what it stands on."""
    book = rulebook(case.county)
    rows = Clock.objects.filter(county=case.county, case=case).order_by("started_at", "name", "run")
    lines = [_line(row, book, now) for row in rows]
    order = list(ClockName)
    return sorted(lines, key=lambda c: (c.ended_at is not None, order.index(ClockName(c.name)), c.run))


def _line(row: Clock, book: Rulebook, now: datetime) -> ClockLine:
    pace = book.pace_of(row.pace, row.pace_version)
    end = row.ended_at or row.paused_at or now
    whole = (row.due_at - row.started_at).total_seconds()
    share = round((end - row.started_at).total_seconds() * 100 / whole) if whole > 0 else 100
    return ClockLine(
        row.name,
        row.run,
        row.started_at,
        row.yellow_at,
        row.due_at,
        row.supervise_at,
        row.reached,
        row.ended_at,
        row.ended_by,
        row.paused_at,
        row.extended,
        row.pace,
        row.pace_version,
        row.amount,
        row.unit,
        pace.basis if pace else "",
        row.is_guess,
        str(row.part_id or ""),
        max(0, share),
    )


def coming_of(case: Case, clocks: Sequence[ClockLine], ahead: int = 1) -> list[Coming]:
    """What the clocks will do if nobody does anything, in order of time; ``ahead`` marks of each clock."""
    book, found = rulebook(case.county), []
    for clock in clocks:
        if not clock.runs:
            continue
        at = {
            Level.YELLOW: clock.yellow_at,
            Level.RED: clock.due_at,
            Level.SUPERVISION: clock.supervise_at,
        }
        place = ORDER.index(Level(clock.reached)) + 1
        for level in ORDER[place : place + ahead]:
            effect, tray = _effect(case, clock, level, book)
            found.append(Coming(at[level], clock.name, level.value, effect, tray))
            if effect in (ESCALATE, CLOSE, RESUME):
                break  # the clock ends with it
    return sorted(found, key=lambda c: c.at)


def _effect(case: Case, clock: ClockLine, level: Level, book: Rulebook) -> tuple[str, Tray | None]:
    """As ``services.sweep`` acts on it (a test holds the two equal)."""
    supervisor = Tray(Duty.SUPERVISOR.value, case.county)
    if clock.name == ClockName.ANSWER:
        return (CLOSE if level == Level.RED else TELL), None
    if clock.name == ClockName.PAUSE:
        return RESUME, None
    if level == Level.YELLOW:
        return TELL, None
    upper = upper_tray(case)
    if level == Level.SUPERVISION or upper is None:
        return (SUPERVISE, supervisor) if may_be_supervised(case, clock.name) else (TELL, None)
    return (ESCALATE if escalates(case, book.pace_of(clock.pace, clock.pace_version)) else WATCH), upper


def escalates(case: Case, pace: PaceRule | None) -> bool:
    """At red the line of the rule book takes it up one level: while it is under way, neither resting nor handled."""
    return pace is not None and pace.at_red == "escalate" and case.state in UNDER_WAY


def may_be_supervised(case: Case, clock: str) -> bool:
    """A clock that is late brings supervision to what is open; what is handled, only when the whole of it takes too long."""
    return case.state in OPEN or (clock == ClockName.WHOLE and case.state == CaseState.HANDLED)


def explain(case: Case, now: datetime) -> Why:
    """Why this tray, why by then, what next. The caller holds a row he may see."""
    book, why = rulebook(case.county), case.why
    clocks = tuple(clocks_of(case, now))
    route = book.route_of(str(why.get("route", "")), int(why.get("route_version") or 0))
    rests = Pause.objects.filter(county=case.county, case=case).order_by("since")
    plea = Extension.objects.filter(county=case.county, case=case).order_by("-asked_at").first()
    calendar = areas.calendar_of(case.county)
    today = now.astimezone(LOCAL).date()
    return Why(
        route=str(why.get("route", "")),
        route_version=int(why.get("route_version") or 0),
        route_basis=route.basis if route else "",
        automatic=bool(why.get("automatic")),
        missing_level=str(why.get("missing_level") or ""),
        first_tray=Tray(*why["tray"]) if why.get("tray") else None,
        clocks=clocks,
        coming=tuple(coming_of(case, clocks, ahead=2)),
        rests=tuple((r.reason, r.since, r.until) for r in rests),
        plea=(plea.amount, plea.granted) if plea else None,
        hours=_hours(calendar, today),
        last_year=calendar.last_year,
    )


def _hours(calendar: WorkCalendar, day: date) -> tuple[tuple[str, str], ...]:
    """The office hours in force, of the next working day."""
    spans = calendar.spans_of(calendar.add_workdays(day, 1))
    return tuple((a.strftime("%H:%M"), b.strftime("%H:%M")) for a, b in spans)
