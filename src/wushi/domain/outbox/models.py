"""Rows of work that must leave the building."""

from django.db import models

from wushi.kernel.ids import uuid7
from wushi.plumbing.county import Code, CountyCode


class RowKind(models.TextChoices):
    """Where the relay takes a row."""

    LIVE = "live", "live notice"
    JOB = "job", "background job"


class RowState(models.TextChoices):
    """A row is kept after it went out."""

    NEW = "new", "waiting"
    SENT = "sent", "handed on"
    FAILED = "failed", "cannot be handed on"


class Row(models.Model):
    """Something to do after the commit: codes and ids only, never a name, a number or a text."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = CountyCode()
    kind = Code(max_length=8, choices=RowKind.choices)
    name = Code(max_length=64)
    payload = models.JSONField(default=dict)
    state = Code(max_length=8, choices=RowState.choices, default=RowState.NEW)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(state="new"), name="outbox_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {self.state}"
