"""``wushi imports``: a look without --commit, the whole with it, columns by a TOML file, refusals in words."""

from __future__ import annotations

import json
from pathlib import Path

from tests.config.test_rule_commands import shell
from tests.stories.test_register_is_imported import people, some, table
from tests.village import Village


def test_a_list_comes_in_by_the_shell(village: Village, tmp_path: Path) -> None:
    rows = [*some(village, 2), ["坏行", "", "138", "孙岗村", "", "", ""]]
    path = table(tmp_path / "a.xlsx", rows)
    asked = ("imports", "residents", str(path), "--county", village.county, "--source", "派出所")
    looked = shell(*asked, "--json")
    assert looked.returncode == 0, looked.stderr
    said = json.loads(looked.stdout)
    assert said["counts"] == {"new": 2, "changed": 0, "same": 0, "duplicate": 0, "error": 1}
    assert said["wrong"] == [{"row": 4, "reason": "bad_phone", "column": "phone"}]
    assert said["state"] == "ready" and people(village) == {}
    done = shell(*asked, "--commit")
    assert done.returncode == 0, done.stderr
    assert "new 2 / changed 0" in done.stdout and "Carried out." in done.stdout
    assert set(people(village)) == {"王小明0", "王小明1"}
    again = shell(*asked, "--commit")
    assert again.returncode == 0 and len(people(village)) == 2
    assert "13800000000" not in looked.stdout + done.stdout, "no cell reaches the terminal"


def test_columns_by_a_file_and_refusals(village: Village, tmp_path: Path) -> None:
    rows = [["王一", "13800000001", "孙岗村"]]
    path = table(tmp_path / "a.xlsx", rows, ["户主", "号码", "哪个村"])
    asked = ("imports", "residents", str(path), "--county", village.county)
    missing = shell(*asked)
    assert missing.returncode == 1 and "imports.columns_missing" in missing.stderr
    told = tmp_path / "map.toml"
    told.write_text('name = "户主"\nphone = "号码"\nvillage = "哪个村"\n')
    done = shell(*asked, "--map", str(told), "--commit", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["state"] == "done" and set(people(village)) == {"王一"}
    assert shell("imports", "nothing", str(path), "--county", village.county).returncode == 1
    assert shell("imports", "residents", "/nowhere").returncode == 2
    web = tmp_path / "a.xls"
    web.write_text("<html></html>")
    refused = shell("imports", "residents", str(web), "--county", village.county)
    assert refused.returncode == 1 and "sheets.web_page" in refused.stderr


def test_a_head_that_is_not_there_is_said(village: Village, tmp_path: Path) -> None:
    path, told = table(tmp_path / "a.xlsx", some(village, 1)), tmp_path / "map.toml"
    told.write_text('name = "没有"\n')
    wrong = shell("imports", "residents", str(path), "--county", village.county, "--map", str(told))
    assert wrong.returncode == 2 and "没有" in wrong.stderr and "姓名" in wrong.stderr
