"""A bucket's versioning."""

from __future__ import annotations

from typing import Any, ClassVar

from localcloud.plugins.aws.errors import code
from localcloud.plugins.aws.s3.bucket_setting import BUCKET, BucketSetting
from localcloud.plugins.checks import one_of
from localcloud.plugins.fields import Fields, string, structure
from pulumi_plugin.values import Values


class BucketVersioning(BucketSetting):
    """Whether a bucket keeps old versions."""

    type_ = "aws:s3/bucketVersioning:BucketVersioning"
    fields: ClassVar[Fields] = {
        **BUCKET,
        "versioningConfiguration": structure(
            {
                "status": string(required=True, valid=(one_of("Enabled", "Suspended", "Disabled"),)),
                "mfaDelete": string(default="Disabled", valid=(one_of("Enabled", "Disabled"),)),
            },
            required=True,
        ),
        "mfa": string(local=True),
    }

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """A bucket never versioned stays so by not being told anything."""
        wanted = inputs["versioningConfiguration"]
        if wanted["status"] == "Disabled":
            return
        mfa = {"MFA": inputs["mfa"]} if inputs.get("mfa") else {}
        configuration = {"Status": wanted["status"]}
        if wanted.get("mfaDelete"):
            configuration["MFADelete"] = wanted["mfaDelete"]
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=configuration, **mfa)

    def get(self, s3: Any, bucket: str) -> Values | None:
        """Always set: never versioned is `Disabled`."""
        answer = s3.get_bucket_versioning(Bucket=bucket)
        mfa = {"mfaDelete": answer["MFADelete"]} if answer.get("MFADelete") else {}
        return {"versioningConfiguration": {"status": answer.get("Status", "Disabled"), **mfa}}

    def remove(self, s3: Any, bucket: str) -> None:
        """What was versioned once can only be suspended; under an Object Lock not even that."""
        if s3.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
            return
        try:
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
        except Exception as error:
            if code(error) != "InvalidBucketState":
                raise
