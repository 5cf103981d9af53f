"""Show what an environment consists of."""

from __future__ import annotations

import json
import subprocess
from contextlib import suppress
from typing import Annotated, Any

import typer

from console.errors import WRONG_USE, ExplainedError
from ops import cloud
from ops.cloud import ROOT, Cloud
from ops.stacks import Environment

SECRET = "4dabf18193072939515e22adb298388d"  # noqa: S105 - Pulumi's own mark on a secret value, not a secret


def outputs(
    environment: Annotated[Environment, typer.Argument(help="Which one.")],
    name: Annotated[str | None, typer.Argument(help="Only this one, alone.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print data for programs.")] = False,
) -> None:
    """Show what an environment consists of; secrets stay hidden."""
    found, _ = read(cloud.choose(), environment)
    if name and name not in found:
        raise ExplainedError(
            f"{environment} has no output {name} that may be shown: it has {len(found)} others",
            hint=f"./slipway outputs {environment}",
            code=WRONG_USE,
        )
    if as_json:
        print(json.dumps(found[name] if name else found, indent=1))
    elif name:
        print(found[name])
    else:
        table(found)


def read(target: Cloud, environment: str) -> tuple[dict[str, Any], int]:
    """The stack's outputs without its secrets, and how many resources it has, as Pulumi counts them."""
    return shown(resources(target, environment))


def resources(target: Cloud, environment: str) -> list[dict[str, Any]]:
    """Everything in the stack's state."""
    if kept := cloud.state_file(target, environment):
        with suppress(OSError, ValueError, KeyError):  # the CLI says why it cannot be read
            latest = json.loads(kept.read_text())["checkpoint"]["latest"] or {}
            return list(latest.get("resources") or [])
    command = [cloud.pulumi(target), "stack", "export", "--stack", environment]
    said = subprocess.run(command, env=target.variables, cwd=ROOT, capture_output=True, text=True, check=False)
    if said.returncode != 0:
        raise ExplainedError(
            f"cannot read what {environment} consists of: {said.stderr.strip()}", hint=f"./slipway up {environment}"
        )
    return list(json.loads(said.stdout)["deployment"].get("resources") or [])


def shown(resources: list[dict[str, Any]]) -> tuple[dict[str, Any], int]:
    """The same from the resources of an exported state."""
    stack = next((one for one in resources if one["type"] == "pulumi:pulumi:Stack"), None)
    declared: dict[str, Any] = stack.get("outputs", {}) if stack else {}
    counted = [one for one in resources if not one["type"].startswith("pulumi:providers:")]
    return {name: value for name, value in sorted(declared.items()) if not _secret(value)}, len(counted)


def table(values: dict[str, Any]) -> None:
    """One line a value."""
    width = max(map(len, values), default=0)
    for name, value in values.items():
        print(f"{name:<{width}}  {value if isinstance(value, str | int | float) else json.dumps(value)}")


def _secret(value: Any) -> bool:
    """Whether a value is secret or holds one."""
    if isinstance(value, dict):
        return SECRET in value or any(map(_secret, value.values()))
    return isinstance(value, list) and any(map(_secret, value))
