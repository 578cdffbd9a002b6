"""An old woman presses her button; somebody comes; she says whether it helped. Nothing of it is lost or quietly ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError

from tests.stories.calling import again, button, known, line_of, press, rang, trace, work_off
from tests.stories.test_people_are_told import Post, kinds, post
from tests.village import Village
from wushi.domain.accounts.services import end_post
from wushi.domain.calls import services as calls
from wushi.domain.calls.errors import AlreadyTaken
from wushi.domain.calls.models import Call, Errand, How
from wushi.domain.calls.permissions import verbs_now
from wushi.domain.calls.queries import lamps_red, open_calls, ringing_for, visible_to
from wushi.domain.calls.queries.replay import replay_calls
from wushi.domain.calls.queries.times import waits
from wushi.domain.calls.services import Calling
from wushi.domain.cases.queries import visible_to as cases_visible_to
from wushi.domain.people.services import NewPerson, note_person
from wushi.kernel.actor import Actor
from wushi.kernel.errors import Invalid, KeyReused, NotAllowed, NotFound
from wushi.kernel.states import MoveRefused
from wushi.kernel.verb import chore, reading

__all__ = ["post"]


@pytest.fixture(autouse=True)
def _button(monkeypatch: pytest.MonkeyPatch, village: Village) -> Iterator[None]:
    """The tests' button; and afterwards every call of the story is told again from its leaves."""
    known(monkeypatch)
    yield
    assert [line for _n, lines in replay_calls(village.county) for line in lines] == []


def calling(village: Village, **more: Any) -> Calling:
    """A call by the page."""
    return Calling(**{"key": str(uuid4()), "area_code": village.grid, **more})


def holding(call: Call) -> Actor:
    """Whoever holds the call's receipt."""
    return Actor(f"receipt:{call.id}", call.county)


def test_press_ring_acknowledge_arrive_end_rate(village: Village) -> None:
    """The whole life, step by step, each with its leaf; the lamp is red until somebody is there."""
    line = line_of(village)
    call = press(button(village, line["secretary"]), "press_long")
    assert call is not None and (call.state, call.urgency) == ("ringing", "emergency")
    assert rang(call) == [("secretary", 1)]
    with reading(line["secretary"]):
        assert [c.id for c in ringing_for(line["secretary"])] == [call.id]
        assert lamps_red(village.county) == {village.code: 1}
    with reading(line["lead"]):
        assert ringing_for(line["lead"]) == []  # his rung has not come
    calls.acknowledge_call(actor=line["secretary"], call_id=call.id)
    with reading(line["secretary"]):
        assert ringing_for(line["secretary"]) == []
    calls.set_out(actor=line["secretary"], call_id=call.id)
    with pytest.raises(MoveRefused):
        calls.end_call(actor=line["secretary"], call_id=call.id, finding="helped")  # 书记必到
    there = calls.arrive_at_call(actor=line["secretary"], call_id=call.id)
    assert (there.arrived_how, there.stand_in) == ("word", False)
    with reading(line["secretary"]):
        assert lamps_red(village.county) == {}
    calls.hand_to_service(actor=line["secretary"], call_id=call.id, service="120")
    calls.end_call(actor=line["secretary"], call_id=call.id, finding="hospital", words="送镇卫生院")
    calls.rate_call(actor=holding(call), call_id=call.id, rating="satisfied")
    town = line["town"]
    calls.follow_up_call(actor=town, call_id=call.id, words="老人说来得快")
    whole = again(call)
    assert (whole.state, whole.rating, whole.services) == ("followed_up", "satisfied", ["120"])
    assert trace(call) == [
        "open_call", "ring_next", "acknowledge_call", "set_out", "arrive_at_call", "hand_to_service", "end_call",
        "rate_call", "follow_up_call",
    ]  # fmt: skip


def test_the_ladder_goes_up_to_the_district_and_does_not_stop(village: Village, post: Post) -> None:
    """Nobody answers: 0, 2, 5, 10, 15 minutes, then everybody every five; each rung once."""
    line = line_of(village)
    call = press(button(village, line["secretary"]))
    assert call is not None
    began = call.opened_at
    for minutes, rungs in ((1, 1), (2, 2), (5, 3), (10, 4), (15, 5), (19, 5), (20, 6), (25, 7)):
        at = began + timedelta(minutes=minutes, seconds=1)
        calls.ring_next(actor=village.house, call_id=call.id, now=at)
        assert not calls.ring_next(actor=village.house, call_id=call.id, now=at)
        assert len(rang(call)) == rungs
    assert [code for code, _n in rang(call)[:5]] == ["secretary", "grid", "village", "town", "district"]
    assert rang(call)[5][1] == 5  # everybody again
    work_off(village)
    told = kinds(village, line["district"].ref)
    assert told.count("calls.ringing") == 3
    calls.acknowledge_call(actor=line["district"], call_id=call.id)
    assert not calls.ring_next(actor=village.house, call_id=call.id, now=began + timedelta(hours=2))
    assert again(call).next_rung_at is None


def test_a_missing_person_stops_nothing(village: Village) -> None:
    """No secretary, no lead: the first rung that has somebody rings at once; nobody at all: it goes on trying."""
    deputy = village.officer("副书记", duty="deputy")
    device = button(village, village.officer("镇", duty="town_clerk"))
    end_post(actor=village.house, post_id=village.posts["镇"].id)
    call = press(device)
    assert call is not None
    assert rang(call) == [("secretary", 0), ("grid", 0), ("village", 1)]
    with reading(deputy):
        assert [c.id for c in ringing_for(deputy)] == [call.id]
    end_post(actor=village.house, post_id=village.posts["副书记"].id)
    nobody = press(button(village, village.house, uid="AABBCCDD00112233"))
    assert nobody is not None and [n for _code, n in rang(nobody)] == [0, 0, 0, 0, 0]
    assert again(nobody).next_rung_at is not None
    calls.ring_next(actor=village.house, call_id=nobody.id, now=nobody.opened_at + timedelta(minutes=6))
    assert len(rang(nobody)) == 6


def test_the_watch_is_rung_in_the_place_of_the_holder(village: Village) -> None:
    """A roster for nights changes persons, not rungs."""
    line = line_of(village)
    guard = village.officer("值班员", duty="grid_worker")
    device = button(village, line["secretary"])
    call = press(device)
    assert call is not None
    at = call.opened_at
    watch = calls.put_on_watch(
        actor=line["secretary"], area=village.code, duty="secretary", user_id=guard.id,
        begins_at=at - timedelta(hours=1), ends_at=at + timedelta(hours=8),
    )  # fmt: skip
    calls.acknowledge_call(actor=line["secretary"], call_id=call.id)
    calls.arrive_at_call(actor=line["secretary"], call_id=call.id)
    calls.end_call(actor=line["secretary"], call_id=call.id, finding="company")
    second = press(device, now=at + timedelta(minutes=5))
    assert second is not None and second.id != call.id
    with reading(guard):
        assert [c.id for c in ringing_for(guard)] == [second.id]
    calls.take_off_watch(actor=line["secretary"], watch_id=watch.id)
    with pytest.raises(NotAllowed):
        calls.put_on_watch(
            actor=line["lead"], area=village.code, duty="secretary", user_id=guard.id,
            begins_at=at, ends_at=at + timedelta(days=1),
        )  # fmt: skip


def test_who_is_on_watch_may_open_and_answer_though_his_post_lies_elsewhere(village: Village) -> None:
    """Whoever is rung can go: his own post is another grid's. Once it has ended it is no longer his to read."""
    line = line_of(village)
    guard = village.officer("值班员", duty="grid_worker", area=village.other_grid)
    beside = village.officer("邻格员", duty="grid_worker", area=village.other_grid)
    nobody = village.officer("群众监督", duty="supervisor")
    begins = datetime.now(UTC) - timedelta(hours=1)
    given = {
        "area": village.code,
        "duty": "secretary",
        "begins_at": begins,
        "ends_at": begins + timedelta(hours=9),
    }
    calls.put_on_watch(actor=line["secretary"], user_id=guard.id, **given)
    with pytest.raises(Invalid) as refused:
        calls.put_on_watch(actor=line["secretary"], user_id=nobody.id, **given)
    assert refused.value.facts["fields"] == {"user": "no_line_duty"}
    call = press(button(village, line["secretary"]))
    assert call is not None
    with reading(beside):
        assert not visible_to(beside).filter(id=call.id).exists()
    with pytest.raises(NotFound):
        calls.acknowledge_call(actor=beside, call_id=call.id)
    with reading(guard):
        assert [c.id for c in ringing_for(guard)] == [call.id]
        assert visible_to(guard).filter(id=call.id).exists()
    assert calls.acknowledge_call(actor=guard, call_id=call.id).answerer_id == guard.id
    assert calls.arrive_at_call(actor=guard, call_id=call.id).stand_in
    calls.end_call(actor=guard, call_id=call.id, finding="company")
    second = press(button(village, line["secretary"], uid="24E124535B000009"))
    assert second is not None
    calls.acknowledge_call(actor=line["deputy"], call_id=second.id)
    calls.arrive_at_call(actor=line["deputy"], call_id=second.id)
    calls.end_call(actor=line["deputy"], call_id=second.id, finding="company")
    with reading(guard):
        assert not visible_to(guard).filter(id=second.id).exists()


def test_two_answer_at_once_and_one_takes_over(village: Village) -> None:
    """The second is told who was first; he may take it over, and the first may give it back: then it rings on."""
    line = line_of(village)
    call = press(button(village, line["secretary"]))
    assert call is not None
    calls.ring_next(actor=village.house, call_id=call.id, now=call.opened_at + timedelta(minutes=3))
    calls.acknowledge_call(actor=line["secretary"], call_id=call.id)
    with pytest.raises(AlreadyTaken) as refused:
        calls.acknowledge_call(actor=line["lead"], call_id=call.id)
    assert refused.value.facts == {"by": str(line["secretary"].id)}
    assert (
        calls.acknowledge_call(actor=line["secretary"], call_id=call.id).state == "acknowledged"
    )  # asked twice
    calls.take_over_call(actor=line["lead"], call_id=call.id)
    with pytest.raises(NotAllowed):
        calls.release_call(actor=line["secretary"], call_id=call.id)
    calls.release_call(actor=line["lead"], call_id=call.id, words="车坏了")
    now = again(call)
    assert (now.state, now.answerer_id) == ("ringing", None)
    assert rang(call)[-1][0] == "village"
    there = calls.arrive_at_call(actor=line["deputy"], call_id=call.id)
    assert there.stand_in is True  # 代到
    assert trace(call).count("acknowledge_call") == 1


def test_presses_within_the_window_and_while_it_is_open_are_one_call(village: Village, post: Post) -> None:
    """Ninety seconds, or as long as nobody ended it; a long press makes it red and begins the ladder anew."""
    line = line_of(village)
    device = button(village, line["secretary"])
    call = press(device)
    assert call is not None
    assert press(device, now=call.opened_at + timedelta(seconds=20)).id == call.id
    assert press(device, "release", now=call.opened_at + timedelta(seconds=21)) is None
    assert again(call).presses == 2
    calls.ring_next(actor=village.house, call_id=call.id, now=call.opened_at + timedelta(minutes=3))
    redder = press(device, "press_long", now=call.opened_at + timedelta(minutes=4))
    assert redder is not None and redder.id == call.id
    now = again(call)
    assert (now.urgency, now.presses, now.rung) == ("emergency", 3, 1)
    assert [code for code, _n in rang(call)] == ["secretary", "grid", "secretary"]
    assert now.arrive_by == call.opened_at + timedelta(minutes=34)
    calls.acknowledge_call(actor=line["secretary"], call_id=call.id)
    calls.arrive_at_call(actor=line["secretary"], call_id=call.id)
    press(device, now=call.opened_at + timedelta(minutes=5))
    assert again(call).confirmed_how == [How.PRESS]  # her own press bears out that somebody is there
    calls.end_call(actor=line["secretary"], call_id=call.id, finding="helped")
    late = press(device, now=call.opened_at + timedelta(minutes=6))
    assert (
        late is not None and late.id == call.id and again(call).presses == 4
    )  # a copy told late is no new call
    fresh = press(device, now=call.opened_at + timedelta(minutes=8))
    assert fresh is not None and fresh.id != call.id


def test_the_same_message_twice_is_heard_once(village: Village) -> None:
    """Networks send copies: the second leaves nothing."""
    line = line_of(village)
    device = button(village, line["secretary"])
    first = press(device, key="n:the-same-one")
    assert press(device, key="n:the-same-one") is None
    assert first is not None and again(first).presses == 1


def test_a_mistake_still_wants_a_word(village: Village) -> None:
    """She takes it back; somebody speaks with her; only then is it over, and nobody had to come."""
    line = line_of(village)
    device = button(village, line["secretary"])
    call = press(device)
    assert call is not None
    press(device, "cancel")
    assert again(call).taken_back_at is not None and again(call).state == "ringing"
    with pytest.raises(MoveRefused):
        calls.end_mistaken_call(actor=line["secretary"], call_id=call.id, spoke="phone")
    calls.acknowledge_call(actor=line["secretary"], call_id=call.id)
    with pytest.raises(Invalid):
        calls.end_mistaken_call(actor=line["secretary"], call_id=call.id, spoke="")
    over = calls.end_mistaken_call(actor=line["secretary"], call_id=call.id, spoke="phone")
    assert (over.state, over.finding, over.arrived_at) == ("ended", "mistaken", None)
    with pytest.raises(IntegrityError), chore(village.county, "test"):
        Call.objects.filter(county=village.county, id=call.id).update(finding="helped")


def test_the_resident_calls_by_the_page(village: Village) -> None:
    """One key, one call; the receipt is the right to see, to press again, to take back, to rate."""
    line = line_of(village)
    words = calling(village, phone="13812345678", place="井边")
    call = calls.open_call(actor=village.resident(), calling=words)
    assert calls.open_call(actor=village.resident(), calling=words).id == call.id
    with pytest.raises(KeyReused):
        calls.open_call(actor=village.resident(), calling=calling(village, key=words.key))
    with pytest.raises(Invalid) as wrong:
        calls.open_call(actor=village.resident(), calling=calling(village, phone="12", urgency="blue"))
    assert set(wrong.value.facts["fields"]) == {"phone", "urgency"}
    calls.press_again(actor=holding(call), call_id=call.id)
    calls.take_back_call(actor=holding(call), call_id=call.id)
    assert calls.take_back_call(actor=holding(call), call_id=call.id).taken_back_at is not None
    with reading(holding(call)):
        assert [c.id for c in visible_to(holding(call))] == [call.id]
        assert verbs_now(holding(call), again_in(call)) == ["press_again"]
    stranger = Actor(f"receipt:{uuid4()}", village.county)
    with pytest.raises(NotFound):
        calls.press_again(actor=stranger, call_id=call.id)
    calls.arrive_at_call(actor=line["secretary"], call_id=call.id, how="fix")
    assert again(call).acknowledged_at is not None  # who is there has answered
    calls.confirm_arrival(actor=holding(call), call_id=call.id, how="press")
    calls.note_call(actor=line["secretary"], call_id=call.id, words="换了灯泡")
    calls.end_call(actor=line["secretary"], call_id=call.id, finding="helped")
    with pytest.raises(NotAllowed):
        calls.rate_call(actor=line["secretary"], call_id=call.id, rating="satisfied")


def again_in(call: Call) -> Call:
    """Within a scope that is open."""
    return Call.objects.get(county=call.county, id=call.id)


def test_a_child_calls_for_her_mother(village: Village) -> None:
    """Whoever follows her may call for her; nobody else may."""
    line_of(village)
    mother = note_person(actor=village.house, person=NewPerson(phone="13811112222", village=village.code))
    stranger = note_person(actor=village.house, person=NewPerson(phone="13811113333"))
    actor = Actor(f"person:{stranger.id}", village.county)
    with pytest.raises(NotAllowed):
        calls.open_call(actor=actor, calling=calling(village, for_person=mother.id, way="family"))
    herself = Actor(f"person:{mother.id}", village.county)
    call = calls.open_call(actor=herself, calling=calling(village))
    assert call.phone == "13811112222"
    same = calls.open_call(actor=herself, calling=calling(village, urgency="emergency"))
    assert (same.id, same.urgency, same.presses) == (call.id, "emergency", 2)


def test_it_becomes_a_request_and_the_call_still_ends_by_an_arrival(village: Village) -> None:
    """What takes longer goes on as a request; it is made once."""
    line = line_of(village)
    call = calls.open_call(actor=village.resident(), calling=calling(village, phone="13812340000"))
    calls.acknowledge_call(actor=line["secretary"], call_id=call.id)
    intake = village.intake("屋顶漏雨，要修", channel="tel")
    case = calls.turn_call_into_case(actor=line["secretary"], call_id=call.id, intake=intake)
    assert calls.turn_call_into_case(actor=line["secretary"], call_id=call.id, intake=intake).id == case.id
    with reading(line["secretary"]):
        assert cases_visible_to(line["secretary"]).filter(id=case.id).exists()
    calls.arrive_at_call(actor=line["secretary"], call_id=call.id)
    over = calls.end_call(actor=line["secretary"], call_id=call.id, finding="other")
    assert (over.finding, over.case_id) == ("case", case.id)


def test_nobody_beside_the_line_of_duty_knows_of_it(village: Village) -> None:
    """Another grid's worker, the next village, another town, a department, the hotline: it does not exist."""
    line = line_of(village)
    worker = village.officer("网格员", duty="grid_worker")
    others = [
        village.officer("二网格员", duty="grid_worker", area=village.other_grid),
        village.officer("邻村书记", duty="secretary", area=village.sibling),
        village.officer("邻镇", duty="town_clerk", area=village.other_town),
        village.officer("交通局", duty="department", unit="JT"),
        village.officer("话务员", duty="hotline"),
        village.officer("管理员", duty="district_admin"),
        village.resident(),
    ]
    call = press(button(village, line["secretary"]))
    assert call is not None
    for actor in (*line.values(), worker):
        with reading(actor):
            assert [c.id for c in open_calls(actor)] == [call.id]
    for actor in others:
        with reading(actor):
            assert open_calls(actor) == [] and not visible_to(actor).exists()
        for verb in (calls.acknowledge_call, calls.arrive_at_call, calls.set_out):
            with pytest.raises(NotFound):
                verb(actor=actor, call_id=call.id)


def test_an_emergency_leaves_the_duty_to_tell_afterwards(village: Village) -> None:
    """个人信息保护法 18; once a call, and seen to with how it was told."""
    line = line_of(village)
    call = press(button(village, line["secretary"]), "press_sos")
    assert call is not None
    calls.arrive_at_call(actor=line["secretary"], call_id=call.id)
    calls.end_call(actor=line["secretary"], call_id=call.id, finding="helped")
    with reading(village.house):
        errand = Errand.objects.get(county=village.county, call_id=call.id)
    assert errand.kind == "inform"
    with pytest.raises(Invalid):
        calls.do_errand(actor=line["secretary"], errand_id=errand.id)
    done = calls.do_errand(actor=line["secretary"], errand_id=errand.id, how="there")
    assert calls.do_errand(actor=line["secretary"], errand_id=errand.id, how="there").done_at == done.done_at


def test_promises_that_pass_are_marked_once_and_what_is_over_is_laid_away(village: Village) -> None:
    """Two minutes to answer, thirty to be there; then seven days."""
    line = line_of(village)
    call = press(button(village, line["secretary"]), "press_long")
    assert call is not None
    assert calls.mark_call_late(
        actor=village.house, call_id=call.id, now=call.opened_at + timedelta(seconds=121)
    )
    assert not calls.mark_call_late(
        actor=village.house, call_id=call.id, now=call.opened_at + timedelta(seconds=122)
    )
    assert again(call).late == ["acknowledge"]
    calls.acknowledge_call(actor=line["secretary"], call_id=call.id)
    calls.mark_call_late(actor=village.house, call_id=call.id, now=call.opened_at + timedelta(minutes=31))
    assert again(call).late == ["acknowledge", "arrive"]
    calls.arrive_at_call(actor=line["secretary"], call_id=call.id)
    ended = calls.end_call(actor=line["secretary"], call_id=call.id, finding="helped")
    with reading(line["town"]):
        [figures] = waits(line["town"], since=call.opened_at, until=call.opened_at + timedelta(hours=1))
    assert (figures.calls, figures.acknowledged.of, figures.arrived.within) == (1, 1, 1)
    assert ended.ended_at is not None
    assert calls.archive_call(actor=village.house, call_id=call.id).state == "archived"
    with pytest.raises(NotAllowed):
        calls.mark_call_late(actor=line["secretary"], call_id=call.id)


def test_the_family_hears_of_it_where_it_wished_so(village: Village, post: Post) -> None:
    """Called, and somebody is there; a contact who is no resident here is reached by his number."""
    line = line_of(village)
    device = button(
        village, line["secretary"], contact_name="女儿", contact_phone="13922223333", tells_family=True
    )
    call = press(device, "press_long")
    assert call is not None
    work_off(village)
    calls.arrive_at_call(actor=line["secretary"], call_id=call.id)
    work_off(village)
    assert kinds(village, f"contact:{device.id}") == ["calls.family_called", "calls.family_arrived"]


def test_the_code_at_the_door_shows_that_somebody_was_there(village: Village) -> None:
    """Another door's code is refused, and nothing is lost by it."""
    line = line_of(village)
    device = button(village, line["secretary"])
    call = press(device)
    assert call is not None
    with pytest.raises(Invalid):
        calls.arrive_at_call(actor=line["secretary"], call_id=call.id, door_code="ANOTHER000")
    there = calls.arrive_at_call(actor=line["secretary"], call_id=call.id, door_code=device.door_code.lower())
    assert (there.arrived_how, there.confirmed_how) == ("door", ["door"])


def test_an_id_whose_digits_look_like_a_phone_number_rings_all_the_same(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A leaf refuses phone numbers; a press must never fail by whose id it rings."""
    device = button(village, line_of(village)["secretary"])
    odd = "01a2098c-9607-75df-b595-13912345678a"
    monkeypatch.setattr("wushi.domain.calls.services.ladder.people_on_rung", lambda *given: [odd])
    call = press(device)
    assert call is not None and rang(call) == [("secretary", 1)]
