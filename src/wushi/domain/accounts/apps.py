from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room ``accounts``."""

    name = "wushi.domain.accounts"
    label = "accounts"
