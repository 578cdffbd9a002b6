"""Counts kept by village and month, so that a page of a million requests reads a thousand rows."""

from django.db import models

from wushi.plumbing.county import Code, CountyModel


class Cell(CountyModel):
    """What was told in one village in one month, counted. Derived: whatever is here can be counted anew from the requests."""

    town = Code(max_length=9)
    village = Code(max_length=12)
    month = models.DateField()
    # one number for each measure, in the order the fold's ``measures`` stands for
    counts = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="insight_cell_in_county"),
            models.UniqueConstraint(
                fields=["county", "month", "village"], name="insight_one_cell_a_village_and_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.month:%Y-%m}"


class Fold(CountyModel):
    """Until when a county's cells were counted; without a row they are not used."""

    until = models.DateTimeField()
    # a digest of what was counted; counts of another version of the program are not used
    measures = Code(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county"], name="insight_one_fold_a_county")]

    def __str__(self) -> str:
        return f"counted until {self.until}"
