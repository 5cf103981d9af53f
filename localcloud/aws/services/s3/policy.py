"""GetBucketPolicyStatus: whether a bucket's policy is public."""

from __future__ import annotations

from typing import Any

from localcloud.aws.iam import public
from localcloud.aws.replies import same
from localcloud.aws.services.s3.ask import Ask


def get_status(ask: Ask) -> dict[str, Any]:
    """What S3 makes of the policy; where there is none, that is said."""
    if ask.bucket.policy is None:
        raise same("NoSuchBucketPolicy", 404, "The bucket policy does not exist")
    return {"PolicyStatus": {"IsPublic": public.is_public(ask.bucket.policy.decode())}}
