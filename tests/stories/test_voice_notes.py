"""Who cannot write speaks: the recording is kept as it was sent, belongs to one request, and is heard by who may see it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from tests import sounds
from tests.village import Village
from wushi.domain.audit.queries import trace_of
from wushi.domain.cases.services import add_words, open_case
from wushi.domain.cases.services.intake import SPOKEN
from wushi.domain.files.errors import (
    NotARecording,
    RecordingGone,
    RecordingTooLarge,
    RecordingTooLong,
    TicketSpent,
    TooManyRecordings,
)
from wushi.domain.files.models import Recording
from wushi.domain.files.queries import recording_of, recordings_of
from wushi.domain.files.services import discard_photos, keep_recording, sweep_orphans
from wushi.domain.files.sounds import heard, sound_path
from wushi.kernel.errors import Invalid
from wushi.kernel.verb import reading

TODAY = timezone.localdate()


def spoken(village: Village, tmp_path: Path, data: bytes = sounds.ALL["wav"], **more: object) -> Recording:
    """Kept by a ticket of its own."""
    path = tmp_path / "note.jpg"
    path.write_bytes(data)
    return keep_recording(actor=village.resident(), sound=heard(path, TODAY), ticket=uuid4(), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", sounds.ALL)
def test_the_kind_is_found_from_the_bytes_and_nothing_is_changed(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "holiday.png"
    path.write_bytes(sounds.ALL[kind])
    sound = heard(path, TODAY)
    assert sound.kind == kind and sound.data == sounds.ALL[kind]
    assert sound.seconds == (None if kind in ("webm", "mp3") else 2)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<html><audio>",
        b"\xff\xd8\xff\xe0 a photo",
        b"RIFF\0\0\0\0WEBPVP8 ",
        sounds.webm().replace(b"A_OPUS", b"V_VP8 "),
        sounds.m4a().replace(b"soun", b"vide"),
        b"OggS" + bytes(60),
        b"RIFF\0\0\0\0WAVEfmt ",
        b"MZ\x90\0",
    ],
)
def test_what_is_no_recording_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "note.mp3"
    path.write_bytes(data)
    with pytest.raises(NotARecording):
        heard(path, TODAY)


def test_two_letters_that_come_up_by_chance_make_no_film(tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_bytes(sounds.webm() + b"V_ vide")
    assert heard(path, TODAY).kind == "webm"
    path.write_bytes(sounds.m4a() + b"vide")
    assert heard(path, TODAY).kind == "m4a"


@pytest.mark.parametrize("kind", ["wav", "ogg", "amr", "aac", "m4a"])
def test_three_minutes_are_the_most(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_bytes(getattr(sounds, kind)(180))
    assert heard(path, TODAY).seconds == 180
    path.write_bytes(getattr(sounds, kind)(200))
    with pytest.raises(RecordingTooLong):
        heard(path, TODAY)


def test_ten_megabytes_are_the_most(tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_bytes(sounds.webm() + bytes(10 * 1024 * 1024))
    with pytest.raises(RecordingTooLarge):
        heard(path, TODAY)


def test_a_request_may_be_spoken_and_not_written(village: Village, tmp_path: Path) -> None:
    note = spoken(village, tmp_path)
    intake = village.intake("", recordings=(note.id,))
    case = open_case(actor=village.resident(), intake=intake)
    assert (case.text, case.title) == (SPOKEN, "语音诉求")
    assert open_case(actor=village.resident(), intake=intake).id == case.id
    with reading(village.house):
        assert [r.id for r in recordings_of(village.county, case.id)] == [note.id]
        assert recording_of(village.county, [uuid4()], note.id) is None
        leaf = next(
            row
            for row in trace_of(county=village.county, subject="cases.case", subject_id=case.id)
            if row.verb == "cases.open_case"
        )
    assert leaf.facts["recordings"] == [str(note.id)]
    with pytest.raises(Invalid):
        village.case("")
    with pytest.raises(RecordingGone):
        village.case("", recordings=(note.id,))


def test_a_word_may_be_added_by_voice_and_a_second_one_is_not_taken_for_the_first(
    village: Village, tmp_path: Path
) -> None:
    case = village.case("水渠堵了")
    first, second = spoken(village, tmp_path), spoken(village, tmp_path)
    holder = village.holding(case)

    def say(note: UUID) -> int:
        return add_words(actor=holder, case_id=case.id, words="", recordings=(note,)).step

    step = say(first.id)
    assert say(first.id) == step  # the phone asked twice
    assert say(second.id) == step + 1
    with pytest.raises(Invalid):
        add_words(actor=holder, case_id=case.id, words="")


def test_at_most_five_and_a_ticket_serves_once(village: Village, tmp_path: Path) -> None:
    many = tuple(spoken(village, tmp_path).id for _ in range(6))
    with pytest.raises(TooManyRecordings):
        village.case("说来话长", recordings=many)
    village.case("说来话长", recordings=many[:5])
    path, ticket = tmp_path / "a", uuid4()
    path.write_bytes(sounds.wav())
    keep_recording(actor=village.resident(), sound=heard(path, TODAY), ticket=ticket)
    with pytest.raises(TicketSpent):
        keep_recording(actor=village.resident(), sound=heard(path, TODAY), ticket=ticket)


def test_what_nobody_claimed_goes_after_a_day_and_what_is_about_an_official_at_once(
    village: Village, tmp_path: Path
) -> None:
    old = spoken(village, tmp_path, now=timezone.now() - timedelta(hours=25))
    fresh = spoken(village, tmp_path, sounds.amr())
    assert sweep_orphans(village.county) == 1
    assert not sound_path(village.county, old.id, "wav").exists()
    kept = sound_path(village.county, fresh.id, "amr")
    assert kept.read_bytes() == sounds.amr()
    assert discard_photos(actor=village.resident(), photo_ids=(), recording_ids=(fresh.id,)) == 1
    assert not kept.exists()
