"""Every route of the pages and the API x every kind of user x {own, sibling, parent, other county}: declared answers only.

The routes are read from the URL configuration; one that this page does not know how to call fails the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from tests.house.test_03_guards import NO_ACCESS, operations, routes
from tests.village import Village
from tests.web.people import SEES, STAFF, resident_client, staff_client, visitor
from wushi.domain.cases.models import Case
from wushi.domain.cases.services import claim_case

_other = count(980001)
RELATIONS = ("own", "sibling", "parent", "other")
SLUGS = ("accept", "claim", "assign", "return", "decline", "handle", "close", "reopen", "words", "official")
# What a verb's page or press may answer where the case exists for him: its form, done, refused.
WITHIN = {200, 302, 303, 403, 405, 409, 422}


@dataclass
class World:
    """Two counties, a case in each place, and everybody's browser."""

    village: Village
    cases: dict[str, Case]
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
    return World(village, cases, clients)


def page_routes() -> list[tuple[str, Any]]:
    """(pattern, access) of every page."""
    return [
        (where, view.access)
        for where, view in routes()
        if where not in NO_ACCESS and not where.startswith("api/v1/")
    ]


def addresses(pattern: str, world: World, where: str) -> Iterator[str]:
    """Concrete addresses of a pattern for the case in one place; KeyError for a pattern nobody taught us."""
    case = world.cases[where]
    code = case.grid or case.village
    values = {
        "^d/(?P<code>[0-9]{12}(?:[0-9]{3})?)/$": [f"d/{code}/"],
        "^r/(?P<code>[^/]+)/appeal/(?P<level>town|district)/$": [f"r/{case.receipt}/appeal/town/"],
    }
    if pattern in values:
        yield from ("/" + v for v in values[pattern])
    elif "(?P<slug>" in pattern:
        yield from (f"/work/cases/{case.id}/{slug}/" for slug in SLUGS)
    elif pattern.startswith("^"):
        raise KeyError(pattern)
    else:
        address = pattern.replace("<str:code>", case.receipt).replace("<uuid:case_id>", str(case.id))
        address = address.replace("<uuid:photo_id>", str(uuid4())).replace("<uuid:post_id>", str(uuid4()))
        if "<" in address:
            raise KeyError(pattern)
        yield "/" + address


def declared(access: Any, pattern: str, who: str, where: str, method: str) -> set[int]:
    """The answers a route may give."""
    if access.kind == "public":
        return {200, 302, 303, 400, 403, 404, 405, 409, 422}
    if access.kind == "receipt":
        return {404} if "photo" in pattern else {200, 302, 303, 405, 409, 422}
    if access.kind == "resident":
        return {200, 405} if who == "resident" else {302, 403, 405}
    if who in {"anonymous", "resident"}:
        return {302, 403, 405}
    if access.kind == "sign_in":
        return {200, 302, 303, 403, 405, 422}
    if who not in {str(d) for d in access.duties}:
        return {403, 405}
    if "case_id" in pattern:
        if where not in SEES[who]:
            return {404, 405}
        return {404, 405} if "photo" in pattern else WITHIN
    if "post_id" in pattern:
        return {403, 404, 405, 422}
    return {200, 302, 303, 405, 422}


def test_every_route_is_known(world: World) -> None:
    found = page_routes()
    assert len(found) > 30
    for pattern, _ in found:
        assert list(addresses(pattern, world, "own"))


@pytest.mark.parametrize("who", [*STAFF, "resident", "anonymous"])
def test_reading_gives_declared_answers_only(world: World, who: str) -> None:
    wrong = []
    for pattern, access in page_routes():
        for where in RELATIONS if "<" in pattern else ("own",):
            for address in addresses(pattern, world, where):
                answer = world.clients[who].get(address)
                if answer.status_code not in declared(access, pattern, who, where, "GET"):
                    wrong.append(f"{who} GET {where} {address}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("who", [*STAFF, "resident", "anonymous"])
def test_pressing_gives_declared_answers_only_and_strangers_change_nothing(world: World, who: str) -> None:
    wrong = []
    before = {
        where: world.village.again(case).step for where, case in world.cases.items() if where != "other"
    }
    for pattern, access in page_routes():
        if access.kind != "staff" or "<" not in pattern:
            continue
        for where in RELATIONS:
            if where in SEES.get(who, set()):
                continue
            for address in addresses(pattern, world, where):
                answer = world.clients[who].post(address, {"words": "x", "outcome": "resolved"})
                if answer.status_code not in declared(access, pattern, who, where, "POST"):
                    wrong.append(f"{who} POST {where} {address}: {answer.status_code}")
    assert wrong == []
    unseen = [w for w in before if w not in SEES.get(who, set())]
    assert {w: world.village.again(world.cases[w]).step for w in unseen} == {w: before[w] for w in unseen}


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
    known = {
        "POST api/v1/cases",
        "GET api/v1/cases/{receipt_code}",
        "GET api/v1/areas/at",
        "GET api/v1/areas/{code}",
    }
    assert {where for where, _ in operations()} == known
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
