"""The trace: one leaf for every deed. No foreign keys: deleting or merging a person never touches it."""

from django.db import models

from wushi.plumbing.county import Code, CountyModel


class Leaf(CountyModel):
    """Who did what to which thing, when; codes, ids and salted hashes only. Written once, never changed."""

    append_only = True

    verb = Code(max_length=64)
    actor = Code(max_length=64)
    behind = Code(max_length=64)
    subject = Code(max_length=32)
    subject_id = Code(max_length=36)
    step = models.PositiveIntegerField()
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="audit_leaf_in_county"),
            models.UniqueConstraint(
                fields=["county", "subject", "subject_id", "step"],
                condition=models.Q(step__gt=0),
                name="audit_one_leaf_per_step",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}:{self.subject_id} #{self.step}"
