from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """The room ``imports``."""

    name = "wushi.domain.imports"
    label = "imports"
