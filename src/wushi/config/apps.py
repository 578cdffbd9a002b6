"""The house as Django knows it: the query guard, the wiring, the log."""

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """Last of the installed apps: every room is loaded when it is ready."""

    name = "wushi.config"
    label = "config"

    def ready(self) -> None:
        """Guard every connection, wire announcements, set up the log."""
        from django.db.backends.signals import connection_created

        from wushi.config.logs import set_up
        from wushi.config.wiring import wire
        from wushi.kernel.verb import install_guard

        connection_created.connect(install_guard, dispatch_uid="wushi_guard")
        wire()
        set_up()
