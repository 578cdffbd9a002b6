"""Lists that leave as files: as narrowed, masked unless a reason is given, with a leaf and a mark; nothing one may not see."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from tests.village import Village
from tests.web.people import client_of, staff_client
from wushi.domain.audit.models import Leaf
from wushi.domain.cases.services import claim_case
from wushi.domain.imports.models import Export
from wushi.domain.imports.services import NewExport, export_list
from wushi.kernel.actor import Actor
from wushi.kernel.errors import NotAllowed
from wushi.kernel.verb import reading


def sheet_of(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200 and answer.content[:2] == b"PK", answer.content[:300]
    rows = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
    return [[str(cell) for cell in row if cell is not None] for row in rows]


def taken(village: Village) -> list[tuple[str, int, str]]:
    with reading(village.house):
        leaves = Leaf.objects.filter(county=village.county, verb="imports.export_list").count()
        rows = [
            (e.kind, e.rows, e.reason) for e in Export.objects.filter(county=village.county).order_by("id")
        ]
    assert leaves == len(rows)
    return rows


def test_requests_leave_masked_and_whole_for_a_reason(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = village.case("=HYPERLINK(路灯)", name="王秀兰", phone="13800000001", category="light")
    village.case("别村的水管", area_code=village.sibling)
    client = client_of(village, "陈书记")
    assert "/work/export/?what=cases" in client.get("/work/?list=area").content.decode()
    page = client.get("/work/export/?what=cases&list=area")
    assert page.status_code == 200 and "导出" in page.content.decode()
    rows = sheet_of(client.post("/work/export/?what=cases&list=area", {"take": "1"}))
    flat = " ".join(" ".join(row) for row in rows)
    assert "138****0001" in flat and "13800000001" not in flat and "王秀兰" not in flat and "别村" not in flat
    assert "陈书记" in rows[1][0] and rows[-1] == rows[1], "who and when, above and below"
    assert any("'=HYPERLINK" in cell for row in rows for cell in row), "what was told is no formula"
    claim_case(actor=secretary, case_id=case.id)
    whole = sheet_of(client.post("/work/export/?what=cases&list=area", {"take": "1", "reason": "逐户回访"}))
    flat = " ".join(" ".join(row) for row in whole)
    assert "13800000001" in flat and "逐户回访" in flat
    assert taken(village) == [("cases", 1, ""), ("cases", 1, "逐户回访")]


def test_a_list_is_narrowed_as_it_was_on_the_page(village: Village) -> None:
    village.officer("陈书记")
    village.case("路灯不亮", kind="help")
    village.case("想问问医保", kind="inquiry")
    client = client_of(village, "陈书记")
    rows = sheet_of(client.post("/work/export/?what=cases&list=area&kind=inquiry", {"take": "1"}))
    assert "kind=inquiry" in rows[2][0] and len(rows) == 3 + 1 + 1 + 1 and "想问问医保" in " ".join(rows[4])


def test_who_handles_nothing_gets_no_whole_number(village: Village) -> None:
    village.case("路灯不亮", name="王秀兰", phone="13800000001")
    client = staff_client(village, "supervisor")
    rows = sheet_of(client.post("/work/export/?what=cases&list=area", {"take": "1", "reason": "想看"}))
    assert "13800000001" not in str(rows) and "138****0001" in str(rows)


def test_staff_notices_and_flags(village: Village) -> None:
    village.officer("王长河", duty="grid_lead", phone="13800000009")
    client = staff_client(village, "district_admin")
    rows = sheet_of(client.post("/work/export/?what=staff", {"take": "1"}))
    assert "王长河" in str(rows) and "138****0009" in str(rows) and "13800000009" not in str(rows)
    assert "13800000009" in str(
        sheet_of(client.post("/work/export/?what=staff", {"take": "1", "reason": "建群"}))
    )
    assert sheet_of(client.post("/work/export/?what=notices", {"take": "1"}))
    assert sheet_of(client.post("/work/export/?what=flags", {"take": "1"}))
    assert [kind for kind, *_ in taken(village)] == ["staff", "staff", "notices", "flags"]
    for page in ("/work/staff/", "/work/flags/", "/work/notices/"):
        assert "/work/export/" in client.get(page).content.decode()


def test_others_lists_are_not_there(village: Village) -> None:
    client = staff_client(village, "secretary")
    for what in ("staff", "notices", "nothing"):
        assert client.get(f"/work/export/?what={what}").status_code == 404
        assert client.post(f"/work/export/?what={what}", {"take": "1"}).status_code == 404
    assert client.post("/work/export/?what=cases").status_code == 422
    with pytest.raises(NotAllowed):
        export_list(actor=Actor.anonymous(village.county), new=NewExport("cases", 1))
    assert taken(village) == []
