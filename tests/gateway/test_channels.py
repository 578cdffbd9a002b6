"""Every adapter through the whole house: delivery, throttling, refusal, retry, cut reply, repetition, each in the ledger."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import override_settings
from django.utils import timezone

from tests.gateway.channels import LINES, Line, http, set_up, subscription
from tests.gateway.providers import CORP
from tests.village import Village
from wushi.domain.cases.messages import CLOSED, IN_TRAY, RECEIVED
from wushi.domain.notify import services
from wushi.domain.notify.carriers import Letter, Result
from wushi.domain.notify.errors import NotSendable
from wushi.domain.notify.messages import SILENT
from wushi.domain.notify.models import Browser, Delivery, Notice
from wushi.domain.notify.rules import LOCAL, rule_on
from wushi.domain.notify.services import NewNotice, Reach
from wushi.domain.notify.services.ledger import silent_carriers
from wushi.domain.notify.services.sending import Taken, letter_of
from wushi.domain.notify.states import S
from wushi.gateway.channels.robots import DingTalkRobot, WeComRobot
from wushi.gateway.channels.wecom import WeComApp
from wushi.kernel.verb import chore, reading


@pytest.fixture(params=list(LINES))
def line(request: pytest.FixtureRequest) -> Iterator[Line]:
    with LINES[request.param]() as found, set_up(found.carrier):
        yield found


def trial(village: Village, line: Line, to: str | None = None) -> Notice:
    """One letter by this channel."""
    admin = village.officer("李管理", duty="district_admin")
    return services.send_test(actor=admin, carrier=line.carrier.name, to=line.good if to is None else to)


def row_of(notice: Notice) -> Delivery:
    """Its line of the ledger."""
    from wushi.kernel.actor import Actor

    with reading(Actor.of_house(notice.county)):
        return Delivery.objects.get(county=notice.county, notice=notice.id)


def later(village: Village) -> None:
    """The wait is over: what waits is due now."""
    with chore(village.county, "test_time_passes") as scope:
        Delivery.objects.filter(county=village.county, next_at__isnull=False).update(next_at=scope.now)


def test_it_is_delivered_once_however_often_we_look(village: Village, line: Line) -> None:
    notice = trial(village, line)
    services.deliver(village.county, notice.id)
    services.deliver(village.county, notice.id)
    services.deliver(village.county)
    row = row_of(notice)
    assert (row.state, row.tries, row.next_at) == (S.SENT, 1, None)
    assert row.sent_at is not None and row.code
    assert len(line.provider.taken) == 1
    with pytest.raises(NotSendable):
        services.send_again(actor=village.actor("李管理"), delivery_id=row.id)


def test_a_provider_that_is_down_is_asked_again(village: Village, line: Line) -> None:
    line.provider.faults.append("down")
    notice = trial(village, line)
    services.deliver(village.county, notice.id)
    row = row_of(notice)
    assert (row.state, row.tries, len(line.provider.taken)) == (S.WAITING, 1, 0)
    assert row.next_at is not None and row.code
    assert services.deliver(village.county) == 0, "not before its time"
    later(village)
    services.deliver(village.county)
    row = row_of(notice)
    assert (row.state, row.tries, len(line.provider.taken)) == (S.SENT, 2, 1)


def test_after_the_last_try_it_is_given_up_and_can_be_sent_by_hand(village: Village, line: Line) -> None:
    most = len(rule_on(date(2026, 11, 23)).retry_after) + 1
    line.provider.faults += ["down"] * most
    notice = trial(village, line)
    for _n in range(most):
        later(village)
        services.deliver(village.county)
    row = row_of(notice)
    assert (row.state, row.tries, row.next_at) == (S.FAILED, most, None)
    services.send_again(actor=village.actor("李管理"), delivery_id=row.id)
    services.deliver(village.county)
    assert row_of(notice).state == S.SENT


def test_above_the_limit_it_waits_and_is_not_counted_as_a_try(village: Village, line: Line) -> None:
    line.provider.limit = 0
    notice = trial(village, line)
    services.deliver(village.county, notice.id)
    row = row_of(notice)
    assert (row.state, row.tries, len(line.provider.taken)) == (S.WAITING, 0, 0)
    with reading(village.house) as scope:
        assert row.next_at is not None and row.next_at > scope.now + timedelta(seconds=30)
    line.provider.limit = 20
    later(village)
    services.deliver(village.county)
    row = row_of(notice)
    assert (row.state, row.tries, len(line.provider.taken)) == (S.SENT, 1, 1)


# a group has no address that could be wrong; its key is ours
@pytest.mark.parametrize("name", [name for name in LINES if "robot" not in name])
def test_what_can_never_arrive_is_not_tried_again(village: Village, name: str) -> None:
    with LINES[name]() as line, set_up(line.carrier):
        notice = trial(village, line, line.bad)
        services.deliver(village.county, notice.id)
        later(village)
        services.deliver(village.county)
        row = row_of(notice)
        assert (row.state, row.tries, row.next_at, row.sent_at) == (S.REFUSED, 1, None, None)
        assert row.code not in ("", "0", "OK") and line.provider.taken == []


BARRED: dict[str, Callable[[Line], Any]] = {
    "wecom robot": lambda line: WeComRobot("jt", line.carrier.url.replace("key=", "key=x"), ""),  # type: ignore[attr-defined]
    "dingtalk robot": lambda line: DingTalkRobot("sl", line.carrier.url, "", "another secret"),  # type: ignore[attr-defined]
    "wecom member": lambda line: WeComApp("wecom", line.provider.url, CORP, 1000002, "another secret"),
    "sms": lambda line: http("office", "sms", line.provider.url, secret="another"),
}


@pytest.mark.parametrize("name", list(BARRED))
def test_a_provider_that_refuses_us_holds_everything_and_is_told(village: Village, name: str) -> None:
    """A wrong key is no letter's fault: nothing is lost by it, and the administrator hears of it."""
    with LINES[name]() as line:
        broken = dataclasses.replace(line, carrier=BARRED[name](line))
        with set_up(broken.carrier):
            notices = [trial(village, broken) for _n in range(3)]
            for _n in range(8):
                services.deliver(village.county)
                later(village)
            rows = [row_of(notice) for notice in notices]
            assert {row.state for row in rows} == {S.WAITING}, "not given up however often it was tried"
            assert all(row.code not in ("", "0", "OK") for row in rows) and line.provider.taken == []
            with reading(village.house) as scope:
                soon = scope.now + timedelta(minutes=16)
                assert [found for found, _m in silent_carriers(village.county, soon)] == [broken.carrier.name]
        with set_up(line.carrier):
            later(village)
            services.deliver(village.county)
            assert {row_of(notice).state for notice in notices} <= {S.SENT, S.MERGED}, "mended: they go out"


def matters(village: Village, count: int) -> None:
    """So many for a group, none urgent."""
    for n in range(count):
        facts = {"number": f"YJ20261123-{n:04}", "place": "孙岗村", "due": "2026-11-24T18:00:00+08:00"}
        notice = NewNotice(IN_TRAY, str(n), Reach("robot:jt"), facts, "/work/x/")
        services.tell(actor=village.house, notice=notice)
    later(village)


def states(village: Village) -> list[str]:
    """Of all letters to groups, in the order in which they were made."""
    with reading(village.house):
        rows = Delivery.objects.filter(county=village.county, channel="robot").order_by("created_at", "id")
        return list(rows.values_list("state", flat=True))


@pytest.mark.parametrize("fault", ["down", "cut"])
def test_a_letter_of_many_goes_out_again_with_all_its_lines(village: Village, fault: str) -> None:
    with LINES["wecom robot"]() as line, set_up(line.carrier):
        matters(village, 6)
        line.provider.faults.append(fault)
        services.deliver(village.county)
        later(village)
        services.deliver(village.county)
        said = " ".join(one["text"]["content"] for one in line.provider.taken)
        assert all(f"YJ20261123-{n:04}" in said for n in range(6))
        if fault == "down":
            assert states(village) == ["sent", *["merged"] * 5]
        else:
            # most likely there, perhaps not: none of them says more than that, and each can be sent by itself
            assert set(states(village)) == {"unsure"}


def test_a_letter_of_many_that_is_given_up_lets_its_lines_go(village: Village) -> None:
    most = len(rule_on(date(2026, 11, 23)).retry_after) + 1
    with LINES["wecom robot"]() as line, set_up(line.carrier):
        matters(village, 5)
        line.provider.faults += ["down"] * most
        for _n in range(most):
            services.deliver(village.county)
            later(village)
        assert states(village) == ["failed"] * 5
        village.officer("李管理", duty="district_admin")
        with reading(village.house):
            last = Delivery.objects.filter(county=village.county, channel="robot").order_by(
                "-created_at", "-id"
            )[0]
        services.send_again(actor=village.actor("李管理"), delivery_id=last.id)
        services.deliver(village.county)
        assert "YJ20261123-0004" in line.provider.taken[-1]["text"]["content"]


def test_a_fault_of_one_letter_is_that_letter_s_alone(village: Village) -> None:
    with LINES["mail"]() as line, set_up(line.carrier):
        good, bad = trial(village, line), trial(village, line, "chen@exa\nmple.cn")
        services.deliver(village.county)
        later(village)
        services.deliver(village.county)
        assert (row_of(good).state, row_of(bad).state) == (S.SENT, S.REFUSED)
        assert len(line.provider.taken) == 1


def test_what_goes_out_is_written_for_people(village: Village) -> None:
    """Times as people write them, in the order the template counts; links that open from a mailbox."""
    facts = {"due": "2026-11-24T18:00:00+08:00", "place": "孙岗村", "number": "YJ-1"}
    taken = Taken(
        uuid4(), village.county, "mail", "mail", 1, False, "zh-hans", IN_TRAY.code, facts,
        "/work/cases/abc/", "chen@example.cn", timezone.now(),
    )  # fmt: skip
    with override_settings(WUSHI_PUBLIC_URL="https://wushi.example"):
        letter = letter_of(taken)
    assert letter.link == "https://wushi.example/work/cases/abc/"
    assert list(letter.variables)[: len(IN_TRAY.variables)] == list(IN_TRAY.variables)
    assert letter.variables["due"] == "11月24日 18:00"


def test_a_browser_that_is_gone_is_forgotten(village: Village) -> None:
    officer = village.officer("陈书记")
    with LINES["push"]() as line, set_up(line.carrier):
        services.add_browser(actor=officer, subscription=line.bad)
        facts = {"channel": "x", "minutes": 3}
        services.tell(actor=village.house, notice=NewNotice(SILENT, "k", Reach(officer.ref), facts))
        services.deliver(village.county)
        with reading(village.house):
            assert Browser.objects.filter(county=village.county).count() == 0


def test_a_receipt_comes_at_once_and_a_reminder_in_the_morning(village: Village) -> None:
    night = datetime(2026, 11, 24, 23, 30, tzinfo=LOCAL)
    with LINES["sms"]() as line, set_up(line.carrier):
        facts = {
            "number": "YJ-1",
            "receipt": "341504ABCDEFGHJKMN",
            "due": "2026-11-26",
            "place": "孙岗村",
            "clock": "claim",
        }
        begins = {}
        for kind in (RECEIVED, CLOSED):
            notice = services.tell(
                actor=village.house,
                notice=NewNotice(kind, kind.code, Reach("person:x", line.good), facts),
                now=night,
            )
            assert notice is not None
            with reading(village.house):
                row = Delivery.objects.get(county=village.county, notice=notice.id, channel="sms")
            begins[kind.code] = row.next_at
        assert begins == {RECEIVED.code: night, CLOSED.code: night + timedelta(hours=7, minutes=30)}


def test_a_cut_reply_never_becomes_two_messages(village: Village, line: Line) -> None:
    line.provider.faults.append("cut")
    notice = trial(village, line)
    services.deliver(village.county, notice.id)
    assert len(line.provider.taken) == 1, "the provider had taken it"
    row = row_of(notice)
    if line.carrier.tells_repetition:
        # the answer may still have been read whole (SMTP answers before it drops the line)
        assert row.state in (S.WAITING, S.SENT)
    else:
        assert (row.state, row.next_at) == (S.UNSURE, None)
    later(village)
    services.deliver(village.county)
    row = row_of(notice)
    assert row.state == (S.SENT if line.carrier.tells_repetition else S.UNSURE)
    assert len(line.provider.taken) == 1, "the same key: the provider dropped the second one"


def test_what_is_urgent_is_asked_again_even_where_it_may_come_twice(village: Village) -> None:
    with LINES["wecom robot"]() as line, set_up(line.carrier):
        line.provider.faults.append("cut")
        urgent = NewNotice(SILENT, "k", Reach("robot:jt"), {"channel": "x", "minutes": 3})
        notice = services.tell(actor=village.house, notice=urgent)
        assert notice is not None
        services.deliver(village.county)
        later(village)
        services.deliver(village.county)
        assert row_of(notice).state == S.SENT
        assert len(line.provider.taken) == 2


def test_a_worker_that_dies_in_the_middle_leaves_it_to_the_next(village: Village, line: Line) -> None:
    from wushi.domain.notify.carriers import carriers
    from wushi.domain.notify.services import sending

    notice = trial(village, line)
    taken = sending._take(village.county, notice.id, carriers())
    assert len(taken) == 1 and row_of(notice).state == S.SENDING
    assert services.deliver(village.county) == 0, "under lease"
    later(village)
    services.deliver(village.county)
    assert row_of(notice).state == S.SENT and len(line.provider.taken) == 1
    sending._note(taken[0], "late", sending.Answer(Result.FAILED, "x"), line.carrier)
    assert row_of(notice).state == S.SENT, "what the dead one's try would have said changes nothing"


def test_a_token_that_went_stale_is_fetched_anew(village: Village) -> None:
    with LINES["wecom member"]() as line, set_up(line.carrier):
        services.deliver(village.county, trial(village, line).id)
        line.provider.tokens.clear()
        notice = trial(village, line)
        line.provider.keys.clear()
        services.deliver(village.county, notice.id)
        assert row_of(notice).state == S.SENT and len(line.provider.taken) == 2


def test_text_without_a_filed_signature_or_template_is_not_sent(village: Village) -> None:
    with LINES["sms"]() as line:
        for carrier in (
            http("office", "sms", line.provider.url, filed=False),
            http("office", "sms", line.provider.url, only_templates=True),
        ):
            with set_up(carrier):
                notice = trial(village, dataclasses.replace(line, carrier=carrier))
                services.deliver(village.county, notice.id)
                row = row_of(notice)
                assert (row.state, row.next_at) == (S.UNFILED, None)
        assert line.provider.asked == 0
        with set_up(http("office", "sms", line.provider.url, templates={"notify.test": "SMS_1"})):
            services.send_again(actor=village.actor("李管理"), delivery_id=row.id)
            services.deliver(village.county)
            assert row_of(notice).state == S.SENT


def test_long_variables_are_cut_to_what_a_template_takes() -> None:
    with LINES["sms"]() as line:
        words = {"place": "一个名字长得超过了二十个字的村民小组和它旁边的水塘"}
        answer = line.carrier.send(Letter("k" * 32, line.good, "x" * 900, "any", words))
        assert answer.result == Result.SENT
        assert json.loads(line.provider.taken[0]["params"])["place"].endswith("…")
        assert len(line.provider.taken[0]["text"]) == 500


def test_a_group_hears_of_thirty_matters_in_a_few_messages_alarms_first(village: Village) -> None:
    """20 a minute for each robot: what does not fit becomes one, and what is urgent stands by itself."""
    from wushi.domain.cases.messages import IN_TRAY, IN_TRAY_URGENT

    with LINES["wecom robot"]() as line, set_up(line.carrier):
        for n in range(30):
            kind = IN_TRAY_URGENT if n == 29 else IN_TRAY
            facts = {"number": f"YJ20261123-{n:04}", "place": "孙岗村", "due": "2026-11-24T18:00:00+08:00"}
            services.tell(
                actor=village.house, notice=NewNotice(kind, str(n), Reach("robot:jt"), facts, "/work/x/")
            )
        later(village)
        services.deliver(village.county)
        texts = [one["text"]["content"] for one in line.provider.taken]
        assert len(texts) == 2
        assert "0029" in texts[0] and line.provider.taken[0]["text"]["mentioned_list"] == ["@all"]
        assert "29" in texts[1] and "YJ20261123-0000" in texts[1]
        with reading(village.house):
            states = Delivery.objects.filter(county=village.county, channel="robot").values_list(
                "state", flat=True
            )
            assert sorted(states) == ["merged"] * 28 + ["sent"] * 2


def test_twenty_a_minute_are_kept_by_ourselves(village: Village) -> None:
    with LINES["dingtalk robot"]() as line, set_up(line.carrier):
        for n in range(25):
            facts = {"channel": "x", "minutes": n}
            services.tell(actor=village.house, notice=NewNotice(SILENT, str(n), Reach("robot:sl"), facts))
        services.deliver(village.county)
        assert line.provider.asked == len(line.provider.taken) == 20
        later(village)
        assert services.deliver(village.county) == 0, "no room within the minute"
        with reading(village.house) as scope:
            waiting = Delivery.objects.filter(county=village.county, channel="robot", state=S.WAITING)
            assert waiting.count() == 5
            assert all(row.next_at and row.next_at > scope.now for row in waiting)


def test_a_provider_that_takes_nothing_is_told_to_the_administrator(village: Village) -> None:
    with LINES["sms"]() as line, set_up(line.carrier):
        line.provider.faults += ["down"] * 3
        rows = [row_of(trial(village, line)) for _n in range(3)]
        services.deliver(village.county)
        with reading(village.house) as scope:
            assert list(silent_carriers(village.county, scope.now)) == [], "a moment is no silence"
            soon = scope.now + timedelta(minutes=16)
            assert [name for name, _m in silent_carriers(village.county, soon)] == ["office"]
        with chore(village.county, "test_time_passes") as scope:
            Delivery.objects.filter(county=village.county, id__in=[r.id for r in rows]).update(
                created_at=scope.now - timedelta(minutes=20)
            )
        assert services.watch_carriers(village.county) == 1
        assert services.watch_carriers(village.county) == 1
        admin = village.actor("李管理")
        with reading(village.house):
            told = Notice.objects.filter(county=village.county, kind="notify.channel_silent")
            assert told.count() == 1, "once an hour"
            assert told.get().recipient == admin.ref


def test_a_browser_can_read_what_was_pushed() -> None:
    """Decrypted by the browser's side of RFC 8291, with its own key."""
    from tests.gateway.unsealed import unsealed

    with LINES["push"]() as line:
        told, private, secret = subscription(f"{line.provider.url}/push/mine")
        assert isinstance(private, ec.EllipticCurvePrivateKey)
        answer = line.carrier.send(Letter("k" * 32, told, "孙岗村", "any", {}, "标题", "/work/", True))
        assert answer.result == Result.SENT
        message = json.loads(unsealed(line.provider.taken[0]["sealed"], private, secret))
        assert (message["title"], message["text"], message["link"]) == ("标题", "孙岗村", "/work/")
        assert line.provider.taken[0]["headers"]["urgency"] == "high"


def test_nobody_begins_a_request_that_would_outlast_its_lease(village: Village) -> None:
    """A slow provider with many waiting: the rest goes back to waiting, no other worker sends it a second time."""
    from wushi.domain.notify.carriers import carriers
    from wushi.domain.notify.services import sending

    with LINES["sms"]() as line, set_up(line.carrier):
        notices = [trial(village, line, f"1385641{n:04}") for n in range(1001, 1004)]
        taken = sending._take(village.county, None, carriers())
        for one, text, answer in sending._carry_all(line.carrier, taken, until=0.0):
            sending._note(one, text, answer, line.carrier)
        rows = [row_of(notice) for notice in notices]
        assert [(row.state, row.tries) for row in rows] == [(S.WAITING, 0)] * 3
        assert line.provider.asked == 0
        later(village)
        services.deliver(village.county)
        assert len(line.provider.taken) == 3
