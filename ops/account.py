"""What exists once per account, a step each. Clients are passed in; nothing here knows where they lead."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from console.errors import REFUSED, ExplainedError
from infra import names
from infra.config import ENVIRONMENTS
from ops import aws
from ops.say import say
from render_api.client import Client
from render_api.errors import RenderError

NOTHING = frozenset({"404", "NoSuchBucket", "NotFoundException", "NoSuchEntity"})


@dataclass(frozen=True)
class Step:
    """One thing of the account: what it is called, whether it is there, and how it is made."""

    what: str
    there: Callable[[], bool]
    make: Callable[[], object]


def go_through(steps: Iterable[Step], *, make: bool) -> dict[str, str]:
    """Make what is missing, or only look; returns for each what it was: `there`, `made` or `missing`."""
    return {step.what: _take(step, make=make) for step in steps}


def _take(step: Step, *, make: bool) -> str:
    what = f"cannot prepare the {step.what}"
    try:
        with aws.told(what, hint="once that is mended, run the same command again"):
            if step.there():
                return "there"
            if not make:
                return "missing"
            say(f"making {step.what}")
            step.make()
    except RenderError as error:
        raise ExplainedError(f"{what}: {error}") from error
    return "made"


def require_account(sts: Any, account: str) -> None:
    """Refuse credentials of another account than the stack files name."""
    with aws.told("cannot reach AWS"):
        actual = sts.get_caller_identity()["Account"]
    if actual != account:
        raise ExplainedError(
            f"refused: the credentials belong to AWS account {actual}, the stack files name {account}",
            hint=f"use credentials of {account}",
            code=REFUSED,
        )


def render_project(client: Client, owner: str) -> Step:
    """The project that the environments belong to. One that was renamed is ours still."""

    def there() -> bool:
        found = client.pages("/projects", {"ownerId": owner, "name": names.PROJECT}, envelope="project")
        return any(project["name"] == names.PROJECT for project in found)

    def make() -> None:
        if renamed := _project_of_ours(client, owner):
            say(f"{renamed} is ours under another name: renaming it")
            client.patch(f"/projects/{renamed}", {"name": names.PROJECT})
            return
        # Render takes no project without environments; `pulumi up` finds them by name and keeps them.
        environments = [{"name": environment} for environment in ENVIRONMENTS]
        client.post("/projects", {"name": names.PROJECT, "ownerId": owner, "environments": environments})

    return Step(f"Render project {names.PROJECT}", there, make)


def _project_of_ours(client: Client, owner: str) -> str | None:
    """The project with an environment of ours that has our database in it."""
    for environment in ENVIRONMENTS:
        name = names.database(environment)
        for found in client.pages("/postgres", {"ownerId": owner, "name": name}, envelope="postgres"):
            if found["name"] == name and found.get("environmentId"):
                place = client.get(f"/environments/{found['environmentId']}")
                if place["name"] == environment:
                    return str(place["projectId"])
    return None


def state_key(kms: Any, account: str) -> Step:
    """The key that encrypts Pulumi's state."""
    alias = names.state_key_alias()

    def make() -> None:
        tags = {"Project": names.PROJECT, "ManagedBy": "bootstrap"}
        key = _left_over(kms, tags) or str(
            kms.create_key(
                Description="Pulumi's state",
                Tags=[{"TagKey": name, "TagValue": value} for name, value in tags.items()],
            )["KeyMetadata"]["KeyId"]
        )
        kms.enable_key_rotation(KeyId=key)
        kms.create_alias(AliasName=alias, TargetKeyId=key)

    return Step(f"KMS key {alias} in {account}", lambda: _found(lambda: kms.describe_key(KeyId=alias)), make)


def _left_over(kms: Any, tags: dict[str, str]) -> str | None:
    """A key of ours that an interrupted run made and did not name: only its tags tell."""
    from botocore.exceptions import ClientError

    for one in kms.list_keys(Limit=1000)["Keys"]:
        try:
            found = kms.list_resource_tags(KeyId=one["KeyId"])["Tags"]
            if {tag["TagKey"]: tag["TagValue"] for tag in found} != tags:
                continue
            if kms.describe_key(KeyId=one["KeyId"])["KeyMetadata"]["Enabled"]:
                return str(one["KeyId"])
        except ClientError:
            continue  # somebody else's, which we may not look at
    return None


def state_bucket(s3: Any, account: str, region: str) -> Step:
    """The bucket that Pulumi's state lies in: versioned, encrypted, closed."""
    bucket = names.state_bucket(account)

    def there() -> bool:
        # The last thing that `make` sets: one that was interrupted is finished by the next run.
        return _found(lambda: s3.head_bucket(Bucket=bucket)) and _found(
            lambda: s3.get_public_access_block(Bucket=bucket), and_not=("NoSuchPublicAccessBlockConfiguration",)
        )

    def make() -> None:
        if not _found(lambda: s3.head_bucket(Bucket=bucket)):
            where = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
            s3.create_bucket(Bucket=bucket, **where)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        by_key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": names.state_key_alias()}
        rule = {"ApplyServerSideEncryptionByDefault": by_key}
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
        blocks = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        closed = dict.fromkeys(blocks, True)
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=closed)

    return Step(f"state bucket {bucket}", there, make)


def oidc_provider(iam: Any, account: str, issuer: str, whose: str) -> Step:
    """The account's trust in tokens of an issuer."""
    arn = names.oidc_provider_arn(account, issuer)
    return Step(
        f"OIDC provider for {whose} in {account}",
        lambda: _found(lambda: iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)),
        lambda: iam.create_open_id_connect_provider(Url=f"https://{issuer}", ClientIDList=["sts.amazonaws.com"]),
    )


def _found(ask: Callable[[], object], *, and_not: tuple[str, ...] = ()) -> bool:
    from botocore.exceptions import ClientError

    try:
        ask()
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in {*NOTHING, *and_not}:
            return False
        raise
    return True
