from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """The room ``notify``."""

    name = "wushi.domain.notify"
    label = "notify"
