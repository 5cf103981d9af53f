"""The three environments as wholes: what there is, whose child it is, what is protected, and that none shares."""

from __future__ import annotations

from collections import Counter

import pulumi
import pytest

from infra.config import ENVIRONMENTS, Environment
from infra.load import from_file
from tests.support.program import ACCOUNT, DIGEST, REGISTRY, Declare, Programs

GUARD = {"aws:ssm/parameter:Parameter": 1}
KEPT = {
    "aws:ecr/repository:Repository": 1,
    "aws:kms/key:Key": 1,
    "aws:s3/bucket:Bucket": 3,
    "aws:secretsmanager/secret:Secret": 2,
    "random:index/randomBytes:RandomBytes": 1,
    "render:index:Environment": 1,
    "render:index:KeyValue": 1,
    "render:index:Postgres": 1,
}

STAGING = {
    "aws:cloudwatch/metricAlarm:MetricAlarm": 3,
    "aws:ecr/repository:Repository": 1,
    "aws:ecr/repositoryPolicy:RepositoryPolicy": 1,
    "aws:iam/accessKey:AccessKey": 1,
    "aws:iam/role:Role": 4,
    "aws:iam/rolePolicy:RolePolicy": 4,
    "aws:iam/user:User": 1,
    "aws:iam/userPolicy:UserPolicy": 1,
    "aws:kms/alias:Alias": 1,
    "aws:kms/key:Key": 1,
    "aws:s3/bucket:Bucket": 3,
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": 1,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": 3,
    "aws:s3/bucketLogging:BucketLogging": 1,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": 2,
    "aws:s3/bucketPolicy:BucketPolicy": 3,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": 3,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": 2,
    "aws:s3/bucketVersioning:BucketVersioning": 2,
    "aws:secretsmanager/secret:Secret": 2,
    "aws:secretsmanager/secretVersion:SecretVersion": 2,
    "aws:sns/topic:Topic": 1,
    "aws:ssm/parameter:Parameter": 1,
    "random:index/randomBytes:RandomBytes": 1,
    "random:index/randomPassword:RandomPassword": 2,
    "render:index:BackgroundWorker": 1,
    "render:index:CronJob": 4,
    "render:index:Deploy": 7,
    "render:index:EnvGroup": 1,
    "render:index:EnvGroupLink": 3,
    "render:index:Environment": 1,
    "render:index:KeyValue": 1,
    "render:index:Postgres": 1,
    "render:index:RegistryCredential": 1,
    "render:index:StaticSite": 1,
    "render:index:WebService": 1,
    "registry:index:Image": 2,
}
NOT_IN_DEV = {
    *GUARD,
    "aws:iam/accessKey:AccessKey",
    "aws:iam/user:User",
    "aws:iam/userPolicy:UserPolicy",
    "render:index:RegistryCredential",
    "registry:index:Image",
}
DEV = {kind: count for kind, count in STAGING.items() if kind not in NOT_IN_DEV}
PROD = {**STAGING, "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": 1}
del PROD["aws:ecr/repositoryPolicy:RepositoryPolicy"]  # nothing follows it

PHYSICAL = ("name", "bucket", "roleName", "userName")
NAMED = {"aws:iam/rolePolicy:RolePolicy", "aws:iam/userPolicy:UserPolicy"}  # inside a role or user of its own


@pytest.mark.parametrize(("environment", "expected"), [("dev", DEV), ("staging", STAGING), ("prod", PROD)])
def test_an_environment_is_exactly_this(
    programs: Programs, environment: Environment, expected: dict[str, int]
) -> None:
    """Every resource is counted: one more or one less is a decision."""
    counted = Counter(found.type for found in programs[environment].resources if not found.type.startswith("cams:"))
    assert counted == expected


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_resource_belongs_to_a_component_and_is_named_after_it(
    programs: Programs, environment: Environment
) -> None:
    """A name says whose part it is, and no part hangs loose."""
    program = programs[environment]
    components = {found.name for found in program.resources if found.type.startswith("cams:")}
    children = [found for found in program.resources if found.type.split(":")[0] != "cams"]
    loose = [found.type for found in children if found.parent not in components]
    odd = [found.name for found in children if found.parent in components and not found.name.startswith(found.parent)]

    assert loose == ["render:index:Environment"]
    assert odd == []


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_everything_that_holds_data_is_protected_and_kept(programs: Programs, environment: Environment) -> None:
    """`pulumi destroy` is refused, and what is taken out of the program by mistake stays at the cloud."""
    program = programs[environment]

    assert Counter(found.type for found in program.resources if found.protect) == {**KEPT, **GUARD}
    assert Counter(found.type for found in program.resources if found.retain) == KEPT


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_a_destroy_meets_the_guard_first(programs: Programs, environment: Environment) -> None:
    """Everything has the guard as a dependent, so that nothing is deleted before the guard refuses."""
    program = programs[environment]
    guard = program.one("Parameter")
    everything = {f"{found.type}::{found.name}" for found in program.resources if not found.type.startswith("cams:")}

    assert guard.protect
    assert guard.inputs["name"] == f"/cams/{environment}/guard"
    assert everything - guard.after == {
        "aws:ssm/parameter:Parameter::guard",
        "registry:index:Image::image",  # the services depend on it; a first release takes it away
        "registry:index:Image::ops-image",  # so do the jobs on this one
    }


def test_dev_can_be_destroyed(programs: Programs) -> None:
    """Nothing is protected, buckets and registries are emptied, the secret leaves no shadow that blocks its name."""
    dev = programs["dev"]

    assert [found.name for found in dev.resources if found.protect or found.retain] == []
    assert [found.inputs["forceDestroy"] for found in dev.all("s3/bucket:Bucket")] == [True, True, True]
    assert dev.one("Repository").inputs["forceDelete"] is True
    assert [found.inputs["recoveryWindowInDays"] for found in dev.all("Secret")] == [0, 0]


@pytest.mark.parametrize("environment", ["staging", "prod"])
def test_staging_and_prod_are_not_emptied_to_be_destroyed(programs: Programs, environment: Environment) -> None:
    """Even unprotected, a bucket that holds something is not deleted."""
    program = programs[environment]

    assert [found.inputs["forceDestroy"] for found in program.all("s3/bucket:Bucket")] == [False, False, False]
    assert program.one("Repository").inputs["forceDelete"] is False
    assert [found.inputs["recoveryWindowInDays"] for found in program.all("Secret")] == [30, 30]


def test_no_two_environments_share_a_physical_name(programs: Programs) -> None:
    """Three environments fit in one account and one workspace without meeting."""
    seen: dict[tuple[str, str], set[str]] = {}
    for environment, program in programs.items():
        for found in program.resources:
            if found.type not in NAMED:
                for key in PHYSICAL:
                    if isinstance(name := found.inputs.get(key), str):
                        seen.setdefault((found.type, name), set()).add(environment)

    assert {key: where for key, where in seen.items() if len(where) > 1} == {}
    assert len(seen) > 60


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_name_says_its_environment(programs: Programs, environment: Environment) -> None:
    """What is found in a cloud's console can be told apart by its name alone."""
    names = [
        found.inputs["name"]
        for found in programs[environment].resources
        if "name" in found.inputs and found.type not in NAMED
    ]

    assert [name for name in names if environment not in name] == []
    assert len(names) > 10


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_everything_that_takes_tags_has_them(programs: Programs, environment: Environment) -> None:
    """Costs and ownership can be read off any resource."""
    tagged = [found for found in programs[environment].resources if "tags" in found.inputs]

    assert all(
        found.inputs["tags"] == {"Project": "cams", "Environment": environment, "ManagedBy": "pulumi"}
        for found in tagged
    )
    assert Counter(found.type.rpartition(":")[2] for found in tagged) == {
        "Bucket": 3,
        "Key": 1,
        "MetricAlarm": 3,
        "Repository": 1,
        "Role": 4,
        "Secret": 2,
        "Topic": 1,
        **({} if environment == "dev" else {"Parameter": 1, "User": 1}),
    }


@pytest.mark.parametrize(
    ("environment", "status"), [("dev", "unprotected"), ("staging", "unprotected"), ("prod", "protected")]
)
def test_an_environment_is_fenced(programs: Programs, environment: Environment, status: str) -> None:
    """Isolated everywhere; in prod only admins of the workspace may change it."""
    assert programs[environment].one("Environment").inputs == {
        "name": environment,
        "projectId": "prj-1",
        "protectedStatus": status,
        "networkIsolationEnabled": True,
    }


def test_staging_exports_what_people_and_commands_need(programs: Programs) -> None:
    """Addresses and names in the clear; the one connection string only as a secret."""
    staging = programs["staging"]

    assert staging.outputs == {
        "url": "https://cams-staging-x7f2.onrender.com",
        "frontend_url": "https://cams-staging-x7f2.onrender.com",
        "image": f"{REGISTRY}/cams-staging@{DIGEST}",
        "branch": "staging",
        "database": "cams-staging-db",
        "database_url": "postgresql://cams-staging-db",
        "registry": f"{REGISTRY}/cams-staging",
        "backup_bucket": f"cams-staging-backups-{ACCOUNT}",
        "media_bucket": f"cams-staging-media-{ACCOUNT}",
        "secret": "cams-staging/app",
        "backup_key": "cams-staging/backup-key",
        "alarms_topic": f"arn:aws:sns:eu-central-1:{ACCOUNT}:cams-staging-alarms",
        "deploy_role": f"arn:aws:iam::{ACCOUNT}:role/cams-staging-deploy",
        "backup_role": f"arn:aws:iam::{ACCOUNT}:role/cams-staging-backup",
        "media_role": f"arn:aws:iam::{ACCOUNT}:role/cams-staging-media",
        "restore_role": f"arn:aws:iam::{ACCOUNT}:role/cams-staging-restore",
    }
    assert staging.secret_outputs == {"database_url"}


def test_a_branch_that_render_builds_exports_no_image(programs: Programs) -> None:
    """dev has no release to name."""
    assert "image" not in programs["dev"].outputs
    assert programs["dev"].outputs["branch"] == "develop"


def test_credentials_of_another_account_are_refused_before_anything_is_declared(declare: Declare) -> None:
    """The wrong profile in the shell cannot build a second staging."""
    with pytest.raises(pulumi.RunError) as told:
        declare(from_file("staging"), account="999999999999")

    assert str(told.value) == (
        "refused: the credentials belong to AWS account 999999999999, not 123456789012\n\n"
        "hint: use credentials of 123456789012, which Pulumi.staging.yaml names"
    )
