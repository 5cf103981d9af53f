"""What replaces a resource when it is declared otherwise: Render's by our schema, the others by this table."""

from __future__ import annotations

import json
from functools import cache

from ops.doors.programs import ROOT

SCHEMA = ROOT / "render_provider" / "provider" / "schema.json"
_OF_A_BUCKET = frozenset({"bucket", "expectedBucketOwner", "region"})
OTHERS = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": frozenset({"name", "region"}),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": frozenset({"region", "repository"}),
    "aws:ecr/repository:Repository": frozenset({"encryptionConfigurations", "name", "region"}),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": frozenset({"region", "repository"}),
    "aws:iam/accessKey:AccessKey": frozenset({"user"}),
    "aws:iam/role:Role": frozenset({"name", "path"}),
    "aws:iam/rolePolicy:RolePolicy": frozenset({"name", "role"}),
    "aws:iam/user:User": frozenset({"name", "path"}),
    "aws:iam/userPolicy:UserPolicy": frozenset({"name", "user"}),
    "aws:kms/alias:Alias": frozenset({"name", "region"}),
    "aws:kms/key:Key": frozenset({"customerMasterKeySpec", "keyUsage", "multiRegion", "region"}),
    "aws:s3/bucket:Bucket": frozenset({"bucket", "objectLockEnabled", "region"}),
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": _OF_A_BUCKET,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": _OF_A_BUCKET,
    "aws:s3/bucketLogging:BucketLogging": _OF_A_BUCKET,
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": _OF_A_BUCKET | {"objectLockEnabled"},
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": frozenset({"bucket", "region"}),
    "aws:s3/bucketPolicy:BucketPolicy": frozenset({"bucket", "region"}),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": frozenset({"bucket", "region"}),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": _OF_A_BUCKET,
    "aws:s3/bucketVersioning:BucketVersioning": _OF_A_BUCKET,
    "aws:secretsmanager/secret:Secret": frozenset({"name", "region"}),
    "aws:secretsmanager/secretVersion:SecretVersion": frozenset({"region", "secretId", "secretString"}),
    "aws:sns/topic:Topic": frozenset({"fifoTopic", "name", "region"}),
    "aws:ssm/parameter:Parameter": frozenset({"dataType", "name", "region"}),
    "random:index/randomBytes:RandomBytes": frozenset({"keepers", "length"}),
    "random:index/randomPassword:RandomPassword": frozenset(
        {
            "keepers",
            "length",
            "lower",
            "minLower",
            "minNumeric",
            "minSpecial",
            "minUpper",
            "numeric",
            "overrideSpecial",
            "special",
            "upper",
        }
    ),
    "registry:index:Image": frozenset(),
}
"""As their plugins do it. https://www.pulumi.com/registry/packages/aws ("changing this property will trigger
replacement")"""


def replaced_by(kind: str) -> frozenset[str] | None:
    """The inputs of a kind of resource that cannot be changed in place; None where nobody has looked."""
    return OTHERS.get(kind, _of_render().get(kind))


@cache
def _of_render() -> dict[str, frozenset[str]]:
    told = json.loads(SCHEMA.read_text())["resources"]
    return {
        kind: frozenset(name for name, one in said["inputProperties"].items() if one.get("willReplaceOnChanges"))
        for kind, said in told.items()
    }
