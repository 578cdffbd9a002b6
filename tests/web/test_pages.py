"""Every page of the list, rendered in this process in both languages: what Chromium looks at, without Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.browser.pages import sights
from tests.browser.shown import Shown, show_a_village
from tests.village import Village


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return show_a_village("940001", tmp_path_factory.mktemp("shown"))


def expected(name: str) -> int:
    """The answer a page of the list gives."""
    return {"error-404": 404, "error-404-receipt": 404, "error-403": 403}.get(name, 200)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_rendered(shown: Shown, language: str) -> None:
    wrong = []
    for sight in sights(shown):
        client = Client()
        client.cookies.load({**shown.cookies[sight.who], "django_language": language})
        answer = client.get(sight.path, follow=True)
        if answer.status_code != expected(sight.name):
            wrong.append(f"{sight.name}: {answer.status_code}")
        if language == "en" and 'lang="en"' not in answer.content.decode():
            wrong.append(f"{sight.name}: not in English")
    assert wrong == []


def test_the_lamp_alone_for_an_open_page(shown: Shown) -> None:
    client = Client()
    client.cookies.load(shown.cookies["resident"])
    piece = client.get("/", headers={"X-Piece": "home/_lamp.html"}).content.decode()
    assert "lamp" in piece and "<html" not in piece


def test_photos_are_kept_through_an_error(village: Village, tmp_path: Path) -> None:
    from uuid import uuid4

    from tests.browser.shown import picture
    from wushi.domain.files.pictures import cleaned
    from wushi.domain.files.services import keep_photo

    photo = keep_photo(actor=village.resident(), picture=cleaned(picture(tmp_path / "p.jpg")), ticket=uuid4())
    client = Client()
    client.cookies["village"] = village.code
    answer = client.post("/report/", {"text": "", "photos": str(photo.id), "area_code": village.grid})
    assert answer.status_code == 422 and str(photo.id) in answer.content.decode()
