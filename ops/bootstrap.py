"""Make what exists once per account: Pulumi's state bucket and key, the OIDC providers, Render's project.

Each step first looks whether its thing is there, so that the same command can be repeated at any time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from infra import names
from infra.config import ENVIRONMENTS
from ops import cloud
from ops.cloud import Cloud
from ops.errors import REFUSED, WRONG_USE, OpsError
from ops.say import say
from ops.stacks import load
from render_api.client import HOST, Client

NOTHING = frozenset({"404", "NoSuchBucket", "NotFoundException", "NoSuchEntity"})


@dataclass(frozen=True)
class Step:
    """One thing of the account: what it is called, whether it is there, and how it is made."""

    what: str
    there: Callable[[], bool]
    make: Callable[[], object]


def bootstrap(
    yes: Annotated[bool, typer.Option("--yes", help="Make what is missing; the local cloud needs no --yes.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print data for programs.")] = False,
) -> None:
    """Make what exists once per account, where it is missing."""
    target = cloud.choose()
    done = prepare(target, make=yes or target.is_local)
    if as_json:
        print(json.dumps(done, indent=1))
    else:
        for what, state in done.items():
            print(f"{state:<8}  {what}")
    if "missing" in done.values():
        say("nothing changed; add --yes to make what is missing")


def prepare(target: Cloud, *, make: bool = True) -> dict[str, str]:
    """Go through the steps; returns for each what it was: `there`, `made` or `missing`."""
    done = {}
    for step in _steps(target):
        if step.there():
            done[step.what] = "there"
        elif make:
            say(f"making {step.what}")
            step.make()
            done[step.what] = "made"
        else:
            done[step.what] = "missing"
    return done


def _steps(target: Cloud) -> Iterator[Step]:
    stacks = [load(environment) for environment in ENVIRONMENTS]
    yield from _render(target)
    for account, region in sorted({(stack.aws.account, stack.aws.region) for stack in stacks}):
        yield from _aws(target, account, region)


def _render(target: Cloud) -> Iterator[Step]:
    owner, key = target.variables.get("RENDER_OWNER_ID"), target.variables.get("RENDER_API_KEY")
    if not owner or not key:
        raise OpsError(
            "cannot reach Render: RENDER_API_KEY or RENDER_OWNER_ID is not set",
            hint="export both (dashboard → Account Settings → API Keys; the workspace's id starts with tea-)",
            code=WRONG_USE,
        )
    client = Client(key, host=target.variables.get("RENDER_HOST", HOST), on_wait=say)

    def there() -> bool:
        found = client.pages("/projects", {"ownerId": owner, "name": names.PROJECT}, envelope="project")
        return any(project["name"] == names.PROJECT for project in found)

    def make() -> None:
        # Render takes no project without environments; `pulumi up` finds them by name and keeps them.
        environments = [{"name": environment} for environment in ENVIRONMENTS]
        client.post("/projects", {"name": names.PROJECT, "ownerId": owner, "environments": environments})

    yield Step(f"Render project {names.PROJECT}", there, make)


def _aws(target: Cloud, account: str, region: str) -> Iterator[Step]:
    client = _clients(target, account, region)
    s3, kms, iam = client("s3"), client("kms"), client("iam")
    bucket, alias = names.state_bucket(account), names.state_key_alias()

    def make_key() -> None:
        made = kms.create_key(
            Description="Pulumi's state",
            Tags=[{"TagKey": "Project", "TagValue": names.PROJECT}, {"TagKey": "ManagedBy", "TagValue": "bootstrap"}],
        )
        kms.enable_key_rotation(KeyId=made["KeyMetadata"]["KeyId"])
        kms.create_alias(AliasName=alias, TargetKeyId=made["KeyMetadata"]["KeyId"])

    yield Step(f"KMS key {alias} in {account}", lambda: _found(lambda: kms.describe_key(KeyId=alias)), make_key)

    def bucket_is_whole() -> bool:
        # The last thing that `make_bucket` sets: one that was interrupted is finished by the next run.
        return _found(lambda: s3.head_bucket(Bucket=bucket)) and _found(
            lambda: s3.get_public_access_block(Bucket=bucket), and_not=("NoSuchPublicAccessBlockConfiguration",)
        )

    def make_bucket() -> None:
        if not _found(lambda: s3.head_bucket(Bucket=bucket)):
            where: Any = (
                {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
            )
            s3.create_bucket(Bucket=bucket, **where)
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": alias}}
        s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
        blocks = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        closed = dict.fromkeys(blocks, True)
        s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=closed)

    yield Step(f"state bucket {bucket}", bucket_is_whole, make_bucket)
    owner = target.variables["RENDER_OWNER_ID"]
    for issuer in (names.GITHUB_ISSUER, names.render_issuer(owner)):
        yield _oidc_provider(iam, account, issuer)


def _oidc_provider(iam: Any, account: str, issuer: str) -> Step:
    arn = names.oidc_provider_arn(account, issuer)
    return Step(
        f"OIDC provider {issuer} in {account}",
        lambda: _found(lambda: iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)),
        lambda: iam.create_open_id_connect_provider(Url=f"https://{issuer}", ClientIDList=["sts.amazonaws.com"]),
    )


def _clients(target: Cloud, account: str, region: str) -> Callable[[str], Any]:
    """Clients of the account, after it was made sure that the credentials are that account's."""
    import boto3
    import botocore.exceptions
    from botocore.config import Config

    given = target.variables
    session = boto3.Session(
        aws_access_key_id=given.get("AWS_ACCESS_KEY_ID"),
        aws_secret_access_key=given.get("AWS_SECRET_ACCESS_KEY"),
        aws_session_token=given.get("AWS_SESSION_TOKEN"),
        profile_name=given.get("AWS_PROFILE"),
        region_name=region,
    )

    def client(service: str) -> Any:
        config = Config(s3={"addressing_style": "path"}) if target.is_local else None
        return session.client(service, endpoint_url=given.get("AWS_ENDPOINT_URL"), config=config)  # type: ignore[call-overload] # the stubs know each service by its literal name

    try:
        actual = client("sts").get_caller_identity()["Account"]
    except botocore.exceptions.NoCredentialsError as error:
        raise OpsError(
            "cannot reach AWS: there are no credentials",
            hint="aws sso login, or export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
            code=WRONG_USE,
        ) from error
    except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
        raise OpsError(f"cannot reach AWS: {error}") from error
    if actual != account:
        raise OpsError(
            f"refused: the credentials belong to AWS account {actual}, the stack files name {account}",
            hint=f"use credentials of {account}",
            code=REFUSED,
        )
    return client


def _found(ask: Callable[[], object], *, and_not: tuple[str, ...] = ()) -> bool:
    from botocore.exceptions import ClientError

    try:
        ask()
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") in {*NOTHING, *and_not}:
            return False
        raise
    return True
