"""Batches of rows that came in as a file, row by row, and which heads mean which column."""

from django.db import models
from django.db.models import Q

from wushi.domain.imports.states import BatchState
from wushi.plumbing.county import Code, CountyForeignKey, CountyModel
from wushi.plumbing.fields import BlindIndexField, SealedField


class Batch(CountyModel):
    """One file (导入批次): what it is of, where it comes from, and how far it got. Its bytes lie beside the photos."""

    kind = Code(max_length=24)
    source = models.CharField(max_length=60)
    file_name = models.CharField(max_length=200)
    sha256 = models.BinaryField(max_length=32)
    size = models.PositiveIntegerField()
    form = Code(max_length=8)
    sheet = models.CharField(max_length=120, blank=True, default="")
    sheets = models.JSONField(default=list)
    heads = models.JSONField(default=list)
    fingerprint = Code(max_length=64)
    samples = SealedField()
    total = models.PositiveIntegerField(default=0)
    mapping = models.JSONField(default=dict)
    # what the words of the source mean, for kinds that ask for it
    options = models.JSONField(default=dict)
    state = Code(max_length=10, choices=BatchState.choices, default=BatchState.TAKEN)
    counts = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    by = Code(max_length=64)
    taken_at = models.DateTimeField()
    committed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=200, blank=True, default="")
    # why the worker could not: a code with its facts
    trouble = Code(max_length=64)
    trouble_facts = models.JSONField(default=dict)
    forgotten_at = models.DateTimeField(null=True)
    step = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="imports_batch_in_county"),
            models.UniqueConstraint(
                fields=["county", "kind", "source", "sha256"],
                condition=Q(undone_at=None, forgotten_at=None),
                name="imports_same_file_same_batch",
            ),
        ]
        indexes = [models.Index(fields=["county", "taken_at"], name="imports_batches")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Line(CountyModel):
    """One row of a file: what it says (sealed, for 30 days), what it would do, what it made, what stood there before."""

    batch = CountyForeignKey(Batch)
    number = models.PositiveIntegerField()
    verdict = Code(max_length=10)
    reason = Code(max_length=40)
    column = Code(max_length=32)
    raw = SealedField()
    key_index = BlindIndexField()
    subject = models.UUIDField(null=True)
    subject_step = models.PositiveIntegerField(default=0)
    before = SealedField()
    applied = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "batch", "number"], name="imports_row_once"),
        ]
        indexes = [
            models.Index(fields=["county", "batch", "verdict", "number"], name="imports_rows_by_verdict"),
            models.Index(
                fields=["county", "key_index"], condition=Q(applied=True), name="imports_known_rows"
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.number} {self.verdict}"


class KnownHeads(CountyModel):
    """Which heads of a source mean which column, as somebody once said; offered when they come again."""

    kind = Code(max_length=24)
    source = models.CharField(max_length=60)
    fingerprint = Code(max_length=64)
    mapping = models.JSONField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "kind", "source", "fingerprint"], name="imports_heads_once"
            ),
        ]

    def __str__(self) -> str:
        return f"heads of {self.kind}"


class Export(CountyModel):
    """One list that left as a file: by whom, of what, how many rows; the reason where numbers stood in it whole."""

    append_only = True

    kind = Code(max_length=24)
    wanted = models.JSONField(default=dict)
    rows = models.PositiveIntegerField()
    reason = models.CharField(max_length=200, blank=True, default="")
    by = Code(max_length=64)
    taken_at = models.DateTimeField()
    step = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["county", "taken_at"], name="imports_exports")]

    def __str__(self) -> str:
        return f"export of {self.kind}"
