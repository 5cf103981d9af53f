"""Where an environment answers, and whose pages it trusts: what Render gave it and what its stack file declares."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import requests

from tests.support.clouds import TIMEOUT
from tests.support.world import Environment, World, assert_nothing_to_do

STRANGERS = ("https://cams-prod.onrender.com", "https://cams-prod-frontend.onrender.com")


def test_the_names_of_prod_are_somebody_elses(world: World, prod: Environment) -> None:
    """Its services were given others, and nothing that it was told or allows leads to the stranger's pages."""
    slugs = [world.render.service(name)["slug"] for name in ("cams-prod", "cams-prod-frontend")]
    group = world.render.call("GET", f"/env-groups/{world.render.named('/env-groups', 'cams-prod')['id']}")
    told = {variable["key"]: variable["value"] for variable in group["envVars"]}
    [rule] = world.aws("s3").get_bucket_cors(Bucket=prod.outputs["media_bucket"])["CORSRules"]
    own, front = prod.url, prod.outputs["frontend_url"]

    assert re.fullmatch(r"cams-prod-\w{4}, cams-prod-frontend-\w{4}", ", ".join(slugs))
    assert told["PROD_CSRF_TRUSTED_ORIGINS"] == f"{own},{front}"
    assert told["PROD_ALLOWED_HOSTS"] == "127.0.0.1"
    assert rule["AllowedOrigins"] == [own, front]
    assert "onrender.com" not in prod.export(show_secrets=True)
    assert prod.health()["status"] == "ok"
    assert_nothing_to_do(prod)


def test_forms_and_uploads_come_from_our_own_pages_alone(world: World, prod: Environment) -> None:
    """The front end's real address may do both; the address that its name suggests may do neither."""
    ours = [prod.url, prod.outputs["frontend_url"]]
    bucket = f"{world.variables['AWS_ENDPOINT_URL']}/{prod.outputs['media_bucket']}/photo.png"

    forms = [_sign_in(prod.url, origin) for origin in (*ours, *STRANGERS)]
    uploads = [
        requests.options(bucket, headers={"Origin": origin, "Access-Control-Request-Method": "PUT"}, timeout=TIMEOUT)
        for origin in (*ours, *STRANGERS)
    ]

    assert forms == [200, 200, 403, 403]  # the form again, since nobody has that password
    assert [answer.status_code for answer in uploads] == [200, 200, 403, 403]
    allowed = [answer.headers.get("Access-Control-Allow-Origin") for answer in uploads]
    assert allowed == [*ours, None, None]


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
    """In one `up`: what serves is dropped, the other one serves, and what moves leaves its service first."""
    first = _declare(world, staging, web=["example.org", "www.example.org", "exams.example.net"])
    then = _declare(world, staging, web=["www.example.org"], frontend=["exams.example.net"])

    assert first == {
        "example.org": "cams-staging",
        "www.example.org": "example.org",
        "exams.example.net": "cams-staging",
    }
    assert then == {
        "www.example.org": "cams-staging",
        "example.org": "www.example.org",
        "exams.example.net": "cams-staging-frontend",
    }


def _declare(world: World, staging: Environment, **names: list[str]) -> dict[str, str]:
    """What Render has after an `up`: each domain, and the service or the domain that it leads to."""
    file = world.checkout.folder / "Pulumi.staging.yaml"
    lines = [line for line in file.read_text().splitlines() if "cams:domains" not in line]
    file.write_text("\n".join([*lines, f"  cams:domains: {json.dumps(names)}", ""]))
    done = world.slipway_up("staging")
    assert done.returncode == 0, done.output
    assert_nothing_to_do(staging)
    found = {}
    for name in ("cams-staging", "cams-staging-frontend"):
        path = f"/services/{world.render.service(name)['id']}/custom-domains"
        for domain in world.render.all(path, "customDomain"):
            found[domain["name"]] = domain["redirectForName"] or name
    return found


def _sign_in(url: str, origin: str) -> int:
    """The answer to the sign-in form, sent from a page of that origin."""
    session = requests.Session()
    session.get(f"{url}/admin/login/", timeout=TIMEOUT)
    token = session.cookies["cams_prod_csrf"]
    form = {"username": "nobody", "password": "nothing", "csrfmiddlewaretoken": token}
    headers = {"Origin": origin, "Referer": f"{origin}/"}
    return session.post(f"{url}/admin/login/", data=form, headers=headers, timeout=TIMEOUT).status_code
