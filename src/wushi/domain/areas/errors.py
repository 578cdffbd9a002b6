"""Refusals of this room."""

from wushi.kernel.errors import DomainError


class UnknownArea(DomainError):
    """No such area is in force."""

    code = "areas.unknown"


class AreasNotTogether(DomainError):
    """Areas merge and split on one level inside one county (and grids inside one village)."""

    code = "areas.not_together"


class CodeTaken(DomainError):
    """An area with this code is in force."""

    code = "areas.code_taken"


class BadOutline(DomainError):
    """The outline is not a valid GeoJSON polygon."""

    code = "areas.bad_outline"


class BadGrids(DomainError):
    """A feature of the file cannot be read as a grid; nothing of it was kept."""

    code = "areas.bad_grids"


class BadCalendar(DomainError):
    """A line of the calendar cannot be read; nothing of it was kept."""

    code = "areas.bad_calendar"


class BadHours(DomainError):
    """Working hours are spans in order that do not touch each other: 08:00-12:00, 14:30-18:00."""

    code = "areas.bad_hours"
