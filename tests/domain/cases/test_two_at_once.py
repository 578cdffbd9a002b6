"""Two requests merged into each other at the same moment: one wins, nobody waits for ever, nothing is half."""

from __future__ import annotations

import threading

from django.db import connection

from tests.village import Village
from wushi.domain.cases.errors import MergeIntoOlder, NoMaster
from wushi.domain.cases.models import Case
from wushi.domain.cases.services import merge_case
from wushi.kernel.actor import Actor
from wushi.kernel.states import MoveRefused
from wushi.kernel.verb import reading


def test_merged_into_each_other_at_once(village: Village) -> None:
    secretary = village.officer("陈书记")
    for _ in range(8):
        one, other = village.case("路灯不亮"), village.case("灯坏了")
        said = _both_at_once(secretary, one, other)
        with reading(village.house):
            states = sorted(Case.objects.get(county=village.county, id=c.id).state for c in (one, other))
        assert states == ["assigned", "merged"]
        assert sorted(said) == ["done", "refused"]


def _both_at_once(actor: Actor, one: Case, other: Case) -> list[str]:
    """What each of two threads was told."""
    gate, said = threading.Barrier(2), list[str]()

    def merge(case: Case, master: Case) -> None:
        gate.wait()
        try:
            merge_case(actor=actor, case_id=case.id, master_id=master.id)
            said.append("done")
        except (NoMaster, MergeIntoOlder, MoveRefused):
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=merge, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return said
