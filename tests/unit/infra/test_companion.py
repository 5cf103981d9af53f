"""The restore companion at Render: only where a stack file wants it, and with no more than it needs."""

from __future__ import annotations

import pulumi
import pytest

from infra.config import ENVIRONMENTS, Companion, Environment, Stack
from infra.errors import ConfigError
from infra.load import from_file, parse
from infra.variables import COMPANION_KEY
from tests.support.program import ACCOUNT, OPS_DIGEST, OWNER, REGISTRY, Declare, Programs


def wanting() -> Stack:
    """Staging with one."""
    return from_file("staging").model_copy(update={"companion": Companion(plan="starter")})


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_there_is_none_unless_it_is_wanted(programs: Programs, environment: Environment) -> None:
    """The application's worker is the only one, and no secret is asked for."""
    assert [one.name for one in programs[environment].all("BackgroundWorker")] == ["worker"]
    assert from_file(environment).kept_secrets == from_file(environment).secrets


def test_it_is_told_what_it_needs(declare: Declare) -> None:
    """The prefix of the backup bucket, whom it stops, and the key that is in the vault for it alone."""
    program = declare(wanting())
    worker = program.one("BackgroundWorker", "companion")

    variables = worker.inputs["envVars"]
    assert {name: variables[name] for name in sorted(variables) if name.startswith(("RE", "SL", "AWS_ROLE"))} == {
        "AWS_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/cams-staging-restore",
        "RENDER_API_KEY": f"{COMPANION_KEY} as set",
        "RENDER_OWNER_ID": OWNER,
        "RESTORE_SERVICES": "cams-staging,cams-staging-worker",
        "RESTORE_STOP_WAIT_SECONDS": "30",
        "RESTORE_WATCH_DIR": f"s3://cams-staging-backups-{ACCOUNT}/drops/",
        "SLIPWAY_JOB": "companion",
    }
    assert {"envVars.RENDER_API_KEY", "envVars.DATABASE_URL"} <= worker.secret_inputs
    assert (worker.inputs["name"], worker.inputs["dockerCommand"], worker.inputs["numInstances"]) == (
        "cams-staging-companion",
        "python -m ops companion staging",
        1,
    )
    assert worker.inputs["image"]["imagePath"] == f"{REGISTRY}/cams-staging@{OPS_DIGEST}"
    assert COMPANION_KEY not in program.one("EnvGroup").inputs["envVars"]
    assert "companion" not in [link.name for link in program.all("EnvGroupLink")]


def test_the_role_trusts_it_before_it_is_deployed(declare: Declare) -> None:
    """It and the drill are *restore*, and nobody else."""
    program = declare(wanting())
    issuer = f"oidc.render.com/{OWNER}"

    [statement] = program.policy("iam/role:Role", "identity-restore").values()
    assert statement["Condition"]["StringEquals"][f"{issuer}:sub"] == [
        f"workspace:{OWNER}:environment:environment-id:service:{service}-id"
        for service in ("backup-jobs-drill", "companion")
    ]
    assert "aws:iam/rolePolicy:RolePolicy::identity-restore" in program.one("Deploy", "companion").after


def test_without_its_key_nothing_is_declared(declare: Declare) -> None:
    """With the command that sets it."""
    with pytest.raises(pulumi.RunError, match=f"slipway secret set staging {COMPANION_KEY}"):
        declare(wanting(), vault={})


def test_its_key_is_told_to_no_other_service() -> None:
    """Whoever has it may do everything to the workspace: the stack file cannot put it into the env group."""
    settings = {f"cams:{key}": value for key, value in from_file("dev").model_dump(exclude={"aws"}).items()}

    with pytest.raises(ConfigError) as told:
        parse(
            {
                **settings,
                "aws:region": "eu-central-1",
                "aws:allowedAccountIds": [ACCOUNT],
                "cams:secrets": [COMPANION_KEY],
            },
            "dev",
        )

    assert f"secrets/{COMPANION_KEY}: is for the companion alone" in told.value.mistakes
