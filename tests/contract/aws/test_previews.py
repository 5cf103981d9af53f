"""Previews of pull requests at AWS: a role that keeps their state and nothing else, and services without any role."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from infra import load_preview, permissions, trust
from infra.load import ROOT, from_file
from infra.names import GITHUB_ISSUER, render_issuer
from localcloud.github.job import Job
from ops.account.at_aws import oidc_provider, state_bucket, state_key
from ops.account.steps import go_through
from ops.context import Doors
from ops.doors.cloud import Cloud
from ops.previews.account import account_steps
from tests.support.aws_daemon import Aws, running
from tests.support.tokens import ENVIRONMENT, JOB, WORKSPACE, Issuer, github, of_job, of_service, render
from tests.support.web_identity import ACCOUNT, refusal, take

REGION = "eu-central-1"
ROLE, STATE = "cams-preview-deploy", f"cams-preview-state-{ACCOUNT}"
DENIED = ("AccessDenied", 403, "Not authorized to perform sts:AssumeRoleWithWebIdentity")
BY_PATH = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
OURS = Job(**(JOB.model_dump() | {"ref": "refs/heads/main", "environment": "preview"}))
STAGING = from_file("staging", ROOT)


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aws]:
    """An account with what bootstrap makes, and as much of staging as somebody might be after."""
    with running(tmp_path_factory.mktemp("aws")) as daemon:
        iam, kms, s3 = (daemon.client(service) for service in ("iam", "kms", "s3"))
        doors = Doors(aws=lambda cloud, region: daemon.client)
        steps = [
            state_key(kms, ACCOUNT),
            state_bucket(s3, ACCOUNT, REGION),
            oidc_provider(iam, ACCOUNT, GITHUB_ISSUER, "GitHub"),
            oidc_provider(iam, ACCOUNT, render_issuer(WORKSPACE), "Render"),
            *account_steps(doors, Cloud({}, is_local=True), load_preview.shared()),
        ]
        go_through(steps, make=True, say=lambda line: None)
        assert set(go_through(steps, make=True, say=lambda line: None).values()) == {"there"}
        _staging(daemon)
        yield daemon


def _staging(aws: Aws) -> None:
    """Its bucket, parameter, secret and key, its state, and two roles."""
    names, iam, kms, s3 = STAGING.names, aws.client("iam"), aws.client("kms"), aws.client("s3")
    key = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName=names.key_alias, TargetKeyId=key["KeyId"])
    s3.create_bucket(Bucket=names.bucket("media"), CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=names.bucket("media"), Key="paper.pdf", Body=b"x")
    s3.put_object(Bucket=names.state_bucket(ACCOUNT), Key=".pulumi/stacks/cams/staging.json", Body=b"{}")
    aws.client("ssm").put_parameter(Name=names.release, Value="{}", Type="String")
    aws.client("secretsmanager").create_secret(Name=names.secret, SecretString="{}", KmsKeyId=key["Arn"])
    for who, trusted, policy in (
        ("deploy", trust.github(STAGING), permissions.deploy),
        ("media", trust.render(STAGING, WORKSPACE, ENVIRONMENT), permissions.use_media),
    ):
        iam.create_role(RoleName=names.identity(who), AssumeRolePolicyDocument=trusted)
        iam.put_role_policy(RoleName=names.identity(who), PolicyName=who, PolicyDocument=policy(STAGING, key["Arn"]))


@pytest.fixture(scope="module")
def actions(aws: Aws) -> Iterator[Issuer]:
    """At the place of GitHub's issuer."""
    made = github(aws.root)
    yield made
    made.close()


@pytest.fixture(scope="module")
def services(aws: Aws) -> Iterator[Issuer]:
    """At the place of Render's issuer."""
    made = render(aws.root)
    yield made
    made.close()


def test_the_workflow_of_the_reviewed_branch_keeps_the_state(aws: Aws, actions: Issuer) -> None:
    """It writes, reads, lists and deletes there, by the key of its own that the bucket seals everything with."""
    keys = take(aws, ROLE, actions.sign(of_job(OURS)))["Credentials"]
    s3, kms = aws.client("s3", keys, config=BY_PATH), aws.client("kms", keys)
    place = {"Bucket": STATE, "Key": ".pulumi/stacks/cams/pr-7.json"}

    s3.put_object(**place, Body=b"{}")

    assert s3.get_object(**place)["Body"].read() == b"{}"
    assert [one["Key"] for one in s3.list_objects_v2(Bucket=STATE)["Contents"]] == [place["Key"]]
    s3.delete_object(**place)
    sealed = kms.encrypt(KeyId="alias/cams-preview", Plaintext=b"secret")["CiphertextBlob"]
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"secret"


STATES, DEPLOY = f"cams-state-{ACCOUNT}", f"arn:aws:iam::{ACCOUNT}:role/cams-staging-deploy"
STACKS = ".pulumi/stacks/cams"
ATTACKS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a state": ("s3", "get_object", {"Bucket": STATES, "Key": f"{STACKS}/staging.json"}),
    "a forged state": ("s3", "put_object", {"Bucket": STATES, "Key": f"{STACKS}/prod.json"}),
    "a list of states": ("s3", "list_objects_v2", {"Bucket": STATES}),
    "media": ("s3", "get_object", {"Bucket": f"cams-staging-media-{ACCOUNT}", "Key": "paper.pdf"}),
    "beside its state": ("s3", "put_object", {"Bucket": STATE, "Key": "other"}),
    "its bucket's policy": ("s3", "delete_bucket_policy", {"Bucket": STATE}),
    "a release": ("ssm", "get_parameter", {"Name": "/cams/staging/release"}),
    "a forged release": ("ssm", "put_parameter", {"Name": "/cams/staging/release", "Value": "x", "Overwrite": True}),
    "a secret": ("secretsmanager", "get_secret_value", {"SecretId": "cams-staging/app"}),
    "the key": ("kms", "generate_data_key", {"KeyId": "alias/cams-staging", "KeySpec": "AES_256"}),
    "the states' key": ("kms", "generate_data_key", {"KeyId": "alias/cams-state", "KeySpec": "AES_256"}),
    "images": ("ecr", "get_authorization_token", {}),
    "another role": ("sts", "assume_role", {"RoleArn": DEPLOY, "RoleSessionName": "session"}),
    "more rights": ("iam", "put_role_policy", {"RoleName": ROLE, "PolicyName": "more", "PolicyDocument": "{}"}),
    "a user": ("iam", "create_user", {"UserName": "cams-staging-pull"}),
}


@pytest.mark.parametrize("what", ATTACKS)
def test_everything_else_is_refused_to_it(what: str, aws: Aws, actions: Issuer) -> None:
    """Another environment's state, data, releases, secrets, keys, images and roles, and its own rights."""
    service, operation, parameters = ATTACKS[what]
    keys = take(aws, ROLE, actions.sign(of_job(OURS)))["Credentials"]

    with pytest.raises(ClientError, match=r"AccessDenied|AccessDeniedException"):
        getattr(aws.client(service, keys, config=BY_PATH), operation)(**parameters)


@pytest.mark.parametrize(
    "changes",
    [
        {"ref": "refs/heads/more-seats"},  # dispatched on another branch
        {"ref": "refs/heads/develop"},
        {"ref": "refs/pull/7/merge", "event_name": "pull_request"},  # the pull request's own workflow
        {"environment": "staging"},
        {"environment": None},
        {"repository_id": 1, "owner": "mallory"},  # a fork
    ],
)
def test_nobody_else_takes_it(changes: dict[str, Any], aws: Aws, actions: Issuer) -> None:
    """Neither a run on another branch, nor one of another environment, nor another repository's."""
    token = actions.sign(of_job(Job(**(OURS.model_dump() | changes))))

    assert refusal(aws, ROLE, token) == DENIED


def test_it_is_no_way_into_an_environment(aws: Aws, actions: Issuer) -> None:
    """The token of a preview's job takes no role of staging; staging's own does."""
    assert refusal(aws, "cams-staging-deploy", actions.sign(of_job(OURS))) == DENIED
    assert take(aws, "cams-staging-deploy", actions.sign(of_job(JOB)))["Credentials"]


def test_a_service_of_a_preview_has_no_role(aws: Aws, services: Issuer) -> None:
    """Render says in its token which environment it is in, and no role trusts that one; staging's own it lets in."""
    of_preview = services.sign(of_service(environment="evm-ofpullrequest0000000"))

    for role in ("cams-staging-media", "cams-staging-deploy", ROLE):
        assert refusal(aws, role, of_preview) == DENIED
    assert take(aws, "cams-staging-media", services.sign(of_service()))["Credentials"]


def test_a_role_that_says_otherwise_is_corrected(aws: Aws) -> None:
    """Somebody has opened it by hand: bootstrap sees that and writes what the files say."""
    iam = aws.client("iam")
    doors = Doors(aws=lambda cloud, region: aws.client)
    open_wide = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}], "Version": "2012-10-17"}
    iam.put_role_policy(RoleName=ROLE, PolicyName="deploy", PolicyDocument=json.dumps(open_wide))
    [*_, step] = account_steps(doors, Cloud({}, is_local=True), load_preview.shared())

    seen = [go_through([step], make=make, say=lambda line: None)[step.what] for make in (False, True, True)]

    assert seen == ["missing", "made", "there"]
    assert (
        "*" not in iam.get_role_policy(RoleName=ROLE, PolicyName="deploy")["PolicyDocument"]["Statement"][1]["Action"]
    )
