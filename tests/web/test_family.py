"""家人: the pages of following, of whoever is followed, of the village that notes it, and of what is followed."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.village import Village
from tests.web.people import client_of, resident_client, visitor
from tests.web.test_report import said
from wushi.domain.accounts import tasks
from wushi.domain.accounts.models import SignInCode
from wushi.domain.cases import services
from wushi.domain.cases.models import Case
from wushi.domain.people.models import Bond
from wushi.kernel.verb import reading, unscoped


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What reached a phone: the outside world is the one thing that is not real here."""
    out: list[tuple[str, str]] = []
    monkeypatch.setattr(tasks, "_senders", [lambda phone, code, about: out.append((phone, code))])
    return out


def mum(village: Village) -> str:
    return f"136{village.county}01"


def hers(village: Village) -> str:
    return f"136{village.county}02"


def ring(village: Village) -> None:
    """The waiting codes go out."""
    with unscoped("test: the codes of this county"):
        rows = list(SignInCode.objects.filter(county=village.county, sent_at=None))
    for row in rows:
        tasks.send_code(code_id=str(row.id), county=village.county, about="family")


def follow(village: Village, client: Client, sent: list[tuple[str, str]]) -> Any:
    """Both pages, as on the telephone."""
    asked = client.post("/me/family/", {"phone": mum(village), "called": "老妈"})
    assert asked.status_code == 200 and mum(village)[-4:] in asked.content.decode()
    ring(village)
    typed = {"phone": mum(village), "called": "老妈", "code": sent[-1][1]}
    return client.post("/me/family/code/", typed)


def bond_of(village: Village) -> Bond:
    """The county's newest bond."""
    with reading(village.house):
        bond = Bond.objects.filter(county=village.county).order_by("-id").first()
    assert bond is not None
    return bond


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_followed_reported_for_and_ended_by_the_mother(village: Village, sent: list[tuple[str, str]]) -> None:
    secretary = village.officer("陈书记")
    daughter, mother = resident_client(village, hers(village)), resident_client(village, mum(village))
    case = village.case("井边路路灯不亮", phone=mum(village))
    assert daughter.get(f"/me/family/{case.id}/").status_code == 404
    assert "for_person" not in text(daughter, "/report/")
    assert follow(village, daughter, sent).status_code == 303
    page = text(daughter, "/mine/")
    assert "老妈" in page and f"/me/family/{case.id}/" in page and case.receipt not in page
    matter = text(daughter, f"/me/family/{case.id}/")
    assert "井边路路灯不亮" in matter and case.receipt not in matter
    assert not re.search(r"/r/|<form[^>]*confirm|reopen", matter)
    piece = daughter.get(f"/me/family/{case.id}/", headers={"X-Piece": "matter"}).content.decode()
    assert "<html" not in piece and "井边路路灯不亮" in piece

    whose = str(bond_of(village).followed_id)
    form = text(daughter, f"/report/?for={whose}")
    assert re.search(rf'value="{whose}"[^>]*checked', form)
    answer = daughter.post("/report/", said(daughter, "/report/", text="灶房漏水", for_person=whose))
    assert answer.status_code == 303 and answer["Location"].startswith("/me/family/")
    assert "老妈" in text(daughter, answer["Location"])
    with reading(village.house):
        told = Case.objects.get(county=village.county, text="灶房漏水")
    assert (str(told.reporter_id), told.on_behalf, told.wants_reply) == (whose, True, True)
    assert told.receipt not in text(daughter, answer["Location"])
    services.claim_case(actor=secretary, case_id=told.id)
    services.handle_case(actor=secretary, case_id=told.id, outcome="resolved", words="修好了")
    assert "老妈" in text(daughter, f"/me/family/{told.id}/")
    services.confirm_case(actor=village.holding(told), case_id=told.id)
    over = text(daughter, f"/me/family/{told.id}/")
    assert "老妈" in over and "/r/" not in over

    hers_masked = f"{hers(village)[:3]}****{hers(village)[-4:]}"
    shown = text(mother, "/me/family/")
    assert hers_masked in shown and "老妈" not in shown, "what she is called is the daughter's own"
    end = f"/me/family/bonds/{bond_of(village).id}/end/"
    assert resident_client(village, f"136{village.county}03").post(end).status_code == 404
    assert mother.post(end).status_code == 303
    for gone in (f"/me/family/{case.id}/", f"/me/family/{told.id}/"):
        assert daughter.get(gone).status_code == 404
    assert "老妈" not in text(daughter, "/mine/")
    late = daughter.post("/report/", {**said(daughter, "/report/", text="再说一件"), "for_person": whose})
    assert late.status_code == 422
    with reading(village.house):
        assert not Case.objects.filter(county=village.county, text="再说一件").exists()


def test_a_wrong_code_a_second_code_too_soon_and_one_self(
    village: Village, sent: list[tuple[str, str]]
) -> None:
    daughter = resident_client(village, hers(village))
    assert daughter.post("/me/family/", {"phone": "12"}).status_code == 422
    daughter.post("/me/family/", {"phone": mum(village)})
    assert daughter.post("/me/family/", {"phone": mum(village)}).status_code == 429
    ring(village)
    wrong = "000000" if sent[-1][1] != "000000" else "111111"
    assert daughter.post("/me/family/code/", {"phone": mum(village), "code": wrong}).status_code == 401
    # the code does not open her own browser to somebody else either
    stolen = visitor(village).post("/sign-in/code/", {"phone": mum(village), "code": sent[-1][1]})
    assert stolen.status_code == 422
    daughter.post("/me/family/", {"phone": hers(village)})
    ring(village)
    own = daughter.post("/me/family/code/", {"phone": hers(village), "code": sent[-1][1]})
    assert own.status_code == 422
    with reading(village.house):
        assert not Bond.objects.filter(county=village.county).exists()


def test_the_village_notes_and_ends_it(village: Village) -> None:
    village.officer("陈书记")
    office = client_of(village, "陈书记")
    new = {
        "followed_phone": mum(village),
        "follower_phone": hers(village),
        "village": village.code,
        "called": "妈",
    }
    assert office.post("/work/family/", new).status_code == 422, "nothing is chosen for her"
    assert office.post("/work/family/", {**new, "consent": "message"}).status_code == 422
    assert (
        office.post("/work/family/", {**new, "consent": "word", "village": village.sibling}).status_code
        == 422
    )
    assert office.post("/work/family/", {**new, "consent": "paper"}).status_code == 303
    page = text(office, "/work/family/")
    assert (
        mum(village) not in page
        and mum(village)[-4:] in page
        and "/work/family/" in text(office, "/work/me/")
    )
    bond = bond_of(village)
    village.officer("张书记", area=village.sibling)
    elsewhere = client_of(village, "张书记")
    assert mum(village)[-4:] not in text(elsewhere, "/work/family/")
    assert elsewhere.post(f"/work/family/{bond.id}/end/").status_code == 404
    assert office.post(f"/work/family/{uuid4()}/end/").status_code == 404
    assert office.post(f"/work/family/{bond.id}/end/").status_code == 303
    assert bond_of(village).until is not None


def test_photos_of_what_is_followed(village: Village, sent: list[tuple[str, str]]) -> None:
    from tests.web.test_report import photo

    daughter = resident_client(village, hers(village))
    kept = photo(village, village.resident())
    case = village.case(photos=(kept,), phone=mum(village))
    address = f"/me/family/{case.id}/photo/{kept}/"
    assert daughter.get(address).status_code == 404
    follow(village, daughter, sent)
    assert address in text(daughter, f"/me/family/{case.id}/")
    assert daughter.get(address).status_code == 200
    assert daughter.get(f"/me/family/{case.id}/voice/{uuid4()}/").status_code == 404
