"""Refusals of this room."""

from wushi.kernel.errors import DomainError


class WrongCredentials(DomainError):
    """Name or password is wrong, or the account is closed: never said which."""

    code = "accounts.wrong_credentials"


class TooManyGuesses(DomainError):
    """Too many failed tries; wait (``minutes``)."""

    code = "accounts.too_many_guesses"


class WrongCode(DomainError):
    """The code is wrong, used, or too old."""

    code = "accounts.wrong_code"


class CodeTooSoon(DomainError):
    """A code was sent just now; wait before asking for another (``minutes``)."""

    code = "accounts.code_too_soon"


class PostTaken(DomainError):
    """This grid has a lead for those days."""

    code = "accounts.post_taken"


class UnknownUser(DomainError):
    """No such member of staff in this county."""

    code = "accounts.unknown_user"


class UnknownUnit(DomainError):
    """No such unit in this county."""

    code = "accounts.unknown_unit"


class UnknownDuty(DomainError):
    """No such duty, or not over an area of this level."""

    code = "accounts.unknown_duty"


class UsernameTaken(DomainError):
    """Somebody has this name already."""

    code = "accounts.username_taken"


class BadDates(DomainError):
    """The last day lies before the first."""

    code = "accounts.bad_dates"


class WeakPassword(DomainError):
    """Shorter than ``least`` characters or too common."""

    code = "accounts.weak_password"
