"""What `pulumi preview` says would be done, the destructive first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
        }


def read(preview: Mapping[str, Any]) -> list[Change]:
    """From `pulumi preview --json`: the destructive first, then by what is done."""
    found = [_change(step) for step in preview.get("steps", ()) if SAME_AS.get(step["op"], step["op"])]
    return sorted(found, key=lambda one: (ORDER.index(one.operation) if one.operation in ORDER else 9, one.name))


def markdown(environment: str, changes: Sequence[Change]) -> list[str]:
    """For a pull request: what is destroyed in bold, and before everything else."""
    destroyed = sum(one.destroys for one in changes)
    if not changes:
        return [f"**{environment}**: nothing would change."]
    told = f", **{destroyed} of them destroyed**" if destroyed else ""
    head = [
        f"**{environment}**: {counted(len(changes), 'resource')} would change{told}.",
        "",
        "| | what | which | differs |",
        "|---|---|---|---|",
    ]
    return head + [_row(one) for one in changes]


def _row(change: Change) -> str:
    cells = (change.operation, change.kind, change.name, ", ".join(change.properties))
    escaped = [cell.replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(f'**{cell}**' if change.destroys and cell else cell for cell in escaped)} |"


def _change(step: Mapping[str, Any]) -> Change:
    _, _, kind, name = step["urn"].split("::", 3)
    differing = step.get("detailedDiff") or {}
    properties = tuple(sorted(differing)) or tuple(step.get("diffReasons") or ())
    return Change(step["op"], kind.rpartition("$")[2], name, properties)
