from django.apps import AppConfig


class InsightConfig(AppConfig):
    """The room ``insight``."""

    name = "wushi.domain.insight"
    label = "insight"
