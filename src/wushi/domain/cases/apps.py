from django.apps import AppConfig


class CasesConfig(AppConfig):
    """The room ``cases``."""

    name = "wushi.domain.cases"
    label = "cases"
