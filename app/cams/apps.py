"""Starts watching the database when Django is ready."""

from django.apps import AppConfig


class CamsConfig(AppConfig):
    """The project itself, as an app, for what all the others share."""

    name = "cams"

    def ready(self) -> None:
        """Remember each time that the database answers."""
        from django.db.backends.signals import connection_created

        from cams.database import last_seen

        connection_created.connect(last_seen.answered, dispatch_uid="cams.database.last_seen")
