"""The jobs that keep an environment's data: what they run, as whom, and what they are told."""

from __future__ import annotations

import os

import pytest

from infra import age
from infra.config import ENVIRONMENTS, Environment
from infra.errors import ConfigError
from infra.load import ROOT, from_file, parse
from tests.support.program import ACCOUNT, DIGEST, KEY, OPS_DIGEST, REGISTRY, Declare, Programs

JOBS = ("backup", "media", "drill")
RECOVERY = age.recipient_of(bytes(31) + b"x")


def test_the_backup_job_is_told_what_it_needs_and_nothing_more(programs: Programs) -> None:
    """Every input, as Render will get it; none of the application's secrets."""
    job = programs["staging"].one("CronJob", "backup-jobs-backup")

    assert job.inputs == {
        "name": "cams-staging-backup",
        "environmentId": "environment-id",
        "region": "frankfurt",
        "runtime": "image",
        "image": {
            "imagePath": f"{REGISTRY}/cams-staging@{OPS_DIGEST}",
            "registryCredentialId": "registry-id",
        },
        "plan": "starter",
        "schedule": "37 1 * * *",
        "dockerCommand": "python -m ops backup create staging",
        "envVars": {
            "SLIPWAY_JOB": "backup",
            "ENVIRONMENT": "staging",
            "STORAGE_BUCKET": f"cams-staging-media-{ACCOUNT}",
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "DB_BACKUP_CRON": "37 1 * * *",
            "DB_BACKUP_RETENTION_DAYS": "14",
            "MEDIA_BACKUP_CRON": "7 2 * * *",
            "MEDIA_BACKUP_TARGET": f"s3://cams-staging-backups-{ACCOUNT}/media",
            "DATABASE_URL": "postgresql://cams-staging-db",
            "BACKUP_RECIPIENTS": age.recipient_of(KEY),
            "APP_VERSION": DIGEST,
            "AWS_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/cams-staging-backup",
        },
    }
    assert job.secret_inputs == {"envVars.DATABASE_URL"}


@pytest.mark.parametrize("job", JOBS)
def test_a_job_is_told_how_long_is_kept_once_the_bucket_keeps_it_so_long(programs: Programs, job: str) -> None:
    """Where a role may not change the one, it does not change the other."""
    found = programs["dev"].one("CronJob", f"backup-jobs-{job}")

    assert "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration::backups-expiry" in found.after


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_each_job_has_its_command_and_its_identity(programs: Programs, environment: Environment) -> None:
    """Who writes backups cannot open them; who opens them cannot write any."""
    found = {job: programs[environment].one("CronJob", f"backup-jobs-{job}").inputs for job in JOBS}

    assert {job: one["dockerCommand"] for job, one in found.items()} == {
        "backup": f"python -m ops backup create {environment}",
        "media": f"python -m ops backup media {environment}",
        "drill": f"python -m ops drill {environment}",
    }
    assert {job: one["envVars"]["AWS_ROLE_ARN"].rpartition("-")[2] for job, one in found.items()} == {
        "backup": "backup",
        "media": "backup",
        "drill": "restore",
    }


@pytest.mark.parametrize("job", JOBS)
def test_a_job_follows_no_release_but_its_role(programs: Programs, job: str) -> None:
    """A release that fails keeps no backup from being made, and no run begins before its role is there."""
    staging = programs["staging"]
    deploy = staging.one("Deploy", f"backup-jobs-{job}")

    assert "render:index:Deploy::web" not in staging.one("CronJob", f"backup-jobs-{job}").after | deploy.after
    assert {"aws:iam/role:Role::identity-backup", "aws:iam/role:Role::identity-restore"} <= deploy.after
    assert "aws:iam/rolePolicy:RolePolicy::identity-restore" in deploy.after
    assert deploy.inputs["imageUrl"] == f"{REGISTRY}/cams-staging@{OPS_DIGEST}"
    assert f"backup-jobs-{job}" not in [link.name for link in staging.all("EnvGroupLink")]


def test_dev_has_render_build_the_ops_image_of_its_branch(programs: Programs) -> None:
    """Of the whole repository, by the Dockerfile that the others' image is built by."""
    job = programs["dev"].one("CronJob", "backup-jobs-drill").inputs

    assert {key: job.get(key) for key in ("runtime", "branch", "rootDir", "dockerfilePath")} == {
        "runtime": "docker",
        "branch": "develop",
        "rootDir": None,
        "dockerfilePath": "deploy/ops/Dockerfile",
    }


def test_the_ops_image_is_built_of_this_checkout(programs: Programs) -> None:
    """Its tag says what of; it lies beside the releases."""
    image = programs["staging"].one("registry:index:Image", "ops-image").inputs

    assert image["tag"].startswith("ops-")
    assert (image["context"], image["dockerfile"]) == (
        os.path.relpath(ROOT),
        os.path.relpath(ROOT / "deploy/ops/Dockerfile"),
    )
    assert image["repository"] == f"{REGISTRY}/cams-staging"


def test_a_key_of_its_own_where_there_are_no_tokens(declare: Declare) -> None:
    """With `identity: access_key` each job has its user's."""
    stack = from_file("staging").model_copy(update={"identity": "access_key"})

    program = declare(stack)

    keys = {job: program.one("CronJob", f"backup-jobs-{job}").inputs["envVars"]["AWS_ACCESS_KEY_ID"] for job in JOBS}
    assert keys == {"backup": "identity-backup-id", "media": "identity-backup-id", "drill": "identity-restore-id"}


def test_a_stack_file_says_when_whereto_and_for_whom(declare: Declare) -> None:
    """Schedules, the target of media, and the recovery keys that people hold."""
    told = {"daily": 7, "weekly": 2, "monthly": 1, "schedule": "5 * * * *", "media_target": "remote:copies"}
    stack = from_file("staging")
    backups = stack.backups.model_validate({**told, "recipients": [RECOVERY]})

    job = declare(stack.model_copy(update={"backups": backups})).one("CronJob", "backup-jobs-backup").inputs

    assert (job["schedule"], job["envVars"]["DB_BACKUP_CRON"]) == ("5 * * * *", "5 * * * *")
    assert job["envVars"]["MEDIA_BACKUP_TARGET"] == "remote:copies"
    assert job["envVars"]["BACKUP_RECIPIENTS"] == f"{age.recipient_of(KEY)},{RECOVERY}"


@pytest.mark.parametrize("wrong", [RECOVERY[:-1] + "q", RECOVERY.upper(), "age1", "AGE-SECRET-KEY-1QQ", ""])
def test_a_recipient_with_a_typo_is_refused(wrong: str) -> None:
    """It would be found on the day when the backups have to be opened."""
    settings = {f"cams:{key}": value for key, value in from_file("dev").model_dump(exclude={"aws"}).items()}
    backups = {**settings["cams:backups"], "recipients": [wrong]}

    with pytest.raises(ConfigError) as told:
        parse({**settings, "aws:region": "eu-central-1", "cams:backups": backups}, "dev")

    assert any(mistake.startswith("backups/recipients/0: ") for mistake in told.value.mistakes)


def test_keys_are_written_as_age_writes_them() -> None:
    """Pairs that age-keygen has made."""
    assert age.recipient("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p")
    assert age.identity(bytes(32)).startswith("AGE-SECRET-KEY-1QQQQ")
    assert age.recipient(age.recipient_of(bytes(32))) == age.recipient_of(bytes(32))
