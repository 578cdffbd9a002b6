"""Rule books as files, and the shell's questions about deadlines, on a county with requests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.village import Village, at
from wushi.config import rule_files
from wushi.config.rule_files import BadRules
from wushi.domain.cases.models import Case
from wushi.domain.cases.queries import rulebook
from wushi.domain.cases.rules.routing import in_force
from wushi.domain.cases.services import adopt_rules
from wushi.domain.cases.services.setup import current_rules
from wushi.kernel.verb import reading


def shell(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line on the database of this run."""
    command = [sys.executable, "-m", "wushi.config.cli", *arguments]
    return subprocess.run(command, env=dict(os.environ), capture_output=True, text=True, check=False)


def test_the_shell_says_what_the_engine_promises(village: Village) -> None:
    asked = ("clocks", "due", "--county", village.county, "--kind", "help", "--urgency", "normal")
    done = shell(*asked, "--clock", "resolution", "--opened", "2026-09-30T17:00")
    assert done.returncode == 0, done.stderr
    promised = json.loads(done.stdout)
    # National Day until the 7th, the 10th is a make-up Saturday
    assert promised["due"] == "2026-10-10T18:00:00+08:00"
    # 70 percent of 23.5 office hours: 1 on the 30th, 7.5 on the 8th, 7.5 on the 9th, 27 minutes on the 10th
    assert promised["yellow"] == "2026-10-10T08:27:00+08:00"
    assert promised["rule"]["code"] == "help" and promised["guess"] is False
    claim = json.loads(shell(*asked, "--clock", "claim", "--opened", "2026-09-30T17:00+08:00").stdout)
    # one office hour on the 30th, three more on the 8th
    assert claim["due"] == "2026-10-08T11:00:00+08:00"
    wrong = shell(*asked, "--opened", "tomorrow")
    assert wrong.returncode == 2 and "is no moment" in wrong.stderr
    unknown = shell("clocks", "due", "--county", "999998", "--kind", "help", "--opened", "2026-09-30T17:00")
    assert unknown.returncode == 2 and "not set up" in unknown.stderr


def test_the_shell_says_why(village: Village) -> None:
    case = village.told("井边路灯不亮", at("2026-11-16 09:00"), category="light")
    with reading(village.house):
        number = Case.objects.get(county=village.county, id=case.id).number
    done = shell("why", number, "--county", village.county, "--language", "en")
    assert done.returncode == 0, done.stderr
    assert "village, version 1" in done.stdout and "3 working days" in done.stdout
    assert "goes up to" in done.stdout
    codes = json.loads(shell("why", number, "--county", village.county, "--json").stdout)
    assert {c["name"] for c in codes["clocks"]} == {"claim", "contact", "resolution", "whole"}
    nobody = shell("why", "SY-20261116-9999-9", "--county", village.county)
    assert nobody.returncode == 1 and "has no request" in nobody.stderr


def test_rules_are_shown_changed_rehearsed_and_adopted(village: Village, tmp_path: Path) -> None:
    for text in ("路灯不亮", "自来水发黄"):
        village.told(text, at("2026-11-16 09:00"))
    village.told("问个事", at("2026-11-16 09:00"), kind="inquiry")
    text = rule_files.written(village.county)
    assert tomllib.loads(text)["numbers"]["return_times"] == 2
    same = rule_files.rehearsed(village.county, text, 90)
    assert (same.tried, same.differences) == (3, ())

    file = tmp_path / "rules.toml"
    changed = tomllib.loads(text)
    line = next(p for p in changed["paces"] if p["code"] == "help")
    file.write_text(_with(text, line, 2), encoding="utf-8")
    done = shell("rules", "rehearse", str(file), "--county", village.county)
    assert done.returncode == 0, done.stderr
    assert "3 requests tried; differences: resolution: 2." in done.stdout
    with reading(village.house):
        assert rulebook(village.county).profile.version == 1

    done = shell("rules", "adopt", str(file), "--county", village.county)
    assert done.returncode == 0 and "Version 2" in done.stdout and "is in force" in done.stdout
    promised = shell(
        "clocks", "due", "--county", village.county, "--kind", "help", "--opened", "2027-01-04T09:00"
    )
    assert json.loads(promised.stdout)["rule"]["amount"] == 2


def _with(text: str, line: dict[str, object], amount: int) -> str:
    """The file with another amount in one line of the paces."""
    head, found, tail = text.partition(f'code = "{line["code"]}"\nclock = "{line["clock"]}"')
    if not found:
        head, found, tail = text.partition(f'code = "{line["code"]}"')
        while "resolution" not in tail.split("[[")[0]:
            head, found, tail = (
                head + found + tail.partition(f'code = "{line["code"]}"')[0],
                found,
                (tail.partition(f'code = "{line["code"]}"')[2]),
            )
    return head + found + tail.replace(f"amount = {line['amount']}", f"amount = {amount}", 1)


def test_shown_and_adopted_nothing_is_lost(village: Village) -> None:
    house = village.house
    with reading(house):
        rules = current_rules(village.county)
    odd = {
        "code": "odd",
        "name": "怪字",
        "text": '第一行\r\n\t"引号" 反斜杠\\ \x07',
        "outcome": "resolved",
        "basis": "某通知",
    }
    duty = {"code": "jt-1", "unit": "JT", "category": "road", "name": "修路", "basis": "权责清单"}
    adopt_rules(actor=house, rules=replace(rules, templates=[*rules.templates, odd], duties=[duty]))
    with reading(house):
        before = current_rules(village.county)
    rule_files.adopted(village.county, rule_files.written(village.county), None, open_too=False)
    with reading(house):
        after = current_rules(village.county)
    assert after == before and odd["text"] in {row["text"] for row in after.templates}


def test_a_later_version_calls_off_one_that_would_have_begun_later(village: Village) -> None:
    text, county = rule_files.written(village.county), village.county
    far = timezone.localdate() + timedelta(days=30)
    rule_files.adopted(county, "[numbers]\npause_workdays = 99\n", far, open_too=False)
    with reading(village.house):
        assert rulebook(county).profile.pause_workdays == 10
    rule_files.adopted(county, text, None, open_too=False)
    with reading(village.house):
        book = rulebook(county)
        codes = [c.code for c in book.categories]
        live = [p for p in book.paces if in_force(p, far)]
    assert len(codes) == len(set(codes))
    assert {p.version for p in live} == {3}
    with pytest.raises(BadRules):
        rule_files.adopted(county, text, far, open_too=True)


ROUTE = "[[routes]]\ncode = '{code}'\nlevel = '{level}'\nduty = '{duty}'\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("paces = ", "no TOML"),
        ("[[flights]]\ncode = 'x'", "Unknown part: flights"),
        ("[[paces]]\namount = 3", "needs its code"),
        ("[[paces]]\ncode = 'x'\namount = 3\nspeed = 1", "unknown: speed"),
        ("[[paces]]\ncode = 'x'\namount = 'many'", "paces, line 1 (x)"),
        ("[[paces]]\ncode = 'x'\namount = 3\nunit = 'moon'", "unit is one of"),
        ("[[paces]]\ncode = 'x'\namount = 3\nat_red = 'shout'", "at_red is tell or escalate"),
        ("[[paces]]\ncode = 'x'\nkind = 'help'\namount = 3", "for any kind, category and urgency"),
        ("[[routes]]\ncode = 'x'\nkind = 'help'\nlevel = 'town'\nduty = 'town_clerk'", "routes: one line"),
        ("[numbers]\nreturn_times = -1", "0 to 32000"),
        ("[numbers]\nluck = 7", "Unknown number: luck"),
        ("numbers = 5", "numbers is a table"),
        ("routes = 5", "routes is a list"),
        (ROUTE.format(code="村 里", level="village", duty="secretary"), "a code is letters"),
        (ROUTE.format(code="a", level="hamlet", duty="secretary"), "level is one of"),
        (ROUTE.format(code="a", level="village", duty="mayor"), "the duty of a village is secretary"),
        (ROUTE.format(code="a", level="county", duty="department"), "unit belongs to the duty"),
        (ROUTE.format(code="a", level="village", duty="secretary") * 2, "twice the same code: a"),
        ("[[paces]]\ncode = 'x'\namount = 2000000000", "paces, line 1 (x)"),
        ("[[paces]]\ncode = 'x'\namount = 200000", "at most 2500"),
        ("[[categories]]\ncode = 'x'", "missing: name"),
        ("[[duties]]\ncode = 'x'\nunit = 'MOON'\nname = 'x'", "there is no unit 'MOON'"),
    ],
)
def test_a_bad_file_is_refused_in_words_and_changes_nothing(village: Village, text: str, words: str) -> None:
    with pytest.raises(BadRules) as refused:
        rule_files.adopted(village.county, text, None, open_too=False)
    assert words in str(refused.value)
    with reading(village.house):
        assert rulebook(village.county).profile.version == 1
