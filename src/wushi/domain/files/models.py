"""Photos (drawn anew) and recordings (as sent): files under WUSHI_HOME/media, with a row that says whose they are."""

from django.db import models

from wushi.plumbing.county import Code, CountyModel


class KeptFile(CountyModel):
    """What was sent; ``owner_kind``/``owner_id`` are the row it belongs to, empty until a form was sent with it."""

    ticket = models.UUIDField()
    owner_kind = Code(max_length=32)
    owner_id = models.UUIDField(null=True)
    uploader = Code(max_length=64)
    sha256 = models.BinaryField(max_length=32)
    size = models.PositiveIntegerField()
    kept_at = models.DateTimeField()
    step = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class Photo(KeptFile):
    """One photo, drawn anew."""

    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="files_photo_in_county"),
            models.UniqueConstraint(fields=["county", "ticket"], name="files_one_photo_per_ticket"),
        ]
        indexes = [
            models.Index(
                fields=["county", "owner_id"],
                condition=models.Q(owner_id__isnull=False),
                name="files_of_owner",
            ),
            models.Index(
                fields=["county", "kept_at"], condition=models.Q(owner_id=None), name="files_without_owner"
            ),
        ]

    def __str__(self) -> str:
        return f"photo {self.id}"


class Recording(KeptFile):
    """One voice note, as it was sent. ``seconds`` is null where nobody knows it cheaply."""

    kind = Code(max_length=8)
    seconds = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="files_recording_in_county"),
            models.UniqueConstraint(fields=["county", "ticket"], name="files_one_recording_per_ticket"),
        ]
        indexes = [
            models.Index(
                fields=["county", "owner_id"],
                condition=models.Q(owner_id__isnull=False),
                name="files_recording_of_owner",
            ),
            models.Index(
                fields=["county", "kept_at"],
                condition=models.Q(owner_id=None),
                name="files_recording_unowned",
            ),
        ]

    def __str__(self) -> str:
        return f"recording {self.id}"
