"""Nobody outside the caller's line of duty learns of a call: on pages, in lists that leave, by search, by streams, by messages.

Every page of the installation is opened by everybody who has nothing to do with it, while whole lives of calls stand in
the database; what any of them reads or may listen to must hold nothing of them.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from django.core import signing
from django.db import connection, connections
from django.test import Client
from django.utils import translation

from tests.gateway.channels import set_up
from tests.stories import calling
from tests.stories.test_people_are_told import Postman
from tests.village import Village
from tests.web.people import STAFF, client_of, resident_client, staff_client, visitor
from tests.web.test_matrix import page_routes
from wushi.domain.audit.models import Leaf
from wushi.domain.calls import services
from wushi.domain.calls.models import Call, Device, Errand
from wushi.domain.calls.queries import visible_to
from wushi.domain.calls.services import Calling
from wushi.domain.cases.models import Case
from wushi.domain.cases.rules import Tray
from wushi.domain.cases.services import claim_case, take_number, transfer_case
from wushi.domain.cases.services.intake import Intake
from wushi.domain.notify.models import Delivery, Notice
from wushi.domain.outbox.models import Row
from wushi.domain.people.services import NewBond, NewPerson, note_person, tie_bond_for
from wushi.edge import live
from wushi.edge.viewer import COOKIE
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading, unscoped
from wushi.web.labels.calls import KINDS_HEARD

_county = count(960001)
# in the line of a call at the village's first grid
LINE = ("secretary", "deputy", "grid_lead", "grid_worker", "grid_assistant")
ABOVE = ("town_clerk", "town_lead", "district_clerk", "district_lead", "supervisor")
ASIDE = tuple(duty for duty in STAFF if duty not in {*LINE, *ABOVE})
# who else has nothing to do with it: (name, duty, where)
ELSEWHERE = (
    ("邻村书记", "secretary", "sibling"),
    ("邻村副书记", "deputy", "sibling"),
    ("邻格网格长", "grid_lead", "other_grid"),
    ("邻格网格员", "grid_worker", "other_grid"),
    ("邻格协理", "grid_assistant", "other_grid"),
    ("邻镇值班", "town_clerk", "other_town"),
    ("邻镇镇长", "town_lead", "other_town"),
)
PLACE, HERE, TOLD = "槐树巷九号后院", "水塘边第二户", "老井对面"
NAME, PHONE, CONTACT, RUNG_BACK, ASKED = "刘桂香", "13811112222", "13711112222", "13911112222", "13511113333"


@dataclass
class Life:
    """What happened: calls of every kind, at every stage; and what of them nobody else may read."""

    village: Village
    far: Village
    device: Device
    calls: dict[str, Call]
    case: Case
    post: dict[str, Postman]
    strangers: dict[str, Client] = field(default_factory=dict)
    walked: dict[str, dict[str, tuple[int, str]]] = field(default_factory=dict)

    def walk(self, who: str) -> dict[str, tuple[int, str]]:
        """Every page as he meets it, walked once: address -> (status, page)."""
        if who not in self.walked:
            client, found = self.strangers[who], {}
            for address in addresses(self, who):
                answer = client.get(address)
                found[address] = answer.status_code, answer.content.decode(errors="ignore")
            self.walked[who] = found
        return self.walked[who]

    def secrets(self, who: str) -> list[str]:
        """What stands on no page of his. Who looks after devices for the district knows where they hang, not what they say."""
        found = [HERE, TOLD, NAME, PHONE, CONTACT, RUNG_BACK, ASKED, "135****3333", "139****2222"]
        found += [str(call.id) for call in self.calls.values()]
        found += [call.receipt for call in self.calls.values()]
        found += [str(self.case.id), self.case.number, self.case.receipt]
        if who == "hotline":
            # what it wrote down itself it follows itself
            own = self.calls["written"]
            found = [one for one in found if one not in {TOLD, RUNG_BACK, str(own.id)}]
            found.remove("139****2222")
        return found if who == "district_admin" else [*found, PLACE, str(self.device.id), self.device.uid]


@pytest.fixture(scope="module")
def life() -> Iterator[Life]:
    """Lived once; everybody looks at it."""
    monkeypatch = pytest.MonkeyPatch()
    calling.known(monkeypatch)
    village, far = Village.founded(str(next(_county))), Village.founded(str(next(_county)))
    post = {
        "sms": Postman("sms", "sms"),
        "voice": Postman("voice", "voice"),
        "group": Postman("village-group", "robot", area=village.code),
        "grid": Postman("grid-group", "robot", area=village.grid),
        "app": Postman("wecom", "app"),
    }
    with set_up(*post.values()):
        yield _lived(village, far, post)
    monkeypatch.undo()


def _lived(village: Village, far: Village, post: dict[str, Postman]) -> Life:
    line = calling.line_of(village)
    strangers = {duty: staff_client(village, duty) for duty in ASIDE}
    for name, duty, where in ELSEWHERE:
        village.officer(name, duty=duty, area=getattr(village, where), phone="13600000009")
        strangers[name] = client_of(village, name)
    for duty in ("secretary", "district_clerk", "supervisor"):
        strangers[f"far {duty}"] = staff_client(far, duty)
    strangers["neighbour"] = resident_client(village, "13800000077")
    strangers["anonymous"] = visitor(village)
    mother = note_person(actor=village.house, person=NewPerson(phone=PHONE, name=NAME, village=village.code))
    bond = NewBond("13700000088", PHONE, village.code, "word", "妈妈")
    tie_bond_for(actor=line["secretary"], new=bond)
    device = calling.button(
        village,
        line["secretary"],
        place=PLACE,
        person_id=mother.id,
        contact_name="刘家大姐",
        contact_phone=CONTACT,
        tells_family=True,
    )
    calls: dict[str, Call] = {}
    pressed = calling.press(device, "press_sos")
    assert pressed is not None
    calls["button"] = pressed
    where = {"area_code": village.grid, "urgency": "emergency"}
    operator = village.actor("人-hotline")
    for name, actor, more in (
        ("page", village.resident(), {"place": HERE, "phone": ASKED}),
        ("written", operator, {"place": TOLD, "phone": RUNG_BACK, "way": "phone"}),
        ("family", village.resident(), {"place": HERE, "phone": ASKED}),
    ):
        calls[name] = services.open_call(
            actor=actor, calling=Calling(key=f"{village.county}-{name}-{'k' * 20}", **where, **more)
        )
    _go_on(village, line, calls)
    intake = Intake(
        text="屋顶漏雨要修",
        area_code=village.grid,
        channel="tel",
        key=f"{village.county}-case-{'k' * 20}",
        number=take_number(village.county),
        place=HERE,
    )
    case = services.turn_call_into_case(actor=line["secretary"], call_id=calls["page"].id, intake=intake)
    return Life(village, far, device, calls, case, post, strangers)


def _go_on(village: Village, line: dict[str, Actor], calls: dict[str, Call]) -> None:
    """The button rings up to the district and again; the page's is answered and ended; the written one is on the way."""
    ringing = calls["button"]
    for minutes in (2, 5, 10, 15, 21):
        at = ringing.opened_at + timedelta(minutes=minutes, seconds=1)
        services.ring_next(actor=village.house, call_id=ringing.id, now=at)
        calling.work_off(village)
    for name, deeds in (("page", "aroe"), ("written", "ao"), ("family", "a")):
        for deed in deeds:
            call_id, actor = calls[name].id, line["secretary"]
            if deed == "a":
                services.acknowledge_call(actor=actor, call_id=call_id)
            elif deed == "o":
                services.set_out(actor=actor, call_id=call_id)
            elif deed == "r":
                services.note_call(actor=actor, call_id=call_id, words=f"{NAME}在家")
            else:
                services.arrive_at_call(actor=actor, call_id=call_id)
                services.end_call(actor=actor, call_id=call_id, finding="helped", words=f"{NAME}已扶起")
            calling.work_off(village)


def addresses(life: Life, who: str) -> Iterator[str]:
    """Every page, once for each thing it may be about; what needs a receipt is asked with none that was given to him."""
    with reading(life.village.house):
        errands = list(Errand.objects.filter(county=life.village.county).values_list("id", flat=True))
        sent = list(Delivery.objects.filter(county=life.village.county).values_list("id", flat=True))
        told = list(Notice.objects.filter(county=life.village.county).values_list("id", flat=True))
    ids = {
        "call_id": [call.id for call in life.calls.values()],
        "case_id": [life.case.id],
        "device_id": [life.device.id],
        "errand_id": errands[:3],
        "delivery_id": sent[:12],
        "notice_id": told[:12],
    }
    for pattern, _access in page_routes():
        # what needs a receipt; and pages of explanations, which read nothing
        if "code>" in pattern or "(?P" in pattern or pattern in ("help/", "work/help/", "work/_style"):
            continue
        names = re.findall(r"<(?:uuid|str):(\w+)>", pattern)
        if not names:
            yield f"/{pattern}"
        elif len(names) == 1 and names[0] in ids:
            yield from (f"/{re.sub('<[^>]+>', str(one), pattern)}" for one in ids[names[0]])
    for text in (PLACE, HERE, NAME, PHONE, life.case.number, life.device.uid, "漏雨"):
        for path in ("/work/?q=", "/work/?list=area&q=", "/work/devices/?q=", "/work/calls/?q="):
            yield f"{path}{text}"
    for code in (life.village.grid, life.village.code, life.village.town, life.village.county):
        for path in ("/work/calls/", "/work/calls/duty/", "/work/village/", "/work/figures/"):
            yield f"{path}?code={code}"


def everybody() -> list[str]:
    """Who has nothing to do with these calls."""
    far = [f"far {duty}" for duty in ("secretary", "district_clerk", "supervisor")]
    return [*ASIDE, *(name for name, _d, _w in ELSEWHERE), *far, "neighbour", "anonymous"]


def asked_back(page: str, address: str) -> str:
    """A page without what was asked of it: the words of a search, the address itself."""
    asked = address.partition("q=")[2]
    page = page.replace(address, "")
    return page.replace(asked, "") if asked else page


@pytest.mark.parametrize("who", everybody())
def test_no_page_of_his_says_anything_of_it(life: Life, who: str) -> None:
    wrong, looked, secrets = [], 0, life.secrets(who)
    for address, (status, text) in life.walk(who).items():
        assert status < 500, address
        looked += status == 200
        page = asked_back(text, address)
        if status not in (301, 302, 303):
            wrong += [f"{address}: {secret}" for secret in secrets if secret in page]
    assert wrong == [] and looked > 8


def test_the_same_walk_finds_it_where_it_is_known(life: Life) -> None:
    """The walk itself can fail: the village's own secretary meets every one of these on his pages."""
    secretary = client_of(life.village, "书记")
    pages = " ".join(
        secretary.get(address).content.decode(errors="ignore")
        for address in addresses(life, "secretary")
        if address.startswith("/work/") and "q=" not in address
    )
    hidden = {"135****3333", "139****2222", CONTACT, life.case.receipt}
    hidden |= {call.receipt for call in life.calls.values()}
    assert [one for one in life.secrets("secretary") if one not in pages and one not in hidden] == []


def test_who_keeps_the_districts_devices_learns_no_press(life: Life) -> None:
    admin, secretary = life.strangers["district_admin"], client_of(life.village, "书记")
    address = f"/work/devices/{life.device.id}/"
    ours, theirs = (one.get(address).content.decode() for one in (secretary, admin))
    with translation.override("zh-hans"):
        red = str(KINDS_HEARD["press_sos"])
    assert red in ours and red not in theirs
    with reading(life.village.house):
        informs = list(Errand.objects.filter(county=life.village.county, kind="inform"))
    assert informs
    assert f"/work/calls/{life.calls['button'].id}/" in ours
    assert f"/work/calls/{life.calls['button'].id}/" not in theirs
    for errand in informs:
        assert admin.post(f"/work/devices/errands/{errand.id}/", {"how": "phone"}).status_code == 404
    with reading(life.village.house):
        assert (
            not Errand.objects.filter(county=life.village.county, id__in=[e.id for e in informs])
            .exclude(done_at=None)
            .exists()
        )


@pytest.mark.parametrize("who", everybody())
def test_no_verb_on_it_is_his(life: Life, who: str) -> None:
    client, before = (
        life.strangers[who],
        {name: calling.again(call).step for name, call in life.calls.items()},
    )
    verbs = ("acknowledge", "setout", "arrive", "takeover", "release", "note", "end", "mistaken", "followup")
    for name, call in life.calls.items():
        for slug in verbs:
            if who == "hotline" and name == "written":
                continue
            sent = {"words": "看过", "finding": "helped", "spoke": "phone"}
            answer = client.post(f"/work/calls/{call.id}/{slug}/", sent)
            assert answer.status_code in (403, 404), (who, name, slug)
    assert {name: calling.again(call).step for name, call in life.calls.items()} == before


@pytest.mark.parametrize("who", everybody())
def test_the_sticker_at_the_door_tells_nobody_else_of_it(life: Life, who: str) -> None:
    answer = life.strangers[who].get(f"/d/{life.village.county}{life.device.door_code}/")
    # whoever stands there may call, or finds the device he looks after; that somebody called is not said
    assert answer.status_code == 302 and not answer["Location"].startswith("/work/calls/")


def _text_of(body: bytes) -> str:
    """Every word of a spreadsheet."""
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return " ".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize("who", everybody())
def test_no_list_that_leaves_holds_it(life: Life, who: str) -> None:
    for what in ("calls", "cases", "flags", "notices"):
        for reason in ("", "核对"):
            answer = life.strangers[who].post(
                f"/work/export/?what={what}&list=area", {"take": "1", "whole": "1", "reason": reason}
            )
            if "spreadsheet" in answer.headers.get("Content-Type", ""):
                text = _text_of(b"".join(answer) if answer.streaming else answer.content)
                # the head of a list says who took it, never what it hides
                # a bond's own messages went to the same number
                secrets = [one for one in life.secrets(who) if what != "notices" or one != PHONE]
                assert [one for one in secrets if one in text] == [], (who, what)


def test_the_ledger_of_messages_counts_them_and_lists_none(life: Life) -> None:
    admin = life.strangers["district_admin"]
    with reading(life.village.house):
        rung = Delivery.objects.filter(county=life.village.county, notice__kind__startswith="calls.")
        ids = list(rung.exclude(notice__kind="calls.probe_lost").values_list("id", flat=True))
    assert len(ids) > 10
    pages = "".join(admin.get(f"/work/notices/?channel={c}").content.decode() for c in ("", "sms", "voice"))
    assert not [one for one in ids if str(one) in pages]
    assert {admin.get(f"/work/notices/{one}/").status_code for one in ids} == {404}
    assert {admin.post(f"/work/notices/{one}/").status_code for one in ids} == {404}


@pytest.mark.parametrize("who", everybody())
def test_the_api_knows_none_of_it_for_him(life: Life, who: str) -> None:
    cookie = life.strangers[who].cookies.get(COOKIE)
    bearer = {"Authorization": f"Bearer {cookie.value}"} if cookie else {}
    own = {str(life.calls["written"].id)} if who == "hotline" else set()
    listed = Client().get("/api/v1/calls?limit=200", headers=bearer)
    assert listed.status_code in (200, 401, 403)
    if listed.status_code == 200:
        assert {one["id"] for one in listed.json()["calls"]} == own
    for call in life.calls.values():
        answer = Client().get(f"/api/v1/calls/{call.id}", headers=bearer)
        assert answer.status_code in ((200,) if str(call.id) in own else (401, 403, 404))
        done = Client().post(f"/api/v1/calls/{call.id}/arrive", headers=bearer)
        assert done.status_code in (400, 401, 403, 404)
    devices = Client().get("/api/v1/devices?limit=200", headers=bearer)
    text = devices.content.decode()
    assert not [one for one in life.secrets(who) if one in text], "no device of theirs, and no call of its"


# ---- streams ----
def _topics(life: Life) -> set[str]:
    """What the lives of these calls told open pages, as it is called outside; lamps are everybody's."""
    with unscoped("test: the outbox"):
        rows = Row.objects.filter(county=life.village.county, kind="live").values_list("payload", flat=True)
        names = {topic for payload in rows for topic in payload["topics"]}
    told = {name for name in names if name.split(":")[0] in ("call", "calls", "ring")}
    assert len({name.split(":")[0] for name in told}) == 3
    return {live.opaque(name) for name in told}


def _tickets(life: Life, who: str) -> dict[str, str]:
    """Address -> the ticket of each page of his."""
    found = {}
    for address, (_status, page) in life.walk(who).items():
        for ticket in re.findall(r'(?:name="live-ticket" content|data-ring-ticket)="([^"]+)"', page):
            found[address] = ticket
    return found


@pytest.mark.parametrize("who", everybody())
def test_no_ticket_of_his_is_good_for_it(life: Life, who: str) -> None:
    forbidden = _topics(life)
    if who == "hotline":
        forbidden -= {live.opaque(life.calls["written"].topic)}
    tickets = _tickets(life, who)
    for address, ticket in tickets.items():
        assert not forbidden & set(live.read_ticket(ticket)), (who, address)
    for address, ticket in list(tickets.items())[:3]:
        answer = life.strangers[who].post("/live-ticket/", {"ticket": [ticket]})
        if answer.status_code == 200:
            fresh = str(next(iter(json.loads(answer.content).values())))
            assert not forbidden & set(live.read_ticket(fresh)), (who, address)


def test_a_topic_cannot_be_guessed_or_asked_for(life: Life) -> None:
    call = life.calls["button"]
    assert live.opaque(call.topic) != live.opaque(f"call:{call.id}x")
    for topic in _topics(life):
        assert re.fullmatch(r"[0-9a-f]{24}", topic) and str(call.id)[:8] not in topic
    # a ticket is signed: what is changed in it opens nothing
    page = life.strangers["hotline"].get("/work/calls/").content.decode()
    ticket = re.findall(r'name="live-ticket" content="([^"]+)"', page)[0]
    for wrong in (ticket[:-1] + ("A" if ticket[-1] != "A" else "B"), "x" + ticket, ""):
        with pytest.raises(Exception, match=r"(?i)signature|found"):
            live.read_ticket(wrong)


class Ear:
    """One open stream of the live process's application; what it heard."""

    def __init__(self, ticket: str) -> None:
        self.heard = ""
        self._closed = asyncio.Event()
        query = urlencode({"ticket": ticket}).encode()
        self.scope = {"type": "http", "path": "/live/stream", "method": "GET", "query_string": query}

    async def receive(self) -> dict[str, Any]:
        """The browser stays until it is told to go."""
        await self._closed.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        """What comes."""
        self.heard += message.get("body", b"").decode()

    def close(self) -> None:
        """It goes."""
        self._closed.set()


async def _listened(tickets: dict[str, str], deed: Callable[[], None]) -> dict[str, str]:
    """What each stream heard while something was done and handed on by the relay; ``warm`` hears the line itself first."""
    from wushi.live import asgi

    ears = {who: Ear(ticket) for who, ticket in tickets.items()}
    open_ones = [asyncio.create_task(asgi.application(e.scope, e.receive, e.send)) for e in ears.values()]
    warm = signing.dumps(
        {"t": ["warm"], "a": "", "s": int(time.time())}, salt=live.STREAM_SALT, compress=True
    )
    first = Ear(warm)
    open_ones.append(asyncio.create_task(asgi.application(first.scope, first.receive, first.send)))
    async with asyncio.timeout(20):
        while "warm" not in first.heard:
            await asyncio.to_thread(_notify_warm)
            await asyncio.sleep(0.1)
    await asyncio.to_thread(deed)
    # notices come in the order of their commits: whoever hears this one was told all before it
    await asyncio.to_thread(_notify_warm, "over")
    async with asyncio.timeout(20):
        while "over" not in first.heard:
            await asyncio.sleep(0.1)
    for ear in [*ears.values(), first]:
        ear.close()
    await asyncio.gather(*open_ones)
    assert asgi._listener is not None
    asgi._listener.cancel()
    asgi._listener = None
    return {who: ear.heard for who, ear in ears.items()}


def _notify_warm(version: str = "0") -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as other:
        other.execute("SELECT pg_notify('wushi_live', %s)", [f"{version} warm"])


def test_real_streams_of_all_of_them_stay_silent_while_the_lines_speaks(life: Life) -> None:
    tickets = {}
    for who in everybody():
        topics = {topic for ticket in _tickets(life, who).values() for topic in live.read_ticket(ticket)}
        # the lamps of their own pages are everybody's and may move
        own = sorted(topics - _lamps(life))
        body = {"t": own, "a": "", "s": int(time.time())}
        tickets[who] = signing.dumps(body, salt=live.STREAM_SALT, compress=True)
    page = client_of(life.village, "书记").get("/work/calls/").content.decode()
    tickets["line"] = re.findall(r'name="live-ticket" content="([^"]+)"', page)[0]
    _hand_on()  # what was left before is no matter of this
    # a thread of its own: where browsers were driven before, this one has their loop
    with ThreadPoolExecutor(1) as thread:
        heard = thread.submit(lambda: asyncio.run(_listened(tickets, lambda: _one_more(life)))).result(90)
    assert '"topic"' in heard.pop("line")
    assert {who for who, said in heard.items() if '"topic"' in said} == set()


def _lamps(life: Life) -> set[str]:
    village = life.village
    areas = (village.county, village.town, village.code, village.grid)
    return {live.topic(kind, area) for kind in ("lamp", "lamps") for area in areas}


def _one_more(life: Life) -> None:
    """Another press, answered, on the way; handed on as the worker does. In a thread of its own."""
    called = Calling(
        key=f"{life.village.county}-more-{'k' * 20}", area_code=life.village.grid, urgency="emergency"
    )
    call = services.open_call(actor=life.village.resident(), calling=called)
    _hand_on()
    services.acknowledge_call(actor=life.village.actor("书记"), call_id=call.id)
    services.set_out(actor=life.village.actor("书记"), call_id=call.id)
    _hand_on()
    connections.close_all()


def _hand_on() -> None:
    from wushi.config.relay import relay_once

    while relay_once(live_only=True):
        pass


# ---- messages, logs, leaves ----
def test_only_the_line_the_caller_and_his_family_are_told(life: Life) -> None:
    county = life.village.county
    rung = {f"user:{life.village.user_id(n)}" for n in ("书记", "网格长", "副书记", "镇值班", "区平台")}
    with reading(life.village.house):
        told = list(Notice.objects.filter(county=county, kind__startswith="calls."))
        to = {f"{notice.recipient}" for notice in told}
        sent = list(Delivery.objects.filter(county=county, notice__in=[n.id for n in told]))
    family = {who for who in to if who.startswith(("person:", "contact:"))}
    assert to - family == rung, "every rung up to the district, and nobody beside"
    assert len(family) == 2 and f"contact:{life.device.id}" in family
    assert not [row for row in sent if row.channel == "robot"]
    assert {row.channel for row in sent} >= {"inbox", "sms"}
    carried = [letter for name in ("sms", "voice", "app") for letter in life.post[name].carried]
    lines = {f"1390000000{n}" for n in range(1, 6)}
    about = [letter for letter in carried if letter.kind.startswith("calls.")]
    assert about and {letter.address for letter in about} <= lines | {"13700000088", CONTACT}
    assert not [
        letter
        for name in ("group", "grid")
        for letter in life.post[name].carried
        if letter.kind.startswith("calls.")
    ]
    for letter in about:
        assert not [one for one in (NAME, PLACE, HERE, TOLD, PHONE, ASKED, RUNG_BACK) if one in letter.text]


def test_outbox_and_leaves_hold_no_name_no_number_no_place(life: Life) -> None:
    secrets = [PLACE, HERE, TOLD, NAME, PHONE, CONTACT, RUNG_BACK, "扶起", "刘家"]
    with reading(life.village.house):
        leaves = [json.dumps(leaf.facts) for leaf in Leaf.objects.filter(county=life.village.county)]
        notices = [
            json.dumps(n.facts, ensure_ascii=False)
            for n in Notice.objects.filter(county=life.village.county, kind__startswith="calls.")
        ]
    with unscoped("test: the outbox"):
        rows = [json.dumps(row.payload) for row in Row.objects.filter(county=life.village.county)]
    assert len(leaves) > 40 and len(rows) > 20 and notices
    for text in [*leaves, *rows, *notices]:
        plain = text.encode().decode("unicode_escape") if "\\u" in text else text
        assert not [one for one in secrets if one in text or one in plain]


def test_nothing_of_it_is_logged(
    life: Life, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    call, secretary = life.calls["button"], client_of(life.village, "书记")
    secretary.get(f"/work/calls/{call.id}/")
    secretary.post(f"/work/calls/{call.id}/note/", {"words": f"{NAME}没有接电话{PHONE}"})
    secretary.post(f"/work/calls/{call.id}/end/", {"finding": "helped", "words": NAME})
    visitor(life.village).post(
        "/call/", {"area_code": life.village.grid, "urgency": "emergency", "place": PLACE, "phone": "1"}
    )
    said = capfd.readouterr()
    text = said.out + said.err + caplog.text
    assert not [one for one in (NAME, PHONE, PLACE, CONTACT) if one in text]


# ---- the request it became, the database ----
def test_the_request_it_became_says_nowhere_that_it_was_a_call(village: Village) -> None:
    """A department it is passed on to learns of the request, not of the press."""
    secretary = village.officer("书记")
    called = Calling(
        key=f"{village.county}-{'k' * 20}", area_code=village.grid, urgency="emergency", place=HERE
    )
    call = services.open_call(actor=village.resident(), calling=called)
    services.acknowledge_call(actor=secretary, call_id=call.id)
    intake = village.intake("屋顶漏雨要修", channel="tel")
    case = services.turn_call_into_case(actor=secretary, call_id=call.id, intake=intake)
    department, address = staff_client(village, "department"), f"/work/cases/{case.id}/"
    assert department.get(address).status_code == 404
    claim_case(actor=secretary, case_id=case.id)
    tray = Tray("department", village.county, "JT")
    transfer_case(actor=secretary, case_id=case.id, tray=tray, reason_code="not_our_area")
    page = department.get(address).content.decode()
    assert "屋顶漏雨要修" in page
    for one in (str(call.id), call.receipt, "/work/calls/", "呼叫书记", "无线呼叫器", "接警"):
        assert one not in page, one
    receipt = visitor(village).get(f"/r/{case.receipt}/").content.decode()
    assert call.receipt not in receipt and str(call.id) not in receipt


def test_another_county_has_no_row_of_it_even_without_the_rooms_filters(life: Life) -> None:
    with reading(Actor.of_house(life.far.county)), connection.cursor() as cursor:
        for table in (
            "calls_call",
            "calls_rung",
            "calls_remark",
            "calls_device",
            "calls_errand",
            "calls_heard",
            "calls_wire",
        ):
            cursor.execute(f"SELECT count(*) FROM {table} WHERE county = %s", [life.village.county])  # noqa: S608
            assert cursor.fetchone()[0] == 0, table
    for who in ("secretary", "district_clerk"):
        actor = life.far.actor(f"人-{who}")
        with reading(actor):
            assert not visible_to(actor).filter(id__in=[c.id for c in life.calls.values()]).exists()
