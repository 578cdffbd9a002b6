"""Refusals of this room."""

from wushi.kernel.errors import DomainError


class AboutOfficial(DomainError):
    """A complaint about an official is not taken here: nothing is kept, ``channels`` of the discipline inspection are named.

    信访工作条例 30: what is said of an official must not reach him.
    """

    code = "cases.about_official"


class NotServed(DomainError):
    """The county is not set up on this installation: it has no rules for requests."""

    code = "cases.not_served"


class NoTray(DomainError):
    """Nobody could be meant: no such tray in this county."""

    code = "cases.no_tray"


class TooLateToReopen(DomainError):
    """The days for reopening are over; 向上反映 is always there."""

    code = "cases.too_late_to_reopen"


class NothingAbove(DomainError):
    """The matter lies with that level already, or above it."""

    code = "cases.nothing_above"


class UnknownCategory(DomainError):
    """No such category in force."""

    code = "cases.unknown_category"
