"""The image registry, and with which key Render pulls from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra import resource_policies
from infra.config import ENVIRONMENTS, Environment
from infra.load import ROOT, from_file
from tests.support.program import ACCOUNT, Programs

KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"


def test_a_registrys_tags_never_move_and_every_image_is_scanned(programs: Programs) -> None:
    """What was tested under a name is what runs under it."""
    assert programs["staging"].one("Repository").inputs == {
        "name": "cams-staging",
        "imageTagMutability": "IMMUTABLE",
        "imageScanningConfiguration": {"scanOnPush": True},
        "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": KEY}],
        "forceDelete": False,
        "tags": {"Project": "cams", "Environment": "staging", "ManagedBy": "pulumi"},
    }


@pytest.mark.parametrize(("environment", "follower"), [("dev", "staging"), ("staging", "prod")])
def test_the_next_environments_pipeline_may_copy_what_was_tested(
    programs: Programs, environment: Environment, follower: str
) -> None:
    """That role alone; the account is named as a whole, because a role that is not there yet cannot be."""
    assert programs[environment].policy("RepositoryPolicy") == {
        "CopyTested": {
            "Sid": "CopyTested",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
            "Action": [
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
                "ecr:ListImageReferrers",
            ],
            "Condition": {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/cams-{follower}-deploy"}},
        }
    }


def test_the_next_environments_account_is_what_its_own_file_says(tmp_path: Path) -> None:
    """In whatever account it lives."""
    for name in ENVIRONMENTS:
        written = (ROOT / f"Pulumi.{name}.yaml").read_text()
        there = written.replace(ACCOUNT, "999999999999") if name == "prod" else written
        (tmp_path / f"Pulumi.{name}.yaml").write_text(there)

    policy = resource_policies.promotion(from_file("staging", tmp_path))

    [statement] = json.loads(policy or "")["Statement"]
    assert statement["Principal"] == {"AWS": "arn:aws:iam::999999999999:root"}
    assert statement["Condition"]["ArnEquals"] == {
        "aws:PrincipalArn": "arn:aws:iam::999999999999:role/cams-prod-deploy"
    }


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_image_expires(programs: Programs, environment: Environment) -> None:
    """No rule can see what runs, by its tag or by its digest alone, or what may be rolled back to."""
    assert programs[environment].all("LifecyclePolicy") == []


def test_render_pulls_with_a_key_that_can_do_nothing_else(programs: Programs) -> None:
    """The registry credential holds the pull user's key; its secret half is secret in the state."""
    staging = programs["staging"]

    credential = staging.one("RegistryCredential")
    assert credential.inputs == {
        "name": "cams-staging-ecr",
        "registry": "AWS_ECR",
        "username": "registry-pull-id",
        "authToken": "registry-pull-secret-key",
    }
    assert credential.secret_inputs == {"authToken"}
    statements = staging.policy("UserPolicy", "registry-pull")
    assert {sid: (one["Action"], one["Resource"]) for sid, one in statements.items()} == {
        "LogIn": (["ecr:GetAuthorizationToken"], "*"),
        "Pull": (
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            f"arn:aws:ecr:eu-central-1:{ACCOUNT}:repository/cams-staging",
        ),
    }
