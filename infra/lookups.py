"""What the program asks the clouds before it declares anything: all at once, and before its own slow imports.

The questions are asked by their tokens, because importing `pulumi_aws` first would make the plugins start later.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pulumi

from infra.names import EnvironmentNames

if TYPE_CHECKING:
    from infra.config import Stack
    from infra.release import Release
    from infra.running import Running

# The version that `pulumi_aws` registers its resources with: the same plugin answers.
AWS = pulumi.InvokeOptions(version=metadata.version("pulumi-aws"))
# How the plugin says that there is no such secret, none with a value, or one on its way out.
NOT_SET = re.compile(r"couldn't find resource|ResourceNotFoundException|marked for deletion")


@dataclass(frozen=True)
class Answers:
    """What the clouds said."""

    account: str
    render_owner: str  # the workspace, as the provider knows it: its services' tokens name it
    project_id: str  # the Render project that holds the environments
    record: str | None  # of what was released here last, or nothing yet
    image: Mapping[str, Any] | None = None  # whether the registry still has that release's image
    secrets: Mapping[str, pulumi.Output[str]] = field(default_factory=dict)  # one's own, by their names
    render_host: str = ""  # where the provider finds Render, if elsewhere than where it is
    versions: Mapping[str, str] = field(default_factory=dict)  # which of each, as the vault calls it

    def release(self, stack: Stack) -> Release | None:
        """What the record says. One whose image is gone is refused: nothing here can build it again."""
        from infra.release import ReleaseError, image_gone, parse

        if self.record is None:
            return None
        release = parse(self.record, parameter=stack.names.release)
        if self.image and not self.image["found"]:
            raise ReleaseError(image_gone(release, self.image.get("url"), stack.names))
        return release

    def require_account(self, stack: Running) -> None:
        """Refuse the credentials of another account: what follows would be made, or destroyed, in the wrong place."""
        if self.account != stack.aws.account:
            raise pulumi.RunError(
                f"refused: the credentials belong to AWS account {self.account}, not {stack.aws.account}\n\n"
                f"hint: use credentials of {stack.aws.account}, which Pulumi.{stack.environment}.yaml names"
            )


async def ask(names: EnvironmentNames, *, released: bool = True) -> Answers:
    """Ask Render and AWS; the first that gives no answer ends the program. What is not `released` has no record."""
    owner = _render_owner()
    caller, project, record = await asyncio.gather(
        _ask("AWS", "aws:index/getCallerIdentity:getCallerIdentity", {}, "aws sts get-caller-identity", AWS),
        _ask("Render", "render:index:getProject", {"name": names.project}, "./slipway bootstrap"),
        _record(names) if released else asyncio.sleep(0),
    )
    image = await _image(names, record) if record else None
    return Answers(str(caller["accountId"]), owner, str(project["id"]), record, image, render_host=_render_host())


async def _record(names: EnvironmentNames) -> str | None:
    parameters = await _ask(
        "AWS",
        "aws:ssm/getParametersByPath:getParametersByPath",
        {"path": names.parameters},
        f"aws ssm get-parameter --name {names.release}",
        AWS,
    )
    records = dict(zip(parameters["names"], parameters["values"], strict=True))
    return records.get(names.release)


async def _image(names: EnvironmentNames, record: str) -> Mapping[str, Any] | None:
    """Whether the registry has the recorded image. A record that cannot be read is told later, with its reasons."""
    from infra.release import ReleaseError, parse

    try:
        digest = parse(record, parameter=names.release).digest
    except ReleaseError:
        return None
    args = {"repository": names.repository, "digest": digest}
    if region := pulumi.Config("aws").get("region"):
        args["region"] = region
    return await _ask("AWS", "registry:index:getImage", args, "aws ecr describe-repositories")


async def with_secrets(stack: Stack, answers: Answers) -> Answers:
    """The same with the secrets that the stack file names; those that are not set are told all at once."""
    answers.require_account(stack)
    answered = await asyncio.gather(*(_secret(stack, name) for name in stack.kept_secrets))
    secrets = dict(zip(stack.kept_secrets, answered, strict=True))
    if missing := [name for name, secret in secrets.items() if not secret.get("secretString")]:
        from infra.errors import missing_secrets

        raise pulumi.RunError(str(missing_secrets(missing, stack=stack.environment)))
    values = {name: pulumi.Output.secret(str(secret["secretString"])) for name, secret in secrets.items()}
    versions = {name: str(secret["versionId"]) for name, secret in secrets.items()}
    return replace(answers, secrets=values, versions=versions)


async def _secret(stack: Stack, name: str) -> Mapping[str, Any]:
    secret = stack.names.own_secret(name)
    try:
        return await _ask(
            "AWS",
            "aws:secretsmanager/getSecretVersion:getSecretVersion",
            {"secretId": secret},
            f"aws secretsmanager describe-secret --secret-id {secret}",
            AWS,
        )
    except pulumi.RunError as error:
        if NOT_SET.search(str(error)):
            return {}
        raise


def _render_host() -> str:
    return pulumi.Config("render").get("host") or os.environ.get("RENDER_HOST", "")


def _render_owner() -> str:
    owner = pulumi.Config("render").get("ownerId") or os.environ.get("RENDER_OWNER_ID")
    if not owner:
        raise pulumi.RunError(
            "cannot reach Render: no workspace is named\n\n"
            "hint: export RENDER_OWNER_ID and RENDER_API_KEY (the workspace's id starts with tea-)"
        )
    return owner


async def _ask(
    whom: str, token: str, args: Mapping[str, str], hint: str, opts: pulumi.InvokeOptions | None = None
) -> Mapping[str, Any]:
    try:
        answer: Mapping[str, Any] = await pulumi.runtime.invoke_async(token, args, opts)
    except Exception as error:  # what the SDK raises when a plugin refuses an invoke
        why = str(error).rpartition("returned an error: ")[2]
        known = "" if "\nhint: " in why else f"\n\nhint: {hint}"
        raise pulumi.RunError(f"cannot ask {whom}: {why}{known}") from error
    return answer
