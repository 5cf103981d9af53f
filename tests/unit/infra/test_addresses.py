"""Where an environment is reached: Render's addresses, domains of our own, and who is told of them."""

from __future__ import annotations

import pytest

from infra.config import Domains, Environment
from infra.load import from_file
from tests.support.program import Declare, Programs


def test_the_front_end_answers_for_the_api_too(programs: Programs) -> None:
    """Every input of the static site."""
    assert programs["staging"].one("StaticSite").inputs == {
        "name": "cams-staging-frontend",
        "environmentId": "environment-id",
        "repo": "https://github.com/example/cams",
        "branch": "staging",
        "rootDir": "app/frontend",
        "buildCommand": "./build.sh",
        "publishPath": "dist",
        "autoDeployTrigger": "commit",
        "routes": [
            {"type": "rewrite", "source": "/api/*", "destination": "https://cams-staging-x7f2.onrender.com/api/*"}
        ],
    }


def test_domains_of_our_own_are_answered_allowed_and_trusted(declare: Declare) -> None:
    """A configured domain is declared at Render and known to the application."""
    stack = from_file("prod").model_copy(
        update={"domains": Domains(web=("api.example.org",), frontend=("exams.example.org",))}
    )

    program = declare(stack)

    assert [domain.inputs for domain in program.all("CustomDomain")] == [
        {"serviceId": "web-id", "name": "api.example.org"},
        {"serviceId": "frontend-id", "name": "exams.example.org"},
    ]
    variables = program.one("EnvGroup").inputs["envVars"]
    assert variables["PROD_ALLOWED_HOSTS"] == "api.example.org,cams-prod-x7f2.onrender.com"
    assert variables["PROD_CSRF_TRUSTED_ORIGINS"] == (
        "https://api.example.org,https://cams-prod-x7f2.onrender.com,"
        "https://exams.example.org,https://cams-prod-frontend-x7f2.onrender.com"
    )


def test_an_apex_and_its_www_name_are_one_resource(declare: Declare) -> None:
    """Known by the apex and by no service: whichever of the two serves, and wherever, it is the same one."""
    first = from_file("prod").model_copy(update={"domains": Domains(web=("example.org", "www.example.org"))})
    then = from_file("prod").model_copy(update={"domains": Domains(frontend=("www.example.org",))})

    before, after = declare(first).one("CustomDomain"), declare(then).one("CustomDomain")

    assert (before.name, before.parent) == (after.name, after.parent) == ("domains-example.org", "domains")
    assert before.inputs == {"serviceId": "web-id", "name": "example.org", "companion": "www.example.org"}
    assert after.inputs == {"serviceId": "frontend-id", "name": "www.example.org"}


def test_what_is_told_of_addresses_waits_for_render_to_give_them(programs: Programs) -> None:
    """Nothing is guessed: the configuration follows both services, and the first release follows it."""
    staging = programs["staging"]

    assert "render:index:WebService::web" in staging.one("StaticSite").after
    assert {"render:index:WebService::web", "render:index:StaticSite::frontend"} <= staging.one("EnvGroup").after
    assert {"render:index:WebService::web", "render:index:StaticSite::frontend"} <= staging.one(
        "BucketCorsConfiguration"
    ).after
    assert "render:index:EnvGroup::configuration" in staging.one("EnvGroupLink", "web").after
    assert "render:index:EnvGroupLink::web" in staging.one("Deploy", "web").after


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_no_strangers_address_is_anywhere(programs: Programs, environment: Environment) -> None:
    """The name without the suffix that Render gave leads to somebody else."""
    said = str([found.inputs for found in programs[environment].resources])

    assert f"cams-{environment}-x7f2.onrender.com" in said
    assert f"cams-{environment}.onrender.com" not in said
    assert f"cams-{environment}-frontend.onrender.com" not in said
