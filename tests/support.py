"""Watching every statement: a statement on a county table that does not name the county fails the test (house test 12)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.signals import connection_created

from wushi.kernel.verb import current_scope
from wushi.plumbing.county import CountyModel

STATEMENTS: list[str] = []


class CountyForgotten(AssertionError):
    """A statement touches a county table without naming its county."""


@cache
def county_tables() -> frozenset[str]:
    """Tables whose rows belong to a county."""
    return frozenset(m._meta.db_table for m in apps.get_models() if issubclass(m, CountyModel))


_MENTION = re.compile(
    r'(?:FROM|JOIN|UPDATE)\s+(?:ONLY\s+)?"?(\w+)"?(?:\s+(?:AS\s+)?"?(?!WHERE|SET|ON|ORDER|GROUP|INNER|LEFT|JOIN|LIMIT)(\w+)"?)?',
    re.IGNORECASE,
)


def forgotten(sql: str) -> list[str]:
    """Mentions of county tables (by alias) that the statement does not tie to a county."""
    missing = []
    for table, alias in _MENTION.findall(sql):
        if table not in county_tables():
            continue
        names = {table, alias or table}
        tied = any(re.search(rf'"?{re.escape(n)}"?\."?county"?\s*(?:=|IN)', sql) for n in names)
        tied = tied or any(re.search(rf'=\s*\(?"?{re.escape(n)}"?\."?county"?', sql) for n in names)
        bare = re.search(r"\bcounty\s*=\s*(?:%s|\$\d)", sql) is not None
        if not (tied or bare):
            missing.append(alias or table)
    return missing


def _watch(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    scope = current_scope()
    if isinstance(sql, str) and scope is not None and scope.kind != "maintenance":
        STATEMENTS.append(sql)
        missing = forgotten(sql)
        if missing:
            raise CountyForgotten(f"{missing}: {sql}")
    return execute(sql, params, many, context)


def watch_statements() -> None:
    """On every connection of this run."""

    def install(sender: Any, connection: Any, **kwargs: Any) -> None:
        if _watch not in connection.execute_wrappers:
            connection.execute_wrappers.append(_watch)

    connection_created.connect(install, weak=False, dispatch_uid="wushi_test_watch")
    for connection in connections.all(initialized_only=True):
        install(None, connection)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements of a block, without the opening of a scope."""
    began = len(STATEMENTS)
    seen: list[str] = []
    yield seen
    seen.extend(s for s in STATEMENTS[began:] if "set_config('wushi.county'" not in s)


# ---- what the whole run has seen ----
LEFT_A_LEAF: set[str] = set()
RENDERED: set[str] = set()
_whole = [False]


def whole_suite(value: bool | None = None) -> bool:
    """Whether this run collected the stories, the pages and the rest (and not just a part)."""
    if value is not None:
        _whole[0] = value
    return _whole[0]


def watch_leaves() -> None:
    """Remember which verbs left a leaf."""
    from wushi.domain.audit.services import write_leaves
    from wushi.kernel.verb import Trace, register_sink

    def sink(county: str, traces: list[Trace]) -> None:
        write_leaves(county, traces)
        LEFT_A_LEAF.update(t.verb for t in traces)

    register_sink(sink)


def watch_templates() -> None:
    """Remember which templates were rendered in this process."""
    from django.template.base import Template

    # ``_render`` is what both a page and the parent it extends go through
    plain = Template._render

    def render(self: Template, context: Any) -> Any:
        if self.name:
            RENDERED.add(self.name)
        return plain(self, context)

    Template._render = render  # type: ignore[method-assign]
