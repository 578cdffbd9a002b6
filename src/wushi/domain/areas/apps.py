from django.apps import AppConfig


class AreasConfig(AppConfig):
    """The room ``areas``."""

    name = "wushi.domain.areas"
    label = "areas"
