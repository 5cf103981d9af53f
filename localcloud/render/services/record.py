"""How a service is kept and how it is read back."""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.api.http import public, validate
from localcloud.render.api.images import image_of
from localcloud.render.api.old import Record
from localcloud.render.registry_credentials.model import RegistryCredential
from localcloud.render.services.shapes import (
    CHANGES,
    DETAILS,
    UNSUPPORTED,
    EnvVar,
    SecretFile,
    ServiceChange,
    ServiceCreate,
    Value,
)
from localcloud.render.strangers.model import taken_slugs

if TYPE_CHECKING:
    from localcloud.render.local_render import LocalRender

SHORT = {
    "web_service": "web",
    "private_service": "pserv",
    "background_worker": "worker",
    "cron_job": "cron",
    "static_site": "static",
}
"""Render's short names of the types, in URLs, links and RENDER_SERVICE_TYPE."""
_DOCKER = ("dockerCommand", "dockerContext", "dockerfilePath")
_NATIVE = ("buildCommand", "startCommand")


def details_of(kind: str, given: dict[str, Any], *, create: bool) -> Record:
    """The validated `serviceDetails` of a request, only what was sent (with defaults at create)."""
    for name, what in UNSUPPORTED.items():
        if given.get(name) is not None:
            raise ApiError(400, f"serviceDetails.{name}: {what} are not supported by the local cloud")
    given = {name: value for name, value in given.items() if name not in UNSUPPORTED}
    shape = validate((DETAILS if create else CHANGES)[kind], given, "serviceDetails")
    return shape.model_dump(by_alias=True, exclude_unset=not create, exclude_none=True)


def made(render: LocalRender, want: ServiceCreate, details: Record) -> Record:
    """A new service from a checked request."""
    short = SHORT[want.type]
    key = ids.new("crn" if want.type == "cron_job" else "srv")
    stamp = ids.micros(ids.now())
    service: Record = {
        "id": key,
        "type": want.type,
        "name": want.name,
        "slug": _slug(render, want.name, want.type),
        "ownerId": want.owner_id,
        "rootDir": want.root_dir or "",
        "autoDeploy": "yes",
        "autoDeployTrigger": "commit",
        "notifyOnFail": "default",
        "suspended": "not_suspended",
        "suspenders": [],
        "dashboardUrl": f"https://dashboard.render.com/{short}/{key}",
        "createdAt": stamp,
        "updatedAt": stamp,
        "serviceDetails": _new_details(key, want.type, details),
        "_env_vars": variables(want.env_vars),
        "_secret_files": files(want.secret_files),
    }
    if want.environment_id:
        service["environmentId"] = want.environment_id
    apply_source(render, service, want, details)
    return service


def _new_details(key: str, kind: str, given: Record) -> Record:
    previews = given.get("previews") or {"generation": "automatic" if _asks_previews(given) else "off"}
    details: Record = {"buildPlan": "starter"}
    if kind != "cron_job":
        details["previews"] = previews
        details["pullRequestPreviewsEnabled"] = "yes" if previews["generation"] == "automatic" else "no"
    if kind in {"web_service", "static_site"}:
        details["renderSubdomainPolicy"] = given.get("renderSubdomainPolicy", "enabled")
    if kind == "static_site":
        details["buildCommand"] = given.get("buildCommand", "")
        details["publishPath"] = given.get("publishPath") or "public"
        return details
    details["plan"] = given.get("plan", "starter")
    details["region"] = given["region"]
    if kind == "cron_job":
        details["schedule"] = given["schedule"]
        return details
    details["numInstances"] = given["numInstances"]
    details["maxShutdownDelaySeconds"] = given.get("maxShutdownDelaySeconds", 30)
    details["sshAddress"] = f"{key}@ssh.{given['region']}.render.com"
    if kind == "web_service":
        details["healthCheckPath"] = given.get("healthCheckPath", "")
        details["maintenanceMode"] = given.get("maintenanceMode", {"enabled": False, "uri": ""})
        details["openPorts"] = None
    return details


def _asks_previews(given: Record) -> bool:
    return given.get("pullRequestPreviewsEnabled") == "yes"


def apply_change(render: LocalRender, service: Record, change: ServiceChange, given: Record) -> None:
    """Change a service as PATCH does: what was sent, nothing else, and no deploy."""
    if change.name:
        service["name"] = change.name
    details = service["serviceDetails"]
    handled = {"runtime", "envSpecificDetails", "preDeployCommand", "previews", "pullRequestPreviewsEnabled"}
    details.update({name: value for name, value in given.items() if name not in handled})
    previews = given.get("previews")
    if previews is None and "pullRequestPreviewsEnabled" in given:
        previews = {"generation": "automatic" if _asks_previews(given) else "off"}
    if previews:
        details["previews"] = previews
        details["pullRequestPreviewsEnabled"] = "yes" if previews["generation"] == "automatic" else "no"
    apply_source(render, service, change, given)


def apply_source(render: LocalRender, service: Record, want: ServiceCreate | ServiceChange, given: Record) -> None:
    """Set where a service's code comes from and how it is built and started; 400 when that makes no sense."""
    details = service["serviceDetails"]
    if want.root_dir is not None:
        service["rootDir"] = want.root_dir
    if want.build_filter is not None:
        rules = want.build_filter.model_dump(by_alias=True)
        service.pop("buildFilter", None)
        if rules["paths"] or rules["ignoredPaths"]:
            service["buildFilter"] = rules
    _apply_trigger(service, want)
    runtime = given.get("runtime", details.get("runtime"))
    if service["type"] != "static_site":
        _apply_runtime(render, service, runtime, given)
    if runtime == "image":
        _apply_image(render, service, want)
        return
    if want.image is not None:
        raise ApiError(400, f"image: is for runtime image only, the runtime is {runtime or 'static'}")
    service.pop("imagePath", None)
    service["repo"] = want.repo or service.get("repo")
    service["branch"] = want.branch or service.get("branch") or ""
    if not service["repo"]:
        raise ApiError(400, "repo: is required unless the runtime is image")


def _apply_trigger(service: Record, want: ServiceCreate | ServiceChange) -> None:
    if want.auto_deploy_trigger is not None:
        service["autoDeployTrigger"] = want.auto_deploy_trigger
    elif want.auto_deploy is not None:
        service["autoDeployTrigger"] = "commit" if want.auto_deploy == "yes" else "off"
    service["autoDeploy"] = "no" if service["autoDeployTrigger"] == "off" else "yes"


def _apply_runtime(render: LocalRender, service: Record, runtime: str, given: Record) -> None:
    details = service["serviceDetails"]
    before = details.get("envSpecificDetails", {})
    asked = given.get("envSpecificDetails", {})
    names = _DOCKER if runtime in {"docker", "image"} else _NATIVE
    wrong = [name for name in asked if name not in {*names, "registryCredentialId"}]
    if wrong:
        raise ApiError(400, f"serviceDetails.envSpecificDetails.{wrong[0]}: not for runtime {runtime}")
    default = {"dockerContext": ".", "dockerfilePath": "./Dockerfile"} if runtime == "docker" else {}
    specific = {name: asked.get(name, before.get(name, default.get(name, ""))) for name in names}
    if names is _NATIVE:
        missing = [name for name in _NATIVE if not specific[name]]
        if missing and service["type"] != "static_site":
            raise ApiError(400, f"serviceDetails.envSpecificDetails.{missing[0]}: is required for runtime {runtime}")
    command = given.get("preDeployCommand", before.get("preDeployCommand", ""))
    if command:
        specific["preDeployCommand"] = command
    if asked.get("registryCredentialId"):
        service["_credential"] = _credential(render, asked["registryCredentialId"])
    details.update(runtime=runtime, env=runtime, envSpecificDetails=specific)


def _apply_image(render: LocalRender, service: Record, want: ServiceCreate | ServiceChange) -> None:
    if want.repo or want.branch:
        raise ApiError(400, "repo, branch: are not for runtime image")
    if want.image is not None:
        service["imagePath"] = str(image_of(want.image.image_path))
        service.pop("_credential", None)
        if want.image.registry_credential_id:
            service["_credential"] = _credential(render, want.image.registry_credential_id)
    elif not service.get("imagePath"):
        raise ApiError(400, "image: is required for runtime image")
    service.pop("repo", None)
    service.pop("branch", None)


def _credential(render: LocalRender, key: str) -> str:
    if render.store.get(RegistryCredential, key) is None:
        raise ApiError(400, f"registryCredentialId: no registry credential {key}")
    return key


def _slug(render: LocalRender, name: str, kind: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "service"
    taken = {service["slug"] for service in render.old.all("service")} | taken_slugs(render.store)
    if kind in {"background_worker", "cron_job"} or stem in taken:
        return f"{stem}-{ids.suffix()}"
    return stem


def shown(render: LocalRender, service: Record) -> Record:
    """A service as GET gives it."""
    view = public(service)
    credential = render.store.get(RegistryCredential, service.get("_credential", ""))
    if credential:
        view["registryCredential"] = {"id": credential.id, "name": credential.name}
    if service["type"] != "cron_job" and service["type"] != "background_worker":
        url = service["_url"]
        view["serviceDetails"] = {
            **service["serviceDetails"],
            "url": url.partition("://")[2] if service["type"] == "private_service" else url,
        }
    return view


def resolved(value: Value) -> str:
    """A variable's value; a generated one is base64 of 256 bits."""
    if value.generate_value:
        return base64.b64encode(secrets.token_bytes(32)).decode()
    return value.value or ""


def variables(given: Sequence[EnvVar]) -> list[Record]:
    """Variables as they are kept; 400 for a name given twice."""
    _unique([item.key for item in given], "envVars")
    return [{"key": item.key, "value": resolved(item)} for item in given]


def files(given: Sequence[SecretFile]) -> list[Record]:
    """Secret files as they are kept; 400 for a name given twice."""
    _unique([item.name for item in given], "secretFiles")
    return [item.model_dump(by_alias=True) for item in given]


def _unique(names: list[str], field: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ApiError(400, f"{field}: {', '.join(twice)} given more than once")
