"""What changes between the inputs of the last run and of this one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.plugins.fields import Fields, same
from localcloud.plugins.inputs import DEFAULTS
from localcloud.plugins.resource import Resource
from pulumi_plugin.differences import Difference, DiffKind
from pulumi_plugin.values import Values


def difference(resource: Resource[Any], olds: Values, news: Values) -> Difference:
    """Compare by meaning. What the program leaves to the cloud stays as it is."""
    changes: dict[str, DiffKind] = {}
    for name, field in resource.fields.items():
        old, new = olds.get(name), news.get(name)
        if new is None and (field.computed or (field.local and field.default is None)):
            continue
        if not same(field, old, new):
            changes[name] = DiffKind.ADD if old is None else DiffKind.DELETE if new is None else DiffKind.UPDATE
    return Difference.of(changes, resource.replace_on, delete_first=_name_is_taken(resource.fields, olds, news))


def _name_is_taken(fields: Fields, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """A new thing under a name that the program chose can only exist once the old one is gone."""
    chosen = [name for name, field in fields.items() if field.autoname and name not in (news.get(DEFAULTS) or [])]
    return any(olds.get(name) is not None and olds.get(name) == news.get(name) for name in chosen)
