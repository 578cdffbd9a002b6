"""Refusals of this room."""

from wushi.kernel.errors import DomainError


class OneSelf(DomainError):
    """Nobody follows himself."""

    code = "people.one_self"


class TooManyBonds(DomainError):
    """One of the two has as many as the rule allows (``most``)."""

    code = "people.too_many_bonds"


class LivesElsewhere(DomainError):
    """The followed person is known in another village: its staff, or a code to his phone."""

    code = "people.lives_elsewhere"
