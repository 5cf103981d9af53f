"""Secrets of one's own: named in the stack file, read from the vault, told to the services."""

from __future__ import annotations

import re

import pulumi
import pytest

from infra.application import APPLICATION
from infra.config import ENVIRONMENTS, Environment, Stack
from infra.load import from_file
from infra.variables import secret_name
from tests.support.program import ACCOUNT, Declare, Programs

VALUE = 'a "quoted" $HOME\nand ünï ✓'


def declaring(environment: Environment, *names: str) -> Stack:
    """A checked-in stack that names these secrets."""
    return from_file(environment).model_copy(update={"secrets": names})


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_they_reach_every_service_by_the_env_group_marked_secret(declare: Declare, environment: Environment) -> None:
    """Whatever they hold, and whether the services run an image or build a branch."""
    vault = {f"cams-{environment}/own/SENTRY_DSN": VALUE, f"cams-{environment}/own/UNDECLARED": "x"}

    group = declare(declaring(environment, "SENTRY_DSN"), vault=vault).one("EnvGroup")

    assert group.inputs["envVars"]["SENTRY_DSN"] == VALUE
    assert "envVars.SENTRY_DSN" in group.secret_inputs
    assert "UNDECLARED" not in group.inputs["envVars"]


def test_a_plan_tells_another_value_by_its_version_and_fingerprint(declare: Declare) -> None:
    """Both come before the env group, where the engine would print what it holds; neither can be read."""
    stack = declaring("staging", "SENTRY_DSN")
    one, same, other = (declare(stack, vault={"cams-staging/own/SENTRY_DSN": value}) for value in ("x", "x", "y"))

    prints = [program.one("cams:index:Configuration").inputs["fingerprint"] for program in (one, same, other)]

    assert one.one("Basis").inputs["secret_versions"] == {"SENTRY_DSN": "version of x"}
    assert prints[0] == prints[1] != prints[2]
    assert all(re.fullmatch("[0-9a-f]{64}", print_) for print_ in prints)
    assert one.one("cams:index:Configuration").secret_inputs == frozenset()


def test_all_that_are_missing_are_told_at_once_before_anything_is_declared(declare: Declare) -> None:
    """With the commands that set them; an empty value is none."""
    stack = declaring("staging", "A_KEY", "B_KEY", "C_KEY")

    with pytest.raises(pulumi.RunError) as told:
        declare(stack, vault={"cams-staging/own/B_KEY": "x", "cams-staging/own/C_KEY": ""})

    assert str(told.value) == (
        "Pulumi.staging.yaml is not deployable: 2 secrets that it names are not set: A_KEY, C_KEY\n\n"
        "hint: ./slipway secret set staging A_KEY\n"
        "      ./slipway secret set staging C_KEY"
    )


def test_the_vault_of_another_account_is_not_asked(declare: Declare) -> None:
    """The account is refused first, not its missing secrets."""
    with pytest.raises(pulumi.RunError, match=r"^refused: the credentials belong to AWS account 999999999999"):
        declare(declaring("staging", "A_KEY"), account="999999999999")


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_none_can_have_the_name_of_a_variable_that_the_program_sets(
    programs: Programs, environment: Environment
) -> None:
    """Neither in the env group nor in a service, where it would be the stronger one."""
    program, stack = programs[environment], from_file(environment)
    given = [
        one.inputs["envVars"]
        for kind in ("EnvGroup", "WebService", "BackgroundWorker", "CronJob")
        for one in program.all(kind)
    ]
    names = {name for variables in given for name in variables} - {*stack.secrets, *stack.variables}
    free = []
    for name in names:
        try:
            free.append(secret_name(name, APPLICATION.names))
        except ValueError:
            continue

    assert len(names) >= 11
    assert free == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_pipeline_reads_its_environments_and_sets_none(programs: Programs, environment: Environment) -> None:
    """To set one takes a person; the services are told, and ask nobody."""
    policy = programs[environment].policy("RolePolicy", "identity-deploy")
    vault = f"arn:aws:secretsmanager:eu-central-1:{ACCOUNT}:secret:cams-{environment}/own/*"

    assert policy["OwnSecrets"]["Action"] == ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
    assert policy["OwnSecrets"]["Resource"] == vault
    assert "kms:Decrypt" in policy["StateKey"]["Action"]  # the key that they are encrypted with
    others = [
        name
        for name, statement in policy.items()
        if name != "OwnSecrets" and ("own" in str(statement["Resource"]) or "secret:*" in str(statement["Resource"]))
    ]
    assert others == []
    for who in ("backup", "media"):
        assert "secretsmanager" not in str(programs[environment].policy("RolePolicy", f"identity-{who}"))
    assert "/own/" not in str(programs[environment].policy("RolePolicy", "identity-restore"))
