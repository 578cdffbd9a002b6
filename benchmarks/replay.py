"""The machine's limit: the very statements of an operation, without Python and without Django, by pgbench.

The statements are recorded as they reach the server, values filled in. For a creation the keys are made anew by the
statement that opens the transaction, so that pgbench makes as many round trips as the verb does.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.county import COUNTY
from benchmarks.place import Place

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_HEX = re.compile(r"\b[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}\b")  # as psycopg writes them
_READING = f"SELECT set_config('wushi.county', '{COUNTY}', true), now(), set_config('transaction_read_only', 'on', true);"


@contextmanager
def recorded() -> Iterator[list[str]]:
    """The statements of a block as they reach the server, without the one that opens the scope."""
    import psycopg
    from django.db import connection

    seen: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if "set_config('wushi.county'" not in sql:
            seen.append(psycopg.ClientCursor(context["connection"].connection).mogrify(sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


def statements_of(operation: Callable[[], object]) -> list[str]:
    """What one call sends, once its caches are warm."""
    operation()
    with recorded() as seen:
        operation()
    return list(seen)


def read_script(statements: Sequence[str]) -> str:
    """A reading's transaction."""
    return "\n".join(["BEGIN;", _READING, *(s.strip().rstrip(";") + ";" for s in statements), "COMMIT;", ""])


def create_script(case: Any, statements: Sequence[str], version: int) -> str:
    """A creation's transaction, every key of it fresh at each turn."""
    made, first = "uuidv7()" if version >= 180000 else "gen_random_uuid()", str(case.id)
    body = "\n".join(s.strip().rstrip(";") + ";" for s in statements)
    body = _HEX.sub(lambda found: str(UUID(found[0])), body)
    body = body.replace(f"case:{first}", ":topic").replace(first, ":id")
    for value, name in ((case.number, ":num"), (case.receipt, ":rec"), (case.client_key, ":key")):
        body = body.replace(value, name)
    others = list(dict.fromkeys(_UUID.findall(body)))
    for number, value in enumerate(others):
        body = body.replace(value, f":k{number}")
    keys = ", ".join([f"{made} AS i", *(f"{made} AS k{number}" for number in range(len(others)))])
    names = ", ".join(["", *(f"k{number}" for number in range(len(others)))])
    opening = (
        f"SELECT set_config('wushi.county', '{COUNTY}', true) AS scope, now() AS at, i AS id, 'case:' || i AS topic, "
        f"replace(i::text, '-', '') AS num, '{COUNTY}' || right(i::text, 12) AS rec, 'p' || i AS key{names} "
        f"FROM (SELECT {keys}) made \\gset"
    )
    return "\n".join(["BEGIN;", opening, body, "COMMIT;", ""])


def pgbench(place: Place, scripts: Sequence[str], clients: int, seconds: int) -> float:
    """Transactions a second over the scripts, each as likely as the others, as the app role."""
    from wushi.config.database import client_environment
    from wushi.config.env import load

    environment = {**os.environ, **client_environment(load().database_url)}
    with tempfile.TemporaryDirectory() as folder:
        files: list[str] = []
        for number, script in enumerate(scripts):
            path = Path(folder) / f"{number}.sql"
            path.write_text(script)
            files += ["-f", str(path)]
        done = subprocess.run(
            [
                str(place.programs_folder / "pgbench"),
                "-n",
                "-c",
                str(clients),
                "-j",
                "2",
                "-T",
                str(seconds),
                *files,
            ],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    found = re.search(r"tps = ([0-9.]+) \(without", done.stdout)
    if done.returncode or found is None or "aborted" in done.stderr:
        raise RuntimeError(f"pgbench: {done.stderr[-800:]}")
    return round(float(found[1]), 1)
