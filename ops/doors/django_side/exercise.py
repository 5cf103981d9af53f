"""Does with every model what its code does: read, insert, change, delete; nothing of it stays."""

from __future__ import annotations

import datetime as dt
import decimal
import secrets
import uuid
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

MADE_UP: dict[str, Callable[[], Any]] = {
    "BinaryField": bytes,
    "BooleanField": bool,
    "DateField": dt.date.today,
    "DateTimeField": timezone.now,
    "DecimalField": decimal.Decimal,
    "DurationField": dt.timedelta,
    "FloatField": float,
    "JSONField": dict,
    "TimeField": lambda: timezone.now().time(),
    "UUIDField": uuid.uuid4,
}


class ImpossibleError(Exception):
    """Nobody can make one of these up."""


def every_model() -> list[dict[str, str]]:
    """What the database refuses, by model and action."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    found = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            tried = {action.__name__[1:]: _refused(action, model) for action in ACTIONS}
            label = model._meta.label
            found += [{"model": label, "action": name, "error": error} for name, error in tried.items() if error]
    return found


def _refused(action: Callable[[type[models.Model]], None], model: type[models.Model]) -> str:
    try:
        with transaction.atomic():
            action(model)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except ImpossibleError:
        return ""
    except DatabaseError as error:
        return str(error).strip().splitlines()[0]
    except Exception as error:  # noqa: BLE001 - a signal's handler, a field of the application's own
        return f"{type(error).__name__}: {error}"
    return ""


def _read(model: type[models.Model]) -> None:
    list(model._base_manager.all()[:1])


def _update(model: type[models.Model]) -> None:
    if row := model._base_manager.first():
        row.save(force_update=True)


def _delete(model: type[models.Model]) -> None:
    if row := model._base_manager.first():
        row.delete()


def _insert(model: type[models.Model]) -> None:
    """Like one that is there, else one that is made up."""
    row = model._base_manager.first()
    if row is not None:
        try:
            with transaction.atomic():
                _another(model, row).save(force_insert=True)
        except DatabaseError:
            pass  # it may have to differ in more: a made-up one does
        else:
            return
    values = {field.attname: made_up(field) for field in model._meta.local_concrete_fields}
    model(**{name: value for name, value in values.items() if value is not models.NOT_PROVIDED}).save(
        force_insert=True
    )


def _another(model: type[models.Model], row: models.Model) -> models.Model:
    constraints = [one for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    together = {name for names in model._meta.unique_together for name in names}
    together |= {name for one in constraints for name in one.fields}
    for field in model._meta.local_concrete_fields:
        if field.primary_key:
            setattr(row, field.attname, _key(field))
        elif field.unique or field.name in together:
            value = made_up(field)
            if value is not models.NOT_PROVIDED:
                setattr(row, field.attname, value)
    row._state.adding = True
    return row


def _key(field: models.Field[Any, Any]) -> Any:
    if isinstance(field, models.AutoField):
        return None
    if field.has_default():
        return field.get_default()
    value = made_up(field)
    return None if value is models.NOT_PROVIDED else value


def made_up(field: models.Field[Any, Any]) -> Any:
    """A value that the field takes; `NOT_PROVIDED` where the database gives it."""
    kind = field.get_internal_type()
    if isinstance(field, models.AutoField):
        return models.NOT_PROVIDED
    if isinstance(field, models.ForeignKey):
        return _related(field)
    if field.has_default():
        return field.get_default() if not field.unique or callable(field.default) else _text_or_number(field, kind)
    if field.choices:
        return next(iter(field.flatchoices))[0]
    if field.null and not field.unique:
        return None
    return MADE_UP[kind]() if kind in MADE_UP else _text_or_number(field, kind)


def _text_or_number(field: models.Field[Any, Any], kind: str) -> Any:
    if kind.endswith("IntegerField"):
        return secrets.randbelow(30_000) + 1
    if isinstance(field, models.CharField | models.TextField):
        return secrets.token_hex(16)[: field.max_length or 32]
    raise ImpossibleError(kind)


def _related(field: models.ForeignKey[Any, Any]) -> Any:
    used = field.unique and field.model._base_manager.values(field.attname)
    others = field.remote_field.model._base_manager.all()
    row = (others.exclude(pk__in=used) if used else others).first()
    if row is None:
        if field.null:
            return None
        raise ImpossibleError(field.name)
    return getattr(row, field.target_field.attname)


ACTIONS = (_read, _insert, _update, _delete)
