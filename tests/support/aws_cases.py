"""Each type of the plugin `aws`, with its inputs and a change; long because it is one table."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from localcloud.plugins.aws.provider import AwsProvider, provider
from pulumi_plugin.values import Values
from tests.support.plugin_engine import Thing

REGION = "eu-central-1"
ACCOUNT = "123456789012"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
TAGS = {"Project": "cams", "Environment": "staging"}


def policy(*actions: str, resource: str = "*", **more: Any) -> str:
    """A policy document as text, written otherwise than AWS would."""
    statement = {"Sid": "One", "Effect": "Allow", "Action": list(actions), "Resource": [resource], **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def pulled(*actions: str) -> str:
    """A repository's policy: it has no resource, since it is the repository's."""
    statement = {"Sid": "Pull", "Effect": "Allow", "Principal": "*", "Action": list(actions)}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def trust(*audiences: str) -> str:
    """A role's trust policy."""
    principal = {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/issuer.example"}
    condition = {"StringEquals": {"issuer.example:aud": list(audiences)}}
    statement: Values = {"Effect": "Allow", "Principal": principal, "Condition": condition}
    return json.dumps(
        {"Version": "2012-10-17", "Statement": {**statement, "Action": "sts:AssumeRoleWithWebIdentity"}}
    )


@dataclass
class Case:
    """One resource: what it needs, what it is made of, and what is changed in it."""

    type_: str
    inputs: Values
    change: Values
    changed: set[str]
    needs: tuple[str, Values] | None = None  # made first; `{need}` in inputs becomes its id
    computed: Values = field(default_factory=dict)
    id: str | None = None  # the real plugin's id, with `{name}`


def bucket(type_: str, inputs: Values, change: Values, changed: set[str], **needs: Any) -> Case:
    """A setting of a bucket."""
    need = ("aws:s3/bucket:Bucket", {"bucket": "{name}", "forceDestroy": True, **needs})
    return Case(f"aws:s3/{type_}", {"bucket": "{need}", **inputs}, change, changed, need, id="{name}")


LIFECYCLE_RULES = [
    {
        "id": "daily",
        "status": "Enabled",
        "filter": {"prefix": "daily/"},
        "expiration": {"days": 35},
        "noncurrentVersionExpiration": {"noncurrentDays": 7},
        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 2},
    },
    {
        "id": "yearly",
        "status": "Enabled",
        "filter": {"and": {"prefix": "yearly/", "tags": {"class": "yearly"}}},
        "transitions": [{"days": 30, "storageClass": "GLACIER"}],
    },
    {"id": "all", "status": "Disabled", "filter": {}, "expiration": {"expiredObjectDeleteMarker": True}},
]
EXPIRY = {
    "rules": [
        {
            "rulePriority": 1,
            "selection": {"tagStatus": "untagged", "countType": "imageCountMoreThan", "countNumber": 3},
            "action": {"type": "expire"},
        }
    ]
}
USER = ("aws:iam/user:User", {"name": "{name}", "tags": TAGS})
REPOSITORY = ("aws:ecr/repository:Repository", {"name": "{name}", "tags": TAGS})
KEY = ("aws:kms/key:Key", {"description": "{name}", "tags": TAGS, "deletionWindowInDays": 7})
ENCRYPTION = {
    "applyServerSideEncryptionByDefault": {
        "sseAlgorithm": "aws:kms",
        "kmsMasterKeyId": KEY_ARN,
    }
}
ALARM = {
    "name": "{name}",
    "comparisonOperator": "LessThanThreshold",
    "evaluationPeriods": 26,
    "datapointsToAlarm": 26,
    "metricName": "BackupFinished",
    "namespace": "cams",
    "dimensions": {"Environment": "staging"},
    "period": 3600,
    "statistic": "Sum",
    "threshold": 1,
    "treatMissingData": "breaching",
    "alarmActions": [f"arn:aws:sns:{REGION}:{ACCOUNT}:b", f"arn:aws:sns:{REGION}:{ACCOUNT}:a"],
    "tags": TAGS,
}

CASES = [
    Case(
        "aws:kms/key:Key",
        {"description": "{name}", "enableKeyRotation": True, "deletionWindowInDays": 7, "tags": TAGS},
        {"description": "{name} again", "tags": {**TAGS, "Owner": "ops"}},
        {"description", "tags", "tagsAll"},
    ),
    Case("aws:kms/alias:Alias", {"name": "alias/{name}", "targetKeyId": "{need}"}, {}, set(), KEY, id="alias/{name}"),
    Case(
        "aws:ecr/repository:Repository",
        {
            "name": "{name}",
            "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": KEY_ARN}],
            "forceDelete": True,
            "tags": TAGS,
        },
        {"imageTagMutability": "MUTABLE", "imageScanningConfiguration": {"scanOnPush": False}},
        {"imageTagMutability", "imageScanningConfiguration"},
        id="{name}",
    ),
    Case(
        "aws:ecr/lifecyclePolicy:LifecyclePolicy",
        {"repository": "{need}", "policy": json.dumps(EXPIRY, indent=1)},
        {"policy": json.dumps(EXPIRY).replace("3", "4")},
        {"policy"},
        REPOSITORY,
        id="{name}",
    ),
    Case(
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        {"repository": "{need}", "policy": pulled("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")},
        {"policy": pulled("ecr:BatchGetImage")},
        {"policy"},
        REPOSITORY,
        id="{name}",
    ),
    Case(
        "aws:s3/bucket:Bucket",
        {"bucket": "{name}", "forceDestroy": True, "objectLockEnabled": True, "tags": TAGS},
        {"tags": {"Project": "cams"}},
        {"tags", "tagsAll"},
        id="{name}",
    ),
    bucket(
        "bucketVersioning:BucketVersioning",
        {"versioningConfiguration": {"status": "Enabled"}},
        {"versioningConfiguration": {"status": "Suspended"}},
        {"versioningConfiguration"},
    ),
    bucket(
        "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        {"rules": [{**ENCRYPTION, "bucketKeyEnabled": True}]},
        {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]},
        {"rules"},
    ),
    bucket(
        "bucketPublicAccessBlock:BucketPublicAccessBlock",
        {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True},
        {"restrictPublicBuckets": True},
        {"restrictPublicBuckets"},
    ),
    bucket(
        "bucketOwnershipControls:BucketOwnershipControls",
        {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
        {"rule": {"objectOwnership": "BucketOwnerPreferred"}},
        {"rule"},
    ),
    bucket(
        "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        {"rules": LIFECYCLE_RULES},
        {"rules": LIFECYCLE_RULES[:1]},
        {"rules"},
    ),
    bucket(
        "bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        {"rule": {"defaultRetention": {"mode": "COMPLIANCE", "days": 30}}},
        {"rule": {"defaultRetention": {"mode": "COMPLIANCE", "days": 31}}},
        {"rule"},
        objectLockEnabled=True,
    ),
    bucket(
        "bucketPolicy:BucketPolicy",
        {
            "policy": policy(
                "s3:GetObject", "s3:PutObject", resource="arn:aws:s3:::{name}/*", Principal={"AWS": ACCOUNT}
            )
        },
        {"policy": policy("s3:GetObject", resource="arn:aws:s3:::{name}/*", Principal={"AWS": ACCOUNT})},
        {"policy"},
    ),
    bucket(
        "bucketCorsConfiguration:BucketCorsConfiguration",
        {
            "corsRules": [
                {"allowedMethods": ["PUT", "GET"], "allowedOrigins": ["https://a.example"], "maxAgeSeconds": 60}
            ]
        },
        {"corsRules": [{"allowedMethods": ["GET"], "allowedOrigins": ["https://a.example"]}]},
        {"corsRules"},
    ),
    Case(
        "aws:secretsmanager/secret:Secret",
        {"name": "{name}", "description": "Keys", "recoveryWindowInDays": 0, "tags": TAGS},
        {"description": "Other keys"},
        {"description"},
    ),
    Case(
        "aws:secretsmanager/secretVersion:SecretVersion",
        {"secretId": "{need}", "secretString": "canary-one"},
        {},
        set(),
        ("aws:secretsmanager/secret:Secret", {"name": "{name}", "tags": TAGS}),
    ),
    Case(
        "aws:ssm/parameter:Parameter",
        {"name": "/cams/{name}", "type": "SecureString", "value": "canary-two", "description": "One", "tags": TAGS},
        {"value": "canary-three", "tags": {"Project": "cams"}},
        {"value", "tags", "tagsAll"},
        id="/cams/{name}",
    ),
    Case(
        "aws:iam/role:Role",
        {
            "name": "{name}",
            "assumeRolePolicy": trust("sts.amazonaws.com", "render"),
            "maxSessionDuration": 3600,
            "tags": TAGS,
        },
        {"assumeRolePolicy": trust("render"), "maxSessionDuration": 7200, "description": "Backs up"},
        {"assumeRolePolicy", "maxSessionDuration", "description"},
        id="{name}",
    ),
    Case(
        "aws:iam/rolePolicy:RolePolicy",
        {"name": "may", "role": "{need}", "policy": policy("s3:PutObject", "s3:GetObject")},
        {"policy": policy("s3:GetObject")},
        {"policy"},
        ("aws:iam/role:Role", {"name": "{name}", "assumeRolePolicy": trust("a"), "tags": TAGS}),
        id="{name}:may",
    ),
    Case("aws:iam/user:User", {"name": "{name}", "tags": TAGS}, {"tags": {}}, {"tags", "tagsAll"}, id="{name}"),
    Case(
        "aws:iam/userPolicy:UserPolicy",
        {"name": "pull", "user": "{need}", "policy": policy("ecr:GetAuthorizationToken")},
        {"policy": policy("ecr:BatchGetImage")},
        {"policy"},
        USER,
        id="{name}:pull",
    ),
    Case("aws:iam/accessKey:AccessKey", {"user": "{need}"}, {"status": "Inactive"}, {"status"}, USER),
    Case(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        {"url": "https://{name}.example", "clientIdLists": ["sts.amazonaws.com", "a"], "tags": TAGS},
        {"clientIdLists": ["sts.amazonaws.com", "b"]},
        {"clientIdLists"},
        id="arn:aws:iam::123456789012:oidc-provider/{name}.example",
    ),
    Case(
        "aws:cloudwatch/metricAlarm:MetricAlarm", ALARM, {"evaluationPeriods": 27}, {"evaluationPeriods"}, id="{name}"
    ),
    Case(
        "aws:sns/topic:Topic",
        {"name": "{name}", "displayName": "Alarms", "kmsMasterKeyId": "alias/cams", "tags": TAGS},
        {"displayName": "Calls"},
        {"displayName"},
        id="arn:aws:sns:eu-central-1:123456789012:{name}",
    ),
]


def filled(value: Any, **words: str) -> Any:
    """The value with its placeholders filled in."""
    if isinstance(value, str):
        for word, text in words.items():
            value = value.replace(f"{{{word}}}", text)
        return value
    if isinstance(value, dict):
        return {key: filled(item, **words) for key, item in value.items()}
    return [filled(item, **words) for item in value] if isinstance(value, list) else value


@dataclass
class Made:
    """A case's thing, with the inputs it was made of."""

    thing: Thing
    inputs: Values
    change: Values
    expected_id: str | None


def made(plugin: AwsProvider, case: Case) -> Made:
    """Create what the case needs and the thing itself."""
    words = {"name": f"t-{uuid.uuid4().hex[:12]}"}
    if case.needs:
        words["need"] = Thing(plugin, case.needs[0], "need").create(**filled(case.needs[1], **words)).id
    inputs = filled(case.inputs, **words)
    thing = Thing(plugin, case.type_).create(**inputs)
    return Made(thing, inputs, filled(case.change, **words), filled(case.id, **words))


def configured(**settings: Any) -> AwsProvider:
    """A new process's plugin."""
    plugin = provider()
    plugin.configure({"region": REGION, "s3UsePathStyle": "true", **settings})
    return plugin
