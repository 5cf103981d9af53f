"""Services of all types through the local Render API, with a runtime that runs nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from localcloud.render.custom_domains.model import CustomDomain
from localcloud.render.deploys.model import Deploy
from tests.support.render_api_fake import OWNER, Api, branch_web, create, serving, web
from tests.support.runtime_fake import DIGEST, HEAD


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with serving(tmp_path) as served:
        yield served


def test_a_created_service_is_deployed_at_once(api: Api) -> None:
    """POST /services answers with the service and the id of its first deploy, which goes live."""
    service, deploy = create(api, web())

    assert service["imagePath"] == "docker.io/library/nginx:latest"
    assert service["slug"] == "web"
    assert service["serviceDetails"]["url"].startswith("http://127.0.0.1:")
    assert (deploy["status"], deploy["trigger"], deploy["commit"]) == ("live", "api", None)
    assert deploy["image"] == {"ref": "docker.io/library/nginx:latest", "sha": DIGEST}
    assert api.runtime.running == {service["id"]: deploy["id"]}


def test_a_branch_service_shows_its_commit(api: Api) -> None:
    """A deploy from a branch is built at the head and shows that commit, and no image."""
    service, deploy = create(api, branch_web())

    assert deploy["commit"] == {"id": HEAD, "message": "Change something"}
    assert deploy["image"] is None
    [(_, settings)] = api.runtime.called("build")
    assert (settings["commit"], settings["build_command"]) == (HEAD, "make")
    assert service["autoDeployTrigger"] == "commit"
    assert "imagePath" not in service


def test_patch_does_not_deploy(api: Api) -> None:
    """PATCH changes what was sent, keeps slug and URL, and starts nothing."""
    service, _ = create(api, web(details={"preDeployCommand": "one"}))
    path = f"/v1/services/{service['id']}"

    body = {"name": "renamed", "autoDeploy": "no", "serviceDetails": {"preDeployCommand": "two", "plan": "pro"}}
    changed = api.call("PATCH", path, body, status=200)

    assert (changed["name"], changed["slug"], changed["autoDeployTrigger"]) == ("renamed", "web", "off")
    assert changed["serviceDetails"]["envSpecificDetails"]["preDeployCommand"] == "two"
    assert changed["serviceDetails"]["plan"] == "pro"
    assert "preDeployCommand" not in changed["serviceDetails"]
    assert len(api.call("GET", f"{path}/deploys")) == 1


def test_patch_takes_nothing_back(api: Api) -> None:
    """What is changed while it asks for the branch stays changed."""
    service, _ = create(api, branch_web(autoDeployTrigger="off"))
    path = f"/v1/services/{service['id']}"

    class Repository(dict[str, str]):
        def get(self, *_: Any) -> str:
            api.call("POST", f"{path}/suspend", status=202)
            return HEAD

    api.runtime.branches = Repository(api.runtime.branches)
    changed = api.call("PATCH", path, {"branch": "main"}, status=200)

    assert (changed["branch"], changed["suspended"]) == ("main", "suspended")


def test_a_service_may_leave_its_branch_for_an_image(api: Api) -> None:
    """After a change to runtime image, repo and branch are gone from the reply."""
    service, _ = create(api, branch_web())

    body = {"image": {"ownerId": OWNER, "imagePath": "nginx:1"}, "serviceDetails": {"runtime": "image"}}
    changed = api.call("PATCH", f"/v1/services/{service['id']}", body, status=200)

    assert changed["imagePath"] == "docker.io/library/nginx:1"
    assert {"repo", "branch"}.isdisjoint(changed)
    assert "repo" not in api.call("GET", f"/v1/services/{service['id']}")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (web(details={"region": "mars"}), "serviceDetails.region"),
        (web(details={"plan": "free"}), "the free plan is not available"),
        (web(details={"plan": "gigantic"}), "invalid plan gigantic"),
        (web(details={"colour": "red"}), "serviceDetails.colour: unknown field"),
        (web(details={"disk": {"name": "d"}}), "serviceDetails.disk: persistent disks are not supported"),
        (web(environmentId="evm-none"), "no environment evm-none"),
        (web(ownerId="tea-other"), "no workspace tea-other"),
        (web(image={"ownerId": OWNER, "imagePath": "UPPER CASE"}), "invalid image URL"),
        (web(image=None), "image: is required"),
        (web(envVars=[{"key": "A", "value": "1"}, {"key": "A", "value": "2"}]), "A given more than once"),
        (web(envVars=[{"key": "1A", "value": "1"}]), "invalid name '1A'"),
        (web(typo=1), "typo: unknown field"),
        (branch_web(branch="gone"), "branch gone not found in https://github.com/example/app"),
        (
            web(type="cron_job", details={"schedule": "every day"}),
            "invalid cron expression 'every day'",
        ),
    ],
)
def test_bad_values_are_refused(api: Api, body: dict[str, Any], message: str) -> None:
    """A request that the real API would refuse is a 400 that names the field, and makes nothing."""
    reply = api.call("POST", "/v1/services", body, status=400)

    assert message in reply["message"]
    assert api.call("GET", "/v1/services") == []


def test_a_name_is_used_once(api: Api) -> None:
    """A second service of the same name is refused; a slug that a renamed one still holds gets a suffix."""
    service, _ = create(api, web())
    refused = api.call("POST", "/v1/services", web(), status=400)
    api.call("PATCH", f"/v1/services/{service['id']}", {"name": "other"}, status=200)

    second, _ = create(api, web())

    assert "already in use" in refused["message"]
    assert second["slug"].startswith("web-")
    assert len(second["slug"]) == len("web-abcd")


def test_deleting_a_service_forgets_what_belongs_to_it(api: Api) -> None:
    """Deploys, domains and links go with the service; the runtime is told."""
    service, deploy = create(api, web())
    path = f"/v1/services/{service['id']}"
    group = api.call("POST", "/v1/env-groups", {"name": "g", "ownerId": OWNER, "envVars": []}, status=201)
    api.call("POST", f"/v1/env-groups/{group['id']}/services/{service['id']}", status=200)
    api.call("POST", f"{path}/custom-domains", {"name": "example.com"}, status=201)

    api.call("DELETE", path, status=204)

    assert api.call("GET", path, status=404) == {"message": f"not found: {service['id']}"}
    assert api.call("GET", f"/v1/env-groups/{group['id']}")["serviceLinks"] == []
    assert api.runtime.called("remove_service") == [(service["id"],)]
    assert api.render.store.all(Deploy) == []
    assert api.render.store.all(CustomDomain) == []
    assert deploy["status"] == "live"


def test_a_static_site_is_built_and_served_with_its_rules(api: Api) -> None:
    """Routes and headers reach the edge at the deploy and again when they are replaced."""
    body = {
        "type": "static_site",
        "name": "front",
        "ownerId": OWNER,
        "repo": "https://github.com/example/app",
        "branch": "develop",
        "serviceDetails": {"buildCommand": "sh build.sh", "publishPath": "dist"},
    }
    site, deploy = create(api, body)
    path = f"/v1/services/{site['id']}"

    put = api.call("PUT", f"{path}/routes", [{"type": "rewrite", "source": "/*", "destination": "/index.html"}])
    cleared = api.call("PUT", f"{path}/headers", [], status=200)

    assert deploy["status"] == "live"
    assert (put[0]["priority"], put[0]["id"][:4]) == (0, "rdr-")
    assert cleared is None
    [(_, first), (_, second), _] = api.runtime.called("serve_static")
    assert (first[0], second[0]) == ([], put)


def test_a_name_that_somebody_else_has_is_given_with_a_suffix(api: Api) -> None:
    """Names are taken across all of Render; the name stays, the slug differs; later everything is free again."""
    api.call("POST", "/_local/strangers", {"slug": "web"}, status=201)
    told = api.call("GET", "/_local/strangers")
    taken, _ = create(api, web())
    api.call("DELETE", "/_local/strangers", status=204)
    api.call("DELETE", f"/v1/services/{taken['id']}", status=204)
    free, _ = create(api, web())

    assert told == [{"slug": "web"}]
    assert taken["name"] == free["name"] == "web"
    assert re.fullmatch(r"web-[a-z0-9]{4}", taken["slug"])
    assert free["slug"] == "web"


def test_variables_are_replaced_as_a_whole(api: Api) -> None:
    """PUT replaces the set, makes generated values of 44 characters, and null clears it."""
    service, _ = create(api, web(envVars=[{"key": "OLD", "value": "1"}]))
    path = f"/v1/services/{service['id']}/env-vars"

    put = api.call("PUT", path, [{"key": "A", "value": "1"}, {"key": "S", "generateValue": True}], status=200)
    one = api.call("PUT", f"{path}/A", {"value": "2"}, status=200)
    api.call("DELETE", f"{path}/S", status=204)
    left = api.call("GET", path)
    cleared = api.raw("PUT", path, headers={"Authorization": "Bearer rnd_test"}, data="null")

    assert [item["envVar"]["key"] for item in put] == ["A", "S"]
    assert len(put[1]["envVar"]["value"]) == 44
    assert one == {"key": "A", "value": "2"}
    assert [item["envVar"] for item in left] == [{"key": "A", "value": "2"}]
    assert cleared.json() == []
