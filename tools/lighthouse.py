"""``make lighthouse``: the resident's home, report and tracking pages on a slow phone; scores and bytes, printed and kept.

Starts the house as the browser tests do, runs Lighthouse (tools/lighthouse/package-lock.json) with the Chromium here, and adds a
line a page to benchmarks/results/lighthouse.jsonl. Exit 1 when accessibility, best practices or bytes miss their bar.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Run the measuring test file and keep its figures."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", "tests/long/test_lighthouse.py", *sys.argv[1:]]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "WUSHI_LIGHTHOUSE_KEEP": "1"}).returncode


if __name__ == "__main__":
    sys.exit(main())
