from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """The room ``outbox``."""

    name = "wushi.domain.outbox"
    label = "outbox"
