"""Who signs in, which unit he belongs to, and which posts he holds from when to when."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q

from wushi.domain.accounts.duties import Duty
from wushi.kernel.ids import uuid7
from wushi.plumbing.county import Code, CountyCode
from wushi.plumbing.fields import BlindIndexField, SealedField


class User(AbstractBaseUser):
    """A member of staff. No superuser, no groups: what he may do comes from his posts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = CountyCode()
    username = Code(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    phone = SealedField()
    phone_index = BlindIndexField()
    is_active = models.BooleanField(default=True)
    totp_secret = SealedField()
    totp_since = models.DateTimeField(null=True)
    totp_last_step = models.BigIntegerField(default=0)
    last_login = None  # the sign-ins themselves tell
    step = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "username"

    class Meta:
        indexes = [models.Index(fields=["county", "username"], name="accounts_users_of_county")]

    def __str__(self) -> str:
        return self.username


class UnitKind(models.TextChoices):
    """What a unit (单位) is."""

    VILLAGE = "village", "village organisation"
    TOWN_OFFICE = "town_office", "town office"
    DEPARTMENT = "department", "department"
    DISTRICT = "district", "district centre"


class Unit(models.Model):
    """A unit (单位) that answers for matters: known by its code inside the county."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = CountyCode()
    code = Code(max_length=32)
    name = models.CharField(max_length=120)
    kind = Code(max_length=12, choices=UnitKind.choices)
    area = Code(max_length=15)
    parent = Code(max_length=32)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    step = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "code"], name="accounts_unit_code_in_county")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class DateRange(Func):
    """[from, until): the day a post ends it is over."""

    function = "daterange"
    output_field = DateRangeField()


class Post(models.Model):
    """A duty over an area in a unit, held by one person from a day until a day (excluded)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = CountyCode()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    duty = Code(max_length=20, choices=[(d.value, d.value) for d in Duty])
    area = Code(max_length=15)
    unit = Code(max_length=32)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    step = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="accounts_one_grid_lead_at_a_time",
                expressions=[
                    ("county", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
                condition=Q(duty=Duty.GRID_LEAD, ended_at=None),
            ),
        ]
        indexes = [models.Index(fields=["county", "area", "duty"], name="accounts_posts_over_area")]

    def __str__(self) -> str:
        return f"{self.duty} over {self.area}"


class StandIn(models.Model):
    """AB角: another person stands in for a post for some days."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = CountyCode()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="stand_ins")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stands_in")
    valid_from = models.DateField()
    valid_until = models.DateField()
    ended_at = models.DateTimeField(null=True)
    step = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=models.F("valid_from")), name="accounts_stand_in_has_days"
            )
        ]

    def __str__(self) -> str:
        return f"stand-in until {self.valid_until}"


class SignIn(models.Model):
    """One browser that is signed in: staff (``user``) or a resident (``person``, a row of a room above, by id)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = CountyCode()
    token_hash = models.BinaryField(max_length=32, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True)
    person = models.UUIDField(null=True)
    second_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"sign-in {self.id}"


class SignInCode(models.Model):
    """A code sent to a resident's phone. Number and code are sealed until it is sent, then only hashes are left."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = CountyCode()
    phone = SealedField()
    phone_index = BlindIndexField()
    code = SealedField()
    code_hash = models.BinaryField(max_length=32)
    salt = models.BinaryField(max_length=16)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["phone_index", "created_at"], name="accounts_codes_of_phone")]

    def __str__(self) -> str:
        return f"code {self.id}"


class Attempt(models.Model):
    """A guess that failed, or a code that was asked for, by the blind index of what was tried."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = Code(max_length=16)
    subject = BlindIndexField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "subject", "at"], name="accounts_attempts_lately")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at}"
