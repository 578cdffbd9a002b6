"""A wireless caller comes into stock, is tried, hangs somewhere, falls silent, is mended and handed back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.stories.calling import MODEL, button, known, line_of, press, said, trace, work_off
from tests.stories.test_people_are_told import Post, kinds, post
from tests.village import Village
from wushi.domain.calls import services as calls
from wushi.domain.calls.errors import DeviceKnown, NoTestPress, UnknownModel
from wushi.domain.calls.models import Call, Device, Errand, Gateway
from wushi.domain.calls.queries import devices_of, errands_of
from wushi.domain.calls.services import Spot
from wushi.domain.calls.services.health import (
    Seen,
    ask_for_repair,
    ask_for_test,
    mark_silent,
    note_health,
    note_seen,
)
from wushi.domain.calls.services.inbox import device_actor
from wushi.domain.people.services import NewPerson, note_person
from wushi.kernel.errors import Invalid, NotAllowed, NotFound
from wushi.kernel.states import MoveRefused
from wushi.kernel.verb import reading

__all__ = ["post"]


@pytest.fixture(autouse=True)
def _button(monkeypatch: pytest.MonkeyPatch) -> None:
    known(monkeypatch)


def now_of(device: Device) -> Device:
    """The row as it is now."""
    with reading(device_actor(device)):
        return Device.objects.get(county=device.county, id=device.id)


def errands(village: Village) -> list[str]:
    """What waits to be seen to."""
    with reading(village.house):
        return [errand.kind for errand in errands_of(village.house).filter(done_at=None)]


def test_into_stock_tried_and_hung_up(village: Village) -> None:
    """Without a test press it does not count as installed; the test rings nobody."""
    secretary = line_of(village)["secretary"]
    with pytest.raises(UnknownModel):
        calls.register_device(actor=secretary, uid="0011223344", model="no/such", area_code=village.code)
    with pytest.raises(Invalid):
        calls.register_device(actor=secretary, uid="??", model=MODEL.key, area_code=village.code)
    device = calls.register_device(
        actor=secretary, uid="24:e1-24 53", model=MODEL.key, area_code=village.code
    )
    assert (device.uid, device.state) == ("24E12453", "stock")
    assert (
        calls.register_device(actor=secretary, uid="24E12453", model=MODEL.key, area_code=village.code).id
        == device.id
    )
    spot = Spot(village.grid, "东头", helps=("alone", "dog"), contact_phone="13900001111")
    with pytest.raises(NoTestPress):
        calls.install_device(actor=secretary, device_id=device.id, spot=spot)
    calls.try_device(actor=secretary, device_id=device.id)
    assert press(device) is None
    with reading(village.house):
        assert not Call.objects.filter(county=village.county).exists()
    with pytest.raises(Invalid) as wrong:
        calls.install_device(
            actor=secretary, device_id=device.id, spot=Spot(village.grid, helps=("rich",), contact_phone="1")
        )
    assert set(wrong.value.facts["fields"]) == {"helps", "contact_phone"}
    hung = calls.install_device(actor=secretary, device_id=device.id, spot=spot)
    assert (hung.state, hung.helps, hung.silent_at is not None) == ("installed", ["alone", "dog"], True)
    with pytest.raises(DeviceKnown):
        calls.register_device(actor=secretary, uid="24E12453", model=MODEL.key, area_code=village.code)
    assert trace(device) == ["register_device", "try_device", "receive_event", "install_device"]


def test_it_moves_is_mended_and_handed_back_and_whose_it_was_is_forgotten(village: Village) -> None:
    """The person died or moved: contact and place are gone; the device may go to somebody else."""
    secretary = line_of(village)["secretary"]
    person = note_person(actor=village.house, person=NewPerson(phone="13811119999", village=village.code))
    device = button(village, secretary, person_id=person.id, contact_name="儿子", contact_phone="13900002222")
    calls.move_device(
        actor=secretary, device_id=device.id, spot=Spot(village.other_grid, person_id=person.id)
    )
    assert now_of(device).grid == village.other_grid and now_of(device).contact_phone == ""
    calls.send_to_repair(actor=secretary, device_id=device.id)
    with pytest.raises(MoveRefused):
        calls.move_device(actor=secretary, device_id=device.id, spot=Spot(village.grid))
    calls.put_back_device(actor=secretary, device_id=device.id)
    call = press(device)
    assert call is not None and call.phone == "13811119999"
    with pytest.raises(Invalid):
        calls.hand_back_device(actor=secretary, device_id=device.id, reason="")
    calls.hand_back_device(actor=secretary, device_id=device.id, reason="death")
    gone = now_of(device)
    assert (gone.person_id, gone.contact_name, gone.contact_phone, gone.helps, gone.place) == (
        None,
        "",
        "",
        [],
        "",
    )
    old = gone.door_code
    calls.restock_device(actor=secretary, device_id=device.id)
    assert now_of(device).state == "stock" and now_of(device).door_code != old


def test_a_dead_button_is_an_alarm_too(village: Village, post: Post) -> None:
    """Two and a half intervals of silence: somebody goes and looks; two days: repair; heard again: over."""
    secretary = line_of(village)["secretary"]
    device = button(village, secretary)
    silent = now_of(device).silent_at
    assert silent is not None and device.installed_at is not None
    assert silent == device.installed_at + timedelta(hours=2.5)
    assert not mark_silent(actor=village.house, device_id=device.id, now=silent - timedelta(seconds=1))
    assert mark_silent(actor=village.house, device_id=device.id, now=silent)
    assert not mark_silent(actor=village.house, device_id=device.id, now=silent)
    assert errands(village) == ["silent"]
    work_off(village)
    assert kinds(village, line_of(village)["lead"].ref) == ["calls.errand"]
    assert ask_for_repair(actor=village.house, device_id=device.id)
    assert not ask_for_repair(actor=village.house, device_id=device.id)
    assert sorted(errands(village)) == ["repair", "silent"]
    note_seen(village.county, [Seen(now_of(device), silent + timedelta(hours=1), battery=80)])
    assert errands(village) == [] and now_of(device).silent_at is not None
    assert now_of(device).battery == 80


def test_batteries_lids_and_tests(village: Village) -> None:
    """Low at 20, urgent at 10 percent; opened; untried for a month: each once, until it is seen to."""
    secretary = line_of(village)["secretary"]
    device = button(village, secretary)
    for percent in (50, 18, 17, 9):
        seen = now_of(device)
        note_seen(village.county, [Seen(seen, seen.seen_at or seen.installed_at, battery=percent)])  # type: ignore[arg-type]
    assert errands(village) == ["battery", "battery_urgent"]
    note_health(actor=village.house, device_id=device.id, battery=100)
    assert errands(village) == []
    press(device, "tamper", tamper=True)
    press(device, "tamper")
    assert errands(village) == ["tamper"]
    assert ask_for_test(actor=village.house, device_id=device.id)
    calls.try_device(actor=secretary, device_id=device.id)
    press(device)
    assert errands(village) == ["tamper"]
    with reading(secretary):
        [open_one] = errands_of(secretary).filter(done_at=None)
    neighbour = village.officer("邻村书记", duty="secretary", area=village.sibling)
    with pytest.raises(NotFound):
        calls.do_errand(actor=neighbour, errand_id=open_one.id)
    calls.do_errand(actor=secretary, errand_id=open_one.id)
    with reading(village.house):
        assert Errand.objects.get(id=open_one.id, county=village.county).done_by == secretary.ref


def test_only_those_who_look_after_it_know_of_it(village: Village) -> None:
    """A village's devices are its own, its town's and the district's."""
    line = line_of(village)
    device = button(village, line["secretary"])
    neighbour = village.officer("邻村书记", duty="secretary", area=village.sibling)
    for actor, there in (
        (line["town"], True),
        (line["lead"], True),
        (neighbour, False),
        (village.resident(), False),
    ):
        with reading(actor):
            assert devices_of(actor).filter(id=device.id).exists() is there
    with pytest.raises(NotFound):
        calls.try_device(actor=neighbour, device_id=device.id)
    with pytest.raises(NotAllowed):
        calls.register_device(actor=neighbour, uid="99887766", model=MODEL.key, area_code=village.code)
    with pytest.raises(NotAllowed):
        calls.receive_event(actor=line["secretary"], device_id=device.id, said=said())


def test_ways_in_are_the_administrators(village: Village) -> None:
    """A gateway has a secret of its own; closed, it takes nothing."""
    admin = village.officer("管理员", duty="district_admin")
    gate = calls.found_gateway(actor=admin, code="lora-1", name="一号网关", envelope="chirpstack")
    assert len(gate.secret) >= 24
    assert (
        calls.found_gateway(actor=admin, code="lora-1", name="一号网关", envelope="chirpstack").id == gate.id
    )
    with pytest.raises(Invalid):
        calls.found_gateway(actor=admin, code="X", name="", envelope="fax")
    with pytest.raises(NotAllowed):
        calls.found_gateway(actor=line_of(village)["secretary"], code="lora-2", name="", envelope="plain")
    calls.close_gateway(actor=admin, gateway_id=gate.id)
    with reading(village.house):
        assert not Gateway.objects.get(county=village.county, id=gate.id).active
