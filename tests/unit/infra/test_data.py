"""What holds data: the key, the database, the cache, the buckets, the registry, the secrets."""

from __future__ import annotations

import json

import pytest
import yaml

from infra import age
from infra.blueprint import render_yaml
from infra.config import ENVIRONMENTS, Environment
from infra.load import from_file
from tests.support.program import ACCOUNT, Declare, Programs
from tests.support.program import KEY as BACKUP_KEY

OWN = age.recipient_of(BACKUP_KEY)
KEY = f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"


@pytest.mark.parametrize(("environment", "window"), [("dev", 7), ("staging", 7), ("prod", 30)])
def test_each_environment_has_a_key_of_its_own_that_turns_over(
    programs: Programs, environment: Environment, window: int
) -> None:
    """What one environment encrypts, no other can read; a deleted key can be had back for a while."""
    key = programs[environment].one("kms/key:Key")

    assert key.inputs["enableKeyRotation"] is True
    assert key.inputs["deletionWindowInDays"] == window
    assert programs[environment].one("Alias").inputs["name"] == f"alias/cams-{environment}"


def test_the_key_obeys_its_account_and_alarms_alone(programs: Programs) -> None:
    """No other account, and of AWS's services only the one that writes to the topic."""
    statements = programs["staging"].policy("kms/key:Key")

    assert {sid: statement["Principal"] for sid, statement in statements.items()} == {
        "OwnAccount": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Alarms": {"Service": "cloudwatch.amazonaws.com"},
    }


def test_staging_has_a_database_that_only_its_own_network_reaches(programs: Programs) -> None:
    """Every input of the database, as Render will get it."""
    assert programs["staging"].one("Postgres").inputs == {
        "name": "cams-staging-db",
        "environmentId": "environment-id",
        "region": "frankfurt",
        "plan": "basic_1gb",
        "version": "16",
        "databaseName": "cams_staging",
        "databaseUser": "cams_staging",
        "diskSizeGB": 15,
        "enableHighAvailability": False,
        "ipAllowList": [],
        "readReplicas": [],
    }


def test_prod_has_a_standby_and_a_replica(programs: Programs) -> None:
    """What the stack file asks for, under names of its own."""
    database = programs["prod"].one("Postgres").inputs

    assert database["enableHighAvailability"] is True
    assert database["readReplicas"] == [{"name": "cams-prod-db-replica-1"}]


def test_an_allowed_range_is_passed_on(declare: Declare) -> None:
    """An office can be let in, by the stack file alone."""
    stack = from_file("dev")
    allowed = stack.database.model_validate(
        {**stack.database.model_dump(), "ip_allow_list": [{"cidr": "192.0.2.0/24", "description": "office"}]}
    )

    database = declare(stack.model_copy(update={"database": allowed})).one("Postgres")

    assert database.inputs["ipAllowList"] == [{"cidrBlock": "192.0.2.0/24", "description": "office"}]


@pytest.mark.parametrize(("wanted", "given"), [(True, {True}), (False, {False}), (None, set())])
def test_a_disk_that_grows_by_itself_is_the_stack_files_choice(
    declare: Declare, wanted: bool | None, given: set[bool]
) -> None:
    """Unset, it stays as it is at Render: the Blueprint says the same."""
    stack = from_file("dev")
    database = stack.database.model_copy(update={"enable_disk_autoscaling": wanted})
    changed = stack.model_copy(update={"database": database})

    declared = declare(changed).one("Postgres").inputs
    [project] = yaml.safe_load(render_yaml([changed]))["projects"]
    [blueprint] = project["environments"][0]["databases"]

    assert {declared[name] for name in declared.keys() & {"enableDiskAutoscaling"}} == given
    assert {blueprint[name] for name in blueprint.keys() & {"storageAutoscalingEnabled"}} == given


def test_the_cache_is_reached_from_its_own_network_alone(programs: Programs) -> None:
    """Every input of the key-value store, as Render will get it."""
    assert programs["staging"].one("KeyValue").inputs == {
        "name": "cams-staging-cache",
        "environmentId": "environment-id",
        "region": "frankfurt",
        "plan": "starter",
        "maxmemoryPolicy": "allkeys_lru",
        "ipAllowList": [],
    }


@pytest.mark.parametrize(("plan", "protected"), [("starter", True), ("free", False)])
def test_a_cache_that_keeps_nothing_over_a_restart_is_not_protected(
    declare: Declare, plan: str, protected: bool
) -> None:
    """It holds no data, and can be made anew where somebody deleted it."""
    stack = from_file("staging")
    changed = stack.model_copy(update={"cache": stack.cache.model_copy(update={"plan": plan})})

    store = declare(changed).one("KeyValue")

    assert (store.protect, store.retain) == (protected, protected)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_secrets_are_generated_kept_and_never_shown(programs: Programs, environment: Environment) -> None:
    """Long, of characters that survive URLs and shells, in Secrets Manager under the environment's key."""
    program = programs[environment]

    assert {found.name: found.inputs for found in program.all("RandomPassword")} == {
        "secrets-django-secret-key": {"length": 64, "special": False},
        "secrets-jwt-secrets": {"length": 64, "special": False},
    }
    secret, version = program.one("Secret", "secrets"), program.one("SecretVersion", "secrets-value")
    assert (secret.inputs["name"], secret.inputs["kmsKeyId"]) == (f"cams-{environment}/app", KEY)
    assert json.loads(version.inputs["secretString"]) == {
        "DJANGO_SECRET_KEY": "generated secrets-django-secret-key",
        "JWT_SECRETS": "generated secrets-jwt-secrets",
    }
    assert version.secret_inputs == {"secretString"}


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_what_opens_backups_is_kept_where_only_restores_read(programs: Programs, environment: Environment) -> None:
    """An identity of age, never shown; those who write are told its recipient, which opens nothing."""
    program = programs[environment]
    secret, version = program.one("Secret", "backup-key"), program.one("SecretVersion", "backup-key-value")

    assert program.one("RandomBytes").inputs == {"length": 32}
    assert (secret.inputs["name"], secret.inputs["kmsKeyId"]) == (f"cams-{environment}/backup-key", KEY)
    assert version.inputs["secretString"] == age.identity(BACKUP_KEY)
    assert version.secret_inputs == {"secretString"}
    assert program.one("CronJob", "backup-jobs-backup").inputs["envVars"]["BACKUP_RECIPIENTS"] == OWN
    assert "BACKUP_RECIPIENTS" not in str(program.one("EnvGroup").inputs)


def test_only_this_accounts_alarms_use_the_key(programs: Programs) -> None:
    """CloudWatch is one service for all accounts: it has to say for whom it asks."""
    policy = programs["staging"].policy("kms/key:Key")

    assert policy["Alarms"] == {
        "Sid": "Alarms",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
