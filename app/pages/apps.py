"""The domain app `pages`."""

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The front end, of this release and of those before it."""

    name = "pages"
