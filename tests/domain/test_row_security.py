"""The database as the last wall: without the rooms' filters a county's rows exist for nobody else (B20)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, connections
from django.db.utils import DatabaseError, IntegrityError, ProgrammingError

from tests.village import Village
from wushi.domain.cases.models import Case
from wushi.domain.cases.services import add_words, appeal_case, claim_case
from wushi.kernel.ids import uuid7
from wushi.kernel.verb import maintenance, reading, unscoped
from wushi.plumbing.security import has_policy, is_append_only


def county_tables() -> list[str]:
    """Every table with a policy."""
    return sorted(m._meta.db_table for m in apps.get_models() if has_policy(m))


@pytest.fixture
def lived(village: Village) -> Village:
    """A row in every table that a story fills."""
    secretary = village.officer("陈书记")
    case = village.case(name="刘秀英", phone=f"138{village.county}55")
    claim_case(actor=secretary, case_id=case.id)
    add_words(actor=secretary, case_id=case.id, words="看过了")
    appeal_case(actor=village.holding(case), case_id=case.id, level="town")
    return village


def count(table: str) -> int:
    """Rows without any filter of ours."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}" AS every_row')  # noqa: S608
        return int(cursor.fetchone()[0])


def test_another_county_sees_nothing_in_any_table(lived: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests import support

    monkeypatch.setattr(support, "forgotten", lambda sql: [])
    from wushi.kernel.actor import Actor

    with reading(lived.house):
        own = {table: count(table) for table in county_tables()}
    assert own["cases_case"] == 1 and own["cases_entry"] == 1 and own["audit_leaf"] > 5
    with reading(Actor.of_house("000001")):
        assert {table: count(table) for table in county_tables()} == dict.fromkeys(county_tables(), 0)
    with unscoped("test: no county was named"):
        assert {table: count(table) for table in county_tables()} == dict.fromkeys(county_tables(), 0)


def test_the_owner_without_the_maintenance_setting_sees_nothing(lived: Village) -> None:
    with maintenance("test"), connections["owner"].cursor() as cursor:
        cursor.execute("SELECT set_config('wushi.maintenance', '', false)")
        for table in county_tables():
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
            assert cursor.fetchone()[0] == 0, table
        cursor.execute("SELECT set_config('wushi.maintenance', 'on', false)")
        cursor.execute("SELECT count(*) FROM cases_case")
        assert cursor.fetchone()[0] > 0
        cursor.execute("SELECT set_config('wushi.maintenance', '', false)")


def test_a_row_of_another_county_cannot_be_written(lived: Village) -> None:
    from wushi.kernel.verb import chore

    scope = chore(lived.county, "number_block")
    with pytest.raises(ProgrammingError, match="row-level security"), scope, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_numberblock (id, county, day, next_serial) VALUES (%s, '000001', now(), 1)",
            [uuid7()],
        )


def test_a_key_cannot_point_into_another_county(lived: Village, village: Village) -> None:
    from wushi.kernel.verb import chore

    far = Village.founded("989901")
    with reading(lived.house):
        case = Case.objects.get(county=lived.county)
    with (
        pytest.raises((IntegrityError, DatabaseError)),
        chore(far.county, "number_block"),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO cases_entry (id, county, case_id, at_step, text, salt, author, said_at)"
            " VALUES (%s, %s, %s, 1, '', '', '', now())",
            [uuid7(), far.county, case.id],
        )


def test_append_only_tables_refuse_every_change() -> None:
    tables = [m._meta.db_table for m in apps.get_models() if is_append_only(m)]
    assert "audit_leaf" in tables
    for table in tables:
        where = "WHERE county = %s"
        for statement in (
            f"UPDATE {table} SET county = county {where}",
            f"DELETE FROM {table} {where}",
            f"TRUNCATE {table}",
        ):
            given = ["341504"] if where in statement else None
            refused = pytest.raises(ProgrammingError, match="permission denied")
            with refused, unscoped("test"), connection.cursor() as cursor:
                cursor.execute(statement, given)


def test_the_app_role_is_nobody_special() -> None:
    with unscoped("test"), connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = current_user"
        )
        assert cursor.fetchone() == (0,)
