"""Nothing that people have stored changes on real clouds without --yes."""

from __future__ import annotations

from console.errors import REFUSED, ExplainedError
from infra.config import Stack
from ops.doors.cloud import Cloud


def approve(cloud: Cloud, stack: Stack, what: str, words: str, *, yes: bool) -> None:
    """Refuse to go on without it; `words` are the command to repeat."""
    if not (yes or cloud.is_local):
        raise ExplainedError(
            "refused",
            f"this would {what} of {stack.environment} in AWS account {stack.aws.account}, "
            "and nothing there changes without --yes",
            hint=f"./slipway {words} --yes",
            code=REFUSED,
        )
