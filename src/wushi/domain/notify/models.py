"""The ledger of messages: what was to be told to whom (Notice), and by which channel with what result (Delivery)."""

from django.db import models
from django.db.models import Q

from wushi.plumbing.county import Code, CountyForeignKey, CountyModel
from wushi.plumbing.fields import BlindIndexField, SealedField


class Notice(CountyModel):
    """Something to tell one recipient: ``user:<id>``, ``person:<id>`` or ``robot:<name>``. ``facts`` fill its sentence."""

    kind = Code(max_length=48)
    # what makes it one: asked for twice with one key it is the same notice
    key = Code(max_length=120)
    weight = Code(max_length=10)
    recipient = Code(max_length=64)
    language = Code(max_length=8)
    facts = models.JSONField(default=dict)
    link = Code(max_length=200)
    subject_kind = Code(max_length=32)
    subject_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    step = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="notify_notice_in_county"),
            models.UniqueConstraint(fields=["county", "key"], name="notify_notice_once_per_key"),
        ]
        indexes = [
            models.Index(fields=["county", "recipient", "created_at", "id"], name="notify_inbox"),
            models.Index(
                fields=["county", "recipient"], condition=Q(read_at=None), name="notify_inbox_unread"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"


class Delivery(CountyModel):
    """One notice by one channel. Address and text are forgotten after a while; that it went out is kept."""

    notice = CountyForeignKey(Notice)
    channel = Code(max_length=8)
    carrier = Code(max_length=32)
    address = SealedField()
    address_index = BlindIndexField()
    text = SealedField()
    state = Code(max_length=10)
    code = Code(max_length=64)
    ref = Code(max_length=80)
    tries = models.PositiveSmallIntegerField(default=0)
    # when somebody has to see to it; none when it is over
    next_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    merged_into = models.UUIDField(null=True)
    step = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="notify_delivery_in_county"),
            models.UniqueConstraint(
                fields=["county", "notice", "channel", "carrier", "address_index"],
                name="notify_once_per_channel",
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "next_at", "id"],
                condition=Q(next_at__isnull=False),
                name="notify_to_see_to",
            ),
            models.Index(fields=["county", "created_at", "id"], name="notify_ledger"),
            models.Index(
                fields=["county", "carrier", "sent_at"],
                condition=Q(sent_at__isnull=False),
                name="notify_sent_lately",
            ),
            models.Index(
                fields=["county", "merged_into"],
                condition=Q(merged_into__isnull=False),
                name="notify_lines_of_a_letter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Wish(CountyModel):
    """How somebody wants to be told: channels, quiet hours, language, and where he is reached beside his phone."""

    who = Code(max_length=64)
    # null: as the rule says
    channels = models.JSONField(null=True)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    language = Code(max_length=8)
    # a resident hears of every step, not only of the beginning and the end
    every_step = models.BooleanField(default=False)
    app_id = Code(max_length=64)
    mail = SealedField()
    step = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "who"], name="notify_one_wish_each")]

    def __str__(self) -> str:
        return f"wishes of {self.who}"


class Browser(CountyModel):
    """A browser that may be woken by web push: its endpoint and keys, as the browser gave them."""

    who = Code(max_length=64)
    endpoint_index = BlindIndexField()
    subscription = SealedField()
    since = models.DateTimeField()
    step = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "endpoint_index"], name="notify_browser_once")
        ]
        indexes = [models.Index(fields=["county", "who"], name="notify_browsers_of")]

    def __str__(self) -> str:
        return f"browser of {self.who}"
