"""What exists once per AWS account: the state's key and bucket, and the trust in issuers of tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from console.errors import REFUSED, ExplainedError
from infra import resource_policies
from infra.application import APPLICATION
from infra.names import oidc_provider_arn
from ops.account.steps import Step
from ops.doors import aws

HALF_MADE = frozenset({"NoSuchBucketPolicy", "NoSuchPublicAccessBlockConfiguration"})
AUDIENCE = "sts.amazonaws.com"
ABSENT = frozenset({"404", "NoSuchBucket", "NotFoundException", "NoSuchEntity"})


def require_account(sts: Any, account: str) -> None:
    """Refuse credentials of another account than the stack files name."""
    with aws.told("cannot reach AWS"):
        actual = sts.get_caller_identity()["Account"]
    if actual != account:
        raise ExplainedError(
            "refused",
            f"the credentials belong to AWS account {actual}, the stack files name {account}",
            hint=f"use credentials of {account}",
            code=REFUSED,
        )


def state_key(
    kms: Any,
    account: str,
    *,
    alias: str = APPLICATION.names.state_key_alias,
    tags: Mapping[str, str] = MappingProxyType({"Project": APPLICATION.name, "ManagedBy": "bootstrap"}),
) -> Step:
    """The key that encrypts Pulumi's state; no other one has its tags."""

    def make() -> None:
        key = left_over(kms, dict(tags)) or str(
            kms.create_key(
                Description="Pulumi's state",
                Tags=[{"TagKey": name, "TagValue": value} for name, value in tags.items()],
            )["KeyMetadata"]["KeyId"]
        )
        kms.enable_key_rotation(KeyId=key)
        kms.create_alias(AliasName=alias, TargetKeyId=key)

    return Step(f"KMS key {alias} in {account}", lambda: _there(lambda: kms.describe_key(KeyId=alias)), make)


def left_over(kms: Any, tags: dict[str, str]) -> str | None:
    """A key of ours that an interrupted run made and did not name: only its tags tell."""
    keys: list[str] = [key["KeyId"] for key in kms.list_keys(Limit=1000)["Keys"]]
    return next((key for key in keys if aws.answer(partial(_is_ours, kms, key, tags))), None)


def _is_ours(kms: Any, key: str, tags: dict[str, str]) -> bool:
    """Somebody else's may not be looked at."""
    there = kms.list_resource_tags(KeyId=key)["Tags"]
    if {tag["TagKey"]: tag["TagValue"] for tag in there} != tags:
        return False
    return bool(kms.describe_key(KeyId=key)["KeyMetadata"]["Enabled"])


def state_bucket(
    s3: Any, account: str, region: str, *, bucket: str = "", alias: str = APPLICATION.names.state_key_alias
) -> Step:
    """The bucket that Pulumi's state lies in: versioned, encrypted, closed, reached by TLS alone."""
    bucket = bucket or APPLICATION.names.state_bucket(account)

    def there() -> bool:
        # The last things that `make` sets: one that was interrupted, or made before these were, is finished.
        return _there(lambda: s3.head_bucket(Bucket=bucket)) and all(
            _there(partial(ask, Bucket=bucket), unless=ABSENT | HALF_MADE)
            for ask in (s3.get_public_access_block, s3.get_bucket_policy)
        )

    def make() -> None:
        if not _there(lambda: s3.head_bucket(Bucket=bucket)):
            where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
            s3.create_bucket(Bucket=bucket, **where)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        by_key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": alias}
        rule = {"ApplyServerSideEncryptionByDefault": by_key, "BucketKeyEnabled": True}
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
        blocks = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        closed = dict.fromkeys(blocks, True)
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=closed)
        s3.put_bucket_policy(Bucket=bucket, Policy=resource_policies.closed(bucket))

    return Step(f"state bucket {bucket}", there, make)


def oidc_provider(iam: Any, account: str, issuer: str, whose: str) -> Step:
    """The account's trust in tokens of an issuer that are for AWS; one that is there gets a missing audience.

    Other audiences of it are somebody's, and harmless: our roles ask for ours. Thumbprints are not looked at: both
    issuers have certificates of public authorities, and AWS verifies these by its own list of them alone.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
    """
    arn = oidc_provider_arn(account, issuer)

    def audiences() -> list[str] | None:
        found = aws.answer(lambda: iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn), unless=ABSENT)
        return None if found is None else list(found.get("ClientIDList", []))

    def make() -> None:
        if audiences() is None:
            iam.create_open_id_connect_provider(Url=f"https://{issuer}", ClientIDList=[AUDIENCE])
        else:
            iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID=AUDIENCE)

    return Step(f"OIDC provider for {whose} in {account}", lambda: AUDIENCE in (audiences() or []), make)


def _there(ask: Callable[[], object], *, unless: frozenset[str] = ABSENT) -> bool:
    return aws.answer(ask, unless=unless) is not None
