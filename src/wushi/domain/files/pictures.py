"""Bytes in, a clean JPEG out: sniffed, re-encoded, without EXIF (where and when and whose camera)."""

from __future__ import annotations

import hashlib
import io
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from wushi.domain.files.errors import NotAPhoto, PhotoTooLarge
from wushi.domain.files.rules import LONG_SIDE, MAX_BYTES, MAX_PIXELS, MEGABYTE, QUALITY

FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True)
class Picture:
    """A re-encoded photo and what is known of it."""

    data: bytes
    width: int
    height: int
    sha256: bytes


def cleaned(source: Path) -> Picture:
    """Decode and encode again; raises NotAPhoto or PhotoTooLarge. The format is found from the bytes, never the name."""
    if source.stat().st_size > MAX_BYTES:
        raise PhotoTooLarge(limit=MAX_BYTES // MEGABYTE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(source, formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise PhotoTooLarge(limit=MAX_BYTES // MEGABYTE)
                image.draft("RGB", (LONG_SIDE, LONG_SIDE))
                upright = ImageOps.exif_transpose(image).convert("RGB")
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Warning,
    ) as error:
        raise NotAPhoto() from error
    upright.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    # a fresh image carries no EXIF, no comment, no colour profile of the camera
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    clean.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    data = out.getvalue()
    return Picture(data, clean.width, clean.height, hashlib.sha256(data).digest())


def folder_of(county: str, file_id: UUID) -> Path:
    """The folder of a kept file: 256 of them a county, so that none grows without end."""
    return Path(settings.MEDIA_ROOT) / county / file_id.hex[-2:]


def path_of(county: str, photo_id: UUID) -> Path:
    """Where a photo lies."""
    return folder_of(county, photo_id) / f"{photo_id.hex}.jpg"


def put(target: Path, data: bytes) -> None:
    """Write the file whole or not at all, on the disk before the row says it is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(".part")
    with half.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    half.replace(target)
