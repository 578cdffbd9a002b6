"""What is true of every clock, whatever the pace, the calendar and the hour: the promises deadlines are trusted for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from wushi.domain.areas import calendars
from wushi.domain.areas.rules import OfficeHours, WorkCalendar
from wushi.domain.cases.rules.clocks import (
    ClockName,
    Level,
    PaceRule,
    Plan,
    Shares,
    Unit,
    due_at,
    next_mark,
    plan,
)

BEIJING = timezone(timedelta(hours=8))
SECOND = timedelta(seconds=1)
BY_OFFICE_HOURS = {Unit.WORKDAY, Unit.WORK_MINUTE}
MORNING = (time(8), time(12))
DAYS = {d.day: d.is_workday for d in calendars.seeded()}
USUAL = WorkCalendar(DAYS, 2026)
EARLY = WorkCalendar(DAYS, 2026, (OfficeHours(date.min, (MORNING, (time(14), time(17, 30)))),))
SEASONS = WorkCalendar(
    DAYS,
    2026,
    (
        OfficeHours(date(2025, 6, 1), (MORNING, (time(15), time(18, 30)))),
        OfficeHours(date(2025, 10, 1), ((time(9), time(17)),)),
        OfficeHours(date(2026, 6, 1), (MORNING,)),
    ),
)
FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
MOST = {Unit.WORKDAY: 20, Unit.WORK_MINUTE: 9000, Unit.DAY: 90, Unit.MINUTE: 40_000}

often = settings(max_examples=200, deadline=None)
# each example adds up the working time of years anew
seldom = settings(max_examples=60, deadline=None)


def whole_second(hour: time) -> time:
    """Clocks are compared to the second; fractions would only show how percent are rounded."""
    return hour.replace(microsecond=0)


# a day and an hour apart: one large number of seconds would nearly always be drawn small, in the first days of 2025
moments = st.builds(
    datetime.combine,
    st.dates(FIRST, LAST),
    st.one_of(st.sampled_from([time(0), time(8), time(12), time(18)]), st.times().map(whole_second)),
    st.just(BEIJING),
)
loaded = st.sampled_from([USUAL, EARLY, SEASONS])
days = st.dates(FIRST, date(2027, 12, 31))
shares = st.builds(Shares, yellow=st.integers(1, 100), supervision=st.integers(100, 300))


def pace_of(unit: Unit, amount: int, by_time: time) -> PaceRule:
    """A rule with nothing in it but the time it gives."""
    return PaceRule(
        "any", 1, ClockName.WHOLE, "", "", "", amount, unit, by_time, 0, "tell", date.min, None, ""
    )


@st.composite
def paces(draw: st.DrawFn, units: tuple[Unit, ...] = tuple(Unit), least: int = 0) -> PaceRule:
    """Any pace a county could write down."""
    unit = draw(st.sampled_from(units))
    by_time = time(*divmod(draw(st.one_of(st.just(18 * 60), st.integers(0, 24 * 60 - 1))), 60))
    amount = draw(st.one_of(st.integers(least, 3), st.integers(least, MOST[unit])))
    return pace_of(unit, amount, by_time)


@st.composite
def rests(draw: st.DrawFn, since: datetime) -> list[tuple[datetime, datetime]]:
    """Up to three pauses one after the other, after a start."""
    spans = []
    for _ in range(draw(st.integers(0, 3))):
        begun = since + draw(st.integers(0, 4 * 86_400)) * SECOND
        since = begun + draw(st.integers(1, 12 * 86_400)) * SECOND
        spans.append((begun, since))
    return spans


def counted(start: datetime, end: datetime, calendar: WorkCalendar) -> timedelta:
    """Working time the slow way: what each span of each day shares with the time between."""
    day, whole = start.astimezone(BEIJING).date(), timedelta()
    while day <= end.astimezone(BEIJING).date():
        for since, until in calendar.spans_of(day):
            begin = max(start, datetime.combine(day, since, tzinfo=BEIJING))
            whole += max(min(end, datetime.combine(day, until, tzinfo=BEIJING)) - begin, timedelta())
        day += timedelta(days=1)
    return whole


def due_of(pace: PaceRule, started: datetime, calendar: WorkCalendar = USUAL, extended: int = 0) -> datetime:
    """The deadline of a clock that never rested."""
    return plan(pace, started=started, calendar=calendar, shares=Shares(), extended=extended).due


@often
@given(moments, st.integers(0, 30 * 86_400), loaded)
def test_working_time_is_what_the_days_hold(start: datetime, length: int, calendar: WorkCalendar) -> None:
    end = start + length * SECOND
    assert calendar.work_between(start, end) == counted(start, end, calendar)


@often
@given(moments, moments, moments, loaded)
def test_spans_add_up(a: datetime, b: datetime, c: datetime, calendar: WorkCalendar) -> None:
    between = calendar.work_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert between(a, b) == -between(b, a)
    assert between(a, a) == timedelta()
    assert timedelta() <= between(min(a, b), max(a, b)) <= abs(b - a)


@often
@given(moments, st.integers(1, 600_000), loaded)
def test_adding_work_is_the_inverse_of_measuring_it(
    start: datetime, length: int, calendar: WorkCalendar
) -> None:
    end = calendar.add_work(start, length * SECOND)
    assert calendar.work_between(start, end) == length * SECOND
    assert calendar.work_between(start, end - SECOND) == (length - 1) * SECOND, "it is the first such moment"


@often
@given(moments, moments, loaded)
def test_measuring_and_adding_comes_back_to_the_last_work(
    a: datetime, b: datetime, calendar: WorkCalendar
) -> None:
    start, end = min(a, b), max(a, b)
    back = calendar.add_work(start, calendar.work_between(start, end))
    assert start <= back <= end and not calendar.work_between(back, end)


@often
@given(paces(), moments, shares, loaded, st.one_of(st.just(0), st.integers(0, 20)), st.data())
def test_marks_stand_in_order(
    pace: PaceRule, start: datetime, share: Shares, calendar: WorkCalendar, more: int, data: st.DataObject
) -> None:
    pauses = data.draw(rests(start))
    marks = plan(pace, started=start, calendar=calendar, shares=share, pauses=pauses, extended=more)
    assert marks.started == start
    assert start <= marks.yellow <= marks.due <= marks.supervision
    assert marks.guess is (marks.due.astimezone(BEIJING).year > 2026)


@often
@given(paces(), moments, loaded, st.data())
def test_a_pause_moves_the_deadline_by_itself_and_nothing_else(
    pace: PaceRule, start: datetime, calendar: WorkCalendar, data: st.DataObject
) -> None:
    pauses = data.draw(rests(start))
    without = plan(pace, started=start, calendar=calendar, shares=Shares())
    rested = plan(pace, started=start, calendar=calendar, shares=Shares(), pauses=pauses)
    if pace.unit in BY_OFFICE_HOURS:
        length = sum((counted(since, until, calendar) for since, until in pauses), timedelta())
        assert calendar.work_between(without.due, rested.due) == length
        assert length or rested == without
    else:
        length = sum((until - since for since, until in pauses), timedelta())
        assert rested.due - without.due == length
        if without.due > without.started:  # due at once has no share of anything to warn at
            assert rested.yellow - without.yellow == rested.supervision - without.supervision == length


@seldom
@given(paces(), moments, st.sets(days, max_size=30), st.sets(days, max_size=60))
def test_more_days_of_rest_never_make_it_due_earlier(
    pace: PaceRule, start: datetime, turned: set[date], rest: set[date]
) -> None:
    some = {**DAYS, **{day: not USUAL.is_workday(day) for day in turned}}
    fewer, more = WorkCalendar(some, 2026), WorkCalendar({**some, **dict.fromkeys(rest, False)}, 2026)
    assert due_of(pace, start, more) >= due_of(pace, start, fewer)


@often
@given(paces(), moments, loaded, st.integers(0, 60), st.integers(0, 60), st.data())
def test_more_extension_never_makes_it_due_earlier(
    pace: PaceRule, start: datetime, calendar: WorkCalendar, a: int, b: int, data: st.DataObject
) -> None:
    pauses = data.draw(rests(start))

    def due(extended: int) -> datetime:
        return plan(
            pace, started=start, calendar=calendar, shares=Shares(), pauses=pauses, extended=extended
        ).due

    assert due(min(a, b)) <= due(max(a, b))
    given_more = replace(pace, amount=pace.amount + a)
    assert due_of(pace, start, calendar, extended=a) == due_of(given_more, start, calendar)


@often
@given(paces(), moments, st.one_of(st.integers(0, 2 * 86_400), st.integers(0, 60 * 86_400)), loaded)
def test_a_later_start_is_never_due_earlier(
    pace: PaceRule, start: datetime, later: int, calendar: WorkCalendar
) -> None:
    assert due_of(pace, start, calendar) <= due_of(pace, start + later * SECOND, calendar)


@often
@given(paces((Unit.WORKDAY, Unit.DAY), least=1), moments, moments, loaded)
def test_the_whole_depends_on_nothing_but_its_start(
    pace: PaceRule, start: datetime, other: datetime, calendar: WorkCalendar
) -> None:
    whole = plan(pace, started=start, calendar=calendar, shares=Shares())
    assert whole == due_at(opened=start.astimezone(UTC), pace=pace, calendar=calendar)
    nothing = [(other, other), (other, other - SECOND)]
    assert whole == plan(pace, started=start, calendar=calendar, shares=Shares(), pauses=nothing)
    # the hour of the start and the office hours do not matter to a deadline in days
    same_day = datetime.combine(start.date(), other.time(), tzinfo=BEIJING)
    assert whole.due == due_of(pace, same_day, calendar) == due_of(pace, start, USUAL)
    assert whole.due.astimezone(BEIJING).time() == pace.by_time


@often
@given(paces((Unit.WORKDAY,), least=1), moments, loaded)
def test_working_days_are_counted_one_by_one(pace: PaceRule, start: datetime, calendar: WorkCalendar) -> None:
    last = due_of(pace, start, calendar).astimezone(BEIJING).date()
    span = [start.date() + timedelta(days=n) for n in range(1, (last - start.date()).days + 1)]
    assert sum(map(calendar.is_workday, span)) == pace.amount and calendar.is_workday(last)
    assert calendar.workdays_between(start.date(), last) == pace.amount


@often
@given(paces(), moments, shares)
def test_marks_follow_one_another_and_end(pace: PaceRule, start: datetime, share: Shares) -> None:
    marks: Plan = plan(pace, started=start, calendar=USUAL, shares=share)
    reached, passed = "", []
    while following := next_mark(reached, marks):
        passed.append(following)
        reached = following[0]
    assert passed == [
        (Level.YELLOW, marks.yellow),
        (Level.RED, marks.due),
        (Level.SUPERVISION, marks.supervision),
    ]
