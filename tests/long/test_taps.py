"""How many taps and keys each journey takes, counted from the browser's own input events and held to the limits.

``make taps`` writes what was counted into docs/EXPERIENCE.md; the ordinary run fails when that table is no longer true.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD
from tests.village import Village
from wushi.domain.accounts.services import set_password
from wushi.domain.cases.services import return_case

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "EXPERIENCE.md"
BEGIN, END = "<!-- taps: begin -->", "<!-- taps: end -->"
# Trusted events only: what a person's finger or keyboard does. A tap into a field and the keys typed there are that field.
COUNTER = """
const isField = (node) => node.matches?.("textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=submit])")
  || node.closest?.("label")?.control?.matches?.("textarea, input[type=text]");
addEventListener("pointerdown", (e) => { if (e.isTrusted && !isField(e.target)) count("tap", ""); }, true);
addEventListener("keydown", (e) => {
  if (e.isTrusted && (!isField(e.target) || e.key === "Enter" || e.key === "Tab")) count("key", e.key);
}, true);
addEventListener("input", (e) => { if (e.isTrusted && isField(e.target)) count("field", e.target.name || e.target.id); }, true);
"""


@dataclass
class Counted:
    """What one journey took."""

    taps: int = 0
    keys: list[str] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)

    def note(self, kind: str, what: str) -> None:
        """One event."""
        if kind == "tap":
            self.taps += 1
        elif kind == "key":
            self.keys.append(what)
        else:
            self.fields.add(what)

    @property
    def said(self) -> str:
        """As the table says it; a row of one kind is named once."""
        parts = [f"{self.taps} tap{'s' * (self.taps != 1)}"] if self.taps else []
        parts += [f"{len(self.keys)} key{'s' * (len(self.keys) != 1)}"] if self.keys else []
        parts += [f"{len(self.fields)} field{'s' * (len(self.fields) != 1)}"] if self.fields else []
        return " + ".join(parts) or "nothing"


@dataclass(frozen=True)
class Journey:
    """A row of the table: who does what, at most so much, and how it is done."""

    name: str
    limit: str
    taps: int
    keys: int
    fields: int
    walk: Callable[[Any], Counted]


class Stage:
    """A village, devices, and the counting of what is pressed from a moment on."""

    def __init__(self, village: Village, screens: Any) -> None:
        self.village, self.screens = village, screens

    def device(self, *, width: int = 360) -> tuple[Page, Counted]:
        """A device that counts; what was pressed while signing in is forgotten by the caller."""
        screen, counted = self.screens(width=width, has_touch=width < 600), Counted()
        screen.context.expose_function("count", counted.note)
        screen.context.add_init_script(COUNTER)
        screen.cookie("village", self.village.code)
        return screen.page, counted

    def staff(self, name: str, duty: str, *, width: int = 360) -> tuple[Page, Counted]:
        """A device of somebody who is signed in, at the list."""
        self.village.officer(name, duty=duty)
        set_password(actor=self.village.house, user_id=self.village.user_id(name), password=PASSWORD)
        page, counted = self.device(width=width)
        page.goto("/work/sign-in/")
        page.fill("input[name=username]", f"{name}-{self.village.county}")
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/work/**")
        settle(page, counted)
        return page, counted


def settle(page: Page, counted: Counted) -> None:
    """Everything before this moment does not count."""
    page.wait_for_load_state("load")
    page.wait_for_timeout(200)
    counted.__init__()  # type: ignore[misc]


def typed(page: Page, selector: str, text: str) -> None:
    """As a finger does it: into the field, then the letters."""
    page.locator(selector).click()
    page.keyboard.type(text)


def report(stage: Stage) -> Counted:
    page, counted = stage.device()
    page.goto(f"/d/{stage.village.grid}/")
    settle(page, counted)
    typed(page, "[name=text]", "井边路灯不亮")
    page.locator("label:has([name=about_official][value=no])").click()
    page.locator(".bottom button").click()
    page.wait_for_url("**/report/done/**")
    return counted


def follow(stage: Stage) -> Counted:
    case = stage.village.case()
    page, counted = stage.device()
    page.goto(f"/report/done/{case.receipt}/")
    settle(page, counted)
    page.locator(f"a.primary[href='/r/{case.receipt}/']").click()
    expect(page.locator("ol.step")).to_be_visible()
    return counted


def follow_by_code(stage: Stage) -> Counted:
    case = stage.village.case()
    page, counted = stage.device()
    page.goto("/")
    settle(page, counted)
    page.locator(".act a[href='/track/']").click()
    typed(page, "[name=code]", case.receipt)
    page.keyboard.press("Enter")
    expect(page.locator("ol.step")).to_be_visible()
    return counted


def record(stage: Stage) -> Counted:
    page, counted = stage.staff("王网格", "grid_worker")
    page.locator("nav.tabs a[href='/work/new/']").click()
    typed(page, "[name=text]", "王奶奶家水管漏水")
    typed(page, "[name=name]", "王秀兰")
    typed(page, "[name=phone]", "13812345678")
    page.locator("label:has([name=about_official][value=no])").click()
    page.locator(".actions .primary").click()
    page.wait_for_url(lambda url: "/work/new/" not in url)
    return counted


def assign(stage: Stage) -> Counted:
    village = stage.village
    for n in range(2):
        case = village.case(f"{n} 号桥断了", category="road")
        return_case(actor=village.actor("陈书记"), case_id=case.id, reason_code="not_our_duty")
    page, counted = stage.staff("钱分流", "town_clerk", width=1440)
    page.keyboard.press("j")
    expect(page.locator("[data-assign]")).to_be_visible()
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    page.wait_for_timeout(1500)
    assert "assigned" in states(village)
    return counted


def states(village: Village) -> list[str]:
    """The states of all its matters."""
    from wushi.domain.cases.models import Case
    from wushi.kernel.verb import reading

    with reading(village.house):
        return list(Case.objects.filter(county=village.county).values_list("state", flat=True))


def find(stage: Stage) -> Counted:
    case = stage.village.case("很久以前的一件事")
    page, counted = stage.staff("李查找", "secretary", width=1440)
    page.goto("/work/?list=overdue")
    settle(page, counted)
    page.keyboard.press("/")
    page.keyboard.type(case.number)
    page.keyboard.press("Enter")
    expect(page.locator(f"a[href*='{case.id}']").first).to_be_attached()
    return counted


def claim(stage: Stage) -> Counted:
    case = stage.village.case("井盖松了")
    page, counted = stage.staff("陈签收", "secretary")
    page.locator(
        f"form[action*='{case.id}/claim'] button, button[formaction*='{case.id}/claim']"
    ).first.click()
    page.wait_for_timeout(700)
    assert stage.village.again(case).state == "working"
    return counted


def handle(stage: Stage) -> Counted:
    from wushi.domain.cases.services import claim_case

    case = stage.village.case("井盖又松了")
    page, counted = stage.staff("陈办结", "secretary")
    claim_case(actor=stage.village.actor("陈办结"), case_id=case.id)
    page.goto(f"/work/cases/{case.id}/")
    settle(page, counted)
    page.locator(".verbs a[href$='/handle/'], .verbs [formaction$='/handle/']").first.click()
    page.locator("label:has([name=outcome][value=resolved])").click()
    typed(page, "[name=words]", "换了新井盖")
    page.locator(".actions .primary, .bottom .primary").first.click()
    page.wait_for_timeout(700)
    assert stage.village.again(case).state == "handled"
    return counted


def agree(stage: Stage) -> Counted:
    from wushi.domain.cases.services import claim_case, handle_case

    village = stage.village
    case, secretary = village.case("井盖响"), village.actor("陈书记")
    claim_case(actor=secretary, case_id=case.id)
    handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="换了")
    page, counted = stage.device()
    page.goto(f"/r/{case.receipt}/")
    settle(page, counted)
    page.locator("form[action$='/confirm/'] button, [formaction$='/confirm/']").first.click()
    page.wait_for_timeout(700)
    assert village.again(case).state == "closed"
    return counted


def call_secretary(stage: Stage) -> Counted:
    page, counted = stage.device()
    page.goto("/")
    settle(page, counted)
    page.locator(".act a[href='/call/']").click()
    page.locator("button[name=urgency][value=emergency]").click()
    page.wait_for_url("**/call/*/")
    return counted


def ringing(stage: Stage, name: str) -> tuple[Page, Counted, Any]:
    """Somebody calls while the secretary's page is open."""
    from wushi.domain.calls.services import Calling, open_call

    page, counted = stage.staff(name, "secretary")
    calling = Calling(key=str(uuid4()), area_code=stage.village.grid, urgency="emergency")
    call = open_call(actor=stage.village.resident(), calling=calling)
    expect(page.locator("dialog[data-ring][open]")).to_be_visible()
    settle(page, counted)
    return page, counted, call


def acknowledge(stage: Stage) -> Counted:
    page, counted, call = ringing(stage, "陈接警")
    page.locator(f"form[action='/work/calls/{call.id}/acknowledge/'] button").click()
    page.wait_for_url(f"**/work/calls/{call.id}/")
    return counted


def arrive(stage: Stage) -> Counted:
    from wushi.domain.calls.services import acknowledge_call

    page, counted, call = ringing(stage, "陈到场")
    acknowledge_call(actor=stage.village.actor("陈到场"), call_id=call.id)
    page.goto(f"/work/calls/{call.id}/")
    settle(page, counted)
    page.locator(f".callnext form[action='/work/calls/{call.id}/arrive/'] button").click()
    expect(page.locator("[name=finding]").first).to_be_attached()
    return counted


def end(stage: Stage) -> Counted:
    from wushi.domain.calls.services import arrive_at_call

    page, counted, call = ringing(stage, "陈结束")
    arrive_at_call(actor=stage.village.actor("陈结束"), call_id=call.id)
    page.goto(f"/work/calls/{call.id}/")
    settle(page, counted)
    page.locator("label:has([name=finding][value=helped])").click()
    page.locator(f"form[action='/work/calls/{call.id}/end/'] .primary").click()
    expect(page.locator("[name=finding]")).to_have_count(0)
    return counted


JOURNEYS = (
    Journey(
        "Resident calls the secretary from the home page", "1 tap + 1 to confirm", 2, 0, 0, call_secretary
    ),
    Journey("Secretary answers a call", "1 tap", 1, 0, 0, acknowledge),
    Journey("Secretary says that he has arrived", "1 tap", 1, 0, 0, arrive),
    Journey("Secretary ends a call", "2 taps", 2, 0, 0, end),
    Journey("Resident reports something, scanned the code on the door", "2 taps + 1 field", 2, 0, 1, report),
    Journey("Resident sees what became of it, with the receipt in hand", "1 tap", 1, 0, 0, follow),
    Journey(
        "The same from the home page, typing the receipt code", "2 taps + 1 field", 1, 1, 1, follow_by_code
    ),
    Journey("Resident says it is right", "1 tap", 1, 0, 0, agree),
    Journey("Grid worker records a request for someone", "3 fields, 30 s", 3, 0, 3, record),
    Journey("Secretary signs for a request in the list", "1 tap", 1, 0, 0, claim),
    Journey("Secretary says what became of it", "3 taps + 1 field", 3, 0, 1, handle),
    Journey("Town officer assigns the next request in the list", "2 keys", 0, 2, 0, assign),
    Journey("Anyone finds a request by number, whatever list is open", "type it anywhere", 0, 2, 1, find),
)


def table(rows: list[tuple[str, str, str]]) -> str:
    """As it stands in the document."""
    lines = ["| who does what | at most | counted |", "|---|---|---|"]
    lines += [f"| {name} | {limit} | {said} |" for name, limit, said in rows]
    return "\n".join(lines)


def test_no_journey_takes_more_than_it_may(lived: Village, screens: Any) -> None:
    stage, rows = Stage(lived, screens), []
    for journey in JOURNEYS:
        began, counted = time.monotonic(), journey.walk(stage)
        print(
            f"{journey.name}: {counted.said} {counted.keys} {counted.fields} ({time.monotonic() - began:.1f} s)"
        )
        rows.append((journey.name, journey.limit, counted.said))
        within = (
            counted.taps <= journey.taps
            and len(counted.keys) <= journey.keys
            and len(counted.fields) <= journey.fields
        )
        assert within, f"{journey.name}: {counted.said}, at most {journey.limit}"
        assert counted.taps or counted.keys, "nothing was counted"
    text = DOCUMENT.read_text()
    before, rest = text.split(BEGIN)
    written, after = rest.split(END)
    if os.environ.get("WUSHI_TAPS_WRITE"):
        DOCUMENT.write_text(f"{before}{BEGIN}\n{table(rows)}\n{END}{after}")
        return
    assert written.strip() == table(rows), "make taps writes the table anew"


def test_a_tap_too_many_is_counted(lived: Village, screens: Any) -> None:
    page, counted = Stage(lived, screens).device()
    page.goto("/")
    settle(page, counted)
    page.locator(".act a[href='/track/']").click()
    page.wait_for_url("**/track/")
    page.locator("h1").click()
    page.evaluate("document.querySelector('h1').click()")  # no finger did that
    page.wait_for_timeout(100)
    assert counted.taps == 2


@pytest.mark.parametrize("elder", ["", "26"])
def test_large_text_costs_no_tap_more(lived: Village, screens: Any, elder: str) -> None:
    page, counted = Stage(lived, screens).device()
    page.goto("/")
    if elder:
        page.context.add_cookies([{"name": "elder", "value": elder, "url": page.url}])
    page.goto(f"/d/{lived.grid}/")
    settle(page, counted)
    typed(page, "[name=text]", "路灯不亮")
    page.locator("label:has([name=about_official][value=no])").click()
    page.locator(".bottom button").click()
    page.wait_for_url("**/report/done/**")
    assert (counted.taps, len(counted.fields)) == (2, 1)
