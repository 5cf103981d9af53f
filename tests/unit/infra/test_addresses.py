"""Where an environment is reached: Render's addresses, domains of our own, and who is told of them."""

from __future__ import annotations

import pytest

from infra.config import Environment
from infra.load import from_file
from infra.running import Domains
from tests.support.program import Declare, Programs


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_the_pages_are_the_web_services(programs: Programs, environment: Environment) -> None:
    """No site is built beside the release: its pages come from its image, at its own address."""
    program = programs[environment]

    assert [site.name for site in program.all("StaticSite")] == ["maintenance"]  # and nothing of theirs
    assert program.outputs["frontend_url"] == program.outputs["url"]


def test_domains_of_our_own_are_answered_allowed_and_trusted(declare: Declare) -> None:
    """A configured domain is declared at Render and known to the application."""
    domains = Domains(web=("api.example.org", "exams.example.org"))

    program = declare(from_file("prod").model_copy(update={"domains": domains}))

    assert [domain.inputs for domain in program.all("CustomDomain")] == [
        {"serviceId": "web-id", "name": "api.example.org"},
        {"serviceId": "web-id", "name": "exams.example.org"},
    ]
    variables = program.one("EnvGroup").inputs["envVars"]
    assert variables["PROD_ALLOWED_HOSTS"] == "api.example.org,exams.example.org,cams-prod-x7f2.onrender.com"
    assert variables["PROD_CSRF_TRUSTED_ORIGINS"] == (
        "https://api.example.org,https://exams.example.org,https://cams-prod-x7f2.onrender.com"
    )


def test_a_domain_leads_to_a_release_that_answers_for_it(declare: Declare) -> None:
    """It moves once the release that has the pages is live, and before the site that had them goes."""
    program = declare(from_file("prod").model_copy(update={"domains": Domains(web=("exams.example.org",))}))

    assert "render:index:Deploy::web" in program.one("CustomDomain").after


def test_an_apex_and_its_www_name_are_one_resource(declare: Declare) -> None:
    """Known by the apex and by no service: whichever of the two serves, it is the same one."""
    first = from_file("prod").model_copy(update={"domains": Domains(web=("example.org", "www.example.org"))})
    then = from_file("prod").model_copy(update={"domains": Domains(web=("www.example.org",))})

    before, after = declare(first).one("CustomDomain"), declare(then).one("CustomDomain")

    assert (before.name, before.parent) == (after.name, after.parent) == ("domains-example.org", "domains")
    assert before.inputs == {"serviceId": "web-id", "name": "example.org", "companion": "www.example.org"}
    assert after.inputs == {"serviceId": "web-id", "name": "www.example.org"}


def test_what_is_told_of_addresses_waits_for_render_to_give_them(programs: Programs) -> None:
    """Nothing is guessed: the configuration follows the service, and the first release follows it."""
    staging = programs["staging"]

    assert "render:index:WebService::web" in staging.one("EnvGroup").after
    assert "render:index:WebService::web" in staging.one("BucketCorsConfiguration").after
    assert "render:index:EnvGroup::configuration" in staging.one("EnvGroupLink", "web").after
    assert "render:index:EnvGroupLink::web" in staging.one("Deploy", "web").after


@pytest.mark.parametrize("environment", ["dev", "staging", "prod"])
def test_no_strangers_address_is_anywhere(programs: Programs, environment: Environment) -> None:
    """The name without the suffix that Render gave leads to somebody else."""
    said = str([found.inputs for found in programs[environment].resources])

    assert f"cams-{environment}-x7f2.onrender.com" in said
    assert f"cams-{environment}.onrender.com" not in said
