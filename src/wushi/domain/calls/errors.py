"""Refusals of this room."""

from wushi.kernel.errors import DomainError


class UnknownModel(DomainError):
    """No decoder here reads this kind of device (422)."""

    code = "calls.unknown_model"


class DeviceKnown(DomainError):
    """A device with this number is registered already (409)."""

    code = "calls.device_known"


class AlreadyTaken(DomainError):
    """Somebody else has it in hand (409); ``by`` is his id."""

    code = "calls.already_taken"


class NoTestPress(DomainError):
    """A device counts as installed only after its test press has come through (409)."""

    code = "calls.no_test_press"
