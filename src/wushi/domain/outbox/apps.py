from django.apps import AppConfig

from wushi.kernel.verb import register_outlet


class OutboxConfig(AppConfig):
    """The room ``outbox``."""

    name = "wushi.domain.outbox"
    label = "outbox"

    def ready(self) -> None:
        """What verbs leave is written by this room."""
        from wushi.domain.outbox.services import write_outgoing

        register_outlet(write_outgoing)
