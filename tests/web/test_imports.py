"""The pages of imports: one walk through all three steps, what is refused in words, who may come in, what is hidden."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest

from tests.stories.test_register_is_imported import brought, people, some, table, work
from tests.village import Village
from tests.web.people import client_of, staff_client
from wushi.domain.imports.models import Batch
from wushi.domain.imports.services import NewFile, take_file
from wushi.edge.live import read_upload_ticket
from wushi.kernel.verb import reading
from wushi.live.uploads import _keep_table
from wushi.plumbing.sheets.errors import BadSheet

HERE = "/work/imports/"


def text(answer: Any) -> str:
    return str(answer.content.decode())


def sent(client: Any, path: Path, kind: str = "residents", source: str = "派出所") -> str:
    """As table.js and ``live`` do it: a ticket, the bytes; the id of the batch."""
    answer = client.post(f"{HERE}ticket/?kind={kind}&source={source}&name={path.name}")
    assert answer.status_code == 200, text(answer)
    body = read_upload_ticket(answer.json()["url"].partition("ticket=")[2])
    from wushi.kernel.actor import Actor

    return str(_keep_table(Actor(body["a"], body["c"]), body["f"], path)["id"])


def test_a_walk_through_all_steps(village: Village, tmp_path: Path) -> None:
    client = staff_client(village, "district_clerk")
    assert "还没有导入过名单" in text(client.get(HERE))
    made = client.get(f"{HERE}template/?kind=residents")
    assert made["Content-Type"].startswith("application/vnd.openxml") and made.content[:2] == b"PK"
    assert "data-table" in text(client.get(f"{HERE}new/"))
    rows = [*some(village, 2), ["坏行", "", "138", "孙岗村", "", "", ""]]
    batch_id = sent(client, table(tmp_path / "花名册.xlsx", rows))
    base = f"{HERE}{batch_id}/"
    page = text(client.get(base))
    assert "每列对应什么" in page and 'name="column-name"' in page and "花名册.xlsx" in page
    assert client.post(f"{base}columns/", {"column-phone": "2"}).status_code == 422
    told = {"column-name": "0", "column-phone": "2", "column-village": "3", "column-source_id": "6"}
    assert client.post(f"{base}columns/", told).status_code == 303
    page = text(client.get(base))
    assert "核对中" in page and "hx-get" in page
    piece = client.get(base, headers={"X-Piece": "batch"})
    assert "<html" not in text(piece)
    with reading(village.house):
        batch = Batch.objects.get(county=village.county, id=batch_id)
    work(village, batch)
    page = text(client.get(base))
    assert "新增 2" in page
    assert "138****0000" in page and "13800000000" not in page, "numbers are hidden in the middle"
    only = text(client.get(f"{base}?rows=error"))
    assert "不是电话号码" in only and "王小明0" not in only
    assert client.post(f"{base}commit/").status_code == 303
    assert "导入中" in text(client.get(base))
    work(village, batch)
    page = text(client.get(base))
    assert "已导入" in page and "撤销整批导入" in page and set(people(village)) == {"王小明0", "王小明1"}
    back = client.get(f"{base}back/")
    sheet = openpyxl.load_workbook(io.BytesIO(back.content)).worksheets[0]
    assert sheet.cell(1, 8).value == "错误原因" and "不是电话号码" in str(sheet.cell(4, 8).value)
    few = openpyxl.load_workbook(io.BytesIO(client.get(f"{base}back/?wrong").content)).worksheets[0]
    assert few.max_row == 2
    assert client.post(f"{base}undo/", {"reason": " "}).status_code == 422
    assert client.post(f"{base}undo/", {"reason": "发错了"}).status_code == 303
    work(village, batch)
    assert "已撤销" in text(client.get(base)) and people(village) == {}
    english = client.get(base, headers={"Accept-Language": "en"})
    assert english.status_code == 200
    assert "派出所" in text(client.get(HERE))


def test_pages_say_what_the_worker_could_not_do(village: Village, tmp_path: Path) -> None:
    from wushi.domain.imports.services import commit_batch
    from wushi.domain.people.services import NewPerson, note_person

    village.officer("李分流", duty="district_clerk")
    client = client_of(village, "李分流")
    batch = brought(village, village.actor("李分流"), table(tmp_path / "a.xlsx", some(village, 1)))
    note_person(actor=village.house, person=NewPerson(name="别人", phone="13800000000"))
    commit_batch(actor=village.actor("李分流"), batch_id=batch.id)
    work(village, batch)
    assert "期间有人改动" in text(client.get(f"{HERE}{batch.id}/"))


def test_who_may_come_in_and_what_he_sees(village: Village, tmp_path: Path) -> None:
    village.officer("李分流", duty="district_clerk")
    path = table(tmp_path / "a.xlsx", some(village, 1))
    batch = take_file(actor=village.actor("李分流"), new=NewFile("residents", "派出所", "a.xlsx", path))
    town, secretary = staff_client(village, "town_clerk"), staff_client(village, "secretary")
    assert town.get(HERE).status_code == 200 and town.get(f"{HERE}{batch.id}/").status_code == 404
    assert secretary.get(HERE).status_code == 403
    assert "/work/imports/" in text(town.get("/work/")) and "/work/imports/" not in text(
        secretary.get("/work/")
    )
    assert town.post(f"{HERE}ticket/?kind=nothing&source=x&name=y").status_code == 422
    assert town.get(f"{HERE}{uuid4()}/").status_code == 404


def test_a_bad_file_is_refused_before_anything_is_kept(village: Village, tmp_path: Path) -> None:
    client = staff_client(village, "district_clerk")
    path = tmp_path / "a.xls"
    path.write_bytes(b"<html><table></table></html>")
    with pytest.raises(BadSheet, match="sheets.web_page"):
        sent(client, path)
    with reading(village.house):
        assert not Batch.objects.filter(county=village.county).exists()


def test_names_of_files_and_cells_cannot_carry_markup(village: Village, tmp_path: Path) -> None:
    client = staff_client(village, "district_clerk")
    heads = ["姓名", "手机号", "村", "<img src=x onerror=alert(1)>"]
    rows = [["<script>alert(1)</script>", "13800000001", "孙岗村", "x"]]
    path = table(tmp_path / "<b>a.xlsx", rows, heads)
    batch_id = sent(client, path, source="<i>x</i>")
    page = text(client.get(f"{HERE}{batch_id}/"))
    for bad in ("<script>alert", "<img src=x", "<b>a", "<i>x"):
        assert bad not in page


def test_live_takes_twenty_megabytes_and_no_more(village: Village, tmp_path: Path) -> None:
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    from wushi.edge.live import upload_ticket
    from wushi.live.uploads import take_upload
    from wushi.plumbing.sheets.errors import EmptySheet, SheetTooLarge

    village.officer("李分流", duty="district_clerk")
    actor = village.actor("李分流")
    facts = {"kind": "residents", "source": "派出所", "name": "a.xlsx"}

    def send(length: int, chunks: list[bytes]) -> Any:
        ticket, waiting = upload_ticket(actor, "sheet", facts), list(chunks)

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

        # in a thread of its own: after a test with a browser this one has a loop already
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(take_upload(ticket, length, receive))).result()

    with pytest.raises(SheetTooLarge):
        send(21 * 1024 * 1024, [b""])
    with pytest.raises(SheetTooLarge):
        send(0, [b"x" * 1024 * 1024] * 21)
    with pytest.raises(EmptySheet):
        send(0, [b""])
    whole = table(tmp_path / "a.xlsx", some(village, 1)).read_bytes()
    kept = send(len(whole), [whole[:100], whole[100:]])
    again = send(len(whole), [whole])
    assert kept == again, "the same file is the same batch"
    village.officer("陈书记")
    actor = village.actor("陈书记")
    with pytest.raises(Exception, match="not_allowed"):
        send(len(whole), [whole])
