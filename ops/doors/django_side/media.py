"""Which columns name files: every file field of the models, and what a model's own `MEDIA_KEYS` names."""

from __future__ import annotations

from django.apps import apps
from django.db import models


def columns() -> list[dict[str, str]]:
    """Each with the folder that its storage puts in front of its names."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed:
            continue
        own = set(getattr(model, "MEDIA_KEYS", ()))
        table = model._meta.db_table.replace('"', "")
        found += [
            {"table": table, "column": field.column, "prefix": _folder(field)}
            for field in model._meta.local_concrete_fields
            if isinstance(field, models.FileField) or field.name in own
        ]
    return sorted(found, key=lambda one: (one["table"], one["column"]))


def _folder(field: models.Field[object, object]) -> str:
    """Storages of buckets name it `location`; one on a disk has a path there, which is no part of a key."""
    location = getattr(getattr(field, "storage", None), "location", "") or ""
    return f"{location.strip('/')}/" if location and not str(location).startswith("/") else ""
