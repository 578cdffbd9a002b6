"""The tables of docs/PERFORMANCE.md from ``benchmarks/results``: ``python -m benchmarks.tables``."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.results import FOLDER


def latest(bar: str) -> dict[int, dict[str, Any]]:
    """Size -> operation -> its figures in the last run of that size."""
    path = FOLDER / f"{bar}.jsonl"
    lines = map(json.loads, path.read_text().splitlines() if path.exists() else [])
    return {line["n"]: line["result"]["operations"] for line in lines}


def cases() -> str:
    """One line an operation: the largest size in full, growth from the smallest."""
    sizes = latest("cases")
    if not sizes:
        return "nothing measured yet"
    least, most = sizes[min(sizes)], sizes[max(sizes)]
    head = (
        "operation",
        "statements",
        "per second",
        "p50 ms",
        "p95 ms",
        "pgbench/s",
        "ratio",
        "CPU ms",
        "growth",
        "load",
    )
    rows = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for name, one in most.items():
        figures, now, then = one["figures"], _cost(one), _cost(least.get(name, {}))
        cells = [
            name,
            one.get("statements", ""),
            figures["per_second"],
            figures["p50"],
            figures["p95"],
            one.get("pgbench", ""),
            one.get("ratio", ""),
            f"{one['python_ms']} + {one['database_ms']}" if now else "",
            f"{now / then:.2f}" if now and then else "",
            one["load"],
        ]
        rows.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(rows)


def _cost(one: dict[str, Any]) -> float:
    return float(one.get("python_ms", 0.0) + one.get("database_ms", 0.0))


if __name__ == "__main__":
    print(cases())
