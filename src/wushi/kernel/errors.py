"""Refusals. A refusal is a code with facts; its sentence is chosen at the edge (house rule 10)."""


class DomainError(Exception):
    """A refusal with a stable code; the words for it are chosen at the edge."""

    code = "refused"

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code)
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


class NotAllowed(DomainError):
    """The actor sees the thing but may not do this to it (403)."""

    code = "not_allowed"


class NotFound(DomainError):
    """The thing does not exist for this actor (404): what one may not see does not exist."""

    code = "not_found"


class Invalid(DomainError):
    """What was typed cannot be taken; ``facts['fields']`` maps field name to a reason code (422)."""

    code = "invalid"


class KeyReused(DomainError):
    """The same client key came with another body (422): the first result stands."""

    code = "key_reused"
