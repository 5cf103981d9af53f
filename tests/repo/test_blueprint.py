"""render.yaml: valid, up to date, and the same as the stack files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from infra.blueprint import render_yaml
from infra.config import ENVIRONMENTS
from infra.load import from_file
from infra.running import Domains

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT.parent / "shared" / "reference" / "render-blueprint.schema.json"


@pytest.fixture(scope="module")
def text() -> str:
    return render_yaml([from_file(environment, ROOT) for environment in ENVIRONMENTS])


@pytest.fixture(scope="module")
def environments(text: str) -> dict[str, Any]:
    [project] = yaml.safe_load(text)["projects"]
    return {environment["name"]: environment for environment in project["environments"]}


def services(environment: dict[str, Any]) -> dict[str, Any]:
    return {service["name"]: service for service in environment["services"]}


def test_render_yaml_is_up_to_date(text: str) -> None:
    """Whoever changes a stack file also runs `./slipway blueprint`."""
    assert (ROOT / "render.yaml").read_text() == text, "render.yaml is out of date: run ./slipway blueprint"


def test_render_yaml_is_valid(text: str) -> None:
    """By Render's own schema, which refuses what it does not know."""
    if not SCHEMA.exists():
        pytest.skip("Render's Blueprint schema is reference data and not part of this repository")
    schema = json.loads(SCHEMA.read_text())

    jsonschema.Draft202012Validator(schema).validate(yaml.safe_load(text))


def test_each_environment_has_the_same_parts(environments: dict[str, Any]) -> None:
    """Web, worker, cron jobs, cache and maintenance page, all by their own names."""
    assert {name: sorted(services(one)) for name, one in environments.items()} == {
        name: [
            f"cams-{name}",
            f"cams-{name}-backup",
            f"cams-{name}-cache",
            f"cams-{name}-clearsessions",
            f"cams-{name}-drill",
            f"cams-{name}-maintenance",
            f"cams-{name}-media",
            f"cams-{name}-worker",
        ]
        for name in ENVIRONMENTS
    }


def test_each_environment_builds_its_own_branch(environments: dict[str, Any]) -> None:
    """A commit on a branch deploys that environment and no other."""
    branches = {
        name: {service["branch"] for service in one["services"] if "branch" in service}
        for name, one in environments.items()
    }

    assert branches == {"dev": {"develop"}, "staging": {"staging"}, "prod": {"main"}}


def test_plans_are_spelt_as_a_blueprint_spells_them(environments: dict[str, Any]) -> None:
    """The API's underscores are hyphens for databases and policies here."""
    [database] = environments["prod"]["databases"]

    assert database["plan"] == "pro-4gb"
    assert services(environments["prod"])["cams-prod-cache"]["maxmemoryPolicy"] == "allkeys-lru"


def test_prod_is_protected_and_stands_twice(environments: dict[str, Any]) -> None:
    """What the stack file says of prod holds here too."""
    prod = environments["prod"]
    [database] = prod["databases"]

    assert prod["permissions"] == {"protection": "enabled"}
    assert prod["networking"] == {"isolation": "enabled"}
    assert database["highAvailability"] == {"enabled": True}
    assert database["readReplicas"] == [{"name": "cams-prod-db-replica-1"}]
    assert services(prod)["cams-prod"]["numInstances"] == 2


def test_secrets_are_generated_or_asked_for_and_never_written(environments: dict[str, Any]) -> None:
    """Only Render and its dashboard know them."""
    [group] = environments["staging"]["envVarGroups"]
    generated = [variable["key"] for variable in group["envVars"] if variable.get("generateValue")]
    web = services(environments["staging"])["cams-staging"]
    asked = [variable["key"] for variable in web["envVars"] if variable.get("sync") is False]

    assert generated == ["DJANGO_SECRET_KEY", "JWT_SECRETS"]
    assert asked == ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]


def test_secrets_of_ones_own_are_asked_for_in_each_service_that_runs_the_app() -> None:
    """A group cannot ask; the data stores are told nothing."""
    stack = from_file("staging", ROOT).model_copy(update={"secrets": ("SENTRY_DSN",)})
    [project] = yaml.safe_load(render_yaml([stack]))["projects"]
    [environment] = project["environments"]

    asked = {
        name: [variable for variable in service.get("envVars", []) if variable.get("key") == "SENTRY_DSN"]
        for name, service in services(environment).items()
    }

    once = [{"key": "SENTRY_DSN", "sync": False}]
    told = ("cams-staging", "cams-staging-worker", "cams-staging-clearsessions")
    assert {name for name, found in asked.items() if found == once} == set(told)
    assert {name for name, found in asked.items() if found == []} == {
        f"cams-staging-{other}" for other in ("backup", "cache", "drill", "maintenance", "media")
    }
    assert "SENTRY_DSN" not in str(environment["envVarGroups"])


def test_connection_strings_come_from_what_they_connect_to(environments: dict[str, Any]) -> None:
    """Under both names that the documents use."""
    web = services(environments["dev"])["cams-dev"]
    sources = {variable["key"]: variable for variable in web["envVars"] if "key" in variable}
    database = {"name": "cams-dev-db", "property": "connectionString"}

    assert sources["DATABASE_URL"]["fromDatabase"] == database
    assert sources["DEV_DATABASE_URL"]["fromDatabase"] == database
    assert sources["REDIS_URL"]["fromService"]["name"] == "cams-dev-cache"


def sources(service: dict[str, Any]) -> dict[str, Any]:
    """Where each variable's value comes from."""
    return {variable["key"]: variable["fromService"] for variable in service["envVars"] if "fromService" in variable}


def test_addresses_are_asked_for_and_never_guessed(text: str, environments: dict[str, Any]) -> None:
    """Render gives them when it makes the services, perhaps with a suffix; the guess would be a stranger's."""
    staging = services(environments["staging"])

    assert "STAGING_CSRF_TRUSTED_ORIGINS" not in text  # it trusts its own pages, whose address Render tells it
    for name in ("cams-staging-worker", "cams-staging-clearsessions"):
        assert sources(staging[name])["STAGING_ALLOWED_HOSTS"] == {
            "type": "web",
            "name": "cams-staging",
            "envVarKey": "RENDER_EXTERNAL_HOSTNAME",
        }
    assert "onrender.com" not in text


def test_a_blueprint_knows_the_domains_of_the_stack_file() -> None:
    """The names that serve, since Render adds the others; the rest follows from them, and is not asked for."""
    domains = Domains(web=("www.example.org", "example.org", "exams.acme.dev"))
    stack = from_file("prod", ROOT).model_copy(update={"domains": domains})
    [project] = yaml.safe_load(render_yaml([stack]))["projects"]
    [prod] = project["environments"]
    group = {variable["key"]: variable.get("value") for variable in prod["envVarGroups"][0]["envVars"]}
    found = services(prod)

    assert found["cams-prod"]["domains"] == ["www.example.org", "exams.acme.dev"]
    assert group["PROD_ALLOWED_HOSTS"] == "www.example.org,example.org,exams.acme.dev"
    assert group["PROD_CSRF_TRUSTED_ORIGINS"] == "https://www.example.org,https://example.org,https://exams.acme.dev"
    assert "PROD_ALLOWED_HOSTS" not in sources(found["cams-prod-worker"])
