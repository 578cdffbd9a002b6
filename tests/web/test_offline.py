"""What the server gives to pages without signal, and how a recording is sent: to whom, how much of it, as what."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import uuid4

from django.test import Client
from django.utils import timezone

from tests import sounds
from tests.village import Village
from tests.web.people import resident_client, staff_client, visitor
from wushi.domain.cases.models import Case
from wushi.domain.files.services import keep_recording
from wushi.domain.files.sounds import heard
from wushi.edge.live import read_upload_ticket
from wushi.kernel.actor import Actor
from wushi.kernel.verb import reading

QUEUED = {"X-Queue": "1"}


def note(village: Village, tmp_path: Path, kind: str = "wav") -> str:
    """A kept recording's id."""
    path = tmp_path / "note"
    path.write_bytes(sounds.ALL[kind])
    sound = heard(path, timezone.localdate())
    return str(keep_recording(actor=village.resident(), sound=sound, ticket=uuid4()).id)


def told(village: Village, **more: object) -> dict[str, object]:
    """What the report form sends."""
    key = str(uuid4())
    return {"key": key, "area_code": village.grid, "urgency": "normal", "about_official": "no", **more}


def only(village: Village) -> Case:
    with reading(village.house):
        return Case.objects.get(county=village.county)


def test_a_spoken_report_is_heard_by_who_may_see_it(village: Village, tmp_path: Path) -> None:
    spoken, client = note(village, tmp_path), visitor(village)
    assert client.post("/report/", told(village, text="")).status_code == 422
    assert client.post("/report/", told(village, text="", recordings=spoken)).status_code == 303
    case = only(village)
    secretary = staff_client(village, "secretary")
    page = secretary.get(f"/work/cases/{case.id}/").content.decode()
    assert f'src="/work/cases/{case.id}/voice/{spoken}/"' in page and 'preload="none"' in page
    for address, browser in (
        (f"/work/cases/{case.id}/voice/{spoken}/", secretary),
        (f"/r/{case.receipt}/voice/{spoken}/", visitor(village)),
    ):
        answer = browser.get(address)
        assert answer.status_code == 200 and answer.content == sounds.ALL["wav"]
        assert answer["Content-Type"] == "audio/wav" and answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("inline") and answer["Accept-Ranges"] == "bytes"
    other = village.case("另一件")
    assert visitor(village).get(f"/r/{other.receipt}/voice/{spoken}/").status_code == 404
    assert secretary.get(f"/work/cases/{other.id}/voice/{spoken}/").status_code == 404
    assert visitor(village).get(f"/work/cases/{case.id}/voice/{spoken}/").status_code == 302
    assert (
        staff_client(village, "discipline").get(f"/work/cases/{case.id}/voice/{spoken}/").status_code == 404
    )


def test_a_player_gets_the_piece_it_asks_for(village: Village, tmp_path: Path) -> None:
    spoken = note(village, tmp_path)
    case, whole = village.case("", recordings=(spoken,)), sounds.ALL["wav"]
    address = f"/r/{case.receipt}/voice/{spoken}/"
    for asked, status, first, last in (
        ("bytes=0-", 206, 0, len(whole)),
        ("bytes=100-199", 206, 100, 200),
        ("bytes=-50", 206, len(whole) - 50, len(whole)),
        ("bytes=0-9999999", 206, 0, len(whole)),
        ("pages=1-2", 200, 0, len(whole)),
    ):
        answer = Client().get(address, headers={"Range": asked, "Accept-Encoding": "gzip"})
        assert (answer.status_code, answer.content) == (status, whole[first:last]), asked
        if status == 206:
            assert answer["Content-Range"] == f"bytes {first}-{last - 1}/{len(whole)}"
    assert Client().get(address, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416


def test_what_no_browser_plays_is_offered_to_be_saved(village: Village, tmp_path: Path) -> None:
    spoken = note(village, tmp_path, "amr")
    case = village.case("", recordings=(spoken,))
    page = Client().get(f"/r/{case.receipt}/").content.decode()
    assert "<audio" not in page and re.search(rf'href="/r/{case.receipt}/voice/{spoken}/" download', page)


def test_a_complaint_about_an_official_keeps_no_recording(village: Village, tmp_path: Path) -> None:
    spoken, client = note(village, tmp_path), visitor(village)
    sent = told(village, text="书记的事", recordings=spoken) | {"about_official": "yes"}
    assert client.post("/report/", sent).headers["Location"] == "/report/official/"
    assert client.post("/report/", told(village, text="", recordings=spoken)).status_code == 422


def test_a_form_that_came_back_lets_the_recording_be_heard_by_its_sender_alone(
    village: Village, tmp_path: Path
) -> None:
    path = tmp_path / "mine"
    path.write_bytes(sounds.ALL["wav"])
    sound, nobody = heard(path, timezone.localdate()), Actor.anonymous(village.county)
    spoken = str(keep_recording(actor=nobody, sound=sound, ticket=uuid4()).id)
    client = visitor(village)
    back = client.post("/report/", told(village, text="", recordings=spoken) | {"about_official": ""})
    assert back.status_code == 422 and f'src="/kept-voice/{spoken}/"' in back.content.decode()
    answer = client.get(f"/kept-voice/{spoken}/")
    assert answer.content == sounds.ALL["wav"] and "no-store" in answer["Cache-Control"]
    assert staff_client(village, "secretary").get(f"/kept-voice/{spoken}/").status_code == 404
    assert client.post("/report/", told(village, text="", recordings=spoken)).status_code == 303
    assert client.get(f"/kept-voice/{spoken}/").status_code == 404


def test_what_nobody_signed_is_taken_as_that_whoever_is_signed_in(village: Village) -> None:
    daughter = resident_client(village, f"135{village.county}09")
    daughter.post("/report/", told(village, text="没登录写的"), headers={"X-Queue": "anonymous"})
    assert only(village).reporter_id is None
    assert daughter.get("/work/", headers={"X-Queue": "anonymous"}).status_code == 302


def test_the_ticket_says_what_it_is_for(village: Village) -> None:
    for kind in ("photo", "sound"):
        url = visitor(village).post(f"/upload-ticket/?kind={kind}").json()["url"]
        assert read_upload_ticket(url.partition("ticket=")[2])["k"] == kind


def test_what_is_sent_later_is_answered_in_words(village: Village) -> None:
    client, sent = visitor(village), told(village, text="路灯不亮")
    for _ in range(2):
        answer = client.post("/report/", sent, headers=QUEUED, follow=True)
        assert answer.json()["url"] == f"/report/done/{only(village).receipt}/"
    refused = client.post("/report/", told(village, text="路灯", phone="12"), headers=QUEUED)
    assert refused.status_code == 422 and "电话" in refused.json()["message"]
    worker, lead = staff_client(village, "grid_worker"), staff_client(village, "secretary")
    address = f"/work/cases/{only(village).id}/"
    assert worker.post(f"{address}claim/", headers=QUEUED).status_code == 403
    lead.post(f"{address}claim/")
    lead.post(f"{address}handle/", {"outcome": "resolved", "words": "好了"})
    late = lead.post(f"{address}contact/", {"way": "phone", "words": "晚了"}, headers=QUEUED)
    assert late.status_code == 409 and late.json()["message"]
    gone = worker.post(f"/work/cases/{uuid4()}/claim/", headers=QUEUED)
    assert gone.status_code == 404 and gone.json()["message"]


def test_the_key_is_of_whoever_is_signed_in_and_of_nobody_else(village: Village) -> None:
    nobody = visitor(village).get("/offline/me/").json()
    assert nobody["who"] == "" and "key" not in nobody and nobody["csrf"]
    secretary, deputy = staff_client(village, "secretary"), staff_client(village, "deputy")
    one, two = secretary.get("/offline/me/").json(), deputy.get("/offline/me/").json()
    assert one["key"] != two["key"] and one["who"] != two["who"]
    assert secretary.get("/offline/me/").json()["key"] == one["key"]
    answer = secretary.get("/work/")
    assert answer["X-Who"] == one["who"] and f'data-who="{one["who"]}"' in answer.content.decode()
    assert "X-Who" not in visitor(village).get("/")
    assert "no-store" in secretary.get("/offline/me/")["Cache-Control"]


def test_signing_out_empties_the_browsers_own_cache(village: Village) -> None:
    answer = staff_client(village, "secretary").post("/work/sign-out/")
    assert answer["Clear-Site-Data"] == '"cache"'


def test_the_worker_names_files_that_exist_and_nobody(village: Village) -> None:
    answer = staff_client(village, "secretary").get("/sw.js")
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/javascript") and answer["Cache-Control"] == "no-cache"
    assert not re.search(r"^(import|export) ", text, re.MULTILINE)
    assets = re.findall(r'"(/static/[^"]+)"', text)
    assert len(assets) > 10
    for asset in assets:
        assert Client().get(asset).status_code == 200, asset
    assert text == visitor(village).get("/sw.js").content.decode()
    manifest = visitor(village).get("/manifest.webmanifest").json()
    assert manifest["start_url"] == "/" and manifest["icons"]
