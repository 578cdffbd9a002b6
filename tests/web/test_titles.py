"""The trace in words: every verb has a title of its own for staff, and none shows its code."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from tests.village import at
from wushi.domain.cases.queries import Step
from wushi.domain.cases.states import MOVES
from wushi.web.titles import FOR_RESIDENTS, FOR_STAFF, ICONS, Deed, title
from wushi.web.told import Known, Names, Reader, tell

NOW = at("2026-11-23 14:05")
VERBS = sorted({*MOVES, "open_case"})
NAMES = Names(lambda code: f"<{code}>", {"JT": "区交通运输局"})


def deed(verb: str, **more: Any) -> Deed:
    """A step by somebody."""
    return Deed(
        verb, more.pop("facts", {}), "陈书记", "孙岗乡", "区交通运输局", **{"by_house": False, **more}
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("resident", [False, True])
def test_every_verb_has_a_title_of_its_own(language: str, resident: bool) -> None:
    with override(language):
        for by_house in (False, True):
            said = {verb: title(deed(verb, by_house=by_house), resident=resident, own=True) for verb in VERBS}
            assert not [verb for verb, words in said.items() if verb in words or "_" in words or "%" in words]
            assert len(set(said.values())) == len(VERBS), "two verbs are told alike"


def test_nothing_is_told_of_verbs_that_do_not_exist() -> None:
    assert set(FOR_STAFF) == set(VERBS) and set(FOR_RESIDENTS) == set(VERBS)
    assert set(ICONS) <= set(VERBS)


@pytest.mark.parametrize(
    ("verb", "facts", "house", "words"),
    [
        ("mark_clock", {"clock": "resolution", "level": "yellow"}, True, "黄灯提醒：办结"),
        ("mark_clock", {"clock": "claim", "level": "red"}, True, "红灯超时：签收"),
        ("mark_clock", {"clock": "whole", "level": "supervision"}, True, "到督办线：全程"),
        ("escalate_case", {}, True, "自动上报孙岗乡"),
        ("escalate_case", {}, False, "陈书记上报孙岗乡"),
        ("replan_case", {"cause": "calendar"}, True, "工作日有变，重算时限"),
        ("resume_case", {}, True, "挂起结束，时限接着走"),
        ("close_case", {}, True, "到期未回音，归档"),
        ("supervise_case", {"colour": "red"}, True, "按规则转入督办（红）"),
        ("decide_extension", {"granted": False}, False, "陈书记不同意延期"),
        ("blow_whistle", {}, False, "陈书记吹哨：区交通运输局"),
        ("merge_case", {"taken_in": "x"}, False, "又有一件同样的诉求并入，一起办"),
    ],
)
def test_what_the_house_did_by_itself_is_told_as_such(
    verb: str, facts: dict[str, Any], house: bool, words: str
) -> None:
    with override("zh-hans"):
        assert title(deed(verb, facts=facts, by_house=house), resident=False, own=False) == words


def step(n: int, verb: str, by: str = "house", **facts: Any) -> Step:
    """One step of a trace."""
    return Step(n, verb, NOW, by, "陈书记", facts=facts)


def told(reader: Reader) -> list[str]:
    """Titles of a trace in which much happened, oldest first."""
    steps = [
        step(1, "open_case", "resident"),
        step(2, "mark_clock", clock="claim", level="yellow"),
        step(3, "mark_clock", clock="claim", level="red"),
        step(4, "escalate_case", reason="claim_overdue", duty="town_clerk", area="341504100"),
        step(5, "pause_case", "staff", reason="material", until="2026-12-05"),
        step(6, "grade_part", "staff", grade="good", of="grade_of_part"),
        step(7, "supervise_case", colour="red", reason="refused"),
        step(8, "blow_whistle", "staff", kind="urgent", units=["JT"]),
    ]
    known: Any = Known([], steps, None, NAMES, "", NOW)  # type: ignore[arg-type]
    rows = tell(known, reader=reader, open_=True)
    return [" / ".join([row.title, *row.facts]) for row in reversed(rows)]


def test_staff_read_every_step_and_a_resident_a_shorter_and_plainer_one() -> None:
    with override("zh-hans"):
        staff, resident = told(Reader("/x/")), told(Reader("/x/", resident=True, own=True))
    assert len(staff) == 8 and staff[3].endswith("没按时签收")
    assert resident == [
        "收到了",
        "超时了：签收",
        "没按时接办，自动报到<341504100> 乡镇分流员 / 没按时签收",
        "陈书记挂起 / 等材料 / 最迟到2026年12月5日",
        "已转入督办，上面盯着办 / 群众多次说没办好",
        "陈书记吹哨，叫来区交通运输局一起办 / 应急哨",
    ]
