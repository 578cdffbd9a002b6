from django.apps import AppConfig

from wushi.kernel.verb import register_sink


class AuditConfig(AppConfig):
    """The room ``audit``; hands the kernel the place where leaves go."""

    name = "wushi.domain.audit"
    label = "audit"

    def ready(self) -> None:
        """Register the sink."""
        from wushi.domain.audit.services import write_leaves

        register_sink(write_leaves)
