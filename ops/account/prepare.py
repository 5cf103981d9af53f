"""Everything that exists once per account, once it is sure that every credential belongs to the right one."""

from __future__ import annotations

from collections.abc import Sequence

from console.errors import WRONG_USE, ExplainedError
from console.output import Say
from infra.config import Stack
from infra.names import GITHUB_ISSUER, render_issuer
from ops.account.at_aws import oidc_provider, require_account, state_bucket, state_key
from ops.account.at_render import render_project
from ops.account.steps import Step
from ops.context import Doors
from ops.doors.cloud import Cloud


def account_steps(doors: Doors, cloud: Cloud, stacks: Sequence[Stack], say: Say) -> list[Step]:
    """All the steps, in the order in which they are gone through."""
    given = cloud.variables
    owner, key = given.get("RENDER_OWNER_ID"), given.get("RENDER_API_KEY")
    if not owner or not key:
        raise ExplainedError(
            "cannot reach Render",
            "RENDER_API_KEY or RENDER_OWNER_ID is not set",
            hint="export both (dashboard → Account Settings → API Keys; the workspace's id starts with tea-)",
            code=WRONG_USE,
        )
    steps = [render_project(doors.render(cloud, on_wait=say), owner, say)]
    for number, region in sorted({(stack.aws.account, stack.aws.region) for stack in stacks}):
        client = doors.aws(cloud, region)
        require_account(client("sts"), number)
        steps += [
            state_key(client("kms"), number),
            state_bucket(client("s3"), number, region),
            oidc_provider(client("iam"), number, GITHUB_ISSUER, "GitHub"),
            oidc_provider(client("iam"), number, render_issuer(owner), "Render"),
        ]
    return steps
