"""What changes between the inputs of the last run and of this one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.plugins.fields import Fields, same
from pulumi_plugin.differences import Difference


def difference(fields: Fields, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Difference:
    """Compare by meaning. What the program leaves to the cloud stays as it is."""
    kinds: dict[str, str] = {}
    for name, field in fields.items():
        old, new = olds.get(name), news.get(name)
        if field.volatile or (new is None and (field.computed or (field.local and field.default is None))):
            continue
        if same(field, old, new):
            continue
        kind = "ADD" if old is None else "DELETE" if new is None else "UPDATE"
        kinds[name] = f"{kind}_REPLACE" if field.replace else kind
    return Difference(kinds, delete_first=_name_is_taken(fields, olds, news))


def _name_is_taken(fields: Fields, olds: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """A new thing under a name that the program chose can only exist once the old one is gone."""
    chosen = [name for name, field in fields.items() if field.autoname and name not in (news.get("__defaults") or [])]
    return any(olds.get(name) is not None and olds.get(name) == news.get(name) for name in chosen)
