"""Every route of the pages and the API x every kind of user x {own, sibling, parent, other county}: declared answers only.

The routes are read from the URL configuration; one that ``declared.py`` does not know fails the test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.house.test_03_guards import NO_ACCESS, operations, routes
from tests.village import Village
from tests.web import declared
from tests.web.people import SEES, STAFF, client_of, resident_client, staff_client, visitor
from wushi.domain.accounts.models import Post
from wushi.domain.cases.models import Case
from wushi.domain.cases.services import claim_case
from wushi.edge.viewer import COOKIE

_other = count(980001)
# whom make test walks; everybody else is walked by tests/long/test_matrix_whole.py
OFTEN = ("secretary", "grid_worker", "town_clerk", "supervisor", "department", "resident", "anonymous")
RELATIONS = ("own", "sibling", "parent", "other")
EVERYBODY = [*STAFF, "resident", "anonymous"]
SENT = {"sent": "1"}
OF_POST = "work/staff/<uuid:post_id>/"


@dataclass
class World:
    """Two counties, a case and a post in each place, and everybody's browser."""

    village: Village
    cases: dict[str, Case]
    posts: dict[str, Post]
    clients: dict[str, Client]


@pytest.fixture(scope="module")
def world() -> World:
    village, far = Village.founded(str(next(_other))), Village.founded(str(next(_other)))
    places = {"own": village.grid, "sibling": village.sibling, "parent": f"{village.other_town}201"}
    cases = {where: village.case("路灯不亮", area_code=code) for where, code in places.items()}
    cases["other"] = far.case("路灯不亮", area_code=far.grid)
    clients = {duty: staff_client(village, duty) for duty in STAFF}
    clients["resident"] = resident_client(village, "13800000001")
    clients["anonymous"] = visitor(village)
    posts = {where: post_in(village, far, where) for where in RELATIONS}
    return World(village, cases, posts, clients)


def post_in(village: Village, far: Village, where: str) -> Post:
    """A fresh post of somebody of whom no browser is open."""
    county, duty, area = {
        "own": (village, "grid_worker", village.grid),
        "sibling": (village, "grid_worker", f"{village.sibling}001"),
        "parent": (village, "deputy", f"{village.other_town}201"),
        "other": (far, "deputy", far.code),
    }[where]
    name = f"岗{uuid4().hex[:8]}"
    county.officer(name, duty=duty, area=area)
    return county.posts[name]


def page_routes() -> list[tuple[str, Any]]:
    """(pattern, access) of every page."""
    return [
        (where, view.access)
        for where, view in routes()
        if where not in NO_ACCESS and not where.startswith("api/v1/")
    ]


def without_rows() -> list[tuple[str, Any]]:
    """The routes that name no matter and no post."""
    known = {**declared.PUBLIC, **declared.STAFF_ROUTES, **declared.RESIDENT}
    return [(pattern, access) for pattern, access in page_routes() if pattern in known]


def filled(pattern: str, world: World, case: Case) -> str:
    """The address of a route for a case; KeyError for a pattern nobody taught us."""
    known = {
        "^d/(?P<code>[0-9]{12}(?:[0-9]{3})?)/$": f"d/{world.village.grid}/",
        "^d/(?P<code>[0-9]{6}[0-9A-Za-z]{10})/$": f"d/{case.county}ABCDEFGHJK/",
        f"^work/paper/cards/{declared.AREA}\\.pdf$": f"work/paper/cards/{world.village.grid}.pdf",
        f"^work/paper/notice/{declared.AREA}\\.pdf$": f"work/paper/notice/{world.village.grid}.pdf",
        "^r/(?P<code>[^/]+)/appeal/(?P<level>town|district)/$": f"r/{case.receipt}/appeal/town/",
    }
    address = known.get(pattern) or pattern.replace("<str:code>", case.receipt)
    address = address.replace("<str:county>", case.county).replace("<str:gateway>", "nowhere")
    address = address.replace("<uuid:photo_id>", str(uuid4())).replace("<uuid:case_id>", str(case.id))
    for name in (
        "flag_id",
        "recording_id",
        "notice_id",
        "delivery_id",
        "browser_id",
        "bond_id",
        "matter_id",
        "batch_id",
        "call_id",
        "watch_id",
        "device_id",
        "errand_id",
        "gateway_id",
    ):
        address = address.replace(f"<uuid:{name}>", str(uuid4()))
    address = address.replace("<uuid:filter_id>", str(uuid4()))
    if "<" in address:
        raise KeyError(pattern)
    return f"/{address}"


def answer_of(access: Any, pattern: str, who: str, method: str) -> int:
    """The one answer of a route without a row, or of a receipt's."""
    at = 1 if method == "POST" else 0
    if who in STAFF and pattern in declared.OF_RESIDENT_ALONE and at:
        return 403
    if access.kind in {"public", "receipt"}:
        return (declared.PUBLIC if access.kind == "public" else declared.RECEIPT)[pattern][at]
    if access.kind == "resident":
        own = declared.RESIDENT[pattern][at]
        return own if own == 405 or who == "resident" else 403 if at else 302
    plain = declared.STAFF_ROUTES[pattern][at]
    if plain == 405:
        return 405
    if who in {"resident", "anonymous"}:
        return 403 if at else 302
    return 403 if access.kind == "staff" and who not in {str(d) for d in access.duties} else plain


def test_every_route_is_declared() -> None:
    found = {pattern for pattern, _ in page_routes()}
    rows = {p for p in found if "case_id>" in p or "post_id>" in p}
    known = {
        *declared.PUBLIC,
        *declared.STAFF_ROUTES,
        *declared.RECEIPT,
        *declared.SIGNING_OUT,
        *declared.RESIDENT,
    }
    assert found - rows == known
    assert rows == {
        "work/cases/<uuid:case_id>/",
        "work/cases/<uuid:case_id>/photo/<uuid:photo_id>/",
        "work/cases/<uuid:case_id>/voice/<uuid:recording_id>/",
        "work/cases/<uuid:case_id>/paper.pdf",
        f"^work/cases/(?P<case_id>[0-9a-f-]{{36}})/(?P<slug>{'|'.join(declared.SLUGS)})/$",
        *(OF_POST + end for end in ("password/", "totp/", "end/", "stand-in/")),
    }


@pytest.mark.parametrize("who", OFTEN)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_routes_without_a_row_give_the_declared_answer(world: World, who: str, method: str) -> None:
    wrong = []
    for pattern, access in without_rows():
        address, client = filled(pattern, world, world.cases["own"]), world.clients[who]
        answer = client.post(address, SENT) if method == "POST" else client.get(address)
        expected = answer_of(access, pattern, who, method)
        if answer.status_code != expected:
            wrong.append(f"{who} {method} {address}: {answer.status_code}, not {expected}")
    assert wrong == []


@pytest.mark.parametrize("who", OFTEN)
def test_a_receipt_opens_its_own_matter_for_whoever_holds_it(world: World, who: str) -> None:
    wrong, client = [], world.clients[who]
    guess = f"{world.village.county}ABCDEFGHJKMN"
    for pattern, access in page_routes():
        if access.kind != "receipt":
            continue
        for method in ("GET", "POST"):
            address = filled(pattern, world, world.village.case())
            for place, expected in (
                (address, answer_of(access, pattern, who, method)),
                (re.sub(r"[0-9]{6}[0-9A-Z]{12}", guess, address), 404),
            ):
                answer = client.post(place, SENT) if method == "POST" else client.get(place)
                if answer.status_code not in {expected, 405 if expected == 404 else expected}:
                    wrong.append(f"{who} {method} {place}: {answer.status_code}, not {expected}")
    assert wrong == []


@pytest.mark.parametrize("who", OFTEN)
def test_reading_a_matter(world: World, who: str) -> None:
    wrong = []
    for where, case in world.cases.items():
        base, seen = f"/work/cases/{case.id}/", where in SEES.get(who, set())
        expected = {
            base: 200,
            f"{base}photo/{uuid4()}/": 404,
            f"{base}voice/{uuid4()}/": 404,
            f"{base}paper.pdf": 200,
        }
        expected |= {f"{base}{slug}/": status for slug, status in declared.opened(who).items()}
        for address, status in expected.items():
            wanted = 302 if who not in STAFF else status if seen else 404
            got = world.clients[who].get(address).status_code
            if got != wanted:
                wrong.append(f"{who} GET {where} {address}: {got}, not {wanted}")
    assert wrong == []


# everybody else presses in tests/long/test_matrix_whole.py
PRESSING = ("secretary", "grid_worker", "town_clerk", "resident")


def press_every_verb(world: World, who: str) -> None:
    """With all that a verb may want, and with nothing."""
    wrong = []
    for data, expected in (
        (declared.COMPLETE, declared.pressed(who)),
        (SENT, declared.pressed_empty(who)),
    ):
        case: Case | None = None
        for slug, status in expected.items():
            # what was refused is as it was, and serves for the next verb
            case = case or world.village.case("水渠堵了")
            tray = f"secretary|{world.village.sibling}|"
            whole = data is declared.COMPLETE
            full = {**data, "tray": tray, "key": str(uuid4())} if whole else data
            got = world.clients[who].post(f"/work/cases/{case.id}/{slug}/", full).status_code
            wanted = 403 if who not in STAFF else status if "own" in SEES[who] else 404
            stayed = world.village.again(case).step == case.step
            case = case if stayed else None
            if got != wanted or stayed == (wanted == 303):
                wrong.append(f"{who} POST {slug} {sorted(data)}: {got}, not {wanted}; stayed: {stayed}")
    assert wrong == []


@pytest.mark.parametrize("who", PRESSING)
def test_pressing_a_verb_where_one_sees_the_matter(world: World, who: str) -> None:
    press_every_verb(world, who)


@pytest.mark.parametrize("who", OFTEN)
def test_pressing_a_verb_where_one_does_not_see_the_matter_changes_nothing(world: World, who: str) -> None:
    wrong, unseen = [], [w for w in RELATIONS if w not in SEES.get(who, set())]
    steps = {w: world.village.again(world.cases[w]).step for w in unseen if w != "other"}
    for where in unseen:
        for slug in declared.SLUGS:
            got = world.clients[who].post(f"/work/cases/{world.cases[where].id}/{slug}/", declared.COMPLETE)
            if got.status_code != (404 if who in STAFF else 403):
                wrong.append(f"{who} POST {where} {slug}: {got.status_code}")
    assert wrong == []
    assert {w: world.village.again(world.cases[w]).step for w in steps} == steps


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_post_is_changed_by_the_administrator_and_lent_by_those_above_it(world: World, who: str) -> None:
    wrong, client = [], world.clients[who]
    for where, post in world.posts.items():
        lent = declared.stand_in(who, where) if who in STAFF else 302
        expected = {"stand-in/": (lent, {200: 422, 302: 403}.get(lent, lent))}
        for end in ("password/", "totp/", "end/"):
            shown = (
                302
                if who not in STAFF
                else 403
                if who != "district_admin"
                else 404
                if where == "other"
                else 200
            )
            expected[end] = (shown, 403 if shown == 302 else shown)
        for end, (reading, pressing) in expected.items():
            got = client.get(f"/work/staff/{post.id}/{end}").status_code
            if got != reading:
                wrong.append(f"{who} GET {where} {end}: {got}, not {reading}")
            if end != "stand-in/" and pressing == 200:
                continue  # he may: the next test
            got = client.post(f"/work/staff/{post.id}/{end}", SENT).status_code
            if got != pressing:
                wrong.append(f"{who} POST {where} {end}: {got}, not {pressing}")
    assert wrong == []


def test_what_the_administrator_may_do_to_a_post_he_can_do(world: World) -> None:
    admin = world.clients["district_admin"]
    for where in ("own", "sibling", "parent"):
        post = post_in(world.village, world.village, where)
        assert admin.post(f"/work/staff/{post.id}/password/", SENT).status_code == 200
        assert admin.post(f"/work/staff/{post.id}/totp/", SENT).status_code == 303
        assert admin.post(f"/work/staff/{post.id}/end/", SENT).status_code == 303
        assert admin.get(f"/work/staff/{post.id}/end/").status_code == 404


def test_signing_out_sends_everybody_to_a_door(world: World) -> None:
    for who in STAFF:
        client = client_of(world.village, f"人-{who}")
        assert client.post("/work/sign-out/", SENT).status_code == 303
        assert client.get("/work/").status_code == 302
    assert world.clients["anonymous"].post("/sign-out/", SENT).status_code == 303
    assert world.clients["anonymous"].post("/work/sign-out/", SENT).status_code == 403
    assert resident_client(world.village, "13800000002").post("/sign-out/", SENT).status_code == 303
    for address in ("/sign-out/", "/work/sign-out/"):
        assert world.clients["anonymous"].get(address).status_code == 405


def test_a_name_in_a_list_or_search_is_never_from_elsewhere(world: World) -> None:
    for who in STAFF:
        for query in (
            "",
            "?list=area",
            "?list=overdue",
            "?list=watching",
            "?list=mine",
            "?list=tray",
            "?q=路灯",
        ):
            page = world.clients[who].get(f"/work/{query}").content.decode()
            for where, case in world.cases.items():
                if where not in SEES[who]:
                    assert case.number not in page and str(case.id) not in page, (who, where, query)
        for where, case in world.cases.items():
            found = str(case.id) in world.clients[who].get(f"/work/?q={case.number}").content.decode()
            assert found == (where in SEES[who]), (who, where)


def test_what_does_not_exist_and_what_one_may_not_see_answer_alike(world: World) -> None:
    secretary = world.clients["secretary"]
    hidden = secretary.get(f"/work/cases/{world.cases['sibling'].id}/")
    nothing = secretary.get(f"/work/cases/{UUID(int=1)}/")
    assert hidden.status_code == nothing.status_code == 404

    def masked(page: Any) -> str:
        text = page.content.decode().replace(page.headers["X-Request-Id"], "")
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
        return re.sub(r"/work/cases/[0-9a-f-]{36}/", "the address that was asked", text)

    assert masked(hidden) == masked(nothing)


def test_the_api_gives_declared_answers_only(world: World) -> None:
    assert {where for where, _ in operations()} == {*declared.API, *declared.API_STAFF}
    for who, client in world.clients.items():
        for where, case in world.cases.items():
            assert client.get(f"/api/v1/cases/{case.receipt}").status_code == 200, (who, where)
            for guess in (case.number, str(case.id), case.receipt[:-1]):
                assert client.get(f"/api/v1/cases/{guess}").status_code == 404
            assert client.get(f"/api/v1/areas/{case.village}").status_code == 200
            assert client.get("/api/v1/areas/000000").status_code == 404
        at = client.get(
            "/api/v1/areas/at", {"county": world.village.county, "longitude": 115.905, "latitude": 31.805}
        )
        assert at.json()["grid"] == world.village.grid


def test_a_press_in_ones_own_village_does_what_the_table_says(world: World) -> None:
    case = world.village.case("水渠堵了")
    client = world.clients["secretary"]
    assert client.post(f"/work/cases/{case.id}/claim/").status_code in {302, 303}
    assert world.village.again(case).state == "working"
    refused = client.post(f"/work/cases/{case.id}/assign/", {"tray": "secretary|x|"})
    assert refused.status_code in {403, 409, 422}
    other = world.village.case("井盖坏了")
    with pytest.raises(Exception, match="not_found"):
        claim_case(actor=world.village.officer("外村书记", area=world.village.sibling), case_id=other.id)


def test_the_staffs_api_answers_by_token_and_duty_alone(world: World) -> None:
    """Without a token 401 for everybody, whatever his browser keeps; with one as declared, and nothing of others exists."""
    duties = {where: {str(d) for d in view.access.duties} for where, view in operations()}
    for who, client in world.clients.items():
        cookie = client.cookies.get(COOKIE)
        bearer = {"Authorization": f"Bearer {cookie.value}"} if cookie else {}
        for where, plain in declared.API_STAFF.items():
            method, _sep, path = where.partition(" ")
            path = f"/{path}".replace("{call_id}", str(uuid4())).replace("{device_id}", str(uuid4()))
            ask = client.get if method == "GET" else client.post
            sent = {} if method == "GET" else {"data": declared.CALL_TOLD, "content_type": "application/json"}
            assert ask(path, **sent).status_code == 401, (who, where)
            expected = plain if who in duties[where] else 403 if who in STAFF else 401
            got = ask(path, **sent, headers=bearer).status_code
            assert got == expected, (who, where, got)
