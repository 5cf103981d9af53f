"""What runs: the web service, the worker, the jobs, and how they are deployed."""

from __future__ import annotations

import pulumi
import pytest

from infra.config import Environment
from infra.load import from_file
from tests.support.program import ACCOUNT, DIGEST, REGISTRY, Declare, Programs

IMAGE = f"{REGISTRY}/cams-staging@{DIGEST}"

MEDIA_ROLE = f"arn:aws:iam::{ACCOUNT}:role/cams-staging-media"


def test_stagings_web_service_runs_an_image_by_digest(programs: Programs) -> None:
    """Every input of the web service, as Render will get it."""
    assert programs["staging"].one("WebService").inputs == {
        "name": "cams-staging",
        "environmentId": "environment-id",
        "region": "frankfurt",
        "runtime": "image",
        "image": {"imagePath": IMAGE, "registryCredentialId": "registry-id"},
        "plan": "starter",
        "numInstances": 1,
        "healthCheckPath": "/health/",
        "preDeployCommand": "python start.py migrate",
        "maintenanceMode": {"uri": "https://cams-staging-maintenance-x7f2.onrender.com"},
        "envVars": {"APP_VERSION": DIGEST, "AWS_ROLE_ARN": MEDIA_ROLE},
    }


def test_devs_web_service_is_built_from_its_branch(programs: Programs) -> None:
    """Render builds `app/` of the tracked branch at each commit, and tells the service its commit itself."""
    web = programs["dev"].one("WebService").inputs

    assert {key: web[key] for key in ("runtime", "repo", "branch", "rootDir", "autoDeployTrigger")} == {
        "runtime": "docker",
        "repo": "https://github.com/example/cams",
        "branch": "develop",
        "rootDir": "app",
        "autoDeployTrigger": "commit",
    }
    assert "image" not in web
    assert "APP_VERSION" not in web["envVars"]


@pytest.mark.parametrize(
    ("kind", "resource", "name", "command"),
    [
        ("BackgroundWorker", "worker", "cams-staging-worker", "python start.py worker"),
        ("CronJob", "jobs-clearsessions", "cams-staging-clearsessions", "python start.py clearsessions"),
    ],
)
def test_the_others_run_the_same_image_with_another_command(
    programs: Programs, kind: str, resource: str, name: str, command: str
) -> None:
    """One release is one image."""
    service = programs["staging"].one(kind, resource).inputs

    assert (service["name"], service["dockerCommand"]) == (name, command)
    assert service["image"] == {"imagePath": IMAGE, "registryCredentialId": "registry-id"}
    assert service["envVars"]["APP_VERSION"] == DIGEST
    assert "preDeployCommand" not in service


def test_sessions_are_cleared_at_night(programs: Programs) -> None:
    """The schedule is the stack file's, in UTC."""
    assert programs["prod"].one("CronJob", "jobs-clearsessions").inputs["schedule"] == "17 3 * * *"


@pytest.mark.parametrize("name", ["web", "worker", "jobs-clearsessions"])
def test_a_service_is_deployed_again_when_its_link_had_to_be_made_anew(programs: Programs, name: str) -> None:
    """What was started without the configuration takes it up."""
    assert programs["staging"].one("Deploy", name).replaced_with == {f"render:index:EnvGroupLink::{name}"}


def test_a_release_is_live_when_the_public_address_shows_its_digest(programs: Programs) -> None:
    """Every input of the web service's deploy."""
    deploy = programs["staging"].one("Deploy", "web")

    assert deploy.inputs == {
        "serviceId": "web-id",
        "imageUrl": IMAGE,
        "triggers": {
            "service": "cams-staging as declared",
            "configuration": "cams-staging as declared",
            "credential": "cams-staging-ecr as declared",
        },
        "verifyUrl": "https://cams-staging-x7f2.onrender.com/api/health/",
        "verifyText": DIGEST,
        "versionVariable": "APP_VERSION",
        "gate": {
            "consecutive": 3,
            "watchSeconds": 10,
            "followedBy": "cams-staging-worker",
            "smoke": {"/": 200, "/health/": 200, "/admin/login/": 200},
        },
    }


def test_a_branch_is_live_when_the_public_address_shows_its_commit(programs: Programs) -> None:
    """Without a digest the provider waits for the commit that it deployed."""
    deploy = programs["dev"].one("Deploy", "web").inputs

    assert deploy["verifyUrl"] == "https://cams-dev-x7f2.onrender.com/api/health/"
    assert "verifyText" not in deploy
    assert "imageUrl" not in deploy


@pytest.mark.parametrize(("kind", "name"), [("BackgroundWorker", "worker"), ("CronJob", "jobs-clearsessions")])
def test_nothing_runs_a_release_that_the_web_service_has_not_migrated(
    programs: Programs, kind: str, name: str
) -> None:
    """Worker and jobs are made, changed and deployed after the web service's deploy, each linked before its own."""
    staging = programs["staging"]
    deploy = staging.one("Deploy", name)

    assert "render:index:Deploy::web" in staging.one(kind, name).after
    assert "render:index:Deploy::web" in deploy.after
    assert f"render:index:EnvGroupLink::{name}" in deploy.after
    assert staging.one("EnvGroupLink", name).inputs == {
        "envGroupId": "configuration-id",
        "serviceId": f"{name}-id",
    }
    assert "verifyUrl" not in deploy.inputs


def test_every_service_is_told_the_environments_configuration(programs: Programs) -> None:
    """Everything in the env group, with secrets marked as such."""
    group = programs["staging"].one("EnvGroup")

    assert group.inputs == {
        "name": "cams-staging",
        "environmentId": "environment-id",
        "envVars": {
            "DJANGO_DEBUG": "false",
            "LOG_LEVEL": "INFO",
            "ENVIRONMENT": "staging",
            "STAGING_ALLOWED_HOSTS": "cams-staging-x7f2.onrender.com",
            "STAGING_CSRF_TRUSTED_ORIGINS": "https://cams-staging-x7f2.onrender.com",
            "STORAGE_BUCKET": f"cams-staging-media-{ACCOUNT}",
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "DATABASE_URL": "postgresql://cams-staging-db",
            "STAGING_DATABASE_URL": "postgresql://cams-staging-db",
            "REDIS_URL": "redis://cams-staging-cache",
            "DJANGO_SECRET_KEY": "generated secrets-django-secret-key",
            "JWT_SECRETS": "generated secrets-jwt-secrets",
        },
    }
    assert group.secret_inputs == {
        f"envVars.{name}"
        for name in ("DATABASE_URL", "DJANGO_SECRET_KEY", "JWT_SECRETS", "REDIS_URL", "STAGING_DATABASE_URL")
    }


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_no_environment_is_told_anothers_variables(programs: Programs, environment: Environment) -> None:
    """A development host or database cannot leak into production."""
    others = {"DEV_", "STAGING_", "PROD_"} - {f"{environment.upper()}_"}
    variables = programs[environment].one("EnvGroup").inputs["envVars"]

    assert [name for name in variables if name.startswith(tuple(others))] == []
    assert f"{environment.upper()}_DATABASE_URL" in variables


def test_a_stack_files_variables_reach_the_services(programs: Programs) -> None:
    """dev shows debug pages, because its stack file says so."""
    assert programs["dev"].one("EnvGroup").inputs["envVars"]["DJANGO_DEBUG"] == "true"
    assert programs["prod"].one("EnvGroup").inputs["envVars"]["LOG_LEVEL"] == "WARNING"


def test_a_workspace_that_nobody_names_stops_the_run(declare: Declare, monkeypatch: pytest.MonkeyPatch) -> None:
    """One message that says what to set, before anything is declared."""
    monkeypatch.setattr(pulumi.Config, "get", lambda *_: None)
    monkeypatch.delenv("RENDER_OWNER_ID", raising=False)

    with pytest.raises(pulumi.RunError, match=r"^cannot reach Render: no workspace is named\n\nhint: export "):
        declare(from_file("dev"))
