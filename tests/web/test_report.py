"""A resident's report: taken for the place it is about, whichever county the phone was in; about an official nothing stays."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from PIL import Image

from tests.village import Village
from tests.web.people import client_of, resident_client, visitor
from wushi.domain.cases.models import Case
from wushi.domain.files.models import Photo
from wushi.domain.files.pictures import cleaned
from wushi.domain.files.services import keep_photo
from wushi.edge import live
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

_far = count(930001)


@pytest.fixture
def far() -> Village:
    """Another county."""
    return Village.founded(str(next(_far)))


def hidden(client: Client, address: str) -> dict[str, str]:
    """The hidden fields of a fresh form."""
    page = client.get(address).content.decode()
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def said(client: Client, address: str, **more: Any) -> dict[str, Any]:
    """What a resident types."""
    kept = {"text": "路灯不亮", "urgency": "normal", "phone": "", "about_official": "no"}
    return {**hidden(client, address), **kept, **more}


def kept(village: Village) -> list[Case]:
    """Every request of the county."""
    with reading(village.house):
        return list(Case.objects.filter(county=village.county))


def photo(village: Village, actor: Actor) -> str:
    """A photo that was sent while somebody still typed."""
    with NamedTemporaryFile(suffix=".jpg") as file:
        Image.new("RGB", (64, 48), (9, 9, 9)).save(file, "JPEG")
        file.flush()
        picture = cleaned(Path(file.name))
    return str(keep_photo(actor=actor, picture=picture, ticket=uuid4()).id)


def photos(village: Village) -> int:
    """How many photos are kept."""
    with reading(village.house):
        return Photo.objects.filter(county=village.county).count()


def browsers(village: Village) -> list[Client]:
    """Nobody, a resident signed in, and an official: all of one county."""
    village.officer("陈书记")
    return [visitor(village), resident_client(village, "13800000001"), client_of(village, "陈书记")]


def test_a_report_for_another_county_is_taken_there(village: Village, far: Village) -> None:
    for n, client in enumerate(browsers(village), start=1):
        address = f"/report/?at={far.grid}"
        assert "孙岗村一网格" in client.get(address).content.decode()
        answer = client.post("/report/", said(client, address))
        assert answer.status_code == 303 and answer["Location"].startswith(f"/report/done/{far.county}")
        assert client.get(answer["Location"]).status_code == 200
        assert len(kept(far)) == n
    assert kept(village) == [] and {case.taken_by_id for case in kept(far)} == {None}


def test_its_photos_are_sent_there_as_well(village: Village, far: Village) -> None:
    client = visitor(village)
    page = client.get(f"/report/?at={far.grid}").content.decode()
    ticket = re.findall(r'data-ticket-url="([^"]+)"', page)[0]
    url = client.post(ticket).json()["url"]
    body = live.read_upload_ticket(url.rpartition("ticket=")[2])
    assert (body["c"], body["a"]) == (far.county, "anonymous")
    sent = photo(far, Actor.anonymous(far.county))
    data = said(client, f"/report/?at={far.grid}", photos=sent)
    assert client.post("/report/", data).status_code == 303
    home = client.get("/report/").content.decode()
    assert 'data-ticket-url="/upload-ticket/"' in home


@pytest.mark.parametrize("code", ["", "000000000000", "²²²²²²²²²²²²", "899999100201001", "x"])
def test_what_was_typed_stays_when_the_place_is_not_known(village: Village, code: str) -> None:
    client = visitor(village)
    answer = client.post(
        "/report/", said(client, "/report/", area_code=code, text="水渠堵了", phone="13812345678")
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "水渠堵了" in page and "13812345678" in page
    assert f'<option value="{village.code}">' in page  # and the place can be chosen right there
    assert client.post("/report/", said(client, "/report/", area_code=village.code)).status_code == 303


def test_a_place_nobody_serves_keeps_what_was_typed(village: Village) -> None:
    client = visitor(village)
    client.cookies["village"] = "960099100201"
    assert client.get("/report/").status_code == 302
    assert client.get("/report/official/").status_code == 200


def test_about_an_official_of_another_county_shows_that_countys_channels(
    village: Village, far: Village
) -> None:
    client = visitor(village)
    data = said(client, f"/report/?at={far.grid}", about_official="yes", text="金丝雀")
    answer = client.post("/report/", data)
    assert answer["Location"] == f"/report/official/?at={far.code}"
    page = client.get(answer["Location"]).content.decode()
    assert "12388" in page and "金丝雀" not in page
    assert kept(far) == []


def test_about_an_official_no_photo_stays(village: Village) -> None:
    client = visitor(village)
    sent = [photo(village, Actor.anonymous(village.county)) for _ in range(2)]
    answer = client.post("/report/", said(client, "/report/", about_official="yes", photos=sent))
    assert (answer.status_code, answer["Location"]) == (303, "/report/official/")
    assert photos(village) == 0


def test_about_an_official_on_the_staff_form_no_photo_stays(village: Village) -> None:
    actor = village.officer("陈书记")
    client = client_of(village, "陈书记")
    more = {
        "area_code": village.grid,
        "channel": "walk",
        "on_behalf": "yes",
        "consent": "word",
        "kind": "help",
    }
    sent = photo(village, actor)
    data = said(client, "/work/new/", **more, about_official="yes", photos=sent, text="金丝雀")
    answer = client.post("/work/new/", data)
    assert answer.status_code == 422 and sent not in answer.content.decode()
    assert photos(village) == 0 and kept(village) == []
