"""What the pipeline may do in its environment's AWS account."""

from __future__ import annotations

import json

import pytest

from infra import permissions
from infra.aws_account import Aws
from infra.load import from_file
from tests.support.declared_policies import may
from tests.support.program import ACCOUNT, Programs

KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"
BACKUPS = f"arn:aws:s3:::cams-staging-backups-{ACCOUNT}"
MEDIA = f"arn:aws:s3:::cams-staging-media-{ACCOUNT}"
LOGS = f"arn:aws:s3:::cams-staging-logs-{ACCOUNT}"


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("ecr:PutImage", f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/cams-staging", True),
        ("ecr:PutImage", f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/cams-prod", False),
        ("ecr:GetRepositoryPolicy", f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/cams-staging", True),
        ("ecr:SetRepositoryPolicy", f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/cams-staging", False),
        ("ecr:BatchGetImage", f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/cams-dev", True),
        ("ecr:BatchGetImage", "arn:aws:ecr:eu-central-1:999999999999:repository/cams-dev", False),
        ("ecr:BatchGetImage", f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/cams-prod", False),
        ("ecr:ListImageReferrers", f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/cams-staging", True),
        ("ecr:ListImageReferrers", f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/cams-dev", True),
        ("ecr:PutImage", f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/cams-dev", False),
        ("ssm:GetParameter", f"arn:aws:ssm:eu-central-1:{ACCOUNT}:parameter/cams/dev/release", True),
        ("ssm:PutParameter", f"arn:aws:ssm:eu-central-1:{ACCOUNT}:parameter/cams/dev/release", False),
        ("ssm:GetParameter", f"arn:aws:ssm:eu-central-1:{ACCOUNT}:parameter/cams/dev/guard", False),
        ("ssm:PutParameter", f"arn:aws:ssm:eu-central-1:{ACCOUNT}:parameter/cams/staging/release", True),
        ("ssm:PutParameter", f"arn:aws:ssm:eu-central-1:{ACCOUNT}:parameter/cams/prod/release", False),
        ("iam:GetRole", f"arn:aws:iam::{ACCOUNT}:role/cams-staging-backup", True),
        ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/cams-staging-deploy", False),
        ("iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/cams-staging-other", False),
        ("s3:GetObject", f"{BACKUPS}/daily/1.dump", False),
        ("s3:DeleteBucket", BACKUPS, False),
        ("s3:GetLifecycleConfiguration", BACKUPS, True),
        ("s3:PutLifecycleConfiguration", BACKUPS, False),
        ("s3:PutLifecycleConfiguration", MEDIA, False),
        ("s3:PutLifecycleConfiguration", LOGS, False),
        ("s3:PutBucketObjectLockConfiguration", BACKUPS, False),
        ("s3:PutBucketVersioning", BACKUPS, False),
        ("s3:PutBucketPolicy", BACKUPS, False),
        ("s3:PutBucketLogging", BACKUPS, False),
        ("s3:GetBucketLogging", BACKUPS, True),
        ("s3:GetObject", f"{LOGS}/backups/1", False),
        ("s3:ListTagsForResource", BACKUPS, True),
        ("cloudwatch:TagResource", f"arn:aws:cloudwatch:eu-central-1:{ACCOUNT}:alarm:cams-staging-no-backup", True),
        ("cloudwatch:TagResource", f"arn:aws:cloudwatch:eu-central-1:{ACCOUNT}:alarm:cams-prod-no-backup", False),
        ("sns:TagResource", f"arn:aws:sns:eu-central-1:{ACCOUNT}:cams-staging-alarms", True),
        ("s3:GetObject", f"arn:aws:s3:::cams-state-{ACCOUNT}/.pulumi/stacks/cams/staging.json", True),
        ("s3:PutObject", f"arn:aws:s3:::cams-state-{ACCOUNT}/.pulumi/stacks/cams/prod.json", False),
        ("s3:GetObject", f"arn:aws:s3:::cams-state-{ACCOUNT}/.pulumi/stacks/cams/prod.json", False),
        (
            "secretsmanager:GetSecretValue",
            f"arn:aws:secretsmanager:eu-central-1:{ACCOUNT}:secret:cams-staging/app-AbCdEf",
            True,
        ),
        (
            "secretsmanager:GetSecretValue",
            f"arn:aws:secretsmanager:eu-central-1:{ACCOUNT}:secret:cams-prod/app-AbCdEf",
            False,
        ),
        ("kms:ScheduleKeyDeletion", KEY, False),
    ],
)
def test_the_pipeline_releases_its_own_environment_and_cannot_promote_itself(
    programs: Programs, action: str, resource: str, allowed: bool
) -> None:
    """Push, record and read what is its own; no identity, no data, no other environment."""
    policy = programs["staging"].policy("RolePolicy", "identity-deploy")

    assert may(policy, action, resource) is allowed


def test_dev_copies_images_from_nowhere(programs: Programs) -> None:
    """Promotion goes dev, staging, prod, never back."""
    assert "CopyTested" not in programs["dev"].policy("RolePolicy", "identity-deploy")
    copied = programs["prod"].policy("RolePolicy", "identity-deploy")["CopyTested"]
    assert copied["Resource"] == f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/cams-staging"


def test_images_are_copied_from_where_the_environment_before_is() -> None:
    """Its account and its region, as its own stack file says."""
    elsewhere = Aws(region="eu-west-1", allowedAccountIds=("999999999999",))
    stack = from_file("prod").model_copy(update={"neighbours": {"staging": elsewhere}})

    [copied] = [one for one in json.loads(permissions.deploy(stack, KEY))["Statement"] if one["Sid"] == "CopyTested"]

    assert copied["Resource"] == "arn:aws:ecr:eu-west-1:999999999999:repository/cams-staging"
