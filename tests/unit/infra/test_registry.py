"""The image registry, and with which key Render pulls from it."""

from __future__ import annotations

import pytest

from infra.config import ENVIRONMENTS, Environment
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
