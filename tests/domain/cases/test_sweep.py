"""Nobody does anything: what the clocks do by themselves, and that it is what the page said beforehand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from tests.domain.cases.clockwork import (
    MORNING,
    adopt,
    claimed,
    clock,
    clocks,
    coming,
    due_ids,
    marks,
    opened,
    paces_with,
    sweep,
    watchers,
)
from tests.village import Village, at
from wushi.domain.cases import services
from wushi.domain.cases.models import Case
from wushi.domain.cases.permissions import lying_tray
from wushi.domain.cases.queries.clocks import Coming
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services import Called

WORDS = {"words": "说明"}
Said = list[tuple[str, str, str]]


# ---- how it stands when nobody goes on ----
def untouched(village: Village) -> Case:
    """It lies in the secretary's tray, and nobody signs."""
    return opened(village)


def in_hand(village: Village) -> Case:
    """The secretary signed, and does nothing."""
    return claimed(village)


def asked(village: Village) -> Case:
    """He says it is done; the resident does not answer."""
    case = claimed(village)
    services.handle_case(
        actor=village.officer("陈书记"), case_id=case.id, outcome="resolved", now=MORNING, **WORDS
    )
    return case


def resting(village: Village) -> Case:
    """It waits for dry weather until Wednesday."""
    case = claimed(village)
    services.pause_case(
        actor=village.officer("陈书记"),
        case_id=case.id,
        reason_code="weather",
        until_on=at("2026-11-04 00:00").date(),
        now=MORNING,
        **WORDS,
    )
    return case


def called(village: Village, *, essential: bool = True) -> Case:
    """The department was called and does not come."""
    case = claimed(village)
    services.blow_whistle(
        actor=village.officer("陈书记"),
        case_id=case.id,
        kind="everyday",
        called=[Called("JT", essential)],
        now=MORNING,
        **WORDS,
    )
    return case


def asked_over_a_part(village: Village) -> Case:
    """It was said to be done while a part that is not essential is still unanswered."""
    case = called(village, essential=False)
    services.handle_case(
        actor=village.officer("陈书记"), case_id=case.id, outcome="resolved", now=MORNING, **WORDS
    )
    return case


def at_the_district(village: Village) -> Case:
    """It was escalated as far as it goes."""
    case = opened(village)
    for _ in range(2):
        services.escalate_case(actor=village.house, case_id=case.id, reason="claim_overdue", now=MORNING)
    return case


def contact_escalates_while_resting(village: Village) -> Case:
    """The county lets an unmade call go up; what rests stays where it is all the same."""
    adopt(village, paces=paces_with("contact", at_red="escalate"))
    return resting(village)


STANDINGS: dict[str, Callable[[Village], Case]] = {
    f.__name__: f
    for f in (
        untouched,
        in_hand,
        asked,
        resting,
        called,
        asked_over_a_part,
        at_the_district,
        contact_escalates_while_resting,
    )
}


def kept(village: Village, case: Case) -> dict[str, object]:
    """What an effect may change."""
    row = village.again(case)
    return {
        "state": row.state,
        "tray": lying_tray(row),
        "supervised": row.supervised,
        "watchers": watchers(village, case),
        "leaves": village.trace(case),
    }


def check_effect(said: Coming, before: dict[str, object], after: dict[str, object]) -> None:
    """The effect that was said has come, and none of the others."""
    new = after["leaves"][len(before["leaves"]) :]  # type: ignore[arg-type,index]
    state = {"close": "closed", "resume": "working", "escalate": "waiting"}.get(said.effect, before["state"])
    tray = said.tray if said.effect == "escalate" else before["tray"]
    assert (after["state"], after["tray"]) == (state, tray), said
    follows = {
        "close": ["cases.close_case"],
        "resume": ["cases.resume_case"],
        "escalate": ["cases.escalate_case"],
        "supervise": ["cases.supervise_case"],
    }.get(said.effect, [])
    # a request that is supervised as deep already is not supervised again
    again = said.effect == "supervise" and before["supervised"]
    assert new in ([["cases.mark_clock"]] if again else []) + [["cases.mark_clock", *follows]], said
    watching = {tray for _reason, tray in after["watchers"] - before["watchers"]}  # type: ignore[operator]
    if said.effect == "watch":
        assert ("overdue", said.tray) in after["watchers"], said  # type: ignore[operator]
        assert watching <= {said.tray}
    elif said.effect == "supervise":
        assert after["supervised"] and ("supervised", said.tray) in after["watchers"], said  # type: ignore[operator]
        assert watching <= {said.tray}
    else:
        assert watching <= ({before["tray"]} if said.effect == "escalate" else set()), said
    if said.effect != "supervise":
        assert after["supervised"] == before["supervised"], said


def let_it_lie(village: Village, case: Case) -> Said:
    """Every mark in its turn, at its very moment: first what is said of it, then that it comes like this."""
    now, told = MORNING, []
    while following := coming(village, case, now):
        said = following[0]
        now = max(now, said.at)
        row = next(
            c for c in clocks(village, case, said.clock) if c.ended_at is None and c.next_at == said.at
        )
        early = services.mark_clock(
            actor=village.house, clock_id=row.id, now=said.at - timedelta(microseconds=1)
        )
        assert early is False, "not a moment before"
        before = kept(village, case)
        assert services.mark_clock(actor=village.house, clock_id=row.id, now=now) is True
        check_effect(said, before, kept(village, case))
        told.append((said.clock, said.level, said.effect))
    return told


@pytest.mark.parametrize("standing", list(STANDINGS))
def test_what_comes_is_what_was_said(village: Village, standing: str) -> None:
    case = STANDINGS[standing](village)
    told = let_it_lie(village, case)
    assert told == TOLD[standing]
    assert len(marks(village, case)) == len(set(marks(village, case))) == len(told), "each mark once"
    assert due_ids(village, at("2030-01-01 00:00")) == [], "and nothing is left for the sweep"


def marks_of(name: str, yellow: str = "remind", red: str = "watch", supervision: str = "supervise") -> Said:
    """A clock's three marks with what each brings about."""
    return [(name, "yellow", yellow), (name, "red", red), (name, "supervision", supervision)]


LATER = [*marks_of("resolution"), *marks_of("whole")]
TOLD: dict[str, Said] = {
    "untouched": [
        *marks_of("claim", red="escalate")[:2],
        ("contact", "yellow", "remind"),
        *marks_of("handover", red="escalate")[:2],
        # it lies with the district since this evening: above it there is only supervision
        ("contact", "red", "supervise"),
        ("contact", "supervision", "supervise"),
        ("handover", "yellow", "remind"),
        ("resolution", "yellow", "remind"),
        ("handover", "red", "supervise"),
        ("handover", "supervision", "supervise"),
        *marks_of("resolution", red="supervise")[1:],
        *marks_of("whole", red="supervise"),
    ],
    "in_hand": [*marks_of("contact"), *LATER],
    "asked": marks_of("answer", red="close")[:2],
    "resting": [*marks_of("contact"), ("pause", "red", "resume"), *LATER],
    "called": [
        ("contact", "yellow", "remind"),
        ("roll_call", "yellow", "remind"),
        ("contact", "red", "watch"),
        ("roll_call", "red", "watch"),
        ("contact", "supervision", "supervise"),
        ("roll_call", "supervision", "supervise"),
        ("resolution", "yellow", "remind"),
        ("part", "yellow", "remind"),
        ("resolution", "red", "watch"),
        ("part", "red", "watch"),
        ("resolution", "supervision", "supervise"),
        ("part", "supervision", "supervise"),
        *marks_of("whole"),
    ],
    # what was only to help is nobody's duty any more
    "asked_over_a_part": marks_of("answer", red="close")[:2],
    "at_the_district": [
        ("handover", "yellow", "remind"),
        ("contact", "yellow", "remind"),
        ("handover", "red", "supervise"),
        ("contact", "red", "supervise"),
        ("handover", "supervision", "supervise"),
        ("contact", "supervision", "supervise"),
        *marks_of("resolution", red="supervise"),
        *marks_of("whole", red="supervise"),
    ],
    "contact_escalates_while_resting": [*marks_of("contact"), ("pause", "red", "resume"), *LATER],
}


# ---- once ----
def test_asked_twice_a_mark_is_passed_once(village: Village) -> None:
    case = claimed(village)
    contact = clock(village, case, "contact")
    mark = services.mark_clock
    assert mark(actor=village.house, clock_id=contact.id, now=contact.yellow_at) is True
    assert mark(actor=village.house, clock_id=contact.id, now=contact.yellow_at) is False
    assert marks(village, case) == [("contact", 1, "yellow")]


def test_two_workers_at_once_pass_it_once(village: Village) -> None:
    cases = [claimed(village) for _ in range(4)]
    moment = clock(village, cases[0], "resolution").yellow_at
    ids, barrier = due_ids(village, moment), Barrier(3)
    assert len(ids) == 8, "contact and resolution of each have struck"
    answers: list[list[bool]] = []

    def work() -> None:
        barrier.wait()
        said = [services.mark_clock(actor=village.house, clock_id=i, now=moment) for i in ids for _ in "12"]
        answers.append(said)
        connection.close()

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for case in cases:
        assert marks(village, case, "contact") == [
            ("contact", 1, level) for level in ("yellow", "red", "supervision")
        ]
        assert marks(village, case, "resolution") == [("resolution", 1, "yellow")]
    assert sum(map(sum, answers)) == 4 * len(cases), "and each was told to one of them"


def test_only_the_first_of_two_escalates(village: Village) -> None:
    case = opened(village)
    claim = clock(village, case, "claim")
    services.mark_clock(actor=village.house, clock_id=claim.id, now=claim.yellow_at)
    barrier, passed = Barrier(2), []

    def work() -> None:
        barrier.wait()
        passed.append(services.mark_clock(actor=village.house, clock_id=claim.id, now=claim.due_at))
        connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(passed) == [False, True]
    assert village.trace(case).count("cases.escalate_case") == 1
    assert village.again(case).tray_area == village.town


# ---- the worker was away ----
def test_marks_that_passed_meanwhile_are_passed_one_after_the_other(village: Village) -> None:
    case = claimed(village)
    late, contact = MORNING + timedelta(days=60), clock(village, case, "contact")
    for level in ("yellow", "red", "supervision"):
        assert services.mark_clock(actor=village.house, clock_id=contact.id, now=late) is True
        assert clock(village, case, "contact").reached == level
    assert services.mark_clock(actor=village.house, clock_id=contact.id, now=late) is False
    assert [level for _c, _r, level in marks(village, case)] == ["yellow", "red", "supervision"]


def test_however_long_it_was_away_no_level_is_skipped(village: Village) -> None:
    route = {"code": "grid", "level": "grid", "duty": "grid_lead", "basis": "试验"}
    adopt(village, routes=(route,))
    case, trays = opened(village), []
    for weeks in (10, 20, 30, 40):
        row = village.again(case)
        trays.append((row.tray_duty, row.tray_area))
        sweep(village, MORNING + timedelta(weeks=weeks))
    assert trays == [
        ("grid_lead", village.grid),
        ("secretary", village.code),
        ("town_clerk", village.town),
        ("district_clerk", village.county),
    ], "no post of these is filled, and it goes up all the same, one level a time"
    last = village.again(case)
    assert (last.tray_duty, last.state, last.supervised) == ("district_clerk", "waiting", "red")
    assert village.trace(case).count("cases.escalate_case") == 3
    assert len(last.came_from) == 3
    assert ("supervised", Tray("supervisor", village.county)) in watchers(village, case)


def test_at_the_district_it_is_supervised_instead(village: Village) -> None:
    case = at_the_district(village)
    handover = clock(village, case, "handover")
    expected: list[tuple[datetime, str]] = [
        (handover.yellow_at, ""),
        (handover.due_at, "yellow"),
        (handover.supervise_at, "red"),
    ]
    for moment, colour in expected:
        assert services.mark_clock(actor=village.house, clock_id=handover.id, now=moment)
        row = village.again(case)
        assert (row.tray_duty, row.state, row.supervised) == ("district_clerk", "waiting", colour)
