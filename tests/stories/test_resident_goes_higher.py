"""向上反映: always there, and nobody below can prevent it."""

from __future__ import annotations

import pytest

from tests.village import Village
from wushi.domain.cases.errors import NothingAbove
from wushi.domain.cases.queries import Wanted, page_for
from wushi.domain.cases.services import add_words, appeal_case, claim_case, withdraw_case
from wushi.kernel.errors import NotAllowed, NotFound
from wushi.kernel.verb import reading


def test_the_level_above_watches_and_the_handling_goes_on(village: Village) -> None:
    secretary, clerk = village.officer("陈书记"), village.officer("周分流员", duty="town_clerk")
    case = village.case()
    claim_case(actor=secretary, case_id=case.id)
    resident = village.holding(case)
    appeal_case(actor=resident, case_id=case.id, level="town", words="村里说等等，等了一个月")
    again = village.again(case)
    assert (again.state, again.appealed_to, again.holder_id) == ("working", "town", village.user_id("陈书记"))
    with reading(clerk):
        assert [c.id for c in page_for(clerk, Wanted("watching")).rows] == [case.id]
    twice = appeal_case(actor=resident, case_id=case.id, level="town", words="村里说等等，等了一个月")
    assert twice.step == again.step, "a phone with bad signal asks twice"
    with pytest.raises(NothingAbove):
        appeal_case(actor=resident, case_id=case.id, level="town", words="再说一遍")
    appeal_case(actor=resident, case_id=case.id, level="district")
    with pytest.raises(NothingAbove):
        appeal_case(actor=resident, case_id=case.id, level="town")
    district = village.officer("吴分流员", duty="district_clerk")
    with reading(district):
        assert [c.id for c in page_for(district, Wanted("watching")).rows] == [case.id]
    add_words(actor=secretary, case_id=case.id, words="明天上午来修")
    first = add_words(actor=resident, case_id=case.id, words="好的，我在家")
    assert add_words(actor=resident, case_id=case.id, words="好的，我在家").step == first.step


def test_only_the_reporter_goes_higher_and_even_after_the_end(village: Village) -> None:
    case, other = village.case(), village.case("水渠堵了")
    secretary = village.officer("陈书记")
    with pytest.raises(NotAllowed):
        appeal_case(actor=secretary, case_id=case.id, level="town")
    with pytest.raises(NotFound):
        appeal_case(actor=village.holding(other), case_id=case.id, level="town")
    withdraw_case(actor=village.holding(case), case_id=case.id)
    appeal_case(actor=village.holding(case), case_id=case.id, level="district")
    assert village.again(case).appealed_to == "district"
