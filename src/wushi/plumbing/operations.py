"""Migration operations for county tables."""

from typing import Any

from django.db.migrations.operations import RunSQL


class CountyKey(RunSQL):
    """The composite foreign key (county, column) -> (county, id) of a CountyForeignKey; refuses rows across counties."""

    def __init__(self, table: str, column: str, to_table: str) -> None:
        self.spec = (table, column, to_table)
        name = f"{table}_{column}_same_county"
        super().__init__(
            sql=f"""ALTER TABLE "{table}" ADD CONSTRAINT "{name}" FOREIGN KEY (county, "{column}")
                    REFERENCES "{to_table}" (county, id) DEFERRABLE INITIALLY DEFERRED""",
            reverse_sql=f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"',
        )

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """Written with its three names."""
        return type(self).__name__, list(self.spec), {}

    def describe(self) -> str:
        """One line for ``migrate``."""
        return "{}.{} may only point into its own county ({})".format(*self.spec)


class Extension(RunSQL):
    """A trusted PostgreSQL extension the owner may create."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(sql=f'CREATE EXTENSION IF NOT EXISTS "{name}"', reverse_sql=RunSQL.noop)

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """Written with its name."""
        return type(self).__name__, [self.name], {}
