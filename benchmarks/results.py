"""Figures: percentiles, and one JSON line a run under ``benchmarks/results``."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figures:
    """What a run of one operation showed; milliseconds."""

    n: int
    per_second: float
    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, milliseconds: Sequence[float], seconds: float) -> Figures:
        """From the latencies of all clients together."""
        ordered = sorted(milliseconds)

        def at(share: float) -> float:
            return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2) if ordered else 0.0

        return cls(len(ordered), round(len(ordered) / seconds, 1), at(0.50), at(0.95), at(0.99))

    def line(self) -> str:
        """For the console."""
        return f"{self.per_second:8.1f}/s  p50 {self.p50:8.2f}  p95 {self.p95:8.2f}  p99 {self.p99:8.2f} ms  (n={self.n})"


def machine() -> dict[str, Any]:
    """What it ran on, without a name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    return {
        "cores": os.cpu_count(),
        "memory_gib": memory,
        "system": platform.system(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
        "shared": True,
    }


def commit() -> str:
    """The commit, with a plus when the tree holds more than it."""

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], capture_output=True, text=True, check=False, cwd=FOLDER.parent)
        return done.stdout.strip()

    return git("rev-parse", "--short", "HEAD") + ("+" if git("status", "--porcelain", "--", ":/src") else "")


def write(bar: str, n: int, seed: int, result: dict[str, Any], before: dict[str, Any]) -> Path:
    """Append the line; ``before`` is ``machine()`` as it was at the start."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{bar}.jsonl"
    line = {
        "bar": bar,
        "commit": commit(),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": seed,
        "n": n,
        "result": result,
        "machine": before,
    }
    with path.open("a") as file:
        file.write(json.dumps(line, ensure_ascii=False, default=_plain) + "\n")
    return path


def _plain(value: Any) -> Any:
    if isinstance(value, Figures):
        return asdict(value)
    raise TypeError(type(value).__name__)
