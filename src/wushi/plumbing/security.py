"""Row-level security and grants, worked out from the models and the catalogue; applied by ``wushi migrate``.

The app role sees rows of the county its transaction named and nothing else; the owner only while ``wushi.maintenance`` is
on; append-only tables grant no UPDATE, DELETE or TRUNCATE. Applied by difference, so an unchanged table is not locked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models

from wushi.plumbing.county import CountyModel

# Tables without a policy, and why (docs/decisions/0001): codes, ids, and what is read before a county is known.
NO_POLICY = {
    "areas_area": "a small table every county reads; becomes a reference table",
    "areas_calendarday": "working days, the same for all or by county code",
    "areas_workhours": "working hours, the same for all or by county code",
    "areas_version": "numbers that tell a cache it is old",
    "accounts_user": "read by the edge before the county is known",
    "accounts_unit": "small reference table",
    "accounts_post": "read by the edge before the county is known",
    "accounts_standin": "read by the edge before the county is known",
    "accounts_signin": "read by the edge before the county is known",
    "accounts_signincode": "a sign-in code is asked for before the person is known",
    "accounts_attempt": "failed sign-ins are counted before the person is known",
    "outbox_row": "codes and ids only; the relay reads all counties",
}


def _ours() -> Iterator[type[models.Model]]:
    for model in apps.get_models():
        if model.__module__.startswith("wushi.domain.") and not model._meta.abstract and model._meta.managed:
            yield model


def has_policy(model: type[models.Model]) -> bool:
    """A county table has one, unless it is on the list of exceptions."""
    return issubclass(model, CountyModel) and model._meta.db_table not in NO_POLICY


def is_append_only(model: type[models.Model]) -> bool:
    """Declared by the model's ``append_only = True``."""
    return bool(getattr(model, "append_only", False))


def privileges(model: type[models.Model]) -> frozenset[str]:
    """What the app role may do with a table."""
    if is_append_only(model):
        return frozenset({"SELECT", "INSERT"})
    return frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})


def _roles() -> tuple[str, str, str]:
    return settings.WUSHI_APP_ROLE, settings.WUSHI_OWNER_ROLE, settings.WUSHI_BACKUP_ROLE


def _policies(table: str) -> list[str]:
    app, owner, _ = _roles()
    same = "county = nullif(current_setting('wushi.county', true), '')"
    mending = "current_setting('wushi.maintenance', true) = 'on'"
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'DROP POLICY IF EXISTS of_county ON "{table}"',
        f'DROP POLICY IF EXISTS of_owner ON "{table}"',
        f'CREATE POLICY of_county ON "{table}" TO "{app}" USING ({same}) WITH CHECK ({same})',
        f'CREATE POLICY of_owner ON "{table}" TO "{owner}" USING ({mending}) WITH CHECK ({mending})',
    ]


def _secured_tables(cursor: Any) -> set[str]:
    cursor.execute(
        """SELECT c.relname FROM pg_class c WHERE c.relrowsecurity AND c.relforcerowsecurity
           AND (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname IN ('of_county', 'of_owner')) = 2"""
    )
    return {row[0] for row in cursor.fetchall()}


def _granted(cursor: Any, role: str) -> dict[str, set[str]]:
    cursor.execute(
        """SELECT c.relname, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a, pg_roles r
           WHERE c.relkind IN ('r', 'p') AND a.grantee = r.oid AND r.rolname = %s""",
        [role],
    )
    found: dict[str, set[str]] = {}
    for table, privilege in cursor.fetchall():
        found.setdefault(table, set()).add(privilege)
    return found


def _differences(cursor: Any) -> Iterator[tuple[str, list[str]]]:
    """(what is wrong in words, the statements that mend it) for every table of the house."""
    app, _, backup = _roles()
    secured, granted = _secured_tables(cursor), _granted(cursor, app)
    for model in _ours():
        table = model._meta.db_table
        if has_policy(model) and table not in secured:
            yield f"{table} has no row-level security", _policies(table)
        wanted = privileges(model)
        if granted.get(table, set()) != wanted:
            yield (
                f"{table}: the app role holds {sorted(granted.get(table, set()))}, wanted {sorted(wanted)}",
                [
                    f'REVOKE ALL ON "{table}" FROM "{app}"',
                    f'GRANT {", ".join(sorted(wanted))} ON "{table}" TO "{app}"',
                ],
            )
    others = _other_tables(cursor)
    for table in others:
        if granted.get(table, set()) < {"SELECT", "INSERT", "UPDATE", "DELETE"}:
            yield (
                f"{table}: not granted to the app role",
                [f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO "{app}"'],
            )
    backed_up = _granted(cursor, backup)
    for table in [*(m._meta.db_table for m in _ours()), *others, "django_migrations"]:
        if "SELECT" not in backed_up.get(table, set()):
            yield f"{table}: the backup role cannot read it", [f'GRANT SELECT ON "{table}" TO "{backup}"']


def _other_tables(cursor: Any) -> list[str]:
    """Tables of the job queue; they hold ids only."""
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'procrastinate\\_%%' ORDER BY 1"
    )
    return [row[0] for row in cursor.fetchall()]


def findings(connection: Any) -> list[str]:
    """What is not as it must be, in words; empty when every table is secured."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proleakproof FROM pg_proc WHERE oid = 'ts_match_vq(tsvector, tsquery)'::regprocedure"
        )
        slow = (
            []
            if cursor.fetchone()[0]
            else ["search by words cannot use its index: ts_match_vq is not LEAKPROOF"]
        )
        return slow + [words for words, _ in _differences(cursor)]


def secure(connection: Any) -> list[str]:
    """Bring policies and grants to what the models say, as owner; returns what was mended."""
    app, _, backup = _roles()
    mended = []
    with connection.cursor() as cursor:
        for words, statements in list(_differences(cursor)):
            for statement in statements:
                cursor.execute(statement)
            mended.append(words)
        for role in (app, backup):
            cursor.execute(f'GRANT USAGE ON SCHEMA public TO "{role}"')
            cursor.execute(f'GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"')
        cursor.execute(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{app}"')
    return mended
