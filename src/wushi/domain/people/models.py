"""Residents and households, with only what the work needs."""

from django.db import models
from django.db.models import Q

from wushi.plumbing.county import Code, CountyForeignKey, CountyModel
from wushi.plumbing.fields import BlindIndexField, SealedField


class Household(CountyModel):
    """A household (户) at an address."""

    town = Code(max_length=9)
    village = Code(max_length=12)
    grid = Code(max_length=15)
    address = SealedField()
    address_index = BlindIndexField()
    since = models.DateField()
    until = models.DateField(null=True)
    step = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "id"], name="people_household_in_county")]
        indexes = [models.Index(fields=["county", "village"], name="people_households")]

    def __str__(self) -> str:
        return f"household {self.id}"


class Person(CountyModel):
    """A resident. Found by phone or ID number only through the blind index; names are never searched here."""

    household = CountyForeignKey(Household, null=True)
    name = models.CharField(max_length=60, blank=True, default="")
    phone = SealedField()
    phone_index = BlindIndexField()
    id_number = SealedField()
    id_index = BlindIndexField()
    village = Code(max_length=12)
    entered_at = models.DateTimeField()
    step = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="people_person_in_county"),
            models.UniqueConstraint(
                fields=["county", "phone_index"],
                condition=~Q(phone_index=b""),
                name="people_one_person_per_phone",
            ),
            models.UniqueConstraint(
                fields=["county", "id_index"],
                condition=~Q(id_index=b""),
                name="people_one_person_per_id_number",
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.id}"
