"""The shape that every Render resource has: data plus five short methods; `provider.py` does the rest."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from pulumi_plugin.resource import Declared
from pulumi_plugin.values import Values
from render_api.errors import RenderError
from render_provider.provider.task import Task

Lists = Callable[..., Mapping[str, Values]]
"""Render's lists, by path and parameters: what is in them by id."""


class Properties(BaseModel):
    """Snake case inside and in programs, Render's own camelCase outside. What stands under a property explains it."""

    model_config = ConfigDict(alias_generator=to_camel)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Render's names."""
        return tuple(info.alias or name for name, info in cls.model_fields.items())


class Inputs(Properties):
    """Closed and frozen. An optional input that is not set is not managed."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True)

    def given(self) -> Values:
        """What the program set, by Render's names, with the defaults of what it set in full."""
        return self.model_dump(by_alias=True, exclude_none=True, include=self.model_fields_set)


class Outputs(Properties):
    """What Render adds. It describes: no value of it is ever made."""

    model_config = ConfigDict(defer_build=True)


class NoOutputs(Outputs):
    """Render adds nothing."""


Want = TypeVar("Want", bound=Inputs)


@dataclass(frozen=True)
class Actual:
    """A thing as Render has it: every input it could read, and what only Render knows."""

    inputs: Values
    outputs: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """What an update has to do: the inputs that differ from Render's, and what the program said before."""

    changed: frozenset[str]
    before: Values
    actual: Values = field(default_factory=dict)
    """The inputs as Render has them."""

    def dropped(self, name: str, want: Mapping[str, Any] | None) -> list[str]:
        """The keys of a map that the program no longer declares."""
        return sorted(set(self.before.get(name) or {}) - set(want or {}))


class Resource(Declared, Generic[Want]):
    """One kind of thing at Render. Its docstring is what programs and the reference say of it."""

    import_id: ClassVar[str]
    """What its id looks like, for `pulumi import`."""
    inputs: type[Want]
    outputs: ClassVar[type[Outputs]] = NoOutputs
    folder: ClassVar[str] = ""
    """Where Render lists all of this kind."""
    delete_first: ClassVar[bool] = True
    """A replacement of the same name would be taken for the old one."""
    renamed_beside: ClassVar[bool] = True
    """Whether a replacement of another name can be made while the old one is there."""
    maps: ClassVar[frozenset[str]] = frozenset()
    """Inputs of which only the declared keys are ours."""
    resets: ClassVar[Mapping[str, Any]] = {}
    """What an input goes back to when the program no longer sets it; others are left as they are."""
    release: ClassVar[frozenset[str]] = frozenset()
    """Inputs that a running release only takes up with its next deploy; they make the output `revision`."""

    def check(self, task: Task, asked: Values, before: Values) -> dict[str, str]:
        """What Render would refuse, by property. Any value may still be `UNKNOWN`."""
        return {}

    def same(self, name: str, one: Any, other: Any) -> bool:
        """Whether two values of an input mean the same to Render."""
        return bool(one == other)

    def meets(self, name: str, actual: Any, wanted: Any) -> bool:
        """Whether what Render has satisfies what is declared: of what only grows, a declaration is a floor."""
        return self.same(name, actual, wanted)

    def stale(self, state: Values) -> frozenset[str]:
        """Outputs that show that the thing needs an update although no input changed."""
        return frozenset()

    def listed(self, lists: Lists, key: str, state: Values) -> bool:
        """Whether Render's lists show it still."""
        return not self.folder or key in lists(self.folder)

    def lost(self, state: Values) -> str:
        """What is lost with it for good when somebody deletes it; nothing when it can be made anew as it was."""
        return ""

    def find(self, task: Task, want: Want) -> str | None:
        """The id of one that exists already, in the same place; an error when it is in another."""
        return None

    @abstractmethod
    def create(self, task: Task, want: Want) -> str:
        """Make it and return its id, at once: what follows may fail."""

    def settle(self, task: Task, key: str, want: Want) -> None:
        """Wait until it can be used. May be repeated."""
        return

    @abstractmethod
    def read(self, task: Task, key: str, known: Values) -> Actual:
        """Return it as Render has it now, or raise `NotFound`. `known`: its inputs and outputs as far as we know."""

    @abstractmethod
    def update(self, task: Task, key: str, want: Want, change: Change) -> None:
        """Make Render's differ no more. May be repeated."""

    @abstractmethod
    def delete(self, task: Task, key: str, state: Values) -> None:
        """Remove it. One that is already gone is a success."""


def one_here(type_: str, name: str, environment_id: str | None, candidates: list[Values]) -> str | None:
    """The one thing of that name in that environment; of that name elsewhere is an error."""
    named = [thing for thing in candidates if thing["name"] == name]
    here = [thing["id"] for thing in named if (thing.get("environmentId") or None) == environment_id]
    if len(here) > 1:
        raise RenderError(
            name,
            f"there are {len(here)} of this name: {', '.join(here)}",
            hint=f"pulumi import {type_} NAME {here[0]}",
        )
    if here:
        return str(here[0])
    if named:
        place = named[0].get("environmentId") or "no environment"
        raise RenderError(
            name,
            f"exists already in {place} as {named[0]['id']}, not in {environment_id or 'no environment'}",
            hint=f"to manage that one: pulumi import {type_} NAME {named[0]['id']}",
        )
    return None
