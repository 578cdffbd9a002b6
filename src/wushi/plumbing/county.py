"""Rows that belong to a county, and keys between them that cannot cross a county's border."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query import QuerySet

from wushi.kernel.ids import uuid7

if TYPE_CHECKING:  # Django's fields cannot be subscripted at run time
    _Char = models.CharField[Any, str]
    _Key = models.ForeignKey[Any, Any]
else:
    _Char, _Key = models.CharField, models.ForeignKey


class CountyCode(_Char):
    """Six digits of GB/T 2260 in the "C" collation, so that it leads every index cheaply."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 6, "db_collation": "C", **kwargs})


class Code(_Char):
    """A code in the "C" collation (areas, units, duties): compared byte for byte, never sorted for people."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 32, "db_collation": "C", "blank": True, "default": "", **kwargs})


class DeleteRefused(RuntimeError):
    """A county row is deleted through ``filter(county=, id=)`` in a service, never through the instance."""


class CountyModel(models.Model):
    """A row of one county: UUIDv7 key made in Python, and no statement that does not name the county."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = CountyCode()

    class Meta:
        abstract = True

    def _do_update(
        self,
        base_qs: QuerySet[Any],
        using: str | None,
        pk_val: Any,
        values: Collection[tuple[Any, type[models.Model] | None, Any]],
        update_fields: Iterable[str] | None,
        forced_update: bool,
    ) -> bool:
        within = base_qs.filter(county=self.county)
        return super()._do_update(within, using, pk_val, values, update_fields, forced_update)

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: Iterable[str] | None = None,
        from_queryset: QuerySet[Any] | None = None,
    ) -> None:
        """Read the row again; names the county like every other statement."""
        base = from_queryset if from_queryset is not None else type(self)._base_manager.all()
        super().refresh_from_db(
            using, list(fields) if fields is not None else None, base.filter(county=self.county)
        )

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: see DeleteRefused."""
        raise DeleteRefused(type(self).__name__)


class CountyForeignKey(_Key):
    """A key to a row of the same county: joins and look-ups carry the county; the database holds the composite key.

    No reverse accessor (a reverse manager would not carry the county): ask the other room's queries instead.
    The constraint itself is written by ``plumbing.operations.CountyKey`` in the migration (house test 2).
    """

    def __init__(self, to: Any, on_delete: Any = models.DO_NOTHING, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        kwargs["related_name"] = "+"
        kwargs.setdefault("db_index", False)
        super().__init__(to, models.DO_NOTHING, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        """For migrations: what ``__init__`` fixes is left out."""
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("db_constraint", "related_name", "on_delete"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs

    def get_joining_fields(self, reverse_join: bool = False) -> tuple[Any, ...]:
        """Join on (county, id)."""
        here, there = self.model._meta.get_field("county"), self.remote_field.model._meta.get_field("county")
        pair = (there, here) if reverse_join else (here, there)
        return (*super().get_joining_fields(reverse_join), pair)

    def get_extra_descriptor_filter(self, instance: models.Model) -> Any:
        """``case.reporter`` reads within the case's county."""
        return {"county": instance.county}  # type: ignore[attr-defined]
