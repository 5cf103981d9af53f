"""Bring an environment to life, or up to date: start what is missing, then `pulumi up`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from console.errors import ExplainedError
from infra.config import Stack
from ops.context import Context
from ops.doors import aws
from ops.doors.cloud import Cloud
from ops.doors.programs import InterruptedRunError
from ops.doors.web import NOWHERE
from ops.environments import local, pipeline
from ops.environments.outputs import shown
from ops.environments.stacks import load
from ops.losses import given_up, refusal
from ops.plans.reviewed import NOTHING, Reviewed
from ops.releases.authority import Authority
from ops.releases.passage import Passage
from ops.releases.verify import require_verified
from ops.secrets.vault import unlock

TOLD = ("url", "frontend_url", "image", "branch", "database", "registry", "backup_bucket", "media_bucket")


@dataclass(frozen=True)
class Report:
    """What is up, and how long that took."""

    outputs: Mapping[str, Any]
    resources: int
    seconds: float

    def shown(self) -> dict[str, Any]:
        """For people and for programs, what most want to know first."""
        told = {name: self.outputs[name] for name in TOLD if name in self.outputs}
        return told | {"resources": self.resources, "seconds": self.seconds}


def bring_up(
    context: Context,
    environment: str,
    *,
    yes: bool = False,
    refresh: bool = False,
    recreate: Sequence[str] = (),
    what: str = "up",
    reviewed: Reviewed = NOTHING,
) -> Report:
    """Start the cloud where it is ours to start, have Pulumi make what is missing, and see whether it answers."""
    began = context.clock()
    stack = load(environment)
    reviewed.require_alone(environment, others=bool(refresh or recreate))
    accepted = given_up.variables(recreate, stack)
    aws.load()  # needed as soon as the local cloud answers, and loaded while it starts
    cloud = context.doors.choose(postgres=stack.database.version)
    context.output.say(f"bringing up {environment} on {cloud.name}")
    if cloud.is_local:
        local.prepare(context, cloud, environment)
    clients = context.doors.aws(cloud, stack.aws.region)
    passage = Passage(context, cloud, stack, clients)
    passage.open(what)
    if stack.source == "image":
        require_verified(Authority(context, cloud, stack))
    if stack.kept_secrets:
        unlock(stack, clients).require()
    how = _How(what, approve=yes or cloud.is_local, refresh=refresh, accepted=accepted)
    with reviewed.plan(passage, what) as plan:
        _pulumi_up(context, cloud, stack, replace(how, plan=plan), passage)
    outputs, resources = shown(context.doors.pulumi(cloud).resources(environment))
    _look(context, str(outputs["url"]), stack.application.release)
    return Report(outputs, resources, round(context.clock() - began, 1))


def _look(context: Context, url: str, path: str) -> None:
    """Say so when nothing was to be done and yet nobody answers: a service may be suspended, or its database."""
    status = context.doors.visit("GET", url + path).status
    if status == NOWHERE:
        context.output.say(f"warning: {url} does not answer: is the service suspended at Render?")
    elif status >= 400:
        why = "is the service suspended or in maintenance, or its database?"
        context.output.say(f"warning: {url}{path} answers HTTP {status}: {why}")


@dataclass(frozen=True)
class _How:
    """What of it the user has asked for."""

    what: str
    approve: bool
    refresh: bool
    accepted: Mapping[str, str]
    plan: Path | None = None

    @property
    def options(self) -> list[str]:
        options = ["--suppress-outputs"]  # they are printed by us, the URL first
        options += ["--yes", "--skip-preview"] if self.approve else []
        options += ["--plan", str(self.plan)] if self.plan else []
        return options + (["--refresh"] if self.refresh or self.accepted else [])


def _pulumi_up(context: Context, cloud: Cloud, stack: Stack, how: _How, passage: Passage) -> None:
    again, accepted = f"./slipway up {stack.environment}", how.accepted
    if how.refresh or accepted:
        refusal.refuse_at_aws(context.doors, cloud, stack, accepted)
    pulumi = context.doors.pulumi(cloud)
    try:
        code = passage.through(lambda: pulumi.up(stack.environment, how.options, accepted), how.what)
    except InterruptedRunError as error:
        raise ExplainedError(
            f"{stack.environment} is not up", "interrupted", hint=f"to go on from there: {again}"
        ) from error
    if code != 0:
        refusal.refuse(context.doors, cloud, stack, accepted)
        hint = f"what is done is kept; once the cause is mended: {again}"
        hint += "" if how.refresh else " (with --refresh where something was changed or deleted at AWS)"
        if pipeline.runs_here(context.doors, cloud, stack):
            hint += (
                "; where AWS does not let this role change an identity or how long data is kept, "
                f"a person applies it: {again}, with their own credentials (docs/adr/0004)"
            )
        raise ExplainedError(
            f"{stack.environment} is not up", f"`pulumi up` ended with exit code {code}, see above", hint=hint
        )
