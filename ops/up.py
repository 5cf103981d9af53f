"""Bring an environment to life, or up to date: start what is missing, then `pulumi up`."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Annotated, Any

import typer

from infra.config import Stack
from ops import branches, cloud
from ops.bootstrap import prepare
from ops.cloud import ROOT, Cloud
from ops.errors import OpsError
from ops.say import say
from ops.stacks import Environment, load

SHOWN = ("url", "frontend_url", "image", "branch", "database", "registry", "backup_bucket", "media_bucket")


def up(
    environment: Environment,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; the local cloud never does.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print data for programs.")] = False,
) -> None:
    """Bring an environment to life, or up to date."""
    began = time.monotonic()
    stack = load(environment)
    target = cloud.choose()
    say(f"bringing up {environment} on {target.name}")
    if target.is_local:
        branches.seed()
        prepare(target)
    _pulumi_up(target, stack, approve=yes or target.is_local)
    report = _report(target, environment) | {"seconds": round(time.monotonic() - began, 1)}
    if as_json:
        print(json.dumps(report, indent=1))
        return
    width = max(map(len, report))
    for name, value in report.items():
        print(f"{name:<{width}}  {value}")


def _pulumi_up(target: Cloud, stack: Stack, *, approve: bool) -> None:
    command = ["pulumi", "up", "--stack", stack.environment, *(["--yes", "--skip-preview"] if approve else [])]
    done = subprocess.run(command, env=target.variables, cwd=ROOT, stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise OpsError(
            f"{stack.environment} is not up: `pulumi up` ended with exit code {done.returncode}, see above",
            hint=f"what is done is kept; once the cause is mended: ./slipway up {stack.environment}",
        )


def _report(target: Cloud, environment: str) -> dict[str, Any]:
    command = ["pulumi", "stack", "export", "--stack", environment]
    said = subprocess.run(command, env=target.variables, cwd=ROOT, capture_output=True, text=True, check=False)
    if said.returncode != 0:
        raise OpsError(f"cannot read what {environment} consists of: {said.stderr.strip()}")
    resources = json.loads(said.stdout)["deployment"].get("resources", [])
    outputs = next(one for one in resources if one["type"] == "pulumi:pulumi:Stack").get("outputs", {})
    return {name: outputs[name] for name in SHOWN if name in outputs} | {"resources": len(resources)}
