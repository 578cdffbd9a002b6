"""The office's own form: for somebody, with consent; about an official nothing is kept (page and API have their own tests)."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from tests.village import Village
from tests.web.people import staff_client
from wushi.domain.cases.models import Case
from wushi.kernel.verb import reading


def fields(client: Client) -> dict[str, str]:
    """The hidden fields of a fresh form."""
    page = client.get("/work/new/").content.decode()
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def said(client: Client, village: Village, **more: Any) -> dict[str, Any]:
    """What a grid worker types in half a minute."""
    return {
        **fields(client),
        "text": "王大爷说门口路灯坏了",
        "area_code": village.grid,
        "name": "王大爷",
        "phone": "",
        "kind": "help",
        "urgency": "normal",
        "channel": "walk",
        "on_behalf": "yes",
        "consent": "word",
        "about_official": "no",
        **more,
    }


def kept(village: Village) -> list[Case]:
    """Every request of the county."""
    with reading(village.house):
        return list(Case.objects.filter(county=village.county))


def test_recorded_for_somebody_with_his_consent(village: Village) -> None:
    client = staff_client(village, "grid_worker")
    answer = client.post("/work/new/", said(client, village))
    assert answer.status_code == 303, answer.content.decode()[:2000]
    case = kept(village)[0]
    assert (case.on_behalf, case.consent, case.channel) == (True, "word", "walk")
    assert case.taken_by_id == village.user_id("人-grid_worker")


def test_about_an_official_nothing_is_kept_and_the_channels_are_shown(village: Village) -> None:
    client = staff_client(village, "hotline")
    answer = client.post(
        "/work/new/",
        said(client, village, text="金丝雀说村书记收钱", about_official="yes", area_code=village.code),
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "12388" in page and "金丝雀" not in page
    assert kept(village) == []


def test_a_missing_answer_keeps_what_was_typed(village: Village) -> None:
    client = staff_client(village, "secretary")
    answer = client.post("/work/new/", said(client, village, text="", name="王大爷", about_official=""))
    assert answer.status_code == 422 and "王大爷" in answer.content.decode()
    assert kept(village) == []
