"""Fills every table with rows that are made up, so that what is done to a table is done to many."""

from __future__ import annotations

from itertools import cycle, islice
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction

from ops.doors.django_side.exercise import ImpossibleError, made_up

AT_ONCE = 1000
OF_DJANGO = "contenttypes"  # which knows what has to be there


def fill(rows: int) -> dict[str, str]:
    """That many of each model, after those that it points to; what could not be made, by model, with the reason."""
    left = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label != OF_DJANGO
    ]
    failed: dict[str, str] = {}
    filled = {model for model in apps.get_models() if model not in left}
    while ready := [model for model in left if _needed(model) <= filled | {model}]:
        left = [model for model in left if model not in ready]
        filled |= set(ready)
        failed |= {model._meta.label: why for model in ready if (why := _fill(model, rows))}
    return failed | {model._meta.label: "it needs one that needs it" for model in left}


def _needed(model: type[models.Model]) -> set[type[models.Model]]:
    keys = (field for field in model._meta.local_concrete_fields if isinstance(field, models.ForeignKey))
    return {field.remote_field.model for field in keys if not field.null}


def _fill(model: type[models.Model], rows: int) -> str:
    try:
        others = {
            field.attname: _targets(field, rows)
            for field in model._meta.local_concrete_fields
            if isinstance(field, models.ForeignKey)
        }
        fields = [one for one in model._meta.local_concrete_fields if one.attname not in others]
        made = zip(*others.values(), strict=False) if others else (() for _ in range(rows))
        objects = [
            model(**_values(fields), **dict(zip(others, targets, strict=True))) for targets in islice(made, rows)
        ]
        with transaction.atomic():
            model._base_manager.bulk_create(objects, batch_size=AT_ONCE, ignore_conflicts=True)
    except ImpossibleError as error:
        return f"nobody can make up {error}"
    except (DatabaseError, TypeError, ValueError) as error:
        return str(error).strip().splitlines()[0]
    return ""


def _values(fields: list[models.Field[Any, Any]]) -> dict[str, Any]:
    values = {field.attname: made_up(field) for field in fields}
    return {name: value for name, value in values.items() if value is not models.NOT_PROVIDED}


def _targets(field: models.ForeignKey[Any, Any], rows: int) -> Any:
    """What points to others: each once where that has to be, else one after the other."""
    target = field.remote_field.model._base_manager.order_by("pk").values_list(field.target_field.attname, flat=True)
    there = list(target[:rows])
    if field.unique or not there:
        return there if there or not field.null else cycle([None])
    return cycle(there)
