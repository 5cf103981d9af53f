"""The pipeline's role: what it may not change, a person applies (docs/adr/0004)."""

from __future__ import annotations

from contextlib import suppress

from console.errors import ExplainedError
from infra.config import Stack
from ops.context import Doors
from ops.doors import aws
from ops.doors.cloud import Cloud


def runs_here(doors: Doors, cloud: Cloud, stack: Stack) -> bool:
    """Whether AWS knows us as the environment's role *deploy*; no, where it does not say."""
    role = f":assumed-role/{stack.names.identity('deploy')}/"
    with suppress(ExplainedError), aws.told("cannot reach AWS"):
        return role in str(doors.aws(cloud, stack.aws.region)("sts").get_caller_identity()["Arn"])
    return False
