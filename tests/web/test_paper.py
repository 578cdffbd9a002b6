"""PDFs: what stands on them, what may not, and that nothing anybody typed is ever read as code."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from tests.village import Village
from tests.web.people import staff_client, visitor
from wushi.domain.areas.services import NewArea, describe_area
from wushi.domain.cases.services import claim_case
from wushi.plumbing.personal import mask_phone
from wushi.web.paper import printing
from wushi.web.paper.area_facts import MOST_CARDS

HOSTILE = (
    '#read("/etc/passwd") #import "@preview/x:1.0.0" $ x^2 *b* _i_ `r` @ref <lab> \\ "quotes" [ ] { } // /* 🙂 '
    "\u202eمرحبا שלום\u202c " + "https://" + "a" * 300 + " "
)


def read(answer: Any) -> PdfReader:
    """The PDF of an answer."""
    assert answer.status_code == 200, answer.status_code
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def text_of(answer: Any) -> str:
    """All its text, without what the reading adds between lines."""
    return "".join(page.extract_text() for page in read(answer).pages).replace("\u200b", "").replace("\n", "")


@pytest.fixture
def secretary(village: Village) -> Client:
    """The village's secretary, whose number is public, as well as the grid lead's."""
    client = staff_client(village, "secretary")
    place = NewArea(village.code, "孙岗村", lead_name="陈德明", lead_phone="13800006021")
    describe_area(actor=village.house, area=place)
    grid = NewArea(village.grid, "孙岗村一网格", households=60, lead_name="王长河", lead_phone="13800002207")
    describe_area(actor=village.house, area=grid)
    return client


def test_a_request_on_paper_says_what_its_page_says_and_hides_what_it_hides(
    village: Village, secretary: Client
) -> None:
    case = village.case("井边路路灯不亮，晚上看不见", name="刘秀英", phone="13812345678")
    claim_case(actor=village.actor("人-secretary"), case_id=case.id)
    said = text_of(secretary.get(f"/work/cases/{case.id}/paper.pdf"))
    for wanted in (case.number, "井边路路灯不亮", "刘**", mask_phone("13812345678"), "签收", "时限"):
        assert wanted in said, wanted
    assert "刘秀英" not in said and "13812345678" not in said
    assert case.receipt not in said  # whoever holds the paper may not speak for the resident


def test_a_request_on_paper_in_english(village: Village, secretary: Client) -> None:
    case = village.case()
    secretary.cookies["django_language"] = "en"
    assert "What happened" in text_of(secretary.get(f"/work/cases/{case.id}/paper.pdf"))


def test_what_one_may_not_see_is_not_printed(village: Village, secretary: Client) -> None:
    case = village.case(area_code=village.sibling)
    assert secretary.get(f"/work/cases/{case.id}/paper.pdf").status_code == 404
    for what in ("cards", "notice"):
        assert secretary.get(f"/work/paper/{what}/{village.sibling}.pdf").status_code == 404
        assert secretary.get(f"/work/paper/{what}/{village.code}999.pdf").status_code == 404


def test_reading_leaves_no_trace(village: Village, secretary: Client) -> None:
    case = village.case()
    before = village.trace(case)
    secretary.get(f"/work/cases/{case.id}/paper.pdf")
    visitor(village).get(f"/r/{case.receipt}/paper.pdf")
    assert village.trace(case) == before


def test_the_receipt_has_its_code_in_groups_and_its_address(village: Village, secretary: Client) -> None:
    case = village.case()
    answer = visitor(village).get(f"/r/{case.receipt}/paper.pdf")
    said, code = text_of(answer), case.receipt
    assert f"{code[:6]} {code[6:10]} {code[10:14]} {code[14:]}" in said
    assert f"http://testserver/r/{code}/" in said and case.number in said and "12345" in said
    assert len(read(answer).pages) == 1
    guess = f"{village.county}ABCDEFGHJKMN"
    assert visitor(village).get(f"/r/{guess}/paper.pdf").status_code == 404


def test_hostile_words_are_only_words(village: Village, secretary: Client) -> None:
    words = (HOSTILE * 6)[:1990]
    case = village.case(words, name="#panic()", phone="13812345678", place='$ #read("secret")')
    for answer in (
        secretary.get(f"/work/cases/{case.id}/paper.pdf"),
        visitor(village).get(f"/r/{case.receipt}/paper.pdf"),
    ):
        said = text_of(answer)
        assert '#read("/etc/passwd")'[:20] in said and "root:" not in said
        for page in read(answer).pages:
            page.extract_text(visitor_text=inside)


def inside(text: str, _cm: Any, matrix: list[float], _font: Any, _size: Any) -> None:
    """Every run of text begins on the paper (595 points wide)."""
    assert not text.strip() or 0 <= matrix[4] <= 595


def test_a_form_reads_nothing_outside_its_folder(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "FORMS", tmp_path)
    (tmp_path / "common.typ").write_text("")
    for evil in ('#read("/etc/passwd")', '#read("../../../etc/passwd")', '#include "@local/x:1.0.0"'):
        (tmp_path / "evil.typ").write_text(evil)
        with pytest.raises(Exception, match="not found|escape"):
            printing.pdf("evil", {})
    (tmp_path / "fine.typ").write_text("#json(bytes(sys.inputs.data)).x")
    assert printing.pdf("fine", {"x": "一"}).startswith(b"%PDF")


def test_contact_cards_fill_sheets(village: Village, secretary: Client) -> None:
    one = secretary.get(f"/work/paper/cards/{village.grid}.pdf")
    assert len(read(one).pages) == 1
    said = text_of(one)
    assert said.count("13800006021") == 10 and said.count("13800002207") == 10 and "12345" in said
    assert len(read(secretary.get(f"/work/paper/cards/{village.grid}.pdf?each=household")).pages) == 6
    assert len(read(secretary.get(f"/work/paper/cards/{village.code}.pdf")).pages) == 2
    assert text_of(secretary.get(f"/work/paper/cards/{village.grid}.pdf?size=large")).count("王长河") == 6


def test_more_cards_than_a_print_holds_are_refused_in_words(village: Village, secretary: Client) -> None:
    many = NewArea(village.other_grid, "孙岗村二网格", households=MOST_CARDS)
    describe_area(actor=village.house, area=many)
    answer = secretary.get(f"/work/paper/cards/{village.code}.pdf?each=household")
    assert answer.status_code == 422 and "2,000" in answer.content.decode()


def test_the_notice_has_a_page_for_each_grid(village: Village, secretary: Client) -> None:
    answer = secretary.get(f"/work/paper/notice/{village.code}.pdf")
    assert len(read(answer).pages) == 2
    said = text_of(answer)
    assert "孙岗村一网格" in said and "孙岗村二网格" in said and "王长河" in said


def test_without_a_chinese_font_a_page_says_what_to_do(village: Village, secretary: Client) -> None:
    from django.test import override_settings

    case = village.case()
    with override_settings(WUSHI_PRINT_FONTS=("Nobody Has This",)):
        answer = secretary.get(f"/work/cases/{case.id}/paper.pdf")
        assert answer.status_code == 503 and "中文字体" in answer.content.decode()
        from wushi.config.commands.data import font_hint

        assert "WUSHI_PRINT_FONTS" in font_hint()
    assert font_hint() == ""


def test_facts_are_plain_data() -> None:
    soft = printing.soft({"a": ["x" * 40, 3, None], "qr": "<svg " + "y" * 40})
    assert json.dumps(soft) and "\u200b" in soft["a"][0] and "\u200b" not in soft["qr"]
