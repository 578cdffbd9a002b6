"""Anybody can type anything behind a question mark: no page answers with a fault of ours."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote
from uuid import UUID

import pytest

from tests.village import Village
from tests.web.people import client_of, staff_client, visitor

# page -> the names it reads, and who reads it
PAGES = {
    "/": ("anonymous", ()),
    "/places/": ("anonymous", ("q", "next")),
    "/report/": ("anonymous", ("at",)),
    "/report/official/": ("anonymous", ("at",)),
    "/sign-in/": ("anonymous", ("next",)),
    "/work/sign-in/": ("anonymous", ("next",)),
    "/work/": ("secretary", ("list", "q", "after")),
    "/work/new/": ("secretary", ("area",)),
    "/work/village/": ("district_admin", ("code",)),
    "/work/staff/": ("district_admin", ("who", "from")),
    "/work/staff/appoint/": ("district_admin", ("user", "area", "duty")),
    "/work/calendar/": ("district_admin", ("loaded",)),
}


def cursor(value: object) -> str:
    """A cursor as a liar would write it."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


ONE = str(UUID(int=1))
HOSTILE = [
    quote(text)
    for text in (
        "\x00",
        "路\x00灯",
        "²",
        "٣",
        "²" * 12,
        "99999999999999999999",
        "-1",
        "1e9",
        "' OR 1=1 --",
        "<script>",
        "%",
        "\u202e\u2066",
        "\r\nSet-Cookie: a=b",
        "x" * 3000,
        "//elsewhere.example",
        "á́́́́" * 20,
        cursor([5, 5]),
        cursor(["2026-01-01T00:00:00+08:00", 7]),
        cursor(["2026-01-01T00:00:00", ONE]),
        cursor(["0001-01-01T00:00:00+14:00", ONE]),
        cursor(["9999-12-31T23:59:59-12:00", ONE]),
        base64.urlsafe_b64encode(b"[" * 2000).decode(),
    )
] + ["%ED%A0%80", "%FF%FE", "%00%00"]


@pytest.mark.parametrize("page", sorted(PAGES))
def test_no_query_string_is_a_fault(village: Village, page: str) -> None:
    who, names = PAGES[page]
    client = visitor(village) if who == "anonymous" else staff_client(village, who)
    client.raise_request_exception = False
    wrong = []
    for name in names:
        for value in HOSTILE:
            for more in ("", "&list=area", "&q=路"):
                answer = client.get(f"{page}?{name}={value}{more}")
                if answer.status_code >= 500:
                    wrong.append(f"{page}?{name}={value[:60]}{more}")
    assert wrong == []
    assert client.get(page).status_code in {200, 302}


@pytest.mark.parametrize("value", HOSTILE)
def test_a_page_of_the_list_that_is_not_there_is_said_to_be_not_there(village: Village, value: str) -> None:
    village.officer("书记")
    answer = client_of(village, "书记").get(f"/work/?list=area&after={value}")
    assert answer.status_code in {200, 422}


def test_a_village_that_is_none_is_not_remembered(village: Village) -> None:
    answer = visitor(village).post("/places/", {"village": "²" * 12, "next": "//elsewhere.example"})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert "village" not in answer.cookies
