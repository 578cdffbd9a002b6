from django.apps import AppConfig


class CallsConfig(AppConfig):
    """The room ``calls``."""

    name = "wushi.domain.calls"
    label = "calls"
