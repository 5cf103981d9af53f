"""Bring an environment to life, or up to date: start what is missing, then `pulumi up`."""

from __future__ import annotations

import importlib
import json
import threading
import time
from collections.abc import Mapping
from typing import Annotated

import typer

from console.errors import ExplainedError
from infra.app import RELEASE
from infra.config import Stack
from ops import cloud, interrupts, local, losses, vault
from ops.cloud import Cloud
from ops.outputs import read, table
from ops.say import say
from ops.stacks import Environment, load

SHOWN = ("url", "frontend_url", "image", "branch", "database", "registry", "backup_bucket", "media_bucket")


def up(
    environment: Annotated[Environment, typer.Argument(help="Which one.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; the local cloud never does.")] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="First take over how everything really is, then bring it up to date.")
    ] = False,
    recreate: Annotated[
        list[str] | None,
        typer.Option("--recreate", metavar="NAME", help="Make a new, empty one of what was deleted with its data."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print data for programs.")] = False,
) -> None:
    """Bring an environment to life, or up to date."""
    began = time.monotonic()
    stack = load(environment)
    given_up = losses.check(recreate or (), stack)
    # Needed as soon as the local cloud answers, and loaded while it starts.
    threading.Thread(target=importlib.import_module, args=("boto3",), daemon=True).start()
    target = cloud.choose(postgres=stack.database.version)
    say(f"bringing up {environment} on {target.name}")
    if target.is_local:
        local.prepare(target, environment)
    if stack.secrets:
        vault.unlock(target, stack).require()
    _pulumi_up(target, stack, approve=yes or target.is_local, refresh=refresh, given_up=given_up)
    found, resources = read(target, environment)
    _look(str(found["url"]))
    seconds = round(time.monotonic() - began, 1)
    report = {name: found[name] for name in SHOWN if name in found} | {"resources": resources, "seconds": seconds}
    if as_json:
        print(json.dumps(report, indent=1))
    else:
        table(report)


def _look(url: str) -> None:
    """Say so when nothing was to be done and yet nobody answers: a service may be suspended, or its database."""
    import requests

    try:
        answer = requests.get(url + RELEASE, timeout=10)
    except requests.RequestException:
        say(f"warning: {url} does not answer: is the service suspended at Render?")
        return
    if not answer.ok:
        why = "is the service suspended or in maintenance, or its database?"
        say(f"warning: {url}{RELEASE} answers HTTP {answer.status_code}: {why}")


def _pulumi_up(target: Cloud, stack: Stack, *, approve: bool, refresh: bool, given_up: Mapping[str, str]) -> None:
    # The outputs are printed by us, the URL first.
    command = [cloud.pulumi(target), "up", "--stack", stack.environment, "--suppress-outputs"]
    command += ["--yes", "--skip-preview"] if approve else []
    command += ["--refresh"] if refresh or given_up else []
    again = f"./slipway up {stack.environment}"
    if refresh or given_up:
        losses.refuse_at_aws(target, stack, given_up=given_up)
    try:
        code = interrupts.run(command, {**target.variables, **given_up})
    except interrupts.InterruptedRunError as error:
        raise ExplainedError(
            f"{stack.environment} is not up: interrupted", hint=f"to go on from there: {again}"
        ) from error
    if code != 0:
        losses.refuse(target, stack, given_up=given_up)
        raise ExplainedError(
            f"{stack.environment} is not up: `pulumi up` ended with exit code {code}, see above",
            hint=f"what is done is kept; once the cause is mended: {again}"
            + ("" if refresh else " (with --refresh where something was changed or deleted at AWS)"),
        )
