"""A village in which something of everything is to be seen, and the browsers of those who look at it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from PIL import Image, ImageDraw

from tests.village import Village
from wushi.domain.accounts.services import arrange_stand_in, open_sign_in, set_password
from wushi.domain.areas.services import NewArea, describe_area
from wushi.domain.cases.models import Case
from wushi.domain.cases.services import (
    add_words,
    appeal_case,
    claim_case,
    confirm_case,
    handle_case,
    reopen_case,
    return_case,
)
from wushi.domain.files.pictures import cleaned
from wushi.domain.files.services import keep_photo
from wushi.domain.people.services import NewPerson, note_person
from wushi.kernel.actor import Actor

PASSWORD = "to-be-shown-9"


@dataclass
class Shown:
    """The village, its requests in every state, and cookies by kind of person."""

    village: Village
    waiting: Case
    working: Case
    handled: Case
    closed: Case
    returned: Case
    lead_post: UUID
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
    appeal_case(actor=village.holding(waiting), case_id=waiting.id, level="town", words="说了一周没人来")
    assert clerk
    shown = Shown(village, waiting, working, handled, closed, returned, village.posts["王长河"].id)
    _cookies(shown, me["phone"])
    return shown


def _people(village: Village) -> None:
    village.officer("陈德明")
    village.officer("张玉兰", area=village.sibling)
    village.officer("王长河", duty="grid_lead")
    village.officer("周立新", duty="town_clerk")
    village.officer("沈志远", duty="supervisor")
    village.officer("何静", duty="hotline")
    village.officer("许明", duty="district_admin")
    village.officer("新来的", duty="district_admin")
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


def _cookies(shown: Shown, phone: str) -> None:
    village = shown.village
    named = {
        "secretary": "陈德明",
        "calm-secretary": "张玉兰",
        "town": "周立新",
        "supervisor": "沈志远",
        "hotline": "何静",
        "admin": "许明",
        "newcomer": "新来的",
    }
    for who, name in named.items():
        shown.cookies[who] = {"wushi": _staff(village, name, second=who == "admin"), "village": village.code}
    person = note_person(actor=village.house, person=NewPerson(phone=phone))
    begun = open_sign_in(actor=Actor(f"person:{person.id}", village.county), person_id=person.id)
    shown.cookies["resident"] = {"wushi": begun.token, "village": village.code}
    shown.cookies["calm"] = {"village": village.sibling}
    shown.cookies["stranger"] = {}


def _staff(village: Village, name: str, *, second: bool) -> str:
    """A sign-in; the administrator's with its second factor shown for real."""
    import pyotp

    from wushi.domain.accounts.services import confirm_totp, enrol_totp

    user = village.people[name]
    actor: Any = Actor(f"user:{user.id}", village.county)
    begun = open_sign_in(actor=actor, user_id=user.id)
    if second:
        confirm_totp(actor=actor, sign_in_id=begun.row.id, code=pyotp.TOTP(enrol_totp(actor=actor)).now())
    return begun.token
