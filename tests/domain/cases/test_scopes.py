"""Lists and searches hold exactly what exists for an actor; the fast forms agree with the plain predicate."""

from __future__ import annotations

import base64
import random
from datetime import date

import pytest

from tests.support import statements
from tests.village import Village
from tests.web.people import STAFF
from wushi.domain.accounts.services import arrange_stand_in
from wushi.domain.cases.models import Case
from wushi.domain.cases.queries import Wanted, count_for, page_for, visible_to
from wushi.domain.cases.queries.lists import LISTS
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services import (
    appeal_case,
    assign_case,
    claim_case,
    handle_case,
    mark_official,
    return_case,
)
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid
from wushi.kernel.verb import reading
from wushi.plumbing.pages import Cursor


@pytest.fixture
def crowd(village: Village) -> tuple[Village, dict[str, Actor]]:
    """Everybody, and requests of every sort in every place."""
    actors = {
        d: village.officer(
            f"人-{d}", duty=d, area=getattr(village, a), unit="JT" if d == "department" else ""
        )
        for d, a in STAFF.items()
    }
    actors["other"] = village.officer("张书记", area=village.sibling)
    places = [village.grid, village.other_grid, village.code, village.sibling, f"{village.other_town}201"]
    dice = random.Random(20261123)
    for n in range(40):
        case = village.case(f"第{n}件事，路灯不亮", area_code=dice.choice(places))
        what = n % 8
        clerk = actors["town_clerk"] if case.town == village.town else actors["district_clerk"]
        if what == 1 and case.village == village.code:
            claim_case(actor=actors["secretary"], case_id=case.id)
            if n % 3 == 0:
                handle_case(actor=actors["secretary"], case_id=case.id, outcome="resolved", words="好了")
        if what == 2 and case.village == village.code:
            return_case(actor=actors["secretary"], case_id=case.id, reason_code="not_our_duty")
            if case.town == village.town:
                assign_case(actor=clerk, case_id=case.id, tray=Tray("department", village.county, "JT"))
        if what == 3:
            appeal_case(actor=village.holding(case), case_id=case.id, level="district")
        if what == 4:
            mark_official(actor=clerk, case_id=case.id, accused_id=village.user_id("人-secretary"))
        if what == 5:
            village.case(
                f"代录第{n}件事，路灯不亮",
                actor=actors["hotline"],
                on_behalf=True,
                consent="word",
                name="刘奶奶",
            )
    arrange_stand_in(
        actor=village.house,
        post_id=village.posts["人-secretary"].id,
        user_id=village.user_id("人-hotline"),
        first=date.today(),
        last=date.today(),
    )
    actors["hotline"] = village.actor("人-hotline")
    return village, actors


def whole(actor: Actor, wanted: Wanted, size: int = 7) -> list[Case]:
    """Every page of a list."""
    rows: list[Case] = []
    cursor = ""
    while True:
        page = page_for(actor, wanted, Cursor.decode(cursor), size=size)
        rows += page.rows
        cursor = page.next_cursor
        if not cursor:
            return rows


def test_search_finds_exactly_what_exists_for_him(crowd: tuple[Village, dict[str, Actor]]) -> None:
    for name, actor in crowd[1].items():
        with reading(actor):
            exists = set(visible_to(actor).values_list("id", flat=True))
            found = [c.id for c in whole(actor, Wanted(text="路灯"))]
        assert len(found) == len(set(found))
        assert set(found) == exists, name


def test_every_list_is_part_of_what_exists_and_pages_lose_nothing(
    crowd: tuple[Village, dict[str, Actor]],
) -> None:
    for name, actor in crowd[1].items():
        with reading(actor):
            exists = set(visible_to(actor).values_list("id", flat=True))
            for wanted in LISTS:
                small, large = whole(actor, Wanted(wanted), 3), whole(actor, Wanted(wanted), 50)
                assert [c.id for c in small] == [c.id for c in large], (name, wanted)
                assert len({c.id for c in large}) == len(large)
                assert {c.id for c in large} <= exists, (name, wanted)
                assert count_for(actor, Wanted(wanted)).n == len(large), (name, wanted)


def test_the_area_list_of_a_reader_is_his_whole_area(crowd: tuple[Village, dict[str, Actor]]) -> None:
    village, actors = crowd
    with reading(actors["district_clerk"]):
        everything = visible_to(actors["district_clerk"])
        assert {c.id for c in whole(actors["district_clerk"], Wanted("area"))} == set(
            everything.values_list("id", flat=True)
        )
        own = set(
            Case.objects.filter(county=village.county, village=village.code, seal__gte=12).values_list(
                "id", flat=True
            )
        )
    with reading(actors["deputy"]):
        assert {c.id for c in whole(actors["deputy"], Wanted("area"))} == own


def test_lists_take_few_statements(crowd: tuple[Village, dict[str, Actor]]) -> None:
    for actor in crowd[1].values():
        for wanted in (*(Wanted(n) for n in LISTS), Wanted(text="路灯")):
            with statements() as seen, reading(actor):
                page_for(actor, wanted)
            assert len(seen) <= 4, seen


def test_opening_takes_few_statements(village: Village) -> None:
    village.case()
    intake = village.intake("水渠堵了", name="刘秀英", phone=f"138{village.county}66")
    from wushi.domain.cases.services import open_case

    with statements() as seen:
        open_case(actor=village.resident(), intake=intake)
    # the key's look-up, person, case, clocks, leaves, what is handed on; one fewer without a person
    assert len(seen) <= 6, seen


def test_a_cursor_nobody_gave_is_refused() -> None:
    deep = base64.urlsafe_b64encode(b"[" * 100_000).decode()
    for text in ("x", "AAAA", "W10", deep):
        with pytest.raises(Invalid):
            Cursor.decode(text)
    assert Cursor.decode("") is None
