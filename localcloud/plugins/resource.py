"""What one resource or function of a stand-in plugin has to say: its fields and its operations."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from localcloud.plugins.fields import Fields
from pulumi_plugin.resource import Declared
from pulumi_plugin.values import Values

Cloud = TypeVar("Cloud")


class PluginError(Exception):
    """An operation that cannot be done, as one clear line."""


class Resource(Declared, Generic[Cloud]):
    """One kind of resource. Ids are the real plugin's, so that `pulumi import` takes the same ones.

    What replaces it, and which of its inputs are secret, its fields say.
    """

    fields: ClassVar[Fields]
    outputs: ClassVar[tuple[str, ...]] = ()
    """What is known only once it exists."""
    constants: ClassVar[Mapping[str, Any]] = {}
    """Outputs that are always the same: of what has no stand-in, what the real plugin says when it is not used."""
    only_from_create: ClassVar[frozenset[str]] = frozenset()
    """Outputs that no call answers with but the one that creates."""
    after_create: ClassVar[frozenset[str]] = frozenset()
    """Inputs that the call that creates cannot carry."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        fields = getattr(cls, "fields", {})
        cls.replace_on = frozenset(name for name, field in fields.items() if field.replace)
        cls.secrets |= {name for name, field in fields.items() if field.secret}

    def complete(self, inputs: Values) -> Values:
        """Inputs that follow from others; called by check, also with unknowns."""
        return inputs

    def invalid(self, inputs: Values) -> Mapping[str, str]:
        """Reasons by property for what a single field cannot see."""
        return {}

    @abstractmethod
    def create(self, cloud: Cloud, inputs: Values) -> tuple[str, Values]:
        """Make the thing, or adopt the very same one that a killed run made: its id, and what is told only once."""

    @abstractmethod
    def read(self, cloud: Cloud, resource_id: str, inputs: Values) -> Values | None:
        """Everything about it by property name, or None when it is not there."""

    def update(self, cloud: Cloud, resource_id: str, inputs: Values, changed: AbstractSet[str]) -> Values | None:
        """Bring what changed into the wanted form, repeatably; returns what is told only now."""
        raise PluginError(f"{self.type_} cannot be changed in place")

    @abstractmethod
    def delete(self, cloud: Cloud, resource_id: str, state: Values) -> None:
        """Remove it; that it is gone already is a success."""


@dataclass(frozen=True)
class Function(Generic[Cloud]):
    """One function that a program may invoke."""

    name: str
    fields: Fields
    call: Callable[[Cloud, Values], Values] = field(repr=False)


def function(name: str, fields: Fields) -> Callable[[Callable[[Cloud, Values], Values]], Function[Cloud]]:
    """Make a function of a plugin out of a Python function."""
    return lambda call: Function(name, fields, call)
