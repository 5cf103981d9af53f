"""Who acts, as others read it afterwards: the person at GitHub where a workflow runs, and whom AWS sees."""

from __future__ import annotations

from typing import Any

from ops.doors import aws
from ops.doors.cloud import Cloud


def acts(cloud: Cloud, sts: Any) -> str:
    """`octocat as exams-staging-deploy/GitHubActions`, or `user/somebody` of the account."""
    with aws.told("cannot reach AWS"):
        seen = short_name(str(sts.get_caller_identity()["Arn"]))
    actor = cloud.variables.get("GITHUB_ACTOR", "") if cloud.variables.get("GITHUB_ACTIONS") == "true" else ""
    return f"{actor} as {seen}" if actor else seen


def short_name(arn: str) -> str:
    """A user's name, or a role's with its session, of an ARN."""
    return arn.rpartition(":")[2].removeprefix("assumed-role/").removeprefix("user/")
