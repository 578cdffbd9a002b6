"""A mountain of requests by COPY: mostly closed, three years of them in order of time, with **reduced histories**.

For benchmarks and for trying how a county of a million requests feels (``wushi demo --cases``): one leaf a step, the clocks of
opening, the answer, one row of the outbox; no photos, no notices, nobody's part. ``wushi check`` leaves them out and says so
(``Case.source`` is GENERATED). Written as the server's superuser with the plain indexes taken away meanwhile; the verbs would
need a day for a million.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from wushi.config.generator_texts import Said, pool, rare
from wushi.domain.cases.states import GENERATED
from wushi.plumbing.tokens import quarter_token


@dataclass(frozen=True)
class Layout:
    """Where requests come from: villages with their shares, grids by village, and whose each village is."""

    county: str
    villages: Sequence[str]
    weights: Sequence[float]
    grids: Mapping[str, Sequence[str]]
    secretaries: Mapping[str, UUID]


@dataclass(frozen=True)
class Mountain:
    """How many, from which number on, and how many of them are open; ``seed`` makes it the same again."""

    n: int
    seed: int
    first: int = 0
    open_too: bool = True


DAYS = 1095
RARE_ROWS = 20
PEOPLE = 2000
# the tables a request writes into; emptied before each size
TABLES = (
    "cases_clock",
    "cases_watch",
    "cases_entry",
    "audit_leaf",
    "outbox_row",
    "cases_case",
    "people_person",
    "insight_cell",
    "insight_fold",
)
COLUMNS = (
    "id", "county", "number", "receipt", "client_key", "body_hash", "town", "village", "grid", "place", "longitude",
    "latitude", "kind", "category", "urgency", "channel", "title", "text", "salt", "tokens", "on_behalf", "consent",
    "wants_reply", "state", "step", "tray_duty", "tray_area", "unit", "why", "opened_at", "due_at", "due_is_guess",
    "handled_at", "outcome", "closed_at", "closing", "rating", "refusals", "appealed_to", "seal", "reporter_id",
    "taken_by_id", "holder_id", "accused_id", "tags", "came_from", "partners", "open_parts", "returns", "supervised",
    "state_before", "merged", "resolved_level", "rating_attitude", "rating_speed", "claimed_at",
    "source", "source_id",
)  # fmt: skip
_WHY = (
    '{"route": "village", "route_version": 1, "missing_level": "", "automatic": true, "tray": ["secretary", "", ""],'
    ' "pace": "help", "pace_version": 1, "amount": 3, "unit": "workday"}'
)
_CATEGORIES = (
    "road",
    "light",
    "water",
    "clean",
    "house",
    "farm",
    "welfare",
    "health",
    "school",
    "safety",
    "other",
)
_KINDS, _CHANNELS = ("help", "inquiry", "hazard", "dispute"), ("qr", "h5", "tel", "12345", "patrol")
# state, step, share; 6 % are open
_STATES = (
    ("closed", 6, 89),
    ("withdrawn", 4, 2),
    ("declined", 2, 2),
    ("handled", 5, 1),
    ("assigned", 3, 3),
    ("working", 4, 3),
)
_OPEN = frozenset({"assigned", "working"})
_HELD = frozenset({"working", "handled", "closed"})
_VERBS = ("open_case", "accept_case", "assign_case", "claim_case", "handle_case", "confirm_case")


def uuid7_at(at: datetime, rng: random.Random) -> str:
    """A UUIDv7 of a past instant."""
    milliseconds = int(at.timestamp() * 1000)
    value = milliseconds << 80 | 0x7 << 76 | rng.getrandbits(12) << 64 | 0b10 << 62 | rng.getrandbits(62)
    return str(uuid.UUID(int=value))


def fill(
    url: str,
    layout: Layout,
    mountain: Mountain,
    *,
    emptied: bool = False,
    say: Callable[[int], None] = lambda done: None,
) -> float:
    """Write the requests with their leaves, clocks, words and outbox rows; how many seconds it took.

    ``url`` is a superuser's; ``emptied`` empties the tables before (a benchmark's own database). One transaction beside the
    indexes: stopped in the middle, nothing of it is there.
    """
    began = time.monotonic()
    rng = random.Random(mountain.seed)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # the rows are whole by construction
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET search_path = public")
        if emptied:
            connection.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        indexes = _take_indexes(connection)
        try:
            with connection.transaction():
                _write(connection, layout, mountain, rng, say)
        finally:
            for definition in indexes:
                connection.execute(definition.encode())
        for table in TABLES:
            connection.execute(f"VACUUM (ANALYZE) {table}".encode())
        connection.execute("CHECKPOINT")
    return round(time.monotonic() - began, 1)


def _write(
    connection: psycopg.Connection[Any],
    layout: Layout,
    mountain: Mountain,
    rng: random.Random,
    say: Callable[[int], None],
) -> None:
    people = _people(connection, layout.county, rng)
    with connection.cursor().copy(f"COPY cases_case ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        for done, block in _blocks(_lines(layout, mountain, rng, people)):
            copy.write(block)
            if done % 100_000 == 0:
                say(done)
    fresh = sql.SQL(
        "CREATE OR REPLACE TEMP VIEW fresh AS SELECT * FROM cases_case WHERE county = {} AND source = {}"
        " AND split_part(source_id, '-', 2)::int >= {}"
    )
    connection.execute(fresh.format(layout.county, GENERATED, mountain.first))
    _beside(connection)
    # figures are counted anew
    connection.execute("DELETE FROM insight_fold WHERE county = %s", [layout.county])


def _take_indexes(connection: psycopg.Connection[Any]) -> list[str]:
    """Drop every index that no constraint needs; their definitions, to make them again."""
    rows = connection.execute(
        """SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
           WHERE i.indrelid::regclass::text = ANY(%s)
             AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)""",
        [list(TABLES)],
    ).fetchall()
    for name, _ in rows:
        connection.execute(f"DROP INDEX {name}".encode())
    return [definition for _, definition in rows]


def _people(connection: psycopg.Connection[Any], county: str, rng: random.Random) -> list[str]:
    ids = [uuid7_at(datetime.now(UTC), rng) for _ in range(PEOPLE)]
    with connection.cursor().copy(
        "COPY people_person (id, county, name, phone, phone_index, id_number, id_index, village, entered_at, step, left_why)"
        " FROM STDIN"
    ) as copy:
        for number, key in enumerate(ids):
            index = rng.getrandbits(128).to_bytes(16, "big")
            phone = f"plain:139{number:08d}".encode()
            copy.write_row((key, county, "某某", phone, index, b"", b"", "", datetime.now(UTC), 1, ""))
    return ids


def _blocks(lines: Iterator[str]) -> Iterator[tuple[int, str]]:
    held: list[str] = []
    done = 0
    for line in lines:
        held.append(line)
        if len(held) == 500:
            done += 500
            yield done, "".join(held)
            held = []
    yield done + len(held), "".join(held)


def _lines(layout: Layout, mountain: Mountain, rng: random.Random, people: list[str]) -> Iterator[str]:
    texts, strange, n = pool(rng, 20_000), rare(rng), mountain.n
    now = datetime.now(UTC)
    step = timedelta(days=DAYS) / n
    states = [state for state in _STATES if mountain.open_too or state[0] not in _OPEN]
    shares = [state[2] for state in states]
    rarely = set(rng.sample(range(n), min(RARE_ROWS, n)))
    for number in range(n):
        village = rng.choices(layout.villages, layout.weights)[0]
        state = rng.choices(states, shares)[0]
        opened = now - step * (n - number)
        what = strange if number in rarely else rng.choice(texts)
        yield _line(layout, village, state[:2], opened, what, (mountain.first + number, rng, people))


def _line(
    layout: Layout,
    village: str,
    state: tuple[str, int],
    opened: datetime,
    what: Said,
    more: tuple[int, random.Random, list[str]],
) -> str:
    """One row in COPY's text form: a request whose holder is its village's secretary."""
    number, rng, people = more
    name, step = state
    grids = layout.grids[village]
    grid = grids[min(int(rng.expovariate(0.7)), len(grids) - 1)]
    is_open = name in _OPEN
    # what is open is due around now, whenever it was opened: else the older half would all be years late
    due = datetime.now(UTC) + timedelta(hours=rng.uniform(-72, 72)) if is_open else opened + timedelta(days=3)
    due = max(due, opened)
    done = f"{opened + timedelta(hours=rng.uniform(1, 60)):%Y-%m-%d %H:%M:%S.%f+00}"
    chance = rng.random()
    tray = ("town_clerk", village[:9]) if chance < 0.05 else ("secretary", village)
    unit = "JT" if chance > 0.97 else ""
    vector = f"{what.vector} '{quarter_token(opened.date())}'"
    values = (
        uuid7_at(opened, rng), layout.county, f"ZL-{opened:%Y%m%d}-{number}", f"{layout.county}{number:012d}",
        f"made-key-{number:020d}",
        f"\\\\x{rng.getrandbits(256):064x}", village[:9], village, grid, "", "\\N", "\\N", rng.choice(_KINDS),
        rng.choice(_CATEGORIES), "normal", rng.choice(_CHANNELS), what.title, what.text, f"\\\\x{rng.getrandbits(128):032x}",
        vector, "f", "", "t", name, str(step), *tray, unit, _WHY, f"{opened:%Y-%m-%d %H:%M:%S.%f+00}",
        f"{due:%Y-%m-%d %H:%M:%S.%f+00}", "f", done if name in ("handled", "closed") else "\\N",
        "resolved" if name in ("handled", "closed") else "", done if name in ("closed", "declined", "withdrawn") else "\\N",
        "reporter" if name == "closed" else "", "satisfied" if name == "closed" and chance < 0.6 else "", "0", "", "15",
        rng.choice(people) if chance < 0.3 else "\\N", "\\N",
        str(layout.secretaries[village]) if name in _HELD else "\\N", "\\N", "[]", "[]", "[]", "0", "0", "", "", "0",
        "village" if name in ("handled", "closed") else "", "", "", done if name in _HELD else "\\N",
        GENERATED, f"made-{number}",
    )  # fmt: skip
    return "\t".join(values) + "\n"


def _beside(connection: psycopg.Connection[Any]) -> None:
    """Leaves (one a step), words at handling, one outbox row: made from the requests inside the database."""
    # keys in order of time, as uuid7() makes them, where the server can
    key = "uuidv7(opened_at - now())" if connection.info.server_version >= 180000 else "gen_random_uuid()"
    connection.execute(
        f"""INSERT INTO audit_leaf (id, county, verb, actor, behind, subject, subject_id, step, at, facts)
           SELECT {key}, county, 'cases.' || (%s::text[])[s],
                  CASE WHEN s > 3 AND s < 6 THEN 'user:' || holder_id ELSE 'anonymous' END, '', 'cases.case', id::text, s,
                  opened_at + s * interval '1 hour', '{{"state": "assigned", "route": "village", "version": 1}}'
             FROM fresh, generate_series(1, 6) s WHERE s <= step AND (s < 4 OR holder_id IS NOT NULL)""".encode(),
        [list(_VERBS)],
    )
    _clocks(connection, key)
    connection.execute(
        f"""INSERT INTO cases_entry (id, county, case_id, at_step, text, salt, author, said_at)
           SELECT {key}, county, id, 5, '已经处理好了，有问题再联系', salt, 'user:' || holder_id, handled_at
             FROM fresh WHERE handled_at IS NOT NULL""".encode()
    )
    connection.execute(
        f"""INSERT INTO outbox_row (id, county, kind, name, payload, state, created_at, sent_at)
           SELECT {key}, county, 'live', 'live', jsonb_build_object('topics', ARRAY['case:' || id]), 'sent',
                  opened_at, opened_at FROM fresh""".encode()
    )


def _clocks(connection: psycopg.Connection[Any], key: str) -> None:
    """Four clocks a request, as opening starts them; those of open requests still have a mark to come."""
    connection.execute(
        f"""INSERT INTO cases_clock (id, county, case_id, name, run, part_id, pace, pace_version, amount, unit, by_time,
                extended, started_at, yellow_at, due_at, supervise_at, is_guess, paused_at, reached, next_at, ended_at,
                ended_by)
           SELECT {key}, county, id, name, 1, NULL, name, 1, 3, 'workday', '18:00', 0, opened_at, opened_at,
                  greatest(due_at, opened_at), due_at, false, NULL, '',
                  CASE WHEN running THEN due_at END, CASE WHEN NOT running THEN opened_at + interval '1 hour' END,
                  CASE WHEN running THEN '' ELSE 'handle_case' END
             FROM (SELECT *, state IN ('assigned', 'working') AND NOT (name = 'claim' AND state = 'working') AS running
                     FROM fresh, unnest(ARRAY['claim', 'contact', 'resolution', 'whole']) name) c""".encode()
    )
