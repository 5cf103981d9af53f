"""A bucket's versioning, encryption, public access, ownership, lock and policy."""

from __future__ import annotations

from typing import Any, ClassVar

from localcloud.plugins.aws.errors import code, or_none
from localcloud.plugins.aws.s3_setting import BUCKET, S3Setting
from localcloud.plugins.aws.shapes import from_aws, to_aws
from localcloud.plugins.fields import Fields, bag, boolean, integer, listing, policy, string, structure
from localcloud.plugins.resource import Values


class S3BucketVersioning(S3Setting):
    """Whether a bucket keeps old versions."""

    type_ = "aws:s3/bucketVersioning:BucketVersioning"
    fields: ClassVar[Fields] = {
        **BUCKET,
        "versioningConfiguration": structure(
            {
                "status": string(required=True, one_of=("Enabled", "Suspended", "Disabled")),
                "mfaDelete": string(default="Disabled"),
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
        found = s3.get_bucket_versioning(Bucket=bucket)
        mfa = {"mfaDelete": found["MFADelete"]} if found.get("MFADelete") else {}
        return {"versioningConfiguration": {"status": found.get("Status", "Disabled"), **mfa}}

    def remove(self, s3: Any, bucket: str) -> None:
        """What was versioned once can only be suspended; under an Object Lock not even that."""
        if s3.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
            return
        try:
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
        except Exception as error:
            if code(error) != "InvalidBucketState":
                raise


class S3BucketEncryption(S3Setting):
    """How a bucket encrypts what is stored without saying how."""

    type_ = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    fields: ClassVar[Fields] = {
        **BUCKET,
        "rules": bag(
            structure(
                {
                    "applyServerSideEncryptionByDefault": structure(
                        {"sseAlgorithm": string(required=True), "kmsMasterKeyId": string()}
                    ),
                    "bucketKeyEnabled": boolean(default=False),
                }
            ),
            required=True,
        ),
    }

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Set all rules."""
        rules = {"Rules": to_aws(inputs["rules"])}
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration=rules)

    def get(self, s3: Any, bucket: str) -> Values | None:
        """The rules; a bucket always has AWS's default at least."""
        found = or_none(s3.get_bucket_encryption, Bucket=bucket)
        if found is None:
            return None
        rules = from_aws(found["ServerSideEncryptionConfiguration"]["Rules"])
        for rule in rules:
            rule.pop("blockedEncryptionTypes", None)
        return {"rules": rules}

    def remove(self, s3: Any, bucket: str) -> None:
        """Back to AWS's own keys."""
        s3.delete_bucket_encryption(Bucket=bucket)


class S3BucketPublicAccessBlock(S3Setting):
    """What a bucket forbids, whatever its policies say."""

    type_ = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
    names = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    fields: ClassVar[Fields] = {
        "bucket": BUCKET["bucket"],
        "region": BUCKET["region"],
        "blockPublicAcls": boolean(default=False),
        "blockPublicPolicy": boolean(default=False),
        "ignorePublicAcls": boolean(default=False),
        "restrictPublicBuckets": boolean(default=False),
    }

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Set all four."""
        wanted = to_aws({name: inputs[name] for name in self.names})
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=wanted)

    def get(self, s3: Any, bucket: str) -> Values | None:
        """All four, or None."""
        found = or_none(s3.get_public_access_block, Bucket=bucket)
        if found is None:
            return None
        block = from_aws(found["PublicAccessBlockConfiguration"])
        return {name: block.get(name, False) for name in self.names}

    def remove(self, s3: Any, bucket: str) -> None:
        """Leave it to the policies."""
        s3.delete_public_access_block(Bucket=bucket)


class S3BucketOwnership(S3Setting):
    """Who owns what others store in a bucket."""

    type_ = "aws:s3/bucketOwnershipControls:BucketOwnershipControls"
    fields: ClassVar[Fields] = {
        "bucket": BUCKET["bucket"],
        "region": BUCKET["region"],
        "rule": structure({"objectOwnership": string(required=True)}, required=True),
    }

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Set the one rule."""
        s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls={"Rules": [to_aws(inputs["rule"])]})

    def get(self, s3: Any, bucket: str) -> Values | None:
        """The one rule, or None."""
        found = or_none(s3.get_bucket_ownership_controls, Bucket=bucket)
        return None if found is None else {"rule": from_aws(found["OwnershipControls"]["Rules"][0])}

    def remove(self, s3: Any, bucket: str) -> None:
        """Back to AWS's default."""
        s3.delete_bucket_ownership_controls(Bucket=bucket)


class S3BucketObjectLock(S3Setting):
    """How long a bucket refuses to delete what is stored in it."""

    type_ = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
    fields: ClassVar[Fields] = {
        **BUCKET,
        "objectLockEnabled": string(default="Enabled", replace=True),
        "rule": structure(
            {"defaultRetention": structure({"mode": string(), "days": integer(), "years": integer()}, required=True)}
        ),
    }

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Set the rule."""
        rule = {"Rule": to_aws(inputs["rule"])} if inputs.get("rule") else {}
        configuration = {"ObjectLockEnabled": inputs["objectLockEnabled"], **rule}
        s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=configuration)

    def get(self, s3: Any, bucket: str) -> Values | None:
        """The rule; None for a bucket without a lock."""
        found = or_none(s3.get_object_lock_configuration, Bucket=bucket)
        if found is None or not found["ObjectLockConfiguration"].get("ObjectLockEnabled"):
            return None
        lock = found["ObjectLockConfiguration"]
        return {"objectLockEnabled": lock["ObjectLockEnabled"], "rule": from_aws(lock.get("Rule")) or None}

    def remove(self, s3: Any, bucket: str) -> None:
        """No default retention; the lock itself stays for good."""
        s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})


class S3BucketPolicy(S3Setting):
    """Who may do what with a bucket."""

    type_ = "aws:s3/bucketPolicy:BucketPolicy"
    fields: ClassVar[Fields] = {
        "bucket": BUCKET["bucket"],
        "region": BUCKET["region"],
        "policy": policy(required=True),
    }

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Set it."""
        s3.put_bucket_policy(Bucket=bucket, Policy=inputs["policy"])

    def get(self, s3: Any, bucket: str) -> Values | None:
        """The policy, or None."""
        found = or_none(s3.get_bucket_policy, Bucket=bucket)
        return None if found is None else {"policy": found["Policy"]}

    def remove(self, s3: Any, bucket: str) -> None:
        """Leave the bucket to its account."""
        s3.delete_bucket_policy(Bucket=bucket)


class S3BucketCors(S3Setting):
    """Which pages may use a bucket from a browser."""

    type_ = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration"
    fields: ClassVar[Fields] = {
        **BUCKET,
        "corsRules": listing(
            structure(
                {
                    "id": string(),
                    "allowedMethods": bag(required=True),
                    "allowedOrigins": bag(required=True),
                    "allowedHeaders": bag(),
                    "exposeHeaders": bag(),
                    "maxAgeSeconds": integer(),
                }
            ),
            required=True,
        ),
    }

    def put(self, s3: Any, bucket: str, inputs: Values) -> None:
        """Set all rules."""
        s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": to_aws(inputs["corsRules"])})

    def get(self, s3: Any, bucket: str) -> Values | None:
        """The rules, or None."""
        found = or_none(s3.get_bucket_cors, Bucket=bucket)
        return None if found is None else {"corsRules": from_aws(found["CORSRules"])}

    def remove(self, s3: Any, bucket: str) -> None:
        """No page of another origin."""
        s3.delete_bucket_cors(Bucket=bucket)
