"""Small recordings of every kind, built byte by byte; silence, but with the headers real recorders write."""

from __future__ import annotations

import io
import struct
import wave


def wav(seconds: int = 2) -> bytes:
    """8 kHz, one channel."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * 8000 * seconds)
    return out.getvalue()


def ogg(seconds: int = 2) -> bytes:
    """Two pages: the Opus head, and a last one that says how many samples there were."""

    def page(granule: int, body: bytes) -> bytes:
        return b"OggS\0\0" + struct.pack("<q", granule) + b"\1\0\0\0" * 3 + b"\1" + bytes([len(body)]) + body

    return page(0, b"OpusHead" + bytes(11)) + page(48000 * seconds, bytes(40))


def amr(seconds: int = 2) -> bytes:
    """50 frames a second, of 12.2 kbit/s."""
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * 50 * seconds


def aac(seconds: int = 2) -> bytes:
    """ADTS at 16 kHz: 1024 samples a frame."""
    size = 64
    head = bytes([0xFF, 0xF1, 0x60, 0x40 | size >> 11, size >> 3 & 255, (size & 7) << 5 | 31, 0xFC])
    return (head + bytes(size - 7)) * round(16000 * seconds / 1024)


def m4a(seconds: int = 2) -> bytes:
    """ftyp, and a moov with its length, one sound track, AAC."""

    def box(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", 8 + len(body)) + name + body

    head = box(b"mvhd", bytes(12) + struct.pack(">II", 1000, 1000 * seconds) + bytes(80))
    track = box(
        b"trak", box(b"hdlr", bytes(8) + b"soun" + bytes(13)) + box(b"stsd", bytes(8) + box(b"mp4a", b""))
    )
    return box(b"ftyp", b"M4A \0\0\0\0M4A mp42") + box(b"mdat", bytes(64)) + box(b"moov", head + track)


def webm() -> bytes:
    """As MediaRecorder begins one."""
    return (
        b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
        + bytes(20)
        + b"\x86\x86A_OPUS"
        + b"\x1fC\xb6u\x01"
        + bytes(200)
    )


def mp3() -> bytes:
    """A frame of MPEG 1 layer III, 128 kbit/s, after a tag."""
    return b"ID3\x03\0\0\0\0\0\0" + (b"\xff\xfb\x90\x00" + bytes(413)) * 4


ALL = {
    "wav": wav(),
    "ogg": ogg(),
    "amr": amr(),
    "aac": aac(),
    "m4a": m4a(),
    "webm": webm(),
    "mp3": mp3(),
}
