"""The two commands' own files: targets that others rely on, locks with hashes and without hosts, no package of the system's."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from wushi.config.env import CHECKOUT

LOCKS = ["requirements.txt", "requirements-dev.txt"]


@pytest.mark.parametrize(
    "target",
    ["up", "install", "down", "reset", "check", "test", "test-long", "bars", "screens"],
)
def test_every_target_is_known(target: str) -> None:
    done = subprocess.run(["make", "-n", target], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_gate_runs_three_targets_and_nothing_else() -> None:
    lines = (CHECKOUT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if line.startswith("make")] == [
        "make check",
        "make test",
        "make test-long",
    ]
    assert not [line for line in lines if line and not line.startswith(("make", "#", "set ", "cd "))]
    assert (CHECKOUT / ".ci" / "run").stat().st_mode & 0o111


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_by_hash_and_names_no_host(name: str) -> None:
    text = (CHECKOUT / name).read_text()
    assert "://" not in text
    assert "index-url" not in text
    assert "find-links" not in text
    packages = re.split(r"\n(?=\S)", text.strip())
    for package in packages:
        assert re.match(r"[A-Za-z0-9._\[\],-]+==\S+", package), package[:80]
        assert "--hash=sha256:" in package, package[:80]


def test_the_locks_agree_and_hold_what_the_project_asks_for() -> None:
    run, dev = (versions(CHECKOUT / name) for name in LOCKS)
    assert run.items() <= dev.items()
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    assert {plain(name) for name in [*project["dependencies"], *extras["embedded"]]} <= set(run)
    assert {plain(name) for name in extras["dev"]} <= set(dev)


def versions(lock: Path) -> dict[str, str]:
    """Package -> version."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", lock.read_text(), re.MULTILINE)
    return {plain(name): version for name, version in found}


def plain(requirement: str) -> str:
    """The bare name of a package."""
    return re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-").replace(".", "-")
