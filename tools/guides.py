"""``make guides``: the help's pictures, taken of real pages in both languages, into web/static/help."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run the picture-taking test file, which the ordinary suite does not collect."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", "tests/browser/guides.py", *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main())
