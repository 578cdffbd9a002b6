"""The main journeys by keyboard alone: order, visible focus, names, announcements. Every page at 200 % is in tests/long."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD
from tests.village import Village
from wushi.domain.accounts.services import set_password
from wushi.domain.cases.services import claim_case, handle_case

FAR = 60
# What is focused: what a screen reader would call it, where it is, whether the eye can find it.
FOCUSED = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const box = node.getBoundingClientRect();
  const host = node.matches("input[type=radio], input[type=checkbox]") ? node.closest("label") ?? node : node;
  const ring = (each) => getComputedStyle(each).outlineStyle !== "none" && parseFloat(getComputedStyle(each).outlineWidth) >= 2;
  return {
    tag: node.tagName, name: node.getAttribute("name") ?? "", value: node.value ?? "", href: node.getAttribute("href") ?? "",
    formaction: node.getAttribute("formaction") ?? "", cls: node.className.toString(),
    ring: ring(node) || ring(host) || [...host.querySelectorAll("*")].some(ring),
    seen: box.bottom > 0 && box.top < innerHeight,
  };
}"""


def named(page: Page) -> tuple[str, str]:
    """Role and name of what is focused, from the accessibility tree itself."""
    session = page.context.new_cdp_session(page)
    try:
        session.send("Accessibility.enable")
        # activeElement's backend id, then its node in the tree
        found = session.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]
        node = session.send(
            "Accessibility.getPartialAXTree", {"objectId": found["objectId"], "fetchRelatives": False}
        )
        first = node["nodes"][0]
        return first["role"]["value"], first.get("name", {}).get("value", "")
    finally:
        session.detach()


def walk_to(page: Page, wanted: Any, *, key: str = "Tab") -> dict[str, Any]:
    """Press Tab until the wanted thing is focused; each stop must be visible, ringed and named."""
    for _ in range(FAR):
        page.keyboard.press(key)
        now = page.evaluate(FOCUSED)
        if now is None:
            continue
        role, name = named(page)
        assert name.strip(), f"nameless {role}: {now}"
        assert now["ring"], f"no visible focus: {now}"
        assert now["seen"], f"focus out of sight: {now}"
        if wanted(now):
            return dict(now)
    raise AssertionError("not reached by the keyboard")


def after_in_page(page: Page, *selectors: str) -> None:
    """The order of the page is the order of these."""
    order = page.evaluate(
        """(all) => all.map((s) => [...document.querySelectorAll("a, button, input, textarea, select, summary")]
          .indexOf(document.querySelector(s)))""",
        list(selectors),
    )
    assert -1 not in order and order == sorted(order), dict(zip(selectors, order, strict=True))


def is_field(name: str, value: str = "") -> Any:
    """The field of this name."""
    return lambda now: now["name"] == name and (not value or now["value"] == value)


def test_somebody_reports_without_a_finger_or_mouse(lived: Village, screens: Any) -> None:
    screen = screens()
    page = screen.page
    page.goto(f"/d/{lived.grid}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    after_in_page(page, "[name=text]", "[name=urgency]", "[name=about_official]", ".bottom button")
    walk_to(page, is_field("text"))
    walk_to(page, lambda now: "primary" in now["cls"])
    page.keyboard.press("Enter")
    # what is missing is said at once, and tied to its field
    alert = page.get_by_role("alert").filter(visible=True).first
    expect(alert).to_be_visible()
    described = page.locator("[name=text]").get_attribute("aria-describedby") or ""
    assert page.locator("[name=text]").get_attribute("aria-invalid") == "true"
    assert any(page.locator(f"#{part}[role=alert]").count() for part in described.split())
    walk_to(page, is_field("text"))
    page.keyboard.type("井边路灯不亮")
    walk_to(page, is_field("about_official"))
    page.keyboard.press("ArrowRight")
    if page.evaluate("document.activeElement.value") != "no":
        page.keyboard.press("ArrowRight")
    assert page.locator("[name=about_official]:checked").get_attribute("value") == "no"
    walk_to(page, lambda now: "primary" in now["cls"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/report/done/**")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_somebody_follows_and_rates_by_the_keyboard(lived: Village, screens: Any) -> None:
    case, secretary = lived.case("井盖响"), lived.actor("陈书记")
    claim_case(actor=secretary, case_id=case.id)
    handle_case(actor=secretary, case_id=case.id, outcome="resolved", words="换了")
    page = screens().page
    page.goto("/track/")
    walk_to(page, is_field("code"))
    page.keyboard.type("0" * 18)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(visible=True).first).to_be_visible()
    page.locator("[name=code]").fill("")
    walk_to(page, is_field("code"))
    page.keyboard.type(case.receipt.lower())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/r/{case.receipt}/")
    step = page.locator("ol.step [aria-current=step]")
    expect(step).to_have_count(1)
    walk_to(page, lambda now: now["tag"] == "BUTTON" and "confirm" in confirm_of(page))
    page.keyboard.press("Enter")
    page.wait_for_timeout(800)
    assert lived.again(case).state == "closed"


def confirm_of(page: Page) -> str:
    """Where the focused button sends its form."""
    return str(
        page.evaluate(
            "(document.activeElement.getAttribute('formaction') ?? document.activeElement.form?.getAttribute('action')) ?? ''"
        )
    )


def test_a_secretary_claims_and_handles_by_the_keyboard(lived: Village, screens: Any) -> None:
    case = lived.case("井盖松了")
    screen = screens()
    screen.sign_in(f"陈书记-{lived.county}")
    page = screen.page
    walk_to(page, lambda now: now["formaction"].endswith(f"{case.id}/claim/"))
    page.keyboard.press("Enter")
    page.wait_for_timeout(800)
    assert lived.again(case).state == "working"
    page.goto(f"/work/cases/{case.id}/")
    walk_to(page, lambda now: now["href"].endswith("/handle/"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/handle/")
    walk_to(page, is_field("outcome"))
    page.keyboard.press("Space")
    walk_to(page, is_field("words"))
    page.keyboard.type("换了新井盖")
    walk_to(page, lambda now: "primary" in now["cls"] and now["tag"] == "BUTTON")
    page.keyboard.press("Enter")
    page.wait_for_timeout(800)
    assert lived.again(case).state == "handled"


def test_what_comes_in_is_announced_not_only_shown(lived: Village, screens: Any) -> None:
    set_password(actor=lived.house, user_id=lived.user_id("陈书记"), password=PASSWORD)
    screen = screens()
    screen.cookie("village", lived.code)
    screen.page.goto("/")
    assert screen.page.locator(".hero").get_attribute("aria-live") == "polite"
    for path in ("/", "/track/", "/help/"):
        screen.page.goto(path)
        assert screen.page.locator("h1").count() == 1, path
        assert screen.page.locator("main").count() == 1, path


# Words of a control or a heading that its own box cuts off, and what sticks out of the page.
