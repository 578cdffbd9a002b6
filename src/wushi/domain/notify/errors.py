"""Refusals of this room."""

from wushi.kernel.errors import DomainError


class NoSuchChannel(DomainError):
    """A channel nobody has set up here, or one this person cannot be reached by."""

    code = "notify.no_such_channel"


class NotSendable(DomainError):
    """It went out, is going out, or its address was forgotten: nothing to send again."""

    code = "notify.not_sendable"
