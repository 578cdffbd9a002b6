"""What the administrator is told of the calendar, wherever he works."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from wushi.domain.areas import queries as areas


def calendar_warning(request: Any) -> str:
    """One sentence when a year that deadlines will soon reach is not loaded; '' for everybody but the administrator."""
    if not request.viewer.is_administrator:
        return ""
    missing = areas.calendar_warning(request.actor.county, timezone.localdate())
    if not missing:
        return ""
    return _("The holidays of %(year)s are not loaded yet; deadlines there are counted Monday to Friday.") % {
        "year": missing
    }
