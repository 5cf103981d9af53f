"""What `pulumi preview` says would be done, the destructive first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console.output import counted

DESTRUCTIVE = ("delete", "replace")
# The steps of one replacement, and what is not of interest to anybody.
SAME_AS = {
    "create-replacement": "",
    "delete-replaced": "",
    "discard-replaced": "",
    "read": "",
    "same": "",
    "refresh": "",
}
FEW = 10  # rows that a comment shows unfolded
HEAD = ("| | what | which | differs |", "|---|---|---|---|")
REFUSED = "protected: `up` refuses it"
KEPT = "what is there stays, and is nobody's"
ORDER = ("delete", "replace", "update", "create", "import")


@dataclass(frozen=True)
class Change:
    """One resource that would change."""

    operation: str
    """In Pulumi's words: create, update, replace, delete, import."""
    kind: str
    name: str
    properties: tuple[str, ...] = ()
    """Those that differ."""
    refused: bool = False
    """Whether it is protected, so that `up` ends before it does this."""
    kept: bool = False
    """Whether what is there now stays there, without being anybody's any more."""

    @property
    def destroys(self) -> bool:
        """Whether what is there now would be gone."""
        return self.operation in DESTRUCTIVE

    def shown(self) -> dict[str, Any]:
        """For programs."""
        return {
            "operation": self.operation,
            "type": self.kind,
            "name": self.name,
            "properties": list(self.properties),
            "destroys": self.destroys,
            "refused": self.refused,
            "kept": self.kept,
        }


def read(preview: Mapping[str, Any]) -> list[Change]:
    """From `pulumi preview --json`: the destructive first, then by what is done."""
    return ordered(_change(step) for step in preview.get("steps", ()) if SAME_AS.get(step["op"], step["op"]))


def ordered(changes: Iterable[Change]) -> list[Change]:
    """The destructive first, then by what is done."""
    return sorted(changes, key=lambda one: (ORDER.index(one.operation) if one.operation in ORDER else 9, one.name))


def markdown(environment: str, changes: Sequence[Change]) -> list[str]:
    """For a pull request: what is destroyed in bold and before everything else; what goes on follows, folded."""
    destroyed = [one for one in changes if one.destroys]
    others = [one for one in changes if not one.destroys]
    if not changes:
        return [f"**{environment}**: nothing would change."]
    told = f", **{len(destroyed)} of them destroyed**" if destroyed else ""
    lines = [f"**{environment}**: {counted(len(changes), 'resource')} would change{told}.", ""]
    if len(others) <= FEW:
        return [*lines, *HEAD, *map(_row, changes)]
    if destroyed:
        lines += [*HEAD, *map(_row, destroyed), ""]
    lines += [f"<details><summary>{counted(len(others), 'resource')} updated or created</summary>", ""]
    return [*lines, *HEAD, *map(_row, others), "", "</details>"]


def _row(change: Change) -> str:
    notes = [REFUSED] if change.refused else [KEPT] if change.kept else []
    differs = ", ".join([*map(_cell, change.properties), *notes])
    cells = (change.operation, _cell(change.kind), _cell(change.name), differs)
    return f"| {' | '.join(f'**{cell}**' if change.destroys and cell else cell for cell in cells)} |"


def _cell(text: str) -> str:
    """On one line, and as it is: what a file says is no markup."""
    return re.sub(r"([\\`*|<>\[\]])", r"\\\1", " ".join(text.split()))


def _change(step: Mapping[str, Any]) -> Change:
    _, _, kind, name = step["urn"].split("::", 3)
    differing = step.get("detailedDiff") or {}
    properties = tuple(sorted(differing)) or tuple(step.get("diffReasons") or ())
    return Change(step["op"], kind.rpartition("$")[2], name, properties)
