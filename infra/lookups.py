"""What the program asks the clouds before it declares anything."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

import pulumi
import pulumi_aws as aws
from pulumi_aws import ssm

from infra import names
from infra import release as releases
from infra.config import Stack
from infra.release import Release
from render_provider import resources as render

Answer = TypeVar("Answer")


def require_account(stack: Stack) -> None:
    """Refuse the credentials of another account: what follows would be made, or destroyed, in the wrong place."""
    hint = f"use credentials of {stack.aws.account}, which Pulumi.{stack.environment}.yaml names"
    actual = _ask("AWS", aws.get_caller_identity, hint).account_id
    if actual != stack.aws.account:
        raise pulumi.RunError(
            f"refused: the credentials belong to AWS account {actual}, not {stack.aws.account}\n\nhint: {hint}"
        )


def render_owner() -> str:
    """The Render workspace, as the provider knows it: its services' tokens name it."""
    owner = pulumi.Config("render").get("ownerId") or os.environ.get("RENDER_OWNER_ID")
    if not owner:
        raise pulumi.RunError(
            "cannot reach Render: no workspace is named\n\n"
            "hint: export RENDER_OWNER_ID and RENDER_API_KEY (the workspace's id starts with tea-)"
        )
    return owner


def project_id() -> str:
    """The Render project that holds the environments."""
    return _ask("Render", lambda: render.get_project(name=names.PROJECT), "./slipway bootstrap").id


def release(stack: Stack) -> Release | None:
    """What was released here last, or nothing yet."""
    path, parameter = names.parameters(stack.environment), names.release(stack.environment)
    found = _ask("AWS", lambda: ssm.get_parameters_by_path(path=path), f"aws ssm get-parameter --name {parameter}")
    record = dict(zip(found.names, found.values, strict=True)).get(parameter)
    return releases.parse(record, parameter=parameter) if record else None


def _ask(whom: str, question: Callable[[], Answer], hint: str) -> Answer:
    try:
        return question()
    except Exception as error:  # what the SDK raises when a plugin refuses an invoke
        why = str(error).rpartition("returned an error: ")[2]
        known = "" if "\nhint: " in why else f"\n\nhint: {hint}"
        raise pulumi.RunError(f"cannot ask {whom}: {why}{known}") from error
