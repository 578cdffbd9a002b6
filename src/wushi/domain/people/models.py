"""Residents and households, and who follows for whom, with only what the work needs."""

from django.db import models
from django.db.models import F, Q

from wushi.plumbing.county import Code, CountyForeignKey, CountyModel
from wushi.plumbing.fields import BlindIndexField, SealedField


class Consent(models.TextChoices):
    """How somebody agreed that another person speaks for him, or follows what he told."""

    WORD = "word", "by word of mouth"
    PAPER = "paper", "on paper"
    MESSAGE = "message", "by message"


class Leaving(models.TextChoices):
    """Why somebody is no longer in the register."""

    DIED = "died", "died"
    MOVED = "moved", "moved away"


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
    left_why = Code(max_length=8, choices=Leaving.choices)
    left_on = models.DateField(null=True)
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
        # who lives there; and a household cannot go without the database asking that
        indexes = [
            models.Index(
                fields=["county", "household"],
                condition=Q(household__isnull=False),
                name="people_of_household",
            )
        ]

    def __str__(self) -> str:
        return f"person {self.id}"


class Bond(CountyModel):
    """亲情关联: the follower sees what the followed told and reports for him, as long as both want it."""

    follower = CountyForeignKey(Person)
    followed = CountyForeignKey(Person)
    # what the follower calls him (妈妈): shown to the follower alone
    called = models.CharField(max_length=20, blank=True, default="")
    # where the followed is known to live: whose village's staff may end it for him; '' where nobody knows
    village = Code(max_length=12)
    consent = Code(max_length=8, choices=Consent.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    step = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="people_bond_in_county"),
            models.UniqueConstraint(
                fields=["county", "follower", "followed"],
                condition=Q(until=None),
                name="people_one_current_bond_per_pair",
            ),
            models.CheckConstraint(condition=~Q(follower=F("followed")), name="people_bond_of_two"),
            models.CheckConstraint(condition=~Q(consent=""), name="people_bond_with_consent"),
        ]
        indexes = [
            models.Index(fields=["county", "followed"], condition=Q(until=None), name="people_followers"),
            models.Index(
                fields=["county", "village"], condition=Q(until=None), name="people_bonds_of_village"
            ),
        ]

    def __str__(self) -> str:
        return f"bond {self.id}"
