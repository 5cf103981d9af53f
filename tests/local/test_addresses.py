"""Where an environment answers, and whose pages it trusts: what Render gave it and what its stack file declares."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import requests

from tests.support.clouds import TIMEOUT
from tests.support.world import Environment, World, assert_nothing_to_do

STRANGER = "https://cams-prod.onrender.com"


def test_the_name_of_prod_is_somebody_elses(world: World, prod: Environment) -> None:
    """Its service was given another, and nothing that it was told or allows leads to the stranger's pages."""
    slug = world.render.service("cams-prod")["slug"]
    group = world.render.call("GET", f"/env-groups/{world.render.named('/env-groups', 'cams-prod')['id']}")
    told = {variable["key"]: variable["value"] for variable in group["envVars"]}
    [rule] = world.aws("s3").get_bucket_cors(Bucket=prod.outputs["media_bucket"])["CORSRules"]

    assert re.fullmatch(r"cams-prod-\w{4}", slug)
    assert told["PROD_CSRF_TRUSTED_ORIGINS"] == prod.url
    assert told["PROD_ALLOWED_HOSTS"] == "127.0.0.1"
    assert rule["AllowedOrigins"] == [prod.url]
    assert "onrender.com" not in prod.export(show_secrets=True)
    assert prod.health()["status"] == "ok"
    assert_nothing_to_do(prod)


def test_forms_and_uploads_come_from_our_own_pages_alone(world: World, prod: Environment) -> None:
    """The real address may do both; the address that its name suggests may do neither."""
    origins = (prod.url, STRANGER)
    bucket = f"{world.variables['AWS_ENDPOINT_URL']}/{prod.outputs['media_bucket']}/photo.png"

    forms = [_sign_in(prod.url, origin) for origin in origins]
    uploads = [
        requests.options(bucket, headers={"Origin": origin, "Access-Control-Request-Method": "PUT"}, timeout=TIMEOUT)
        for origin in origins
    ]

    assert forms == [200, 403]  # the form again, since nobody has that password
    assert [answer.status_code for answer in uploads] == [200, 403]
    allowed = [answer.headers.get("Access-Control-Allow-Origin") for answer in uploads]
    assert allowed == [prod.url, None]


@pytest.fixture
def domains(world: World, staging: Environment) -> Iterator[None]:
    """Whatever a test declares, staging ends without domains."""
    file = world.checkout.folder / "Pulumi.staging.yaml"
    before = file.read_text()
    yield
    file.write_text(before)
    world.slipway_up("staging")


def test_of_an_apex_and_its_www_name_the_first_serves_and_none_is_lost(
    world: World, staging: Environment, domains: None
) -> None:
    """In one `up`: what serves is dropped, and the other one serves."""
    first = _declare(world, staging, "example.org", "www.example.org", "exams.example.net")
    then = _declare(world, staging, "www.example.org", "exams.example.net")

    assert first == {
        "example.org": "cams-staging",
        "www.example.org": "example.org",
        "exams.example.net": "cams-staging",
    }
    assert then == {
        "www.example.org": "cams-staging",
        "example.org": "www.example.org",
        "exams.example.net": "cams-staging",
    }


def _declare(world: World, staging: Environment, *names: str) -> dict[str, str]:
    """What Render has after an `up`: each domain, and the service or the domain that it leads to."""
    file = world.checkout.folder / "Pulumi.staging.yaml"
    lines = [line for line in file.read_text().splitlines() if "cams:domains" not in line]
    declared = json.dumps({"web": names})
    file.write_text("\n".join([*lines, f"  cams:domains: {declared}", ""]))
    done = world.slipway_up("staging")
    assert done.returncode == 0, done.output
    assert_nothing_to_do(staging)
    path = f"/services/{world.render.service('cams-staging')['id']}/custom-domains"
    domains = world.render.all(path, "customDomain")
    return {domain["name"]: domain["redirectForName"] or "cams-staging" for domain in domains}


def _sign_in(url: str, origin: str) -> int:
    """The answer to the sign-in form, sent from a page of that origin."""
    session = requests.Session()
    session.get(f"{url}/admin/login/", timeout=TIMEOUT)
    token = session.cookies["cams_prod_csrf"]
    form = {"username": "nobody", "password": "nothing", "csrfmiddlewaretoken": token}
    headers = {"Origin": origin, "Referer": f"{origin}/"}
    return session.post(f"{url}/admin/login/", data=form, headers=headers, timeout=TIMEOUT).status_code
