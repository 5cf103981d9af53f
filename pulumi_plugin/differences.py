"""What an update would do: which properties differ, how, and which of them need a new thing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum


class DiffKind(Enum):
    """How a property differs."""

    ADD = "ADD"
    UPDATE = "UPDATE"
    DELETE = "DELETE"


@dataclass(frozen=True)
class Difference:
    """What the engine is answered."""

    kinds: Mapping[str, str]  # property → ADD, DELETE or UPDATE, each also with _REPLACE
    delete_first: bool = False
    outputs: frozenset[str] = frozenset()  # those of them that are outputs, not inputs

    @classmethod
    def of(
        cls,
        changes: Mapping[str, DiffKind],
        replace_on: Collection[str] = (),
        *,
        delete_first: bool = False,
        outputs: frozenset[str] = frozenset(),
    ) -> Difference:
        """These changes; those of `replace_on` need a new thing."""
        kinds = {name: kind.value + ("_REPLACE" if name in replace_on else "") for name, kind in changes.items()}
        return cls(kinds, delete_first, outputs)

    @property
    def replaces(self) -> list[str]:
        """The properties whose change needs a new thing."""
        return [name for name, kind in self.kinds.items() if kind.endswith("_REPLACE")]
