"""The environment that a service's processes get, put together when it is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from localcloud.render.api.old import Record
from localcloud.render.services.record import SHORT

if TYPE_CHECKING:
    from localcloud.render.local_render import LocalRender


def compose(render: LocalRender, service: Record, commit: str | None) -> dict[str, str]:
    """Defaults, then the linked groups (older link first), then the service's own, then what Render sets itself."""
    env = {"WEB_CONCURRENCY": "1"} if service["type"] != "static_site" else {}
    for link in links_of(render, service):
        group = render.find("env_group", link["group"])
        env.update({item["key"]: item["value"] for item in reversed(group["_env_vars"])})
    env.update({item["key"]: item["value"] for item in service["_env_vars"]})
    env.update(_own(service, commit))
    return env


def links_of(render: LocalRender, service: Record) -> list[Record]:
    """The env groups linked to a service, older link first."""
    return render.old.all("env_group_link", lambda link: bool(link["_service"] == service["id"]))


def _own(service: Record, commit: str | None) -> dict[str, str]:
    env = {
        "RENDER": "true",
        "IS_PULL_REQUEST": "false",
        "RENDER_SERVICE_ID": service["id"],
        "RENDER_SERVICE_NAME": service["name"],
        "RENDER_SERVICE_TYPE": SHORT[service["type"]],
        "RENDER_DISCOVERY_SERVICE": f"{service['slug']}-discovery",
    }
    if service["type"] in {"web_service", "static_site"}:
        env["RENDER_EXTERNAL_URL"] = service["_url"]
        env["RENDER_EXTERNAL_HOSTNAME"] = urlsplit(service["_url"]).hostname or ""
    if commit:
        env["RENDER_GIT_COMMIT"] = commit
        env["RENDER_GIT_BRANCH"] = service.get("branch") or ""
        env["RENDER_GIT_REPO_SLUG"] = urlsplit(service["repo"]).path.strip("/").removesuffix(".git")
    return env
