"""The three ways to open a transaction, and the guard that refuses every query outside them (house rules 2-4).

``@verb`` writes and leaves its leaves, ``reading`` only reads, ``chore`` is a machine write that decides nothing.
``unscoped`` is for tables without a county's policy (areas, accounts, outbox) and for the migrations.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from wushi.kernel.actor import Actor

P = ParamSpec("P")
R = TypeVar("R")

# Left out, ``@verb`` puts the database's time here (house rule 2).
DB_TIME: datetime = None  # type: ignore[assignment]

_COUNTY = re.compile(r"[0-9]{6}")
_OPENING = "SELECT set_config('wushi.county', %s, true), now()"
_OPENING_READ_ONLY = (
    "SELECT set_config('wushi.county', %s, true), now(), set_config('transaction_read_only', 'on', true)"
)


class UnscopedQuery(RuntimeError):
    """A statement outside verb, reading, chore and unscoped: under row-level security it would quietly find nothing."""


class TraceMissing(RuntimeError):
    """A verb wrote rows and recorded no leaf: the deed and its trace are one transaction or nothing."""


class WrongScope(RuntimeError):
    """A verb inside a reading, or two counties in one transaction."""


@dataclass
class Trace:
    """One leaf as the verb left it; ``audit`` turns it into a row. Codes, ids and hashes only."""

    verb: str
    actor: Actor
    at: datetime
    subject: str
    subject_id: str
    step: int
    facts: dict[str, Any]


@dataclass
class Frame:
    """One verb that is running: its name, its actor, what it wrote and what it recorded."""

    name: str
    actor: Actor
    now: datetime
    writes: int = 0
    leaves: int = 0


@dataclass
class Scope:
    """What is open on this thread: the kind (verb, reading, chore, unscoped), the county and the database's time."""

    kind: str
    county: str
    now: datetime
    reason: str = ""
    frames: list[Frame] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    outgoing: list[Any] = field(default_factory=list)


_scope: ContextVar[Scope | None] = ContextVar("wushi_scope", default=None)
_sink: list[Callable[[str, list[Trace]], None]] = []
_outlet: list[Callable[[list[Any]], None]] = []


def current_scope() -> Scope | None:
    """The open scope of this thread, or None."""
    return _scope.get()


def register_sink(sink: Callable[[str, list[Trace]], None]) -> None:
    """``audit`` hands in, at start, the function that writes the leaves of one transaction."""
    _sink[:] = [sink]


def register_outlet(outlet: Callable[[list[Any]], None]) -> None:
    """``outbox`` hands in, at start, the function that writes what one transaction leaves to be handed on."""
    _outlet[:] = [outlet]


def current_frame() -> Frame:
    """The verb that is running; raises WrongScope outside one."""
    scope = _scope.get()
    if scope is None or not scope.frames:
        raise WrongScope("record() belongs inside a verb")
    return scope.frames[-1]


def add_trace(trace: Trace) -> None:
    """Put a leaf with the others of this transaction; they are written together at its end."""
    scope = _scope.get()
    assert scope is not None
    scope.traces.append(trace)
    scope.frames[-1].leaves += 1


def take_traces() -> list[Trace]:
    """The leaves left so far in this transaction, taken away: whoever takes them writes them before its end."""
    scope = _scope.get()
    assert scope is not None
    taken, scope.traces = scope.traces, []
    return taken


def add_outgoing(row: Any) -> None:
    """Put what is to be handed on after the commit with the others; written together at the end, and a write of this verb."""
    scope = _scope.get()
    assert scope is not None
    scope.outgoing.append(row)
    scope.frames[-1].writes += 1


def _open(county: str, opening: str) -> datetime:
    if not _COUNTY.fullmatch(county):
        raise WrongScope(f"a county is six digits, not {county!r}")
    with connection.cursor() as cursor:
        cursor.execute(opening, [county])
        row: tuple[Any, ...] = cursor.fetchone()
    return row[1]  # type: ignore[no-any-return]


@contextmanager
def _scoped(kind: str, county: str, opening: str, reason: str = "") -> Iterator[Scope]:
    scope = Scope(kind, county, now=datetime.min, reason=reason)
    token = _scope.set(scope)
    try:
        with transaction.atomic(durable=True):
            scope.now = _open(county, opening)
            yield scope
    finally:
        _scope.reset(token)


@contextmanager
def reading(actor: Actor) -> Iterator[Scope]:
    """A read-only transaction in the actor's county; a page is read and rendered inside one. No verb may start inside it."""
    if _scope.get() is not None:
        raise WrongScope("a reading opens its own transaction")
    with _scoped("reading", actor.county, _OPENING_READ_ONLY) as scope:
        yield scope


@contextmanager
def chore(county: str, name: str) -> Iterator[Scope]:
    """Machine writes that decide nothing: scope, no leaf. ``name`` stands on the list a house test keeps."""
    if _scope.get() is not None:
        raise WrongScope("a chore opens its own transaction")
    with _scoped("chore", county, _OPENING, reason=name) as scope:
        yield scope


@contextmanager
def unscoped(reason: str) -> Iterator[None]:
    """One transaction on tables without a policy (or the owner's migrations); says why it needs no county."""
    if _scope.get() is not None:
        raise WrongScope(f"already inside {_scope.get()}")
    token = _scope.set(Scope("unscoped", "", now=datetime.min, reason=reason))
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        _scope.reset(token)


@contextmanager
def maintenance(reason: str) -> Iterator[None]:
    """Lift the guard without opening a transaction: migrations and test databases only, on the owner's connection."""
    token = _scope.set(Scope("maintenance", "", now=datetime.min, reason=reason))
    try:
        yield
    finally:
        _scope.reset(token)


def verb_name(function: Callable[..., Any]) -> str:
    """``wushi.domain.cases.services.closing`` + ``handle_case`` -> ``cases.handle_case``."""
    parts = function.__module__.split(".")
    room = parts[parts.index("domain") + 1] if "domain" in parts else parts[0]
    return f"{room}.{function.__name__}"


VERBS: dict[str, Callable[..., Any]] = {}


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """A deed: one function, one transaction, at least one leaf when it wrote something.

    Outermost it opens ``atomic(durable=True)``, sets the county, takes the database's time and writes at the end, each in one
    statement, the leaves of all verbs inside and what they leave to be handed on. Called from a verb of the same county it
    joins, without a savepoint. Raises WrongScope inside a reading or for another county, TraceMissing when rows were written
    and nothing was recorded.
    """
    name = verb_name(function)

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        if args:
            raise TypeError(f"{name} takes keywords only")
        actor = kwargs["actor"]
        assert isinstance(actor, Actor)
        scope = _scope.get()
        if scope is None:
            with _scoped("verb", actor.county, _OPENING) as opened:
                result = _run(name, function, opened, actor, kwargs)
                if opened.traces:
                    _sink[0](opened.county, opened.traces)
                if opened.outgoing:
                    _outlet[0](opened.outgoing)
                return result
        if scope.kind != "verb" or scope.county != actor.county:
            raise WrongScope(
                f"{name} inside {scope.kind} of county {scope.county!r}, actor of {actor.county!r}"
            )
        return _run(name, function, scope, actor, kwargs)

    VERBS[name] = wrapped
    return wrapped


def _run(name: str, function: Callable[..., R], scope: Scope, actor: Actor, kwargs: dict[str, Any]) -> R:
    if kwargs.get("now") is None:
        kwargs = {**kwargs, "now": scope.frames[-1].now if scope.frames else scope.now}
    frame = Frame(name, actor, kwargs["now"])
    scope.frames.append(frame)
    try:
        result = function(**kwargs)
    finally:
        scope.frames.pop()
    if frame.writes and not frame.leaves:
        raise TraceMissing(f"{name} wrote {frame.writes} row(s) and recorded nothing")
    return result


_WRITE = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|MERGE|WITH\b.*?\b(?:INSERT|UPDATE|DELETE)\b)", re.IGNORECASE | re.DOTALL
)


def guard_query(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Execute wrapper on every connection: refuses a statement outside a scope, counts a verb's writes."""
    scope = _scope.get()
    if scope is None:
        raise UnscopedQuery(str(sql)[:200])
    result = execute(sql, params, many, context)
    if scope.frames and isinstance(sql, str) and _WRITE.match(sql):
        # ON CONFLICT DO NOTHING that did nothing is no write
        scope.frames[-1].writes += max(context["cursor"].rowcount, 0)
    return result


def install_guard(sender: Any = None, connection: BaseDatabaseWrapper | None = None, **kwargs: Any) -> None:
    """Receiver of Django's ``connection_created``: the one framework signal the house listens to."""
    if connection is not None and guard_query not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, guard_query)
