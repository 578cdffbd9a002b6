"""Whom a deed is told to, by which ways, once; and that residents and staff choose how."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.gateway.channels import set_up, subscription
from tests.support import statements
from tests.village import Village
from wushi.domain.cases import services as cases
from wushi.domain.cases.models import Case
from wushi.domain.cases.services.notices import tell_of_step
from wushi.domain.notify import services
from wushi.domain.notify.carriers import Answer, Letter, Result
from wushi.domain.notify.messages import TEST
from wushi.domain.notify.models import Delivery, Notice
from wushi.domain.notify.queries import inbox_of, unread_of
from wushi.domain.notify.services import Chosen, NewNotice, Reach
from wushi.domain.outbox.models import Row
from wushi.domain.people.services import NewPerson, note_person
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, NotAllowed
from wushi.kernel.verb import chore, reading, unscoped


@dataclass
class Postman:
    """A provider that keeps what it carries."""

    name: str
    channel: str
    area: str = ""
    filed: bool = True
    per_minute: int = 0
    tells_repetition: bool = True
    carried: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> Answer:
        self.carried.append(letter)
        return Answer(Result.SENT, "OK", letter.key)


@dataclass
class Post:
    """What the village's office has bought."""

    sms: Postman
    voice: Postman
    robot: Postman


@pytest.fixture
def post(village: Village) -> Iterator[Post]:
    found = Post(
        Postman("sms", "sms"), Postman("voice", "voice"), Postman("town-group", "robot", area=village.town)
    )
    with set_up(found.sms, found.voice, found.robot):
        yield found


def work_off(village: Village) -> None:
    """As the relay and the worker do: the jobs of the outbox, then whatever is due, whatever the hour."""
    with unscoped("test: the outbox"):
        rows = list(Row.objects.filter(county=village.county, state="new", name="cases.tell"))
        Row.objects.filter(id__in=[r.id for r in rows]).update(state="sent")
    for row in rows:
        tell_of_step(village.county, row.payload["case_id"], int(row.payload["step"]))
    with chore(village.county, "test_morning_comes") as scope:
        Delivery.objects.filter(county=village.county, next_at__isnull=False).update(next_at=scope.now)
    services.deliver(village.county)


def kinds(village: Village, who: str) -> list[str]:
    """What somebody was told, oldest first."""
    with reading(village.house):
        rows = Notice.objects.filter(county=village.county, recipient=who).order_by("created_at", "id")
        return [row.kind for row in rows]


def reporter(village: Village, case: Case) -> str:
    return f"person:{village.again(case).reporter_id}"


def test_from_telling_to_closing_everybody_hears_what_concerns_him(village: Village, post: Post) -> None:
    secretary = village.officer("陈书记", phone="13811110001")
    clerk = village.officer("王镇长", duty="town_clerk", phone="13811110002")
    case = village.case(phone="13856411234", wants_reply=True)
    work_off(village)
    who = reporter(village, case)
    assert kinds(village, secretary.ref) == ["cases.in_tray"]
    assert kinds(village, who) == ["cases.received"]
    assert kinds(village, clerk.ref) == []
    assert kinds(village, "robot:town-group") == ["cases.in_tray"]
    receipt = post.sms.carried[0]
    assert receipt.address == "13856411234" and case.number in receipt.text
    assert case.receipt[6:10] in receipt.text, "by the receipt code he finds his matter"

    cases.claim_case(actor=secretary, case_id=case.id)
    cases.handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="灯换好了")
    work_off(village)
    assert kinds(village, who) == ["cases.received", "cases.asked"], "steps only when they were asked for"
    assert kinds(village, secretary.ref) == ["cases.in_tray"], "who did it is not told of it"
    cases.reopen_case(actor=village.holding(case), case_id=case.id, words="还是不亮")
    work_off(village)
    assert kinds(village, secretary.ref) == ["cases.in_tray", "cases.refused"]


def test_told_once_however_often_the_job_runs(village: Village, post: Post) -> None:
    secretary = village.officer("陈书记", phone="13811110001")
    case = village.case(phone="13856411234")
    for _n in range(3):
        tell_of_step(village.county, case.id, 1)
        services.deliver(village.county)
    assert kinds(village, secretary.ref) == ["cases.in_tray"]
    assert len(kinds(village, reporter(village, case))) == 1


def test_what_is_urgent_rings_and_passes_the_quiet_hours(village: Village, post: Post) -> None:
    village.officer("陈书记", phone="13811110001")
    village.case("老人摔倒了起不来", urgency="urgent", phone="13856411234")
    night = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)  # half past two in the night
    with unscoped("test"):
        row = Row.objects.filter(county=village.county, name="cases.tell").get()
    tell_of_step(village.county, row.payload["case_id"], 1)
    services.deliver(village.county)
    assert [letter.address for letter in post.voice.carried] == ["13811110001"]
    assert "孙岗村" in post.voice.carried[0].text and "SY" not in post.voice.carried[0].text
    house = village.house
    quiet = NewNotice(TEST, "night", Reach("person:x", "13856411234"), {"channel": "x"})
    notice = services.tell(actor=house, notice=quiet, now=night)
    with reading(house):
        sent = Delivery.objects.get(county=village.county, notice=notice, channel="sms")
    assert sent.next_at is not None
    assert sent.next_at.astimezone(UTC) == datetime(2026, 11, 23, 23, 0, tzinfo=UTC), "seven in the morning"


def test_nothing_of_a_person_reaches_a_group_or_the_outbox(village: Village, post: Post) -> None:
    village.officer("陈书记", phone="13811110001")
    village.case("金丝雀在井里唱歌", name="金丝雀", phone="13912345678", place="井边三号")
    work_off(village)
    said = " ".join(f"{one.title} {one.text} {one.variables}" for one in post.robot.carried)
    assert said and "13912345678" not in said and "金丝雀" not in said and "三号" not in said
    with unscoped("test"):
        left = " ".join(str(r.payload) for r in Row.objects.filter(county=village.county))
    assert "13912345678" not in left and "金丝雀" not in left


def test_nobody_is_told_who_must_not_know(village: Village, post: Post) -> None:
    secretary = village.officer("陈书记", phone="13811110001")
    supervisor = village.officer("周督办", duty="supervisor", phone="13811110009")
    case = village.case(phone="13856411234")
    work_off(village)
    before = kinds(village, secretary.ref)
    cases.mark_official(
        actor=village.holding(case), case_id=case.id, accused_id=secretary.id, words="说的就是他"
    )
    cases.add_words(actor=village.holding(case), case_id=case.id, words="还有一句")
    work_off(village)
    assert kinds(village, secretary.ref) == before
    assert "cases.in_tray" not in kinds(village, "robot:town-group")[1:]
    assert supervisor.ref


def test_a_resident_asks_for_every_step_in_english(village: Village, post: Post) -> None:
    secretary = village.officer("陈书记", phone="13811110001")
    person = note_person(actor=village.resident(), person=NewPerson(phone="13856411234"))
    me = Actor(f"person:{person.id}", village.county)
    services.set_wishes(actor=me, chosen=Chosen(channels=("sms",), language="en", every_step=True))
    case = village.case(phone="13856411234")
    cases.claim_case(actor=secretary, case_id=case.id)
    work_off(village)
    assert kinds(village, me.ref) == ["cases.received", "cases.taken"]
    assert all("request" in one.text for one in post.sms.carried if one.address == "13856411234")
    services.set_wishes(actor=me, chosen=Chosen(channels=(), every_step=False))
    cases.handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="好了")
    sent = len([one for one in post.sms.carried if one.address == "13856411234"])
    work_off(village)
    assert kinds(village, me.ref)[-1] == "cases.asked", "in his own list"
    assert len([one for one in post.sms.carried if one.address == "13856411234"]) == sent


def test_many_become_one_and_a_resident_s_receipt_stays_its_own(village: Village, post: Post) -> None:
    secretary = village.officer("陈书记", phone="13811110001")
    never_quiet = Chosen(channels=("sms",), quiet_from=time(0), quiet_until=time(0))
    services.set_wishes(actor=secretary, chosen=never_quiet)
    for n in range(6):
        village.case(f"第{n}盏灯不亮", phone="13856411234")
    work_off(village)
    to_him = [one for one in post.sms.carried if one.address == "13811110001"]
    assert len(to_him) == 1 and "6" in to_him[0].text
    assert len([one for one in post.sms.carried if one.address == "13856411234"]) == 6


def test_a_reminder_that_would_come_too_late_is_not_sent(village: Village, post: Post) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=5)
    notice = NewNotice(TEST, "old", Reach("person:x", "13856411234"), {"channel": "x"})
    row = services.tell(actor=village.house, notice=notice, now=long_ago)
    services.deliver(village.county)
    with reading(village.house):
        assert Delivery.objects.get(county=village.county, notice=row, channel="sms").state == "expired"
    assert post.sms.carried == []


def test_the_inbox_counts_what_is_new(village: Village, post: Post) -> None:
    secretary = village.officer("陈书记", phone="13811110001")
    village.case()
    village.case("又一件")
    work_off(village)
    with reading(secretary):
        assert unread_of(secretary) == 2
        newest = inbox_of(secretary)[0]
    assert services.mark_read(secretary, [newest.id]) == 1
    assert services.mark_read(secretary) == 1
    assert services.mark_read(secretary) == 0


def test_wishes_that_cannot_be_kept_are_refused(village: Village) -> None:
    secretary = village.officer("陈书记")
    for wrong in (
        Chosen(channels=("pigeon",)),
        Chosen(quiet_from=time(21)),
        Chosen(mail="no mail"),
        Chosen(language="xx"),
        Chosen(app_id="名" * 3),
    ):
        with pytest.raises(Invalid):
            services.set_wishes(actor=secretary, chosen=wrong)
    with pytest.raises(NotAllowed):
        services.set_wishes(actor=village.resident(), chosen=Chosen())
    with pytest.raises(NotAllowed):
        services.tell(actor=secretary, notice=NewNotice(TEST, "x", Reach("user:x"), {"channel": "x"}))


def test_a_browser_is_woken_for_whoever_used_it_last(village: Village) -> None:
    secretary, lead = village.officer("陈书记"), village.officer("李网格", duty="grid_lead")
    told = subscription("https://push.example/one")[0]
    services.add_browser(actor=secretary, subscription=told)
    row = services.add_browser(actor=lead, subscription=told)
    assert not services.drop_browser(actor=secretary, browser_id=row.id)
    assert services.drop_browser(actor=lead, browser_id=row.id)
    for wrong in ("", "{}", json.dumps({"endpoint": "javascript:1", "keys": {"p256dh": "", "auth": ""}})):
        with pytest.raises(Invalid):
            services.add_browser(actor=lead, subscription=wrong)


def test_numbers_and_texts_are_forgotten_after_a_month(village: Village, post: Post) -> None:
    village.case(phone="13856411234")
    work_off(village)
    with chore(village.county, "test_time_passes") as scope:
        Delivery.objects.filter(county=village.county).update(created_at=scope.now - timedelta(days=31))
    assert services.forget_addresses(village.county) >= 1
    with reading(village.house):
        rows = list(Delivery.objects.filter(county=village.county))
        assert rows and all(row.address == "" and row.text == "" for row in rows)
        assert {"sent"} == {row.state for row in rows}


def test_taking_in_a_request_costs_one_statement_more(village: Village) -> None:
    village.case()  # the county's rules are read once
    intake = village.intake()
    with statements() as seen:
        cases.open_case(actor=village.resident(), intake=intake)
    assert len(seen) <= 6
