"""Bytes in, a known kind of recording out: the container is found from the bytes, never from the name; kept as sent."""

from __future__ import annotations

import hashlib
import re
import struct
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from wushi.domain.files.errors import NotARecording, RecordingTooLarge, RecordingTooLong
from wushi.domain.files.pictures import folder_of
from wushi.domain.files.rules import MEGABYTE, sound_rule_on

# kind -> what a browser is told it is
CONTENT_TYPES = {
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "amr": "audio/amr",
    "ogg": "audio/ogg",
    "webm": "audio/webm",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
}
# AMR is what old phones record; no browser plays it.
UNPLAYABLE = frozenset({"amr"})
HEAD = 4096
_CLUSTER = b"\x1f\x43\xb6\x75"
_HANDLER = re.compile(rb"hdlr.{8}(soun|vide)", re.DOTALL)
_OPUS_RATE = 48000
_AMR_SIZES = (13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1)
_AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)


@dataclass(frozen=True)
class Sound:
    """A recording as it was sent and what is known of it; ``seconds`` is None where only decoding would tell."""

    data: bytes
    kind: str
    seconds: int | None
    sha256: bytes


def heard(source: Path, day: date) -> Sound:
    """The recording; raises NotARecording, RecordingTooLarge, RecordingTooLong."""
    rule = sound_rule_on(day)
    if source.stat().st_size > rule.max_bytes:
        raise RecordingTooLarge(limit=rule.max_bytes // MEGABYTE)
    data = source.read_bytes()
    kind = kind_of(data)
    if not kind:
        raise NotARecording()
    try:
        length = _LENGTHS[kind](data) if kind in _LENGTHS else None
    except (struct.error, IndexError, ZeroDivisionError) as error:
        raise NotARecording() from error
    # a phone stops its own clock a little late
    if length is not None and length > rule.seconds + 1:
        raise RecordingTooLong(minutes=rule.seconds // 60)
    return Sound(data, kind, None if length is None else round(length), hashlib.sha256(data).digest())


def kind_of(data: bytes) -> str:
    """The kind by its first bytes; '' for everything else, pictures that move among it."""
    head = data[:HEAD]
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[:4] == b"OggS" and b"OpusHead" in head[:80]:
        return "ogg"
    # what tells the tracks stands before the first cluster; after it any two letters come up by chance
    tracks = head.partition(_CLUSTER)[0]
    if head[:4] == b"\x1aE\xdf\xa3" and b"webm" in head[:64] and b"A_OPUS" in tracks and b"V_" not in tracks:
        return "webm"
    if head[4:8] == b"ftyp" and set(_HANDLER.findall(data)) == {b"soun"}:
        return "m4a"
    if head[:6] == b"#!AMR\n":
        return "amr"
    return _mpeg(head)


def _mpeg(head: bytes) -> str:
    """ADTS and MP3 have no name of their own: a frame's first twelve bits are set, the layer tells which."""
    if head[:3] == b"ID3":
        return "mp3"
    if len(head) < 7 or head[0] != 0xFF:
        return ""
    if head[1] & 0xF6 == 0xF0 and (head[2] >> 2 & 15) < len(_AAC_RATES):
        return "aac"
    layer_three, rated = head[1] & 0xE6 == 0xE2, head[2] >> 4 not in (0, 15) and head[2] >> 2 & 3 != 3
    return "mp3" if layer_three and rated else ""


def _wav(data: bytes) -> float:
    at = 12
    rate = 0
    while at + 8 <= len(data):
        name, size = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0]
        if name == b"fmt ":
            rate = struct.unpack("<I", data[at + 16 : at + 20])[0]
        if name == b"data":
            return float(min(size, len(data) - at - 8) / rate)
        at += 8 + size + size % 2
    raise IndexError


def _ogg(data: bytes) -> float:
    last = data.rindex(b"OggS")
    return float(struct.unpack("<q", data[last + 6 : last + 14])[0] / _OPUS_RATE)


def _amr(data: bytes) -> float:
    at, frames = 6, 0
    while at < len(data):
        at += _AMR_SIZES[data[at] >> 3 & 15]
        frames += 1
    return frames * 0.02


def _aac(data: bytes) -> float:
    at, frames = 0, 0
    rate = _AAC_RATES[data[2] >> 2 & 15]
    while at + 7 <= len(data) and data[at] == 0xFF:
        size = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        if size < 7:
            break
        at += size
        frames += 1
    return frames * 1024 / rate


def _m4a(data: bytes) -> float | None:
    found = re.search(rb"mvhd", data)
    if not found:
        raise IndexError
    at = found.end()
    long = data[at] == 1
    scale, length = struct.unpack(
        ">IQ" if long else ">II", data[at + (20 if long else 12) : at + (32 if long else 20)]
    )
    # what a browser records in pieces says nought: the length stands in no header
    return length / scale if length else None


_LENGTHS = {"wav": _wav, "ogg": _ogg, "amr": _amr, "aac": _aac, "m4a": _m4a}


def sound_path(county: str, recording_id: UUID, kind: str) -> Path:
    """Where a recording lies."""
    return folder_of(county, recording_id) / f"{recording_id.hex}.{kind}"
