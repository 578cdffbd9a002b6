"""``docs/DEVICES.md``, "Add a button in 20 minutes", followed word by word in a copy of the checkout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from wushi.gateway import devices

GUIDE = (ROOT / "docs" / "DEVICES.md").read_text(encoding="utf-8")
STEPS = GUIDE.partition("## Add a button in 20 minutes\n")[2]
_FILE = re.compile(r"^\*\*\d\. [^`]*`([^`]+)`[^\n]*\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"Add the line `([^`]+)` after `([^`]+)` in `([^`]+)`")
_COMMANDS = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
_ANSWER = re.compile(r"The first says\n\n```json\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the guide touches, copied; the environment of this run."""
    for name in ("src", "tests/gateway", "tests/house"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("__init__.py", "conftest.py", "support.py", "village.py"):
        shutil.copy(ROOT / "tests" / name, tmp_path / "tests" / name)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    return tmp_path


def run(checkout: Path, command: str) -> subprocess.CompletedProcess[str]:
    """One line of the guide, in the copy."""
    given = {
        **os.environ,
        "PYTHONPATH": f"{checkout / 'src'}:{checkout}",
        "WUSHI_TEST_HOME": str(checkout / "home"),
    }
    return subprocess.run(
        command, shell=True, cwd=checkout, env=given, capture_output=True, text=True, check=False
    )


def test_the_guide_adds_a_family(checkout: Path) -> None:
    files = _FILE.findall(STEPS)
    assert [path for path, _ in files] == [
        "src/wushi/gateway/devices/lantern.py",
        "tests/gateway/vectors/lantern.json",
    ]
    for path, text in files:
        (checkout / path).write_text(text, encoding="utf-8")
    line, after, path = _LINE.findall(STEPS)[0]
    registry = (checkout / path).read_text(encoding="utf-8")
    assert registry.count(f"{after}\n") == 1
    (checkout / path).write_text(registry.replace(f"{after}\n", f"{after}\n{line}\n"), encoding="utf-8")
    decoded, tested = (run(checkout, command) for command in _COMMANDS.findall(STEPS)[0].strip().splitlines())
    assert decoded.returncode == 0, decoded.stderr
    assert json.loads(decoded.stdout) == json.loads(_ANSWER.findall(STEPS)[0])
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert " passed" in tested.stdout
    # the vectors of the new family were among them
    named = run(checkout, ".venv/bin/python -m pytest -q --collect-only tests/gateway/test_decoders.py")
    assert named.stdout.count("lantern-lantern/l1-") == 5


def test_the_guide_names_every_family_and_model() -> None:
    table = GUIDE.partition("## Kinds of device\n")[2].partition("## Add a button")[0]
    for name in devices.FAMILIES:
        assert f"`{name}`" in table, name
    for model in devices.models():
        assert model.name in table or model.code.upper() in table or model.vendor == "wushi", model.key
