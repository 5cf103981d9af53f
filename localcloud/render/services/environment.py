"""The environment that a service's processes get, put together when it is deployed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from localcloud.render.api.store import Store
from localcloud.render.env_groups.model import EnvGroup, groups_of
from localcloud.render.services.model import SHORT, Service


def compose(
    store: Store,
    service: Service,
    commit: str | None,
    own: Mapping[str, str] | None = None,
    groups: Sequence[str] | None = None,
) -> dict[str, str]:
    """Defaults, then the linked groups (older link first), then the service's own, then what Render sets itself.

    `own`, `groups`: the service's own variables and the ids of its groups where they are not those of now. A group
    that has been deleted is left out.
    """
    env = {"WEB_CONCURRENCY": "1"} if service.type != "static_site" else {}
    kept = groups_of(store, service.id) if groups is None else [store.get(EnvGroup, key) for key in groups]
    for group in filter(None, kept):
        env.update({variable.key: variable.value for variable in reversed(group.env_vars)})
    env.update({variable.key: variable.value for variable in service.env_vars} if own is None else own)
    env.update(_own(service, commit))
    return env


def _own(service: Service, commit: str | None) -> dict[str, str]:
    env = {
        "RENDER": "true",
        "IS_PULL_REQUEST": "false",
        "RENDER_SERVICE_ID": service.id,
        "RENDER_SERVICE_NAME": service.name,
        "RENDER_SERVICE_TYPE": SHORT[service.type],
        "RENDER_DISCOVERY_SERVICE": f"{service.slug}-discovery",
    }
    if service.type in {"web_service", "static_site"}:
        env["RENDER_EXTERNAL_URL"] = service.url
        env["RENDER_EXTERNAL_HOSTNAME"] = urlsplit(service.url).hostname or ""
    if commit:
        env["RENDER_GIT_COMMIT"] = commit
        env["RENDER_GIT_BRANCH"] = service.branch
        env["RENDER_GIT_REPO_SLUG"] = urlsplit(service.repo or "").path.strip("/").removesuffix(".git")
    return env
