"""What is worth a second look is told once, to the level above and not to whom it is about; and whose word a rating is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.domain.cases.clockwork import MORNING, adopt, claimed, opened
from tests.village import SINCE, Village
from wushi.domain.accounts.services import register_user
from wushi.domain.audit.models import Leaf
from wushi.domain.cases import services
from wushi.domain.cases.errors import StaffDoNotRate
from wushi.domain.cases.models import Case, Flag
from wushi.domain.cases.queries.desk import flags_for
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services.setup import default_rules
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed, NotFound
from wushi.kernel.verb import chore, reading

WORDS = {"words": "说明"}
MINUTE = timedelta(minutes=1)


def secretary(village: Village) -> Actor:
    """Who handles."""
    return village.officer("陈书记")


def clerk(village: Village) -> Actor:
    """The level above."""
    return village.officer("周分流员", duty="town_clerk")


def flags(village: Village) -> list[Flag]:
    """All of the county, in the order they were raised."""
    with reading(village.house):
        return list(Flag.objects.filter(county=village.county).order_by("raised_at", "id"))


def shown(village: Village, actor: Actor) -> list[str]:
    """Kinds of the flags on somebody's page."""
    with reading(actor):
        return [flag.kind for flag in flags_for(actor)]


def handle(village: Village, case: Case, minutes: int, actor: Actor | None = None) -> None:
    """Said to be done, so many minutes after nine."""
    services.handle_case(
        actor=actor or secretary(village),
        case_id=case.id,
        outcome="resolved",
        now=MORNING + minutes * MINUTE,
        **WORDS,
    )


def contact(village: Village, case: Case, minutes: int = 1) -> None:
    """He has spoken with who told it."""
    services.contact_case(
        actor=secretary(village), case_id=case.id, way="phone", now=MORNING + minutes * MINUTE
    )


def own_record(village: Village) -> Case:
    """The secretary typed it in for somebody, and signed for it at once."""
    intake = village.intake("邻居说路灯不亮", channel="visit", on_behalf=True, consent="word")
    case = services.open_case(actor=secretary(village), intake=intake, now=MORNING)
    services.claim_case(actor=secretary(village), case_id=case.id, now=MORNING)
    return case


# ---- from hand to hand ----
def moved_about(village: Village, times: int) -> Case:
    """Village and town hand it to and fro."""
    case = claimed(village)
    town = village.officer("周分流员", duty="town_clerk")
    for n in range(times):
        who, tray = (
            (secretary(village), Tray("town_clerk", village.town))
            if n % 2 == 0
            else (town, Tray("secretary", village.code))
        )
        now = MORNING + (n + 1) * MINUTE
        services.transfer_case(actor=who, case_id=case.id, tray=tray, reason_code="not_our_duty", now=now)
        other = town if n % 2 == 0 else secretary(village)
        services.claim_case(actor=other, case_id=case.id, now=now)
    return case


def test_from_hand_to_hand_is_told_once_to_the_level_above(village: Village) -> None:
    # giving it out at the start is the first time, so the third transfer is the fourth
    moved_about(village, 2)
    assert flags(village) == []
    case = moved_about(village, 5)
    assert [(f.kind, f.case_id, f.about) for f in flags(village)] == [("pingpong", case.id, "")]
    raised = flags(village)[0]
    assert (raised.tray_duty, raised.tray_area) == ("district_clerk", village.county)
    assert raised.facts["times"] == 4
    district = village.officer("区分流员", duty="district_clerk")
    assert shown(village, district) == ["pingpong"]
    assert shown(village, secretary(village)) == shown(village, clerk(village)) == []


# ---- in haste ----
def test_done_in_minutes_without_a_word_is_looked_at_from_above(village: Village) -> None:
    case = claimed(village)
    handle(village, case, 3)
    assert [(f.kind, f.about) for f in flags(village)] == [("hasty", secretary(village).ref)]
    assert shown(village, clerk(village)) == ["hasty"]
    assert village.again(case).state == "handled", "it accuses nobody and changes nothing"


def test_nothing_is_flagged_where_there_was_time_or_a_word(village: Village) -> None:
    slow, spoken = claimed(village), claimed(village)
    handle(village, slow, 5)
    contact(village, spoken)
    handle(village, spoken, 3)
    silent = services.open_case(
        actor=village.resident(), intake=village.intake(wants_reply=False), now=MORNING
    )
    services.claim_case(actor=secretary(village), case_id=silent.id, now=MORNING)
    handle(village, silent, 3)
    assert flags(village) == []


def test_recorded_after_the_deed_is_told_apart(village: Village) -> None:
    handle(village, own_record(village), 1)
    assert [(f.kind, f.about) for f in flags(village)] == [("recorded_after", secretary(village).ref)]


def test_a_great_many_in_an_hour_are_told_once(village: Village) -> None:
    adopt(village, numbers={"mass_number": 3, "hasty_minutes": 0})
    cases = [claimed(village) for _ in range(5)]
    for n, case in enumerate(cases[:2]):
        handle(village, case, 20 + n)
    kinds = [f.kind for f in flags(village)]
    assert kinds == ["back_dated_rules"], "two are not many"
    for n, case in enumerate(cases[2:]):
        handle(village, case, 22 + n)
    mass = [f for f in flags(village) if f.kind == "mass_handling"]
    assert [(f.case_id, f.about, f.facts) for f in mass] == [(None, secretary(village).ref, {"times": 3})]
    assert shown(village, clerk(village)) == ["mass_handling"]


def test_the_same_number_over_the_day_is_nothing(village: Village) -> None:
    adopt(village, numbers={"mass_number": 3, "hasty_minutes": 0})
    for n in range(4):
        handle(village, claimed(village), 20 + 61 * n)
    assert [f.kind for f in flags(village)] == ["back_dated_rules"]


# ---- whose word ----
def same_phone(village: Village, phone: str) -> Case:
    """The secretary's own number stands under a request he handled."""
    village.people["陈书记"] = register_user(
        actor=village.house, username=f"陈-{village.county}", name="陈书记", phone="13905640001"
    )
    village.appoint("陈书记", duty="secretary")
    case = opened(village, name="张三", phone=phone)
    actor = village.actor("陈书记")
    services.claim_case(actor=actor, case_id=case.id, now=MORNING)
    handle(village, case, 60, actor)
    services.confirm_case(
        actor=village.holding(case), case_id=case.id, rating="satisfied", now=MORNING + 120 * MINUTE
    )
    return case


def test_a_rating_from_the_holders_own_number_is_looked_at(village: Village) -> None:
    case = same_phone(village, "13905640001")
    (flag,) = flags(village)
    assert (flag.kind, flag.case_id, flag.about) == (
        "own_rating",
        case.id,
        f"user:{case_holder(village, case)}",
    )
    assert flag.facts == {"same_phone": True}
    assert village.again(case).rating == "satisfied", "the word stands; it is looked at, not struck out"


def case_holder(village: Village, case: Case) -> Any:
    """Who handled it."""
    return village.again(case).holder_id


def test_a_rating_from_another_number_is_not(village: Village) -> None:
    same_phone(village, "13905640002")
    assert flags(village) == []


def test_his_own_record_agreed_to_within_minutes_is_looked_at(village: Village) -> None:
    quick, later = own_record(village), own_record(village)
    for case in (quick, later):
        contact(village, case)
        handle(village, case, 10)
    services.confirm_case(actor=village.holding(quick), case_id=quick.id, now=MORNING + 12 * MINUTE)
    services.confirm_case(actor=village.holding(later), case_id=later.id, now=MORNING + 300 * MINUTE)
    assert [(f.kind, f.case_id, f.facts) for f in flags(village)] == [
        ("own_rating", quick.id, {"same_phone": False})
    ]


def test_staff_do_not_rate_in_the_residents_place(village: Village) -> None:
    case = claimed(village)
    handle(village, case, 60)
    beside = Actor(
        f"receipt:{case.id}",
        village.county,
        relations=frozenset({"receipt", f"beside:{secretary(village).ref}"}),
    )
    before = village.again(case).step
    with pytest.raises(StaffDoNotRate):
        services.confirm_case(actor=beside, case_id=case.id, rating="satisfied")
    assert (village.again(case).state, village.again(case).step) == ("handled", before)
    services.confirm_case(actor=village.holding(case), case_id=case.id)
    with pytest.raises(StaffDoNotRate):
        services.rate_case(actor=beside, case_id=case.id, rating="satisfied")
    assert village.again(case).rating == ""
    services.add_words(actor=beside, case_id=case.id, words="灯又不亮了")
    assert village.trace(case)[-1] == "cases.add_words", "speaking is not rating"


def test_not_rated_is_not_rated(village: Village) -> None:
    silent, partly = claimed(village), claimed(village)
    for case in (silent, partly):
        handle(village, case, 60)
    with pytest.raises(Invalid):
        services.confirm_case(actor=village.holding(silent), case_id=silent.id, rating="very")
    services.confirm_case(actor=village.holding(silent), case_id=silent.id)
    services.confirm_case(actor=village.holding(partly), case_id=partly.id, attitude="unsatisfied")
    assert rated(village, silent) == ("", "", "")
    assert rated(village, partly) == ("", "unsatisfied", "")
    with reading(village.house):
        leaf = Leaf.objects.get(county=village.county, subject_id=str(silent.id), verb="cases.confirm_case")
        assert (leaf.facts["rating"], leaf.facts["attitude"], leaf.facts["speed"]) == ("", "", "")
    with pytest.raises(Invalid):
        services.rate_case(actor=village.holding(silent), case_id=silent.id)
    services.reopen_case(actor=village.holding(partly), case_id=partly.id, **WORDS)
    assert rated(village, partly) == ("", "", ""), "what comes back is asked anew"


def rated(village: Village, case: Case) -> tuple[str, str, str]:
    """Result, attitude, speed."""
    row = village.again(case)
    return row.rating, row.rating_attitude, row.rating_speed


# ---- rules that reach back ----
def test_rules_that_reach_back_are_told_to_the_supervisor_each_once(village: Village) -> None:
    supervisor = village.officer("沈督办", duty="supervisor")
    assert flags(village) == [], "a county begins with rules; nothing is changed by them"
    adopt(village)
    services.adopt_rules(actor=village.house, rules=default_rules(date.today(), "SY"))
    assert [(f.kind, f.facts["version"]) for f in flags(village)] == [("back_dated_rules", 2)]
    assert flags(village)[0].facts["since"] == SINCE.isoformat()
    assert shown(village, supervisor) == ["back_dated_rules"]
    services.adopt_rules(actor=village.house, rules=default_rules(date.today() - timedelta(days=1), "SY"))
    assert shown(village, supervisor) == ["back_dated_rules"] * 2
    assert shown(village, clerk(village)) == []


# ---- looking ----
def test_whom_it_is_about_is_not_shown_it_and_does_not_take_it_off(village: Village) -> None:
    village.officer("陈书记")
    village.appoint("陈书记", duty="town_clerk")
    handle(village, claimed(village), 3)
    both, other, (flag,) = village.actor("陈书记"), clerk(village), flags(village)
    assert flag.about == both.ref
    assert shown(village, both) == []
    with pytest.raises(NotFound):
        services.look_at_flag(actor=both, flag_id=flag.id)
    assert shown(village, other) == ["hasty"]


def test_who_has_looked_takes_it_off_and_that_stays_in_the_trace(village: Village) -> None:
    handle(village, claimed(village), 3)
    handle(village, claimed(village), 4)
    first, second = flags(village)
    town, deputy = clerk(village), village.officer("李副书记", duty="deputy", area=village.code)
    for stranger in (deputy, village.officer("沈督办", duty="supervisor"), village.resident()):
        with pytest.raises(NotAllowed):
            services.look_at_flag(actor=stranger, flag_id=first.id)
    services.look_at_flag(actor=town, flag_id=first.id)
    with reading(town):
        listed = flags_for(town)
    assert [(f.id, f.seen_at is None) for f in listed] == [(second.id, True), (first.id, False)]
    assert listed[1].seen_by_id == town.id
    services.look_at_flag(actor=town, flag_id=first.id)
    with reading(village.house):
        leaves = Leaf.objects.filter(county=village.county, verb="cases.look_at_flag")
        assert [(leaf.actor, leaf.facts["kind"]) for leaf in leaves] == [(town.ref, "hasty")]
    with chore(village.county, "test") as scope:
        rows = Flag.objects.filter(county=village.county, id=first.id)
        rows.update(seen_at=scope.now - timedelta(days=31))
    assert shown(village, town) == ["hasty"], "after a month only the one nobody looked at is left"
