"""Refusals of this room."""

from wushi.kernel.errors import DomainError


class UnknownKind(DomainError):
    """Nobody imports such a thing here."""

    code = "imports.unknown_kind"


class ColumnsMissing(DomainError):
    """Required columns have no column of the file (``columns``)."""

    code = "imports.columns_missing"


class NothingToCommit(DomainError):
    """No row is new or changed."""

    code = "imports.nothing_to_commit"


class FileForgotten(DomainError):
    """The file and its cells were forgotten (``days`` after it came)."""

    code = "imports.forgotten"


class ChangedMeanwhile(DomainError):
    """``n`` rows would be refused now that were good when they were looked at."""

    code = "imports.changed_meanwhile"


class ChangedSince(DomainError):
    """``n`` of the things this batch made were changed or used since: nothing is taken back."""

    code = "imports.changed_since"


class ImportFault(DomainError):
    """The program failed at it; the log says why. Nothing of it counts."""

    code = "imports.fault"
