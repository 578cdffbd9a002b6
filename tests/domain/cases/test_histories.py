"""Whole histories written at once are, column by column and leaf by leaf, what the verbs themselves would have left."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db.models import Exists, Q

from tests.domain.cases.walks import NOW, Walk, Walker, cast_of, intake_of, rows_of
from tests.village import Village, at
from wushi.domain.audit.models import Leaf
from wushi.domain.cases import services
from wushi.domain.cases.models import Case
from wushi.domain.cases.services import Deed, History, write_histories
from wushi.domain.cases.services.histories import TABLES, CannotBeTold
from wushi.domain.outbox.models import Row
from wushi.kernel.errors import DomainError, KeyReused, NotAllowed
from wushi.kernel.states import MoveRefused
from wushi.kernel.verb import WrongScope, reading, unscoped
from wushi.plumbing.bench import HeldRows, NotOnTheBench, bench_for

# more of them, and longer, in tests/long/test_many_histories.py
SEED, EACH = 11, 30


@pytest.fixture
def other() -> Village:
    """A second village of the same people in another county."""
    from tests.conftest import _counties

    return Village.founded(str(next(_counties)))


def test_what_is_written_at_once_equals_what_the_verbs_left(village: Village, other: Village) -> None:
    """Random lives: every row and leaf, and every refusal."""
    live_alike(village, other, SEED, EACH)


def live_alike(village: Village, other: Village, seed: int, count: int) -> None:
    """So many random lives are lived by the verbs in one village and written down at once in another: nothing differs."""
    walks = Walker(village, seed).live(count)
    cast = cast_of(other)
    histories = [walk.history(cast, other.county) for walk in walks]
    written = write_histories(actor=other.house, histories=histories, now=NOW)
    assert len(written) == count
    told, built = rows_of(village), rows_of(other)
    assert set(told) == set(built)
    differing = [(set(told[key]) - set(built[key]), set(built[key]) - set(told[key])) for key in told]
    assert [pair for pair in differing if any(pair)] == []
    _refused_alike(walks, cast, other)


def _refused_alike(walks: list[Walk], cast: dict[str, object], other: Village) -> None:
    """What the verbs refused is refused in a history, with the same code; and then nothing of it is written."""
    tried = 0
    for walk in walks:
        for place, step in enumerate(walk.steps):
            # what needs another matter of the batch is told with the batch
            if not step.refused or {"master", "other"} & set(step.facts) or tried >= 25:
                continue
            if any({"master", "other"} & set(s.facts) for s in walk.steps[:place]):
                continue
            history = walk.history(cast, other.county, refused=place)  # type: ignore[arg-type]
            fresh = History(
                intake_of(Walk({**walk.intake, "key": str(uuid4()), "number": f"X{uuid4().hex[:20]}"}, NOW, ""), other.county),
                history.opened_at, history.opened_by, history.deeds,
            )  # fmt: skip
            with pytest.raises(DomainError) as refusal:
                write_histories(actor=other.house, histories=[fresh], now=NOW)
            if step.refused != DomainError.code:
                assert refusal.value.code == step.refused, (step, history)
            tried += 1
    assert tried > 5
    with reading(other.house):
        assert Case.objects.filter(county=other.county).count() == len(walks)


def _history(village: Village, *deeds: Deed, text: str = "门前路灯不亮") -> History:
    return History(village.intake(text), at("2026-11-09 09:00"), village.resident(), deeds)


def test_nobody_is_told_of_what_is_past(village: Village) -> None:
    secretary = cast_of(village)["陈书记"]
    with unscoped("test"):
        before = Row.objects.filter(county=village.county).count()
    history = _history(village, Deed("claim_case", at("2026-11-09 10:00"), secretary))
    (case,) = write_histories(actor=village.house, histories=[history], now=NOW)
    assert village.again(case).state == "working"
    with unscoped("test"):
        assert Row.objects.filter(county=village.county).count() == before
    with reading(village.house):
        whole = Leaf.objects.get(county=village.county, verb="cases.write_histories")
    assert whole.facts == {"requests": 1, "leaves": len(village.trace(case))} and whole.step == 0


def test_asked_twice_it_changes_nothing_and_other_words_are_refused(village: Village) -> None:
    history = _history(village)
    first = write_histories(actor=village.house, histories=[history], now=NOW)
    assert len(first) == 1
    assert write_histories(actor=village.house, histories=[history], now=NOW) == []
    other = History(replace(history.intake, text="不是这句"), history.opened_at, history.opened_by)
    with pytest.raises(KeyReused):
        write_histories(actor=village.house, histories=[other], now=NOW)
    assert village.again(first[0]).text == "门前路灯不亮"


def test_a_known_resident_is_the_same_person(village: Village) -> None:
    told = village.case("井盖响", name="刘秀英", phone="13800000001")
    history = History(
        village.intake("路灯坏了", name="刘秀英", phone="13800000001"),
        at("2026-11-09 09:00"),
        village.resident(),
    )
    (case,) = write_histories(actor=village.house, histories=[history], now=NOW)
    assert village.again(case).reporter_id == told.reporter_id


def test_what_a_history_cannot_hold_is_refused_whole(village: Village) -> None:
    secretary = cast_of(village)["陈书记"]
    good = _history(village, text="好的一件")
    claim = Deed("claim_case", at("2026-11-09 10:00"), secretary)
    photos = replace(village.intake("有照片"), photos=(uuid4(),))
    bad = (
        _history(village, replace(claim, verb="release_case")),
        _history(village, replace(claim, verb="record_callback")),
        _history(village, claim, replace(claim, at=claim.at - timedelta(hours=1))),
        _history(village, replace(claim, at=NOW + timedelta(days=1))),
        _history(village, replace(claim, verb="merge_case", facts={"master": str(uuid4())})),
        _history(village, replace(claim, verb="handle_case", facts={"photos": (uuid4(),)})),
        History(photos, at("2026-11-09 09:00"), village.resident()),
        replace(good, deeds=(claim,)),
    )
    for history in bad:
        with pytest.raises(CannotBeTold):
            write_histories(actor=village.house, histories=[good, history], now=NOW)
    with pytest.raises(MoveRefused):
        write_histories(
            actor=village.house,
            histories=[good, _history(village, Deed("confirm_case", at("2026-11-09 10:00")))],
            now=NOW,
        )
    with pytest.raises(NotAllowed):
        write_histories(actor=secretary, histories=[good], now=NOW)
    with reading(village.house):
        assert not Case.objects.filter(county=village.county).exists()


def test_the_bench_refuses_what_it_does_not_know(village: Village) -> None:
    with bench_for((Case,)) as bench:
        rows = HeldRows(Case, bench)
        bench.put(Case(county=village.county, number="1", place="x"))
        assert rows.filter(number="1").exists() and not rows.filter(number="2").exists()
        assert rows.filter(closed_at=None).count() == rows.filter(closed_at__isnull=True).count() == 1
        assert not rows.filter(closed_at__lt=NOW).exists()
        with pytest.raises(NotOnTheBench):
            rows.filter(place__contains="x")
        with pytest.raises(NotOnTheBench):
            rows.filter(Q(Exists(Case.objects.all())))
        with pytest.raises(NotOnTheBench):
            rows.filter(id__in=Case.objects.values("id"))
        with pytest.raises(WrongScope), bench_for((Case,)):
            pass


# Where the database is asked past the desk, and why that is right.
PAST_THE_DESK = {
    "callbacks.py": "a draw by lot over all that was closed; not told",
    "flags.py": "a flag is looked at by who is told of it; not told",
    "histories.py": "which histories are there already",
    "importing.py": "requests of another system, written in bulk or taken back; not told",
    "replanning.py": "calendars and rules change for all; not told",
    "setup.py": "the rule book",
    "steps.py": "the row behind the bench's own branch",
    "sweep.py": "the worker's list of clocks",
    "assignment.py": "what is moved when a post ends or an area is replaced; not told",
}


def test_verbs_that_are_told_ask_for_rows_at_the_desk() -> None:
    """A verb that asked the database itself would be answered differently on the bench, and nobody would see it."""
    names = "|".join(model.__name__ for model in TABLES)
    past = re.compile(rf"\b(?:{names})\.objects\b|\.refresh_from_db\(|\.save\(force_insert")
    folder = Path(services.__file__).parent
    found = {p.name for p in folder.glob("*.py") if past.search(p.read_text(encoding="utf-8"))}
    assert found - set(PAST_THE_DESK) - {"desk.py", "filters.py"} == set()
