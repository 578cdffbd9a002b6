"""``wushi cases import``: a look, the whole, again nothing; a map in TOML; refusals in words."""

from __future__ import annotations

import json
from pathlib import Path

from tests.config.test_rule_commands import shell
from tests.stories.test_register_is_imported import table
from tests.stories.test_requests_are_imported import cases, differing
from tests.village import Village

HEADS = ["id", "topic", "time", "text", "where", "reply", "when", "how"]
ROWS = [
    ["188006", "路灯", "25/04/2019 09:32", "路灯坏了", "7", "已修好", "26/04/2019 10:00", "OK"],
    ["188007", "道路", "25/04/2019 09:40", "路面塌了", "7", "", "", "Dup"],
    ["188008", "狗", "25/04/2019 09:50", "狗叫", "8", "", "", ""],
    ["188009", "坏行", "昨天", "狗叫", "8", "", "", ""],
]
MAP = """
source = "问政平台"
default_area = "{default}"
time_format = "%d/%m/%Y %H:%M"
[columns]
source_id = "id"
title = "topic"
told_at = "time"
text = "text"
area = "where"
reply = "reply"
reply_at = "when"
state = "how"
[areas]
7 = "{code}"
[states]
Dup = "duplicate"
"""


def test_old_requests_come_in_by_the_shell(village: Village, tmp_path: Path) -> None:
    path, told = table(tmp_path / "a.xlsx", ROWS, HEADS), tmp_path / "map.toml"
    told.write_text(MAP.format(default=village.sibling, code=village.code), encoding="utf-8")
    asked = ("cases", "import", str(path), "--county", village.county, "--map", str(told), "--historic")
    looked = shell(*asked, "--json")
    assert looked.returncode == 0, looked.stderr
    said = json.loads(looked.stdout)
    assert said["counts"] == {"new": 3, "changed": 0, "same": 0, "duplicate": 0, "error": 1}
    assert said["wrong"] == [{"row": 5, "reason": "bad_time", "column": "told_at"}]
    assert said["state"] == "ready" and cases(village) == {}
    done = shell(*asked, "--commit")
    assert done.returncode == 0, done.stderr
    assert "new 3 / changed 0" in done.stdout and "Carried out." in done.stdout
    rows = cases(village)
    assert {c.source_id: c.state for c in rows.values()} == {
        "188006": "closed",
        "188007": "closed",
        "188008": "imported",
    }
    assert rows["188007"].outcome == "duplicate" and rows["188008"].village == village.sibling
    assert rows["188006"].village == village.code and rows["188006"].source == "问政平台"
    again = shell(*asked, "--commit")
    assert again.returncode == 0 and "new 0 / changed 0 / same 3" in again.stdout
    assert len(cases(village)) == 3 and differing(village) == []
    assert "路灯" not in looked.stdout + done.stdout, "no cell reaches the terminal"


def test_what_a_map_may_not_say(village: Village, tmp_path: Path) -> None:
    path, told = table(tmp_path / "a.xlsx", ROWS, HEADS), tmp_path / "map.toml"
    asked = ("cases", "import", str(path), "--county", village.county)
    nameless = shell(*asked)
    assert nameless.returncode == 2 and "--source" in nameless.stderr
    for text, word in (
        ('colums = {}\nsource = "x"', "colums"),
        ('areas = "x"\nsource = "x"', "table"),
        ("[", "cannot"),
        ('source = "x"\n[columns]\nnothing = "id"', "nothing"),
    ):
        told.write_text(text)
        wrong = shell(*asked, "--map", str(told))
        assert wrong.returncode == 2 and word in wrong.stderr, wrong.stderr
    assert shell("cases", "import", "/nowhere").returncode == 2
