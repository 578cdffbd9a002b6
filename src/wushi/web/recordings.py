"""Sending a kept recording: in pieces where the browser asks for a piece, as a player does that jumps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from wushi.domain.files.sounds import CONTENT_TYPES, UNPLAYABLE, sound_path

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True)
class Voice:
    """A recording on a page; ``plays`` is false for what no browser plays (old phones' AMR)."""

    url: str
    name: str
    plays: bool
    length: str = ""


def voices(found: Any, base: str) -> tuple[Voice, ...]:
    """The recordings of a step, under the address of the page's matter."""
    return tuple(
        Voice(
            f"{base}voice/{row.id}/",
            _("Recording %(n)s") % {"n": n},
            row.kind not in UNPLAYABLE,
            "" if row.seconds is None else f"{row.seconds // 60}:{row.seconds % 60:02d}",
        )
        for n, row in enumerate(found, 1)
    )


def recording_response(request: Any, recording: Any) -> HttpResponse:
    """The bytes, for a caller who has read the row it belongs to; the kind is what was found in them."""
    if recording is None:
        raise Http404
    path = sound_path(recording.county, recording.id, recording.kind)
    if not path.exists():
        raise Http404
    data = path.read_bytes()
    first, last = wanted_range(request.headers.get("Range", ""), len(data))
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    part = _RANGE.fullmatch(request.headers.get("Range", "").strip()) is not None
    response = HttpResponse(
        data[first : last + 1],
        status=206 if part else 200,
        content_type=CONTENT_TYPES[recording.kind],
    )
    if part:
        response["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = f'inline; filename="{recording.id.hex[-8:]}.{recording.kind}"'
    # already compressed; a player counts the bytes it asked for
    response["Content-Encoding"] = "identity"
    return response


def wanted_range(text: str, size: int) -> tuple[int, int]:
    """First and last byte of one range; the whole for none or what cannot be read; first > last: not to be had."""
    found = _RANGE.fullmatch(text.strip())
    if not found or not any(found.groups()):
        return 0, size - 1
    start, end = found.groups()
    if not start:
        return max(0, size - int(end)), size - 1 if int(end) else -1
    return int(start), min(int(end), size - 1) if end else size - 1
