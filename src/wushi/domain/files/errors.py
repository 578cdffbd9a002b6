"""Refusals of this room."""

from wushi.kernel.errors import DomainError


class NotAPhoto(DomainError):
    """The bytes are not a picture this program reads (JPEG, PNG, WebP, HEIC is not)."""

    code = "files.not_a_photo"


class PhotoTooLarge(DomainError):
    """More than ``limit`` megabytes, or more pixels than a camera takes."""

    code = "files.too_large"


class TooManyPhotos(DomainError):
    """More than ``limit`` photos on one thing."""

    code = "files.too_many"


class PhotoGone(DomainError):
    """A photo that was to be attached is not there (any more), or belongs to something else."""

    code = "files.gone"


class TicketSpent(DomainError):
    """An upload ticket serves once and not for long."""

    code = "files.ticket_spent"


class NotARecording(DomainError):
    """The bytes are no kind of recording that is kept."""

    code = "files.not_a_recording"


class RecordingTooLarge(DomainError):
    """More than ``limit`` megabytes."""

    code = "files.recording_too_large"


class RecordingTooLong(DomainError):
    """Longer than ``minutes``."""

    code = "files.recording_too_long"


class TooManyRecordings(DomainError):
    """More than ``limit`` recordings on one thing."""

    code = "files.too_many_recordings"


class RecordingGone(DomainError):
    """A recording that was to be attached is not there (any more), or belongs to something else."""

    code = "files.recording_gone"
