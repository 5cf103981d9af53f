"""The domain app `exams`."""

from django.apps import AppConfig


class ExamsConfig(AppConfig):
    """Exams and their schedule."""

    name = "exams"
