"""A village in which something of everything is to be seen, and the browsers of those who look at it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from PIL import Image, ImageDraw

from tests.browser.shown_calls import ShownCalls, show_calls
from tests.browser.shown_lists import Lists, bring_lists
from tests.village import SINCE, Village
from wushi.domain.accounts.services import arrange_stand_in, found_unit, open_sign_in, set_password
from wushi.domain.accounts.services.posts import NewUnit
from wushi.domain.areas.services import NewArea, describe_area
from wushi.domain.cases.models import Case
from wushi.domain.cases.queries import parts_of, visible_to
from wushi.domain.cases.services import (
    Called,
    add_words,
    adopt_rules,
    answer_part,
    appeal_case,
    blow_whistle,
    claim_case,
    confirm_case,
    contact_case,
    contest_case,
    handle_case,
    merge_case,
    pause_case,
    plan_together,
    reopen_case,
    report_for_roll_call,
    request_extension,
    return_case,
    supervise_case,
)
from wushi.domain.cases.services.notices import tell_of_step
from wushi.domain.cases.services.setup import default_rules
from wushi.domain.files.pictures import cleaned
from wushi.domain.files.services import keep_photo
from wushi.domain.notify.queries import ledger_for
from wushi.domain.notify.services import deliver
from wushi.domain.people.services import NewBond, NewPerson, note_person, tie_bond_for
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

PASSWORD = "to-be-shown-9"


@dataclass(frozen=True)
class Together:
    """What rests, what others were called to, what is asked for, what went into another one, what can still be rated."""

    paused: Case
    called: Case
    pleading: Case
    merged: Case
    agreed: Case
    postponed: Case
    recorded: Case
    contested: Case


@dataclass
class Shown:
    """The village, its requests in every state, and cookies by kind of person."""

    village: Village
    waiting: Case
    working: Case
    handled: Case
    closed: Case
    returned: Case
    also_returned: Case
    lead_post: UUID
    together: Together
    delivery: UUID
    lists: Lists
    calls: ShownCalls
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def grid(self) -> str:
        """The grid whose door is scanned."""
        return self.village.grid


def picture(path: Path) -> Path:
    """A drawn photo: a street at dusk with a dark lamp."""
    image = Image.new("RGB", (800, 600), (43, 47, 58))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 450, 800, 600), fill=(32, 35, 43))
    draw.polygon([(80, 450), (80, 290), (200, 210), (320, 290), (320, 450)], fill=(54, 59, 72))
    draw.line([(540, 450), (540, 110), (640, 110)], fill=(110, 115, 130), width=10)
    draw.rectangle((160, 330, 220, 390), fill=(217, 166, 87))
    image.save(path, "JPEG")
    return path


def show_a_village(county: str, folder: Path) -> Shown:
    """Build it through services."""
    village = Village.founded(county)
    _people(village)
    secretary, clerk = village.actor("陈德明"), village.actor("周立新")
    photo = keep_photo(actor=village.resident(), picture=cleaned(picture(folder / "p.jpg")), ticket=uuid4())
    me = {"name": "刘秀英", "phone": f"138{county}01"}
    waiting = village.case("东塘坝排水口被土堵了，下雨水漫到菜地里", category="water", **me)
    working = village.case("井边路路灯不亮，晚上接孩子看不见", category="light", photos=(photo.id,), **me)
    claim_case(actor=secretary, case_id=working.id)
    add_words(actor=secretary, case_id=working.id, words="看过了，灯头烧了，下午去街上拿新的，天黑前装。")
    handled = village.case("门前污水井盖松动，车一压就响", category="safety", **me)
    claim_case(actor=secretary, case_id=handled.id)
    handle_case(
        actor=secretary, case_id=handled.id, outcome="resolved", words="换了新井盖，四周重新抹了水泥。"
    )
    closed = village.case("垃圾桶满了三天没人清", category="clean", **me)
    claim_case(actor=secretary, case_id=closed.id)
    handle_case(actor=secretary, case_id=closed.id, outcome="resolved", words="清走了，以后隔天来一次。")
    reopen_case(actor=village.holding(closed), case_id=closed.id, words="后墙那只没清")
    claim_case(actor=secretary, case_id=closed.id)
    handle_case(actor=secretary, case_id=closed.id, outcome="resolved", words="都清了。")
    confirm_case(actor=village.holding(closed), case_id=closed.id, rating="satisfied", words="干净了")
    returned = village.case("去小学的路边塌了一块，有桌面大，孩子上学都绕到路中间走", category="road", **me)
    return_case(
        actor=secretary, case_id=returned.id, reason_code="needs_department", words="要动用乡里养护经费"
    )
    also = village.case("村口桥栏杆断了一截，老人走着危险", category="road", **me)
    return_case(actor=secretary, case_id=also.id, reason_code="not_our_duty")
    appeal_case(actor=village.holding(waiting), case_id=waiting.id, level="town", words="说了一周没人来")
    assert clerk
    lead_post = village.posts["王长河"].id
    together = _together(village, working, me)
    delivery = _told(village, (waiting, working, handled, closed))
    lists = bring_lists(village, clerk, folder)
    told = (lead_post, together, delivery, lists, show_calls(village))
    shown = Shown(village, waiting, working, handled, closed, returned, also, *told)
    _cookies(shown, me["phone"])
    return shown


def _told(village: Village, cases: tuple[Case, ...]) -> UUID:
    """What was told of these stands in the lists of those concerned; the id of one message in the ledger."""
    for case in cases:
        for step in range(1, village.again(case).step + 1):
            tell_of_step(village.county, case.id, step)
    deliver(village.county)
    admin = village.actor("许明")
    with reading(admin):
        row = ledger_for(admin).exclude(channel="inbox").first()
    assert row is not None
    return row.id


def _together(village: Village, working: Case, me: dict[str, str]) -> Together:
    secretary, roads, water = (village.actor(n) for n in ("陈德明", "李公路", "孙水利"))
    soon = date.today() + timedelta(days=6)
    texts = {
        "paused": ("低保申请要补什么材料，跑了两趟都没办成", "welfare"),
        "called": ("县道边的排水沟塌了，雨水全灌进巷子", "road"),
        "pleading": ("水塔的水发黄，烧开了还有味道", "water"),
        "merged": ("井边那盏灯坏了好几天了", "light"),
        "agreed": ("村口健身器材的螺丝松了", "safety"),
        "postponed": ("老学校门前想装一盏新路灯", "light"),
    }
    found = {name: village.case(text, category=category, **me) for name, (text, category) in texts.items()}
    for name in ("paused", "called", "pleading", "agreed", "postponed"):
        claim_case(actor=secretary, case_id=found[name].id)
    ids = {name: case.id for name, case in found.items()}
    contact_case(actor=secretary, case_id=ids["paused"], way="phone", words="电话里说好补户口本复印件")
    pause_case(
        actor=secretary,
        case_id=ids["paused"],
        reason_code="material",
        until_on=soon,
        words="等补户口本复印件",
    )
    request_extension(
        actor=secretary, case_id=ids["pleading"], amount=2, words="水样送到区里化验，结果要三天才出来"
    )
    merge_case(actor=secretary, case_id=ids["merged"], master_id=working.id)
    for name, outcome, plan in (("agreed", "resolved", None), ("postponed", "not_yet", soon)):
        handle_case(
            actor=secretary, case_id=ids[name], outcome=outcome, words="已记下，按计划办。", plan_on=plan
        )
    confirm_case(actor=village.holding(found["agreed"]), case_id=ids["agreed"])
    _whistle(village, found["called"].id, secretary, roads, water)
    for name, text in (("recorded", "刘奶奶说自来水管在墙根漏水"), ("contested", "刘奶奶想换一盏门灯")):
        taken: dict[str, Any] = {"on_behalf": True, "consent": "word", "channel": "12345", **me}
        found[name] = village.case(text, actor=village.actor("何静"), **taken)
    contest_case(actor=village.holding(found["contested"]), case_id=found["contested"].id, words="我没说过")
    return Together(**{name: village.again(case) for name, case in found.items()})


def _row(village: Village, case_id: UUID) -> Case:
    row = visible_to(village.house).filter(id=case_id).first()
    assert row is not None
    return row


def _whistle(village: Village, case_id: UUID, secretary: Actor, roads: Actor, water: Actor) -> None:
    blow_whistle(
        actor=secretary,
        case_id=case_id,
        kind="urgent",
        called=[Called("JT"), Called("SL", essential=False)],
        words="县道路基和排水沟要一起看，村里修不了",
    )
    with reading(village.house):
        parts = {part.tray.unit: part.row.id for part in parts_of(_row(village, case_id))}
    report_for_roll_call(actor=roads, case_id=case_id, part_id=parts["JT"])
    plan_together(
        actor=secretary, case_id=case_id, words="交通局周三前清沟，水利局同天看出水口，村里安排人看路。"
    )
    answer_part(
        actor=water, case_id=case_id, part_id=parts["SL"], result="done", words="出水口已疏通，坡度够。"
    )
    supervise_case(
        actor=village.actor("沈志远"), case_id=case_id, colour="yellow", words="下雨前要通，每天报一次"
    )


def _people(village: Village) -> None:
    village.officer("陈德明")
    village.officer("张玉兰", area=village.sibling)
    village.officer("王长河", duty="grid_lead")
    village.officer("周立新", duty="town_clerk")
    village.officer("沈志远", duty="supervisor")
    village.officer("何静", duty="hotline")
    village.officer("许明", duty="district_admin")
    village.officer("新来的", duty="district_admin")
    _departments(village)
    describe_area(
        actor=village.house,
        area=NewArea(village.code, "孙岗村", lead_name="陈德明", lead_phone="13800006021"),
    )
    describe_area(
        actor=village.house,
        area=NewArea(
            village.grid, "孙岗村一网格", households=60, lead_name="王长河", lead_phone="13800002207"
        ),
    )
    today = date.today()
    arrange_stand_in(
        actor=village.actor("陈德明"),
        post_id=village.posts["陈德明"].id,
        user_id=village.user_id("王长河"),
        first=today,
        last=today,
    )
    set_password(actor=village.house, user_id=village.user_id("陈德明"), password=PASSWORD)


def _departments(village: Village) -> None:
    """Two departments with their people, and a duty list that names whose the roads are."""
    found_unit(actor=village.house, unit=NewUnit("SL", "区水利局", "department", village.county))
    village.officer("李公路", duty="department", unit="JT")
    village.officer("孙水利", duty="department", unit="SL")
    rules = default_rules(SINCE, "SY", ({"name": "12388", "value": "12388"},))
    line = {
        "code": "jt-road",
        "unit": "JT",
        "category": "road",
        "name": "农村公路养护",
        "basis": "公路法第八条",
    }
    adopt_rules(actor=village.house, rules=replace(rules, duties=(line,)))


def _cookies(shown: Shown, phone: str) -> None:
    village = shown.village
    named = {
        "secretary": "陈德明",
        "calm-secretary": "张玉兰",
        "town": "周立新",
        "supervisor": "沈志远",
        "department": "李公路",
        "hotline": "何静",
        "admin": "许明",
        "newcomer": "新来的",
        "rung": "马书记",
    }
    for who, name in named.items():
        shown.cookies[who] = {
            "wushi": staff_token(village, name, second=who == "admin"),
            "village": village.code,
        }
    person = note_person(actor=village.house, person=NewPerson(phone=phone))
    begun = open_sign_in(actor=Actor(f"person:{person.id}", village.county), person_id=person.id)
    shown.cookies["resident"] = {"wushi": begun.token, "village": village.code}
    shown.cookies["daughter"] = _daughter(village, phone)
    shown.cookies["calm"] = {"village": village.sibling}
    shown.cookies["stranger"] = {}


def _daughter(village: Village, phone: str) -> dict[str, str]:
    """Somebody who lives elsewhere, and whom the village noted as following the resident."""
    hers = f"137{village.county}02"
    new = NewBond(hers, phone, village.code, "word", "妈妈")
    bond = tie_bond_for(actor=village.actor("陈德明"), new=new)
    actor = Actor(f"person:{bond.follower_id}", village.county)
    return {
        "wushi": open_sign_in(actor=actor, person_id=bond.follower_id).token,
        "village": village.code,
    }


def staff_token(village: Village, name: str, *, second: bool = False) -> str:
    """A sign-in; the administrator's with its second factor shown for real."""
    import pyotp

    from wushi.domain.accounts.services import confirm_totp, enrol_totp

    user = village.people[name]
    actor: Any = Actor(f"user:{user.id}", village.county)
    begun = open_sign_in(actor=actor, user_id=user.id)
    if second:
        confirm_totp(actor=actor, sign_in_id=begun.row.id, code=pyotp.TOTP(enrol_totp(actor=actor)).now())
    return begun.token
