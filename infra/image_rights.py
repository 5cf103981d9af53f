"""What the pipeline may do with images besides pushing its own: copy what was tested, sign, know who signed."""

from __future__ import annotations

from infra.config import ENVIRONMENTS, Stack
from infra.names import EnvironmentNames
from infra.statements import Condition, Statement, allow

READ_IMAGE = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
COPY_IMAGE = [*READ_IMAGE, "ecr:ListImageReferrers"]  # with what hangs on it


def promote(stack: Stack) -> list[Statement]:
    """A promotion copies the tested image out of the registry of the environment before, whose policy allows it."""
    before = stack.before
    if before is None:
        return []
    theirs = before.names
    earlier = ENVIRONMENTS[: ENVIRONMENTS.index(stack.environment)]
    keys = [EnvironmentNames(theirs.project, one).release_key_alias for one in earlier]
    return [
        allow("CopyTested", COPY_IMAGE, before.aws.arn("ecr", f"repository/{theirs.repository}")),
        allow("ReadTested", ["ssm:GetParameter"], before.aws.arn("ssm", f"parameter{theirs.release}")),
        # The public halves of those that may have signed what is promoted.
        allow("WhoBuilt", ["kms:GetPublicKey"], stack.aws.arn("kms", "key/*"), _named(*keys)),
    ]


def sign(stack: Stack) -> Statement:
    """What no workflow's own identity signs: by a key that nobody can read."""
    keys = _named(stack.names.release_key_alias)
    return allow("SignRelease", ["kms:GetPublicKey", "kms:Sign"], stack.aws.arn("kms", "key/*"), keys)


def _named(*aliases: str) -> Condition:
    return {"ForAnyValue:StringEquals": {"kms:ResourceAliases": list(aliases)}}
