"""House test 12: every statement on a county table names the county; the whole suite runs under this watch."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.support import CountyForgotten, forgotten
from tests.village import Village
from wushi.domain.cases.models import Case
from wushi.kernel.verb import UnscopedQuery, WrongScope, chore, reading, unscoped
from wushi.plumbing.county import DeleteRefused


def test_a_statement_that_forgets_the_county_is_found(village: Village) -> None:
    with pytest.raises(CountyForgotten), reading(village.house):
        list(Case.objects.filter(number="x"))
    assert forgotten('SELECT 1 FROM "cases_case" WHERE "cases_case"."number" = %s') == ["cases_case"]
    assert forgotten('SELECT 1 FROM "cases_case" WHERE "cases_case"."county" = %s') == []
    assert forgotten('UPDATE "cases_case" SET "state" = %s WHERE "cases_case"."id" = %s') == ["cases_case"]
    assert forgotten('SELECT 1 FROM "areas_area" WHERE code = %s') == []


def test_a_query_outside_every_scope_is_refused() -> None:
    with pytest.raises(UnscopedQuery), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_scopes_do_not_nest_and_a_county_is_six_digits(village: Village) -> None:
    with pytest.raises(WrongScope), reading(village.house), unscoped("inside"):
        pass
    with pytest.raises(WrongScope), chore("34150", "number_block"):
        pass
    with pytest.raises(WrongScope), chore("341504'; --", "number_block"):
        pass


def test_a_row_is_never_deleted_through_its_instance(village: Village) -> None:
    case = village.case()
    with pytest.raises(DeleteRefused):
        case.delete()
