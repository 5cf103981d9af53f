"""What POST and PATCH /services make of a service's settings, with the rules between them."""

from __future__ import annotations

import re
from typing import Any

from pydantic.alias_generators import to_camel

from localcloud.render.api import ids
from localcloud.render.api.errors import ApiError
from localcloud.render.api.store import Store
from localcloud.render.deploys.images import image_of
from localcloud.render.env_vars.bodies import env_vars
from localcloud.render.registry_credentials.model import RegistryCredential
from localcloud.render.secret_files.bodies import secret_files
from localcloud.render.services.bodies import ServiceChange, ServiceCreate
from localcloud.render.services.details import StaticDetails, parse_details
from localcloud.render.services.model import BuildFilter, Service, ServiceType
from localcloud.render.static_rules.bodies import static_headers, static_routes
from localcloud.render.strangers.model import taken_slugs

_DOCKER = ("docker_command", "docker_context", "dockerfile_path")
_NATIVE = ("build_command", "start_command")
_NOT_PLAIN = {
    "env",
    "env_specific_details",
    "headers",
    "pre_deploy_command",
    "previews",
    "pull_request_previews_enabled",
    "routes",
    "runtime",
}
"""The fields of `serviceDetails` that are not kept as they are sent."""


def new_service(store: Store, want: ServiceCreate) -> Service:
    """A service as it is asked for; its branch and URL are not known yet."""
    body = parse_details(want.type, want.service_details, create=True)
    details = body.model_dump(exclude_none=True)
    if want.type == "static_site":
        details["publish_path"] = details.get("publish_path") or "public"
    stamp = ids.micros(ids.now())
    service = Service(
        id=ids.new("crn" if want.type == "cron_job" else "srv"),
        type=want.type,
        name=want.name,
        slug=_slug(store, want.name, want.type),
        url="",
        owner_id=want.owner_id,
        environment_id=want.environment_id or None,
        created_at=stamp,
        updated_at=stamp,
        env_vars=env_vars(want.env_vars),
        secret_files=secret_files(want.secret_files),
        headers=static_headers(body.headers) if isinstance(body, StaticDetails) else (),
        routes=static_routes(body.routes) if isinstance(body, StaticDetails) else (),
    )
    return Service.model_validate({**dict(service), **_fields(store, service, want, details)})


def changed_fields(store: Store, service: Service, want: ServiceChange) -> dict[str, Any]:
    """The fields of a service that PATCH changes: what was sent, nothing else."""
    body = parse_details(service.type, want.service_details or {}, create=False)
    fields = _fields(store, service, want, body.model_dump(exclude_none=True, exclude_unset=True))
    return {**fields, "name": want.name} if want.name else fields


def _fields(
    store: Store, service: Service, want: ServiceCreate | ServiceChange, details: dict[str, Any]
) -> dict[str, Any]:
    fields = {name: value for name, value in details.items() if name not in _NOT_PLAIN}
    if "previews" in details:
        fields["previews"] = details["previews"]["generation"]
    elif "pull_request_previews_enabled" in details:
        fields["previews"] = "automatic" if details["pull_request_previews_enabled"] == "yes" else "off"
    if want.root_dir is not None:
        fields["root_dir"] = want.root_dir
    if want.build_filter is not None:
        paths = BuildFilter(**want.build_filter.model_dump())
        fields["build_filter"] = paths if paths.paths or paths.ignored_paths else None
    if want.auto_deploy_trigger is not None:
        fields["auto_deploy_trigger"] = want.auto_deploy_trigger
    elif want.auto_deploy is not None:
        fields["auto_deploy_trigger"] = "commit" if want.auto_deploy == "yes" else "off"
    runtime = details.get("runtime", service.runtime)
    if runtime is not None:  # a static site has none
        fields |= _build_fields(store, service, runtime, details)
    return fields | (_image_fields if runtime == "image" else _branch_fields)(store, service, want, runtime)


def _build_fields(store: Store, service: Service, runtime: str, details: dict[str, Any]) -> dict[str, Any]:
    asked = details.get("env_specific_details", {})
    names, default = _commands_of(runtime)
    wrong = [name for name in asked if name not in {*names, "registry_credential_id"}]
    if wrong:
        raise ApiError(400, f"serviceDetails.envSpecificDetails.{to_camel(wrong[0])}: not for runtime {runtime}")
    alike = service.runtime is not None and _commands_of(service.runtime)[0] is names
    before = {name: getattr(service, name) for name in names} if alike else default
    commands = {name: asked.get(name, before.get(name, "")) for name in names}
    if names is _NATIVE and (missing := [name for name in names if not commands[name]]):
        field = f"serviceDetails.envSpecificDetails.{to_camel(missing[0])}"
        raise ApiError(400, f"{field}: is required for runtime {runtime}")
    fields = {**dict.fromkeys(_DOCKER + _NATIVE, ""), **commands, "runtime": runtime}
    if "pre_deploy_command" in details:
        fields["pre_deploy_command"] = details["pre_deploy_command"]
    if asked.get("registry_credential_id"):
        fields["registry_credential_id"] = _credential(store, asked["registry_credential_id"])
    return fields


def _commands_of(runtime: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """The fields that say how a runtime is built and started, and what they are when nothing is said."""
    if runtime == "docker":
        return _DOCKER, {"docker_context": ".", "dockerfile_path": "./Dockerfile"}
    return (_DOCKER if runtime == "image" else _NATIVE), {}


def _image_fields(
    store: Store, service: Service, want: ServiceCreate | ServiceChange, _runtime: str | None
) -> dict[str, Any]:
    if want.repo or want.branch:
        raise ApiError(400, "repo, branch: are not for runtime image")
    fields: dict[str, Any] = {"repo": None, "branch": ""}
    if want.image is not None:
        fields["image"] = str(image_of(want.image.image_path))
        key = want.image.registry_credential_id
        fields["registry_credential_id"] = _credential(store, key) if key else None
    elif not service.image:
        raise ApiError(400, "image: is required for runtime image")
    return fields


def _branch_fields(
    _store: Store, service: Service, want: ServiceCreate | ServiceChange, runtime: str | None
) -> dict[str, Any]:
    if want.image is not None:
        raise ApiError(400, f"image: is for runtime image only, the runtime is {runtime or 'static'}")
    repo = want.repo or service.repo
    if not repo:
        raise ApiError(400, "repo: is required unless the runtime is image")
    return {"image": None, "repo": repo, "branch": want.branch or service.branch}


def _credential(store: Store, key: str) -> str:
    if store.get(RegistryCredential, key) is None:
        raise ApiError(400, f"registryCredentialId: no registry credential {key}")
    return key


def _slug(store: Store, name: str, kind: ServiceType) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "service"
    taken = {service.slug for service in store.all(Service)} | taken_slugs(store)
    if kind in {"background_worker", "cron_job"} or stem in taken:
        return f"{stem}-{ids.suffix()}"
    return stem
