"""Show what an environment consists of."""

from __future__ import annotations

import json
import subprocess
from typing import Annotated, Any

import typer

from ops import cloud
from ops.cloud import ROOT, Cloud
from ops.errors import WRONG_USE, OpsError
from ops.stacks import Environment

SECRET = "4dabf18193072939515e22adb298388d"  # noqa: S105 - Pulumi's own mark on a secret value, not a secret


def outputs(
    environment: Environment,
    name: Annotated[str | None, typer.Argument(help="Only this one, alone.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print data for programs.")] = False,
) -> None:
    """Show what an environment consists of; secrets stay hidden."""
    found, _ = read(cloud.choose(), environment)
    if name and name not in found:
        raise OpsError(f"{environment} has no output {name}: there are {', '.join(found) or 'none'}", code=WRONG_USE)
    shown = found[name] if name else found
    if as_json:
        print(json.dumps(shown, indent=1))
    elif name:
        print(shown)
    else:
        table(found)


def read(target: Cloud, environment: str) -> tuple[dict[str, Any], int]:
    """The stack's outputs without its secrets, and how many resources it has."""
    command = ["pulumi", "stack", "export", "--stack", environment]
    said = subprocess.run(command, env=target.variables, cwd=ROOT, capture_output=True, text=True, check=False)
    if said.returncode != 0:
        raise OpsError(
            f"cannot read what {environment} consists of: {said.stderr.strip()}", hint=f"./slipway up {environment}"
        )
    resources: list[dict[str, Any]] = json.loads(said.stdout)["deployment"].get("resources") or []
    stack = next((one for one in resources if one["type"] == "pulumi:pulumi:Stack"), None)
    declared: dict[str, Any] = stack.get("outputs", {}) if stack else {}
    return {name: value for name, value in sorted(declared.items()) if not _secret(value)}, len(resources)


def table(values: dict[str, Any]) -> None:
    """One line a value."""
    width = max(map(len, values), default=0)
    for name, value in values.items():
        print(f"{name:<{width}}  {value if isinstance(value, str | int | float) else json.dumps(value)}")


def _secret(value: Any) -> bool:
    return isinstance(value, dict) and SECRET in value
