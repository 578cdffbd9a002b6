"""``make bars``: every bar, each in a process of its own; 1 when one of them is missed."""

from __future__ import annotations

import subprocess
import sys

BARS = ("kill", "slow_uploads", "cases", "imports", "calls", "ingest", "arrivals")


def main() -> int:
    """All of them, or those named as arguments."""
    missed = []
    for bar in sys.argv[1:] or BARS:
        print(f"== {bar}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{bar}"], check=False).returncode:
            missed.append(bar)
    print(
        f"missed in: {', '.join(missed)}; the reasons stand in docs/PERFORMANCE.md"
        if missed
        else "every bar met"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
