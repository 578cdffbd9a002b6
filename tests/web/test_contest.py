"""这不是我要反映的: the page that asks once, for whoever holds the receipt, and not beside a member of staff."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.village import Village
from tests.web.people import staff_client, visitor
from wushi.domain.cases.models import Case
from wushi.domain.cases.services import claim_case, confirm_case, handle_case


def recorded(village: Village, days_ago: int = 0) -> Case:
    """By the hotline, for somebody."""
    when = timezone.now() - timedelta(days=days_ago)
    hotline = village.officer("话务员", duty="hotline")
    return village.told("水管漏水", when, hotline, on_behalf=True, consent="word", channel="12345")


def page(client: Client, case: Case) -> str:
    """The receipt's own page."""
    return client.get(f"/r/{case.receipt}/").content.decode()


def press(client: Client, case: Case, words: str = "") -> Any:
    """「这不是我要反映的」."""
    return client.post(f"/r/{case.receipt}/contest/", {"words": words})


def test_it_is_offered_asked_once_and_told(village: Village) -> None:
    case, client = recorded(village), visitor(village)
    address = f"/r/{case.receipt}/contest/"
    assert address in page(client, case)
    assert "不是您的意思" in client.get(address).content.decode()
    assert press(client, case, "我没说过").status_code == 303
    after = page(client, case)
    assert address not in after and "这不是您要反映的" in after and "我没说过" in after
    assert "您撤回了" not in after
    assert press(client, case, "我没说过").status_code == 303
    assert press(client, case, "别的话").status_code == 409


def test_it_is_not_offered_for_what_one_told_oneself_nor_when_the_days_are_over(village: Village) -> None:
    client = visitor(village)
    for case, words in ((village.case(), "您自己说的"), (recorded(village, 17), "15 天")):
        assert f"/r/{case.receipt}/contest/" not in page(client, case)
        answer = press(client, case)
        assert answer.status_code == 409 and words in answer.content.decode()
        assert village.again(case).state == "assigned"


def test_beside_a_member_of_staff_it_is_neither_offered_nor_taken(village: Village) -> None:
    case, client = recorded(village), staff_client(village, "grid_worker")
    assert f"/r/{case.receipt}/contest/" not in page(client, case)
    assert press(client, case).status_code == 403
    assert village.again(case).state == "assigned"


def test_what_was_agreed_to_in_his_name_is_neither_rated_nor_taken_up_by_him_any_more(
    village: Village,
) -> None:
    case, client = recorded(village), visitor(village)
    secretary = village.officer("陈书记")
    claim_case(actor=secretary, case_id=case.id)
    handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="好了")
    confirm_case(actor=village.holding(case), case_id=case.id)
    before = page(client, case)
    assert f"/r/{case.receipt}/rate/" in before and f"/r/{case.receipt}/reopen/" in before
    press(client, case)
    after = page(client, case)
    assert f"/r/{case.receipt}/rate/" not in after and f"/r/{case.receipt}/reopen/" not in after
    assert village.again(case).state == "closed" and "不算满意" in after


def test_the_level_above_finds_it_among_its_second_looks(village: Village) -> None:
    case = recorded(village)
    press(visitor(village), case)
    said = staff_client(village, "town_clerk").get("/work/flags/").content.decode()
    assert "代录后本人提出异议" in said and case.number in said
