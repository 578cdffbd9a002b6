from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The room ``files``."""

    name = "wushi.domain.files"
    label = "files"
