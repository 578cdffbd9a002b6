"""House test 2: no foreign key points up or sideways; county rows have their composite keys and policies."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import connections

from tests.house.tree import ROOT
from wushi.kernel.verb import maintenance
from wushi.plumbing import security
from wushi.plumbing.county import CountyForeignKey, CountyModel


def floors() -> dict[str, int]:
    """Room -> height, read from the contract in pyproject.toml; parentheses (not built yet) are stripped."""
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text())
    rooms = next(c for c in whole["tool"]["importlinter"]["contracts"] if c["id"] == "rooms")
    height: dict[str, int] = {}
    for level, names in enumerate(reversed(rooms["layers"])):
        for name in names.split("|"):
            height[name.strip(" ()")] = level
    return height


def pointing_up(keys: Iterable[tuple[str, str, str]], height: dict[str, int]) -> Iterator[str]:
    """(name, room here, room there) that go up or sideways."""
    for name, here, there in keys:
        if here in height and there in height and here != there and height[there] >= height[here]:
            yield f"{name} points up or sideways to {there}"


def all_keys() -> Iterator[tuple[str, str, str]]:
    """Every relation of every model."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if field.concrete and field.is_relation and field.related_model:
                yield (
                    f"{model.__name__}.{field.name}",
                    model._meta.app_label,
                    field.related_model._meta.app_label,
                )


def test_keys_point_down() -> None:
    assert list(pointing_up(all_keys(), floors())) == []


def test_a_key_that_points_up_is_found() -> None:
    assert list(
        pointing_up([("Photo.case", "files", "cases"), ("Case.reporter", "cases", "people")], floors())
    ) == ["Photo.case points up or sideways to cases"]


def composite_keys() -> set[tuple[str, str]]:
    """(table, column) pairs of foreign keys in the catalogue whose first column is the county."""
    with maintenance("test reads the catalogue"), connections["owner"].cursor() as cursor:
        cursor.execute(
            """SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
                 JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[2]
                 JOIN pg_attribute k ON k.attrelid = c.conrelid AND k.attnum = c.conkey[1]
                WHERE c.contype = 'f' AND k.attname = 'county'"""
        )
        return set(cursor.fetchall())


def test_county_rows_hold_their_composite_keys() -> None:
    there = composite_keys()
    wanted = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, CountyForeignKey)
    }
    assert wanted and wanted <= there, wanted - there
    assert ("cases_case", "holder_id") not in there, "the check must tell a plain key from a composite one"


def test_county_rows_point_to_county_rows_by_county_keys_only() -> None:
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if issubclass(model, CountyModel)
        for field in model._meta.concrete_fields
        if field.is_relation
        and issubclass(field.related_model, CountyModel)
        and not isinstance(field, CountyForeignKey)
    ]
    assert wrong == []


def test_unique_constraints_of_county_tables_begin_with_the_county() -> None:
    wrong = [
        f"{model.__name__}: {constraint.name}"
        for model in apps.get_models()
        if issubclass(model, CountyModel)
        for constraint in model._meta.constraints
        if getattr(constraint, "fields", None) and constraint.fields[0] != "county"
    ]
    assert wrong == []


def test_every_county_table_is_secured_and_the_exceptions_are_on_the_list() -> None:
    with maintenance("test reads the catalogue"):
        assert security.findings(connections["owner"]) == []
    ours = {m._meta.db_table for m in security._ours()}
    assert set(security.NO_POLICY) <= ours
    bare = {m._meta.db_table for m in security._ours() if not security.has_policy(m)}
    assert bare == set(security.NO_POLICY)
