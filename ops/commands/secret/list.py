"""`secret list`: what is declared, what is set, and never a value."""

from __future__ import annotations

from datetime import UTC

import typer

from ops.arguments import AsJson, Which
from ops.context import Context
from ops.secrets.keeping import SETTING, list_secrets
from ops.secrets.vault import Entry


def list_(shell: typer.Context, environment: Which, as_json: AsJson = False) -> None:
    """List secrets: declared or not, set or missing, and when they changed; never a value."""
    output = Context.of(shell).output
    entries = list_secrets(Context.of(shell), environment)
    if as_json:
        output.json([shown(entry) for entry in entries])
    else:
        width = max((len(entry.name) for entry in entries), default=0)
        for entry in entries:
            output.line(row(entry, width))
    for entry in entries:
        if not entry.is_set:
            output.say(f"{entry.name} is missing: ./slipway secret set {environment} {entry.name}")
        elif not entry.declared:
            output.say(f"{entry.name} reaches no service: it is not in {SETTING} of Pulumi.{environment}.yaml")
    if not entries:
        output.say(f"{environment} has none: name them in {SETTING} of Pulumi.{environment}.yaml")


def shown(entry: Entry) -> dict[str, str | bool | None]:
    """For programs."""
    changed = entry.changed.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if entry.changed else None
    return {"name": entry.name, "declared": entry.declared, "set": entry.is_set, "changed": changed}


def row(entry: Entry, width: int) -> str:
    """For people."""
    declared = "declared" if entry.declared else "not declared"
    changed = entry.changed.astimezone(UTC).strftime("set      %Y-%m-%d %H:%M:%S UTC") if entry.changed else "missing"
    return f"{entry.name:<{width}}  {declared:<12}  {changed}"
