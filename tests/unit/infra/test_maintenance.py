"""The maintenance page: where it comes from, when it is deployed, whom it names, and who says that it is shown."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from infra.config import ENVIRONMENTS, Environment, Maintenance
from infra.content import content_hash
from infra.load import from_file
from tests.support.checkout import ROOT
from tests.support.program import Declare, Programs

NAMED = Maintenance(contact_email="help@example.org", contact_label="The exam office")


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_merge_deploys_it(programs: Programs, environment: Environment) -> None:
    """Render builds it of the branch when `up` says so, and at no other time."""
    site = programs[environment].one("StaticSite").inputs

    assert site["name"] == f"cams-{environment}-maintenance"
    assert (site["autoDeployTrigger"], site["rootDir"]) == ("off", "app/maintenance")
    assert (site["buildCommand"], site["publishPath"]) == ("python3 build.py", "public")


def test_another_page_is_another_deploy(programs: Programs) -> None:
    """Its content and its settings start one, and nothing of the release does."""
    deploy = programs["staging"].one("Deploy", "maintenance").inputs

    assert deploy == {
        "serviceId": "maintenance-id",
        "triggers": {
            "service": "cams-staging-maintenance as declared",
            "page": content_hash(ROOT / "app" / "maintenance")[:12],
        },
    }


def test_it_names_whom_the_stack_file_names(declare: Declare) -> None:
    """And nothing that is left out there."""
    stack = from_file("staging", ROOT).model_copy(update={"maintenance": NAMED})

    assert declare(stack).one("StaticSite").inputs["envVars"] == {
        "MAINTENANCE_CONTACT_EMAIL": "help@example.org",
        "MAINTENANCE_CONTACT_LABEL": "The exam office",
    }


def test_the_program_does_not_say_whether_it_is_shown(programs: Programs) -> None:
    """That is the operator's: an `up` during maintenance ends none."""
    assert programs["prod"].one("WebService").inputs["maintenanceMode"] == {
        "uri": "https://cams-prod-maintenance-x7f2.onrender.com"
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [("contact_email", "nobody"), ("contact_link", "javascript:alert(1)"), ("contact_link", "http://example.org")],
)
def test_what_is_no_contact_is_refused(name: str, value: str) -> None:
    """Before it is on a page."""
    with pytest.raises(ValidationError):
        Maintenance(**{name: value})
