"""What the application says of personal data, and the columns of its models that it has to say something of."""

from __future__ import annotations

from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db import connection, models


def declared() -> dict[str, Any]:
    """The masks by table and column, from `personal.py` of every app that has one; and the columns of all models."""
    masks: dict[str, Any] = {}
    for config in apps.get_app_configs():
        if find_spec(f"{config.name}.personal") is None:
            continue
        for table, columns in import_module(f"{config.name}.personal").PERSONAL.items():
            masks.setdefault(table, {}).update({column: asdict(mask) for column, mask in columns.items()})
    return {"masks": masks, "columns": [one for model in tables() for one in columns_of(model)]}


def tables() -> list[type[models.Model]]:
    """Every model that has a table, those between two others, too."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]


def columns_of(model: type[models.Model]) -> list[dict[str, Any]]:
    """As the database will have them."""
    return [
        {
            "table": model._meta.db_table,
            "column": field.column,
            "type": field.db_type(connection) or "",
            "required": not field.null,
        }
        for field in model._meta.local_concrete_fields
        if not getattr(field, "generated", False)
    ]
