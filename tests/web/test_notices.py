"""The bell, one's own list, how one is told, and the ledger in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.gateway.channels import LINES, Line, set_up
from tests.village import Village
from tests.web.people import resident_client, staff_client
from wushi.domain.cases.services.notices import tell_of_step
from wushi.domain.notify import services
from wushi.domain.notify.models import Delivery, Notice, Wish
from wushi.domain.notify.states import S
from wushi.edge.notices import WORDINGS
from wushi.kernel.verb import chore, reading
from wushi.web.labels.channels import STATES
from wushi.web.notify.texts import SAMPLE


@pytest.fixture
def line() -> Iterator[Line]:
    with LINES["sms"]() as found, set_up(found.carrier):
        yield found


def test_the_bell_counts_and_opening_a_notice_leads_to_the_matter(village: Village, line: Line) -> None:
    browser = staff_client(village, "secretary")
    case = village.case(urgency="urgent")
    tell_of_step(village.county, case.id, 1)
    page = browser.get("/work/").content.decode()
    assert '<em aria-hidden="true">1</em>' in page
    listed = browser.get("/work/inbox/").content.decode()
    assert case.number in listed and "unread" in listed
    with reading(village.house):
        notice = Notice.objects.get(county=village.county, recipient__startswith="user:")
    opened = browser.post(f"/work/inbox/{notice.id}/")
    assert (opened.status_code, opened["Location"]) == (303, f"/work/cases/{case.id}/")
    assert "<em" not in browser.get("/work/inbox/badge/").content.decode()
    other = staff_client(village, "town_clerk")
    assert other.post(f"/work/inbox/{notice.id}/").status_code == 404


def test_a_resident_sees_his_notices_and_chooses(village: Village, line: Line) -> None:
    browser = resident_client(village, "13856411234")
    case = village.case(phone="13856411234")
    tell_of_step(village.county, case.id, 1)
    assert case.number in browser.get("/me/inbox/").content.decode()
    answer = browser.post("/me/notices/", {"channels": ["sms"], "every_step": "on", "language": "en"})
    assert answer.status_code == 303
    with reading(village.house):
        wish = Wish.objects.get(county=village.county)
        assert (wish.channels, wish.every_step, wish.language) == (["inbox", "sms"], True, "en")
    assert 'name="every_step"' in browser.get("/me/notices/").content.decode()


def test_staff_choose_quiet_hours_and_what_is_wrong_is_kept_on_the_page(village: Village, line: Line) -> None:
    browser = staff_client(village, "secretary")
    good = {"channels": ["sms"], "quiet_from": "22:00", "quiet_until": "06:30"}
    assert browser.post("/work/me/notices/", good).status_code == 303
    assert "22:00" in browser.get("/work/me/notices/").content.decode()
    wrong = browser.post("/work/me/notices/", {"channels": ["pigeon"], "quiet_from": "23:15"})
    assert wrong.status_code == 422 and "23:15" in wrong.content.decode()


def test_every_state_of_the_ledger_is_told_in_words(village: Village, line: Line) -> None:
    browser = staff_client(village, "district_admin")
    case = village.case(phone="13856411234")
    tell_of_step(village.county, case.id, 1)
    with reading(village.house):
        row = Delivery.objects.exclude(channel="inbox").filter(county=village.county).first()
    assert row is not None
    said = set()
    for state in S:
        with chore(village.county, "test_every_state") as scope:
            Delivery.objects.filter(county=village.county, id=row.id).update(
                state=state.value,
                tries=2,
                code="not_connected",
                next_at=scope.now + timedelta(minutes=5) if state == S.WAITING else None,
            )
        page = browser.get("/work/notices/", {"state": state.value, "channel": "sms"}).content.decode()
        assert str(STATES[state.value].word) in page
        assert "13856411234" not in page and "138****1234" in page
        one = browser.get(f"/work/notices/{row.id}/").content.decode()
        said.add(one.partition("<p>")[2].partition("</p>")[0])
        assert case.receipt[6:10] not in one, (
            "the receipt opens the matter: the administrator does not need it"
        )
    assert len(said) == len(S)
    assert any("连不上服务商的服务器" in words for words in said)


def test_a_trial_and_sending_again_by_hand(village: Village, line: Line) -> None:
    browser = staff_client(village, "district_admin")
    assert browser.post("/work/notices/try/", {"carrier": "office", "to": ""}).status_code == 422
    assert browser.post("/work/notices/try/", {"carrier": "office", "to": line.bad}).status_code == 303
    services.deliver(village.county)
    with reading(village.house):
        row = Delivery.objects.get(county=village.county, state=S.REFUSED)
    assert browser.post(f"/work/notices/{row.id}/").status_code == 303
    with reading(village.house):
        assert Delivery.objects.get(county=village.county, id=row.id).state == S.WAITING
    with chore(village.county, "test_sent") as scope:
        Delivery.objects.filter(county=village.county, id=row.id).update(
            state=S.SENT.value, sent_at=scope.now, next_at=None
        )
    assert browser.post(f"/work/notices/{row.id}/").status_code == 409


def test_every_text_is_read_before_it_is_sent(village: Village) -> None:
    client = staff_client(village, "district_admin")
    page = client.get("/work/notices/texts/?channel=sms&language=zh-hans").content.decode()
    assert page.count("<code>") == len(WORDINGS)
    assert "%(" not in page and "2026-11-26T" not in page
    assert services.preview("cases.due_soon", SAMPLE, language="zh-hans", channel="sms") in page
    english = client.get("/work/notices/texts/?channel=robot&language=en").content.decode()
    assert "is past its time (Nov 26 18:00)" in english
