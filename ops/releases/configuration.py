"""How services are configured at Render, to be put back as it was: a rollback there leaves the service's settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from ops.doors.render import Render
from ops.releases.services import Service
from render_api.errors import NotFound

DETAILS = ("healthCheckPath", "preDeployCommand", "envSpecificDetails")
"""Settings that a release brings along: the path that is asked and the commands that are run."""


@dataclass(frozen=True)
class Configuration:
    """Of one service or env group."""

    image: Mapping[str, str] | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)


Configurations = Mapping[str, Configuration]
"""By the ids of services and env groups."""


def look(render: Render, services: Sequence[Service], groups: Sequence[str]) -> dict[str, Configuration]:
    """How all of them are now; without what somebody has deleted."""
    asked = [(of_service, one.id) for one in services] + [(of_group, key) for key in groups]
    with ThreadPoolExecutor(max_workers=8) as pool:
        found = list(pool.map(lambda each: _there(render, *each), asked))
    return {key: one for (_, key), one in zip(asked, found, strict=True) if one}


def _there(render: Render, ask: Callable[[Render, str], Configuration], key: str) -> Configuration | None:
    try:
        return ask(render, key)
    except NotFound:
        return None


def of_service(render: Render, key: str) -> Configuration:
    """One service's own."""
    service = render.get(f"/services/{key}")
    details = service.get("serviceDetails") or {}
    commands = details.get("envSpecificDetails") or {}
    variables = render.pages(f"/services/{key}/env-vars", {}, envelope="envVar")
    image = None
    if path := service.get("imagePath"):
        credential = (service.get("registryCredential") or commands.get("registryCredential") or {}).get("id")
        image = {"ownerId": service["ownerId"], "imagePath": path}
        image |= {"registryCredentialId": credential} if credential else {}
    told = {name: details[name] for name in DETAILS if name in details}
    if "envSpecificDetails" in told:  # the credential is told among the commands, and set beside them
        told["envSpecificDetails"] = {name: one for name, one in commands.items() if name != "registryCredential"}
    return Configuration(image, told, {one["key"]: one["value"] for one in variables})


def of_group(render: Render, key: str) -> Configuration:
    """One env group's."""
    group = render.get(f"/env-groups/{key}")
    return Configuration(variables={one["key"]: one["value"] for one in group.get("envVars") or []})


def put_service_back(render: Render, service: Service, before: Configuration) -> None:
    """Make a service's differ no more; nothing is deployed by that."""
    now = of_service(render, service.id)
    body: dict[str, Any] = {"image": before.image} if before.image and before.image != now.image else {}
    changed = {name: value for name, value in before.details.items() if value != now.details.get(name)}
    body |= {"serviceDetails": changed} if changed else {}
    if body:
        render.patch(f"/services/{service.id}", body)
    _put_variables_back(render, f"/services/{service.id}", now.variables, before.variables)


def put_group_back(render: Render, key: str, before: Configuration) -> bool:
    """Likewise; returns whether anything differed."""
    now = of_group(render, key)
    _put_variables_back(render, f"/env-groups/{key}", now.variables, before.variables)
    return now.variables != before.variables


def _put_variables_back(render: Render, path: str, now: Mapping[str, str], before: Mapping[str, str]) -> None:
    for name, value in before.items():
        if now.get(name) != value:
            render.put(f"{path}/env-vars/{name}", {"value": value})
    for name in now.keys() - before.keys():
        render.delete(f"{path}/env-vars/{name}")
