"""House test 1: imports only go down, rooms of one shelf are strangers (import-linter)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.house.tree import ROOT

_LINT = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]


def test_imports_only_go_down() -> None:
    done = subprocess.run(_LINT, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wrong_import_is_found(tmp_path: Path) -> None:
    package = tmp_path / "sample"
    for name in ("kernel", "domain"):
        (package / name).mkdir(parents=True)
        (package / name / "__init__.py").write_text("")
    (package / "__init__.py").write_text("")
    (package / "kernel" / "wrong.py").write_text("import sample.domain\n")
    (tmp_path / ".importlinter").write_text(
        "[importlinter]\nroot_package = sample\n[importlinter:contract:floors]\nname = floors\ntype = layers\n"
        "layers =\n  sample.domain\n  sample.kernel\n"
    )
    done = subprocess.run(
        _LINT, cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": str(tmp_path)}
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "sample.kernel.wrong -> sample.domain" in done.stdout
