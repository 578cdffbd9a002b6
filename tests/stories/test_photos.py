"""A photo is decoded and encoded again, loses where it was taken, and belongs to one request."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image

from tests.village import Village
from wushi.domain.files.errors import NotAPhoto, PhotoGone, PhotoTooLarge, TicketSpent, TooManyPhotos
from wushi.domain.files.models import Photo
from wushi.domain.files.pictures import Picture, cleaned, path_of
from wushi.domain.files.queries import photo_of, photos_of
from wushi.domain.files.services import keep_photo, sweep_orphans
from wushi.kernel.verb import reading


def jpeg(path: Path, size: tuple[int, int] = (640, 480)) -> Path:
    """A photo as a phone makes it, with EXIF that says where."""
    image = Image.new("RGB", size, (120, 90, 60))
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[2] = (31.0, 50.0, 12.0)
    image.save(path, "JPEG", exif=exif)
    return path


def keep(village: Village, path: Path, actor: object = None) -> Photo:
    """Kept by a ticket of its own."""
    return keep_photo(actor=village.resident(), picture=cleaned(path), ticket=uuid4())


def test_exif_is_gone_and_the_long_side_is_bounded(tmp_path: Path) -> None:
    picture = cleaned(jpeg(tmp_path / "a.jpg", (5000, 2000)))
    with Image.open(io.BytesIO(picture.data)) as again:
        assert not again.getexif() and again.format == "JPEG"
        assert max(again.size) == 2048
    assert b"SecretPhone" not in picture.data


@pytest.mark.parametrize("name", ["text", "html", "svg", "gif", "empty", "half", "bomb"])
def test_what_is_no_photo_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    if name == "bomb":
        Image.new("1", (20000, 20000)).save(path, "PNG")
    elif name == "gif":
        Image.new("RGB", (5, 5)).save(path, "GIF")
    elif name == "half":
        path.write_bytes(jpeg(tmp_path / "whole.jpg").read_bytes()[:900])
    else:
        path.write_bytes(
            {
                "text": b"hello",
                "html": b"<html>",
                "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
                "empty": b"",
            }[name]
        )
    with pytest.raises((NotAPhoto, PhotoTooLarge)):
        cleaned(path)


def test_more_than_ten_megabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.jpg"
    path.write_bytes(b"\xff\xd8\xff" + b"\0" * (10 * 1024 * 1024))
    with pytest.raises(PhotoTooLarge):
        cleaned(path)


def test_a_photo_belongs_to_one_request_and_a_ticket_serves_once(village: Village, tmp_path: Path) -> None:
    picture, ticket = cleaned(jpeg(tmp_path / "a.jpg")), uuid4()
    photo = keep_photo(actor=village.resident(), picture=picture, ticket=ticket)
    assert path_of(village.county, photo.id).read_bytes() == picture.data
    with pytest.raises(TicketSpent):
        keep_photo(actor=village.resident(), picture=picture, ticket=ticket)
    case = village.case("井盖坏了", photos=(photo.id,))
    with reading(village.house):
        assert [p.id for p in photos_of(village.county, case.id)] == [photo.id]
        assert photo_of(village.county, [uuid4()], photo.id) is None
    with pytest.raises(PhotoGone):
        village.case("另一件事", photos=(photo.id,))


def test_at_most_twenty(village: Village, tmp_path: Path) -> None:
    picture = Picture(b"x", 1, 1, b"h" * 32)
    many = tuple(keep_photo(actor=village.resident(), picture=picture, ticket=uuid4()).id for _ in range(21))
    with pytest.raises(TooManyPhotos):
        village.case("照片很多", photos=many)
    village.case("照片很多", photos=many[:20])


def test_photos_nobody_claimed_go_after_a_day(village: Village, tmp_path: Path) -> None:
    from datetime import timedelta

    from django.utils import timezone

    old = keep_photo(
        actor=village.resident(),
        picture=cleaned(jpeg(tmp_path / "a.jpg")),
        ticket=uuid4(),
        now=timezone.now() - timedelta(hours=25),
    )
    fresh = keep(village, jpeg(tmp_path / "b.jpg"))
    assert sweep_orphans(village.county) == 1
    assert not path_of(village.county, old.id).exists() and path_of(village.county, fresh.id).exists()
