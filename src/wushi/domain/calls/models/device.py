"""Wireless callers (无线呼叫器), the ways their messages come in, and what was heard, as it was sent."""

from django.db import models
from django.db.models import Q

from wushi.domain.calls.states import DeviceState
from wushi.domain.people.models import Household, Person
from wushi.plumbing.county import Code, CountyForeignKey, CountyModel
from wushi.plumbing.fields import SealedField


class Envelope(models.TextChoices):
    """Whose form a gateway's messages have."""

    CHIRPSTACK = "chirpstack", "ChirpStack v4"
    TTS = "tts", "The Things Stack"
    ONENET = "onenet", "OneNET"
    CTWING = "ctwing", "CTWing / AEP"
    PLAIN = "plain", "plain JSON"


class Proof(models.TextChoices):
    """How a callback proves who sends it."""

    TOKEN = "token", "a secret in a header"
    HMAC = "hmac", "HMAC-SHA256 over the body"
    ONENET = "onenet", "OneNET's own signature"


class Gateway(CountyModel):
    """One way in: an HTTP callback ``/in/<county>/<code>`` or an MQTT topic, with its form and its secret."""

    code = Code(max_length=32)
    name = models.CharField(max_length=60)
    envelope = Code(max_length=12, choices=Envelope.choices)
    proof = Code(max_length=8, choices=Proof.choices, default=Proof.TOKEN)
    secret = SealedField()
    # MQTT: what is subscribed to; '' for HTTP alone
    topic = models.CharField(max_length=200, blank=True, default="")
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    step = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="calls_gateway_in_county"),
            models.UniqueConstraint(fields=["county", "code"], name="calls_gateway_once"),
        ]

    def __str__(self) -> str:
        return self.code


class Device(CountyModel):
    """One wireless caller: whose, where, whom to tell beside the village, and how it is."""

    uid = Code(max_length=40)
    model = Code(max_length=64)
    state = Code(max_length=10, choices=[(s.value, s.value) for s in DeviceState], default=DeviceState.STOCK)
    town = Code(max_length=9)
    village = Code(max_length=12)
    grid = Code(max_length=15)
    # where it hangs, as the people there say it
    place = models.CharField(max_length=120, blank=True, default="")
    household = CountyForeignKey(Household, null=True)
    person = CountyForeignKey(Person, null=True)
    # what helps whoever comes: codes of ``Help``
    helps = models.JSONField(default=list)
    contact_name = models.CharField(max_length=60, blank=True, default="")
    contact_phone = SealedField()
    # the family wants to be told of a call (and when somebody is there)
    tells_family = models.BooleanField(default=False)
    # the word on the sticker at the door, beside the QR code: shows that somebody was there
    door_code = Code(max_length=24)
    installed_at = models.DateTimeField(null=True)
    installed_by_id = models.UUIDField(null=True)
    # until then a press is its test press
    test_until = models.DateTimeField(null=True)
    tested_at = models.DateTimeField(null=True)
    battery = models.PositiveSmallIntegerField(null=True)
    signal = models.SmallIntegerField(null=True)
    firmware = Code(max_length=24)
    # seconds between two heartbeats, where the device said so itself; else its model's
    interval = models.PositiveIntegerField(null=True)
    seen_at = models.DateTimeField(null=True)
    # when it counts as silent
    silent_at = models.DateTimeField(null=True)
    # the newest count it was heard by, in the session it counted in
    session = Code(max_length=80)
    counted = models.BigIntegerField(null=True)
    # how many messages came in the minute it was last heard in
    minute_at = models.DateTimeField(null=True)
    minute_count = models.PositiveIntegerField(default=0)
    # it sends too much: until then only what is red is heard of it
    aside_until = models.DateTimeField(null=True)
    step = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="calls_device_in_county"),
            models.UniqueConstraint(fields=["county", "uid"], name="calls_device_once"),
            models.UniqueConstraint(
                fields=["county", "door_code"], condition=~Q(door_code=""), name="calls_door_once"
            ),
        ]
        indexes = [
            models.Index(fields=["county", "village", "state", "id"], name="calls_devices_of_village"),
            models.Index(
                fields=["county", "silent_at"], condition=Q(silent_at__isnull=False), name="calls_fall_silent"
            ),
            models.Index(
                fields=["county", "person"], condition=Q(person__isnull=False), name="calls_devices_of_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.uid}"

    @property
    def area(self) -> str:
        """The most exact code."""
        return self.grid or self.village or self.town or self.county


class Wire(CountyModel):
    """A message as it came in (kept 90 days): written at once, read afterwards, lost never."""

    gateway = Code(max_length=32)
    envelope = Code(max_length=12)
    body = models.BinaryField()
    # headers or topic the envelope needs
    beside = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    # '' waits; read, doubled, undecodable, unknown, old (not of now), aside (its device sends too much)
    result = Code(max_length=12)
    said = Code(max_length=200)
    uid = Code(max_length=40)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "id"], name="calls_wire_in_county")]
        indexes = [
            models.Index(fields=["county", "id"], condition=Q(result=""), name="calls_wires_to_read"),
            models.Index(
                fields=["county", "uid", "received_at"], condition=~Q(uid=""), name="calls_wires_of"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.envelope} {self.result or 'waits'}"


class Heard(CountyModel):
    """What a device has said that must count once, by the network's own name for it: a copy meets its first."""

    device = CountyForeignKey(Device)
    dedupe = Code(max_length=80)
    kind = Code(max_length=16)
    wire_id = models.UUIDField(null=True)
    occurred_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["county", "dedupe"], name="calls_heard_once")]
        indexes = [models.Index(fields=["county", "device", "heard_at"], name="calls_heard_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.dedupe}"


class ErrandKind(models.TextChoices):
    """What somebody of the village has to see to."""

    SILENT = "silent", "it is not heard any more"
    REPAIR = "repair", "it has been silent for two days: to be repaired"
    BATTERY = "battery", "its battery is low"
    BATTERY_URGENT = "battery_urgent", "its battery is nearly empty"
    TAMPER = "tamper", "it was opened"
    UNTESTED = "untested", "nobody has tried it"
    OLD_PRESS = "old_press", "it told of a press of long ago, or of one told before"
    TOO_MUCH = "too_much", "it sends too much"
    COLLECT = "collect", "whom it was for died or moved away"
    INFORM = "inform", "the person is to be told afterwards what was done with his data"


class Errand(CountyModel):
    """Something to see to at a device, or after a call: whose village, since when, by whom it was done."""

    kind = Code(max_length=16, choices=ErrandKind.choices)
    town = Code(max_length=9)
    village = Code(max_length=12)
    grid = Code(max_length=15)
    device = CountyForeignKey(Device, null=True)
    call_id = models.UUIDField(null=True)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = Code(max_length=64)
    how = Code(max_length=16)
    step = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county", "id"], name="calls_errand_in_county"),
            models.UniqueConstraint(
                fields=["county", "device", "kind"],
                condition=Q(done_at=None, device__isnull=False),
                name="calls_one_open_errand_each",
            ),
            models.UniqueConstraint(
                fields=["county", "call_id", "kind"],
                condition=Q(call_id__isnull=False),
                name="calls_one_errand_a_call",
            ),
        ]
        indexes = [
            models.Index(
                fields=["county", "village", "since"], condition=Q(done_at=None), name="calls_errands_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.village}"


class Help(models.TextChoices):
    """What whoever comes should know; nothing else about a person's health is kept."""

    ALONE = "alone", "lives alone"
    HARD_OF_HEARING = "hard_of_hearing", "hard of hearing"
    POOR_SIGHT = "poor_sight", "sees badly"
    WALKS_BADLY = "walks_badly", "walks badly"
    BEDRIDDEN = "bedridden", "in bed"
    DIALECT = "dialect", "speaks dialect only"
    KEY_NEXT_DOOR = "key_next_door", "the neighbour has a key"
    DOG = "dog", "a dog in the yard"
