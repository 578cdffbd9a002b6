"""House test 4: every verb leaves its leaf, and no name, phone number or text lies in leaf, outbox or queue."""

from __future__ import annotations

import pytest
from django.db import connection

from tests import support
from tests.village import Village
from wushi.domain.audit.models import Leaf
from wushi.domain.audit.services import TextInLeaf, record
from wushi.domain.cases.models import Case, Entry
from wushi.domain.cases.services import add_words, claim_case, handle_case
from wushi.domain.outbox.models import Row
from wushi.kernel.actor import Actor
from wushi.kernel.verb import DB_TIME, VERBS, TraceMissing, reading, unscoped, verb

CANARY_TEXT, CANARY_NAME, CANARY_PHONE = "金丝雀在井里唱歌", "金丝雀", "13912345678"
SAMPLES = {"stories"}  # verbs that tests write for themselves


@pytest.mark.last
def test_every_verb_was_run_and_left_its_leaf() -> None:
    if not support.whole_suite():
        pytest.skip("only when the whole suite runs: each verb must have left its leaf in some story")
    ours = {name for name in VERBS if name.partition(".")[0] not in {"tests", *SAMPLES}}
    assert ours - support.LEFT_A_LEAF == set(), "these verbs ran in no test, or left nothing"


def test_canaries_lie_in_rows_that_can_be_replaced_and_nowhere_else(village: Village) -> None:
    secretary = village.officer("陈书记")
    case = village.case(CANARY_TEXT, name=CANARY_NAME, phone=CANARY_PHONE)
    claim_case(actor=secretary, case_id=case.id)
    add_words(actor=secretary, case_id=case.id, words=CANARY_TEXT)
    handle_case(actor=secretary, case_id=case.id, outcome="resolved", words=CANARY_TEXT)
    with reading(village.house):
        leaves = " ".join(f"{x.verb} {x.facts}" for x in Leaf.objects.filter(county=village.county))
        assert Entry.objects.filter(county=village.county, text=CANARY_TEXT).count() == 2
    with unscoped("test"), connection.cursor() as cursor:
        rows = " ".join(f"{r.name} {r.payload}" for r in Row.objects.filter(county=village.county))
        cursor.execute("SELECT coalesce(string_agg(args::text, ' '), '') FROM procrastinate_jobs")
        jobs = cursor.fetchone()[0]
    for canary in (CANARY_TEXT, CANARY_NAME, CANARY_PHONE):
        assert canary not in leaves + rows + jobs


@verb
def scribble(*, actor: Actor, case: Case, now: object = DB_TIME) -> None:
    """A sample that writes and records nothing."""
    Case.objects.filter(county=case.county, id=case.id).update(place="x")


@verb
def gossip(*, actor: Actor, case: Case, now: object = DB_TIME) -> None:
    """A sample that would put a text into a leaf."""
    record(subject=case, note="王小明说的")


def test_a_verb_that_writes_without_a_leaf_is_refused_and_undone(village: Village) -> None:
    case = village.case()
    with pytest.raises(TraceMissing):
        scribble(actor=village.house, case=case)
    assert village.again(case).place == ""


def test_a_text_or_a_phone_number_in_a_leaf_is_refused(village: Village) -> None:
    case = village.case()
    with pytest.raises(TextInLeaf):
        gossip(actor=village.house, case=case)


def test_a_hash_is_never_taken_for_a_phone_number() -> None:
    from wushi.domain.audit.services import _fact

    assert _fact("words", "ab13912345678cd" + "e" * 49)
    with pytest.raises(TextInLeaf):
        _fact("words", "13912345678")


def test_steps_are_whole(village: Village) -> None:
    from wushi.domain.audit.queries import missing_steps, trace_of

    case = village.case()
    with reading(village.house):
        leaves = trace_of(county=village.county, subject="cases.case", subject_id=case.id)
    assert [leaf.step for leaf in leaves] == [1, 2, 3]
    assert missing_steps(leaves) == []
    assert missing_steps([leaves[0], leaves[2]]) == [2]


def test_leaves_cannot_be_changed_by_the_app_role(village: Village) -> None:
    from django.db.utils import ProgrammingError

    village.case()
    for statement in (
        "UPDATE audit_leaf SET verb = 'x' WHERE county = %s",
        "DELETE FROM audit_leaf WHERE county = %s",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            unscoped("test"),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [village.county])
