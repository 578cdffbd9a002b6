"""``make taps``: count the taps of every journey in Chromium and write the table of docs/EXPERIENCE.md."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run the counting test and have it write its table."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", "tests/long/test_taps.py", *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "WUSHI_TAPS_WRITE": "1"}).returncode


if __name__ == "__main__":
    sys.exit(main())
