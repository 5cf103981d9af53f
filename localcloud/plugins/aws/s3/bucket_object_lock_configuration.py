"""A bucket's lock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from localcloud.plugins.aws.errors import or_none
from localcloud.plugins.aws.s3.bucket_setting import BUCKET, BucketSetting
from localcloud.plugins.aws.shapes import from_aws, to_aws
from localcloud.plugins.checks import at_least, one_of
from localcloud.plugins.fields import Fields, integer, string, structure
from pulumi_plugin.values import Values


class BucketObjectLockConfiguration(BucketSetting):
    """How long a bucket refuses to delete what is stored in it."""

    type_ = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
    fields: ClassVar[Fields] = {
        **BUCKET,
        "objectLockEnabled": string(default="Enabled", replace=True, valid=(one_of("Enabled"),)),
        "rule": structure(
            {
                "defaultRetention": structure(
                    {
                        "mode": string(valid=(one_of("GOVERNANCE", "COMPLIANCE"),)),
                        "days": integer(valid=(at_least(1),)),
                        "years": integer(valid=(at_least(1),)),
                    },
                    required=True,
                )
            }
        ),
    }

    def invalid(self, inputs: Values) -> Mapping[str, str]:
        """A mode, and one of days and years."""
        rule = inputs.get("rule")
        retention = rule.get("defaultRetention") if isinstance(rule, Mapping) else None
        if not isinstance(retention, Mapping):
            return {}
        path = "rule.defaultRetention"
        if "days" in retention and "years" in retention:
            return {f"{path}.days": '"days": conflicts with years'}
        if "mode" in retention and not {"days", "years"} & retention.keys():
            return {f"{path}.days": '"days": one of `days,years` must be specified'}
        return {} if "mode" in retention else {f"{path}.mode": "missing required property"}

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Set the rule."""
        rule = {"Rule": to_aws(inputs["rule"])} if inputs.get("rule") else {}
        configuration = {"ObjectLockEnabled": inputs["objectLockEnabled"], **rule}
        s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=configuration)

    def get(self, s3: Any, bucket: str) -> Values | None:
        """The rule; None for a bucket without a lock."""
        answer = or_none(s3.get_object_lock_configuration, Bucket=bucket)
        if answer is None or not answer["ObjectLockConfiguration"].get("ObjectLockEnabled"):
            return None
        lock = answer["ObjectLockConfiguration"]
        return {"objectLockEnabled": lock["ObjectLockEnabled"], "rule": from_aws(lock.get("Rule")) or None}

    def remove(self, s3: Any, bucket: str) -> None:
        """No default retention; the lock itself stays for good."""
        s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})
