"""Telling requests again from their traces: nothing differs in what the verbs left; what was changed past them is found."""

from __future__ import annotations

import pytest
from django.db import connections

from tests.domain.cases.walks import NOW, Walker, cast_of
from tests.village import Village, at
from wushi.domain.cases.queries.replay import replay_county
from wushi.domain.cases.services import (
    Deed,
    History,
    claim_case,
    confirm_case,
    decide_extension,
    handle_case,
    mark_official,
    pause_case,
    reopen_case,
    request_extension,
    resume_case,
    write_histories,
)
from wushi.kernel.verb import maintenance


def found(village: Village, limit: int = 0) -> list[str]:
    """What differs in a county."""
    return [
        f"{line.number}: {line.what}" for _n, lines in replay_county(village.county, limit) for line in lines
    ]


def past_the_verbs(sql: str, *values: object) -> None:
    """A statement of the owner, as nobody of the house would write it."""
    owner = connections["owner"]
    with maintenance("test"), owner.cursor() as cursor:
        cursor.execute("SET wushi.maintenance = 'on'")
        cursor.execute(sql, list(values))
        assert cursor.rowcount == 1, sql
    owner.close()


@pytest.mark.parametrize("seed", [21])
def test_nothing_differs_in_random_lives(village: Village, seed: int) -> None:
    Walker(village, seed).live(15)
    assert found(village) == []


def test_nothing_differs_in_histories_written_at_once(village: Village) -> None:
    house, secretary = village.house, cast_of(village)["陈书记"]
    deeds = (
        Deed("claim_case", at("2026-11-09 10:00"), secretary),
        Deed("handle_case", at("2026-11-10 10:00"), secretary, {"outcome": "resolved", "words": "修好了"}),
    )
    for n in range(3):
        history = History(
            village.intake(f"第{n}盏路灯不亮"), at("2026-11-09 09:00"), village.resident(), deeds[:n]
        )
        write_histories(actor=house, histories=[history], now=NOW)
    assert found(village) == []
    assert sum(n for n, _lines in replay_county(village.county, limit=2)) == 2


CHANGED = {
    "state": ("UPDATE cases_case SET state = 'closed' WHERE id = %s", ("state",)),
    "step": ("UPDATE cases_case SET step = step + 1 WHERE id = %s", ("step",)),
    "holder": ("UPDATE cases_case SET holder_id = NULL WHERE id = %s", ("holder_id",)),
    "tray": ("UPDATE cases_case SET tray_duty = 'grid_lead' WHERE id = %s", ("tray_duty",)),
    "deadline": ("UPDATE cases_case SET due_at = due_at + interval '1 day' WHERE id = %s", ("due_at",)),
    "opening": ("UPDATE cases_case SET opened_at = opened_at - interval '1 h' WHERE id = %s", ("opened_at",)),
    "claiming": ("UPDATE cases_case SET claimed_at = now() WHERE id = %s", ("claimed_at",)),
    "handling": ("UPDATE cases_case SET handled_at = NULL WHERE id = %s", ("handled_at",)),
    "outcome": ("UPDATE cases_case SET outcome = 'explained' WHERE id = %s", ("outcome",)),
    "level": ("UPDATE cases_case SET resolved_level = 'town' WHERE id = %s", ("resolved_level",)),
    "rating": ("UPDATE cases_case SET rating = 'satisfied' WHERE id = %s", ("rating",)),
    "refusals": ("UPDATE cases_case SET refusals = 0 WHERE id = %s", ("refusals",)),
    "seal": ("UPDATE cases_case SET seal = 6 WHERE id = %s", ("seal",)),
    "text": ("UPDATE cases_case SET text = '没有事' WHERE id = %s", ("leaf 1: words",)),
    "words": (
        "UPDATE cases_entry SET text = '没有修' WHERE case_id = %s AND text = '修好了'",
        ("words are others",),
    ),
    "words gone": ("DELETE FROM cases_entry WHERE case_id = %s AND text = '修好了'", ("words are missing",)),
    "clock": (
        "UPDATE cases_clock SET due_at = due_at + interval '1 day', supervise_at = supervise_at + interval '1 day'"
        " WHERE case_id = %s AND name = 'whole'",
        ("clock whole 1: due, supervision",),
    ),
    "pace": (
        "UPDATE cases_clock SET pace = 'any' WHERE case_id = %s AND name = 'resolution' AND run = 1",
        ("clock resolution 1 runs by any",),
    ),
    "started": (
        "UPDATE cases_clock SET started_at = started_at - interval '3 days' WHERE case_id = %s AND name = 'claim'",
        ("clock claim 1",),
    ),
    "rest": ("DELETE FROM cases_pause WHERE case_id = %s", ("0 rests", "clock resolution 1", "clock pause 1")),
    "rest longer": (
        "UPDATE cases_pause SET until = until + interval '3 h' WHERE case_id = %s",
        ("clock resolution 1",),
    ),
    "extension": (
        "UPDATE cases_extension SET amount = 2 WHERE case_id = %s",
        ("its clocks are extended by 1, granted were 2",),
    ),
    "leaf gone": (
        "DELETE FROM audit_leaf WHERE subject_id = %s::text AND verb = 'cases.resume_case'",
        ("leaf", "leaf", "clock resolution 1"),
    ),
    "leaf changed": (
        "UPDATE audit_leaf SET facts = facts || '{\"state\": \"closed\"}'"
        " WHERE subject_id = %s::text AND verb = 'cases.pause_case'",
        ("leaf", "leaf"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(CHANGED))
def test_what_is_changed_past_the_verbs_is_found(village: Village, what: str) -> None:
    """One row of a request that was paused, extended, handled, refused and handled again; one beside it stays silent."""
    case = _long_life(village)
    beside = village.told("井盖松动", at("2026-11-02 09:00"))
    assert found(village) == []
    sql, expected = CHANGED[what]
    past_the_verbs(sql, case.id)
    lines = found(village)
    assert len(lines) == len(expected), lines
    assert all(line.startswith(f"{case.number}: ") for line in lines)
    assert all(any(words in line for line in lines) for words in expected), lines
    assert beside.number not in " ".join(lines)


def _long_life(village: Village):  # type: ignore[no-untyped-def]
    secretary, clerk = village.officer("陈书记"), village.officer("分流", duty="town_clerk")
    case = village.told("门前路塌了", at("2026-11-02 09:00"), category="road")
    receipt, given = village.holding(case), {"case_id": case.id}
    claim_case(actor=secretary, now=at("2026-11-02 09:30"), **given)
    pause_case(
        actor=secretary, reason_code="weather", until_on=at("2026-11-05 00:00").date(), words="等天晴",
        now=at("2026-11-02 10:00"), **given,
    )  # fmt: skip
    resume_case(actor=secretary, now=at("2026-11-03 10:00"), **given)
    request_extension(actor=secretary, amount=1, words="要等材料", now=at("2026-11-03 11:00"), **given)
    decide_extension(actor=clerk, granted=True, now=at("2026-11-03 14:00"), **given)
    handle_case(actor=secretary, outcome="resolved", words="修好了", now=at("2026-11-04 10:00"), **given)
    confirm_case(actor=receipt, rating="neutral", now=at("2026-11-04 12:00"), **given)
    reopen_case(actor=receipt, words="又塌了", now=at("2026-11-05 09:00"), **given)
    claim_case(actor=secretary, now=at("2026-11-05 09:30"), **given)
    handle_case(actor=secretary, outcome="resolved", words="重铺了", now=at("2026-11-05 17:00"), **given)
    return village.again(case)


def test_a_sealed_matter_is_told_again_too(village: Village) -> None:
    case = village.told("书记收了钱", at("2026-11-02 09:00"))
    mark_official(
        actor=village.holding(case),
        case_id=case.id,
        accused_id=None,
        level="village",
        now=at("2026-11-02 10:00"),
    )
    assert found(village) == []
    past_the_verbs("UPDATE cases_case SET seal = 15 WHERE id = %s", case.id)
    assert [line.partition(": ")[2] for line in found(village)] == ["seal is 15, its leaves say 9"]
