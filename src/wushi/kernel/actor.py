"""Who acts. Loaded once at the edge, then only read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, order=True)
class Grant:
    """A duty over an area: 2, 4, 6, 9, 12 or 15 digits; ``unit`` is a department's code where the area does not tell."""

    duty: str
    area: str
    unit: str = ""


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a person, a device, or the house. No name in it: it would reach the logs.

    ``ref`` is ``user:<uuid>`` (staff), ``person:<uuid>`` (a resident signed in), ``receipt:<uuid of the thing>``,
    ``anonymous`` or ``house:<county>``. ``behind`` is the ref of the person in whose deed the house acts.
    """

    ref: str
    county: str
    grants: frozenset[Grant] = field(default_factory=frozenset)
    relations: frozenset[str] = field(default_factory=frozenset)
    behind: str = ""

    def holds(self, *duties: str, over: str) -> bool:
        """Whether one of the duties is held over the area (a code of any level)."""
        return any(g.duty in duties and over.startswith(g.area) for g in self.grants)

    def has_duty(self, duties: Iterable[str]) -> bool:
        """Whether one of the duties is held anywhere."""
        wanted = frozenset(duties)
        return any(g.duty in wanted for g in self.grants)

    @property
    def kind(self) -> str:
        """``user``, ``person``, ``receipt``, ``anonymous`` or ``house``."""
        return self.ref.partition(":")[0]

    @property
    def id(self) -> UUID | None:
        """The id inside the ref, where there is one."""
        tail = self.ref.partition(":")[2]
        return UUID(tail) if self.kind in {"user", "person", "receipt"} else None

    @classmethod
    def house(cls, actor: Actor) -> Actor:
        """The house itself, acting because ``actor`` did something; his ref stays in the leaf."""
        return cls(
            f"house:{actor.county}",
            actor.county,
            relations=frozenset({"house"}),
            behind=actor.behind or actor.ref,
        )

    @classmethod
    def of_house(cls, county: str) -> Actor:
        """The house acting by itself: a sweep, an import, the founding of a county."""
        return cls(f"house:{county}", county, relations=frozenset({"house"}))

    @classmethod
    def anonymous(cls, county: str) -> Actor:
        """Somebody who has not said who he is, in a county."""
        return cls("anonymous", county)
