"""What the engine runs: ask the clouds, read the stack's settings, declare the environment."""

from __future__ import annotations

import asyncio

import pulumi

from infra import lookups
from infra.application import APPLICATION
from infra.names import EnvironmentNames, pull_of

# `pulumi_aws` loads a service's module only when it is used.
SERVICES = ("cloudwatch", "ecr", "iam", "kms", "s3", "secretsmanager", "sns", "ssm")


async def main() -> None:
    """The plugins start while the components are imported. Mistakes of the user's are told without a traceback."""
    name = pulumi.get_stack()
    of_pull = pull_of(name) is not None
    asked = asyncio.ensure_future(lookups.ask(EnvironmentNames(APPLICATION.name, name), released=not of_pull))
    await asyncio.to_thread(_import)
    from console.errors import ExplainedError
    from infra import load, load_preview
    from infra.release import ReleaseError
    from infra.stack import deploy, deploy_preview

    try:
        if of_pull:
            await deploy_preview(load_preview.from_process(name), await asked)
            return
        stack = load.from_process(name)
        await deploy(stack, await lookups.with_secrets(stack, await asked))
    except (ExplainedError, ReleaseError) as error:
        raise pulumi.RunError(str(error)) from error


def _import() -> None:
    import pulumi_aws

    import infra.stack  # noqa: F401 - importing it is the point

    for service in SERVICES:
        getattr(getattr(pulumi_aws, service), "__all__", None)  # any attribute loads it
