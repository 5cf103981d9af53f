"""Render for Pulumi programs: `from render_provider import resources as render`."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Unpack

import pulumi
from pulumi import Input, Output

from render_provider import args

OPAQUE = frozenset({"env_vars", "secret_files", "parameter_overrides", "triggers", "service_details"})
SPECIAL = {"disk_size_gb": "diskSizeGB"}


class _Resource(pulumi.CustomResource):
    """A resource whose properties are Render's on the wire and snake_case in Python."""

    type_: ClassVar[str]
    secrets: ClassVar[tuple[str, ...]] = ()

    def _register(self, name: str, inputs: Mapping[str, Any], opts: pulumi.ResourceOptions | None) -> None:
        outputs = output_names(type(self))
        properties: dict[str, Any] = {camel(output): None for output in outputs}
        properties |= {camel(key): _plain(key, value) for key, value in inputs.items()}
        hidden = pulumi.ResourceOptions(additional_secret_outputs=[camel(secret) for secret in self.secrets])
        pulumi.CustomResource.__init__(self, self.type_, name, properties, pulumi.ResourceOptions.merge(opts, hidden))
        for key in {*outputs, *inputs}:
            self.__dict__[key] = self.__dict__[camel(key)]


class Environment(_Resource):
    """A fence around what belongs together. Only an empty one is deleted."""

    type_ = "render:index:Environment"
    name: Output[str]

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.EnvironmentArgs]
    ) -> None:
        self._register(name_, inputs, opts)


class Postgres(_Resource):
    """A PostgreSQL database, available when created. `database_name` is the real one, with Render's suffix."""

    type_ = "render:index:Postgres"
    secrets = ("internal_connection_string", "external_connection_string", "password")
    name: Output[str]
    status: Output[str]
    internal_connection_string: Output[str]
    external_connection_string: Output[str]
    password: Output[str]
    host: Output[str]
    port: Output[int]
    user: Output[str]
    database_name: Output[str]
    database_user: Output[str]

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.PostgresArgs]
    ) -> None:
        self._register(name_, inputs, opts)


class KeyValue(_Resource):
    """A key-value store, available when created."""

    type_ = "render:index:KeyValue"
    secrets = ("internal_connection_string", "external_connection_string")
    name: Output[str]
    status: Output[str]
    internal_connection_string: Output[str]
    external_connection_string: Output[str]
    host: Output[str]
    port: Output[int]

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.KeyValueArgs]
    ) -> None:
        self._register(name_, inputs, opts)


class EnvGroup(_Resource):
    """Variables shared by several services. Hand `revision` to the `Deploy`s of those."""

    type_ = "render:index:EnvGroup"
    secrets = ("env_vars", "secret_files", "revision")
    name: Output[str]
    revision: Output[str]

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.EnvGroupArgs]
    ) -> None:
        self._register(name_, inputs, opts)


class EnvGroupLink(_Resource):
    """One service using one env group, from its next deploy on."""

    type_ = "render:index:EnvGroupLink"

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.EnvGroupLinkArgs]
    ) -> None:
        self._register(name_, inputs, opts)


class RegistryCredential(_Resource):
    """A login to a container registry. Hand `revision` to the `Deploy`s of what it pulls."""

    type_ = "render:index:RegistryCredential"
    secrets = ("auth_token", "revision")
    name: Output[str]
    revision: Output[str]

    def __init__(
        self,
        name_: str,
        /,
        *,
        opts: pulumi.ResourceOptions | None = None,
        **inputs: Unpack[args.RegistryCredentialArgs],
    ) -> None:
        self._register(name_, inputs, opts)


class CustomDomain(_Resource):
    """A domain of a web service or static site."""

    type_ = "render:index:CustomDomain"
    name: Output[str]
    domain_id: Output[str]
    domain_type: Output[str]
    redirect_for_name: Output[str]
    verification_status: Output[str]

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.CustomDomainArgs]
    ) -> None:
        self._register(name_, inputs, opts)


class _Service(_Resource):
    """What every service gives back. Hand `revision` to its `Deploy`."""

    secrets = ("env_vars", "secret_files", "revision")
    name: Output[str]
    slug: Output[str]
    suspended: Output[str]
    dashboard_url: Output[str]
    revision: Output[str]


class WebService(_Service):
    """A service that answers HTTP at `url`. It runs what its `Deploy` waited for."""

    type_ = "render:index:WebService"
    url: Output[str]

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.WebServiceArgs]
    ) -> None:
        self._register(name_, inputs, opts)


class BackgroundWorker(_Service):
    """A service that works on queues."""

    type_ = "render:index:BackgroundWorker"

    def __init__(
        self,
        name_: str,
        /,
        *,
        opts: pulumi.ResourceOptions | None = None,
        **inputs: Unpack[args.BackgroundWorkerArgs],
    ) -> None:
        self._register(name_, inputs, opts)


class CronJob(_Service):
    """A command that runs on a schedule."""

    type_ = "render:index:CronJob"

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.CronJobArgs]
    ) -> None:
        self._register(name_, inputs, opts)


class StaticSite(_Service):
    """Files behind Render's CDN, at `url`."""

    type_ = "render:index:StaticSite"
    url: Output[str]

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.StaticSiteArgs]
    ) -> None:
        self._register(name_, inputs, opts)


class Deploy(_Resource):
    """A deploy of a service, waited for until it is live and, with `verify_url`, answering."""

    type_ = "render:index:Deploy"
    deploy_id: Output[str]
    status: Output[str]
    commit: Output[str]
    image_url: Output[str]
    url: Output[str]

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.DeployArgs]
    ) -> None:
        self._register(name_, inputs, opts)


@dataclass(frozen=True)
class Project:
    """A project, which holds environments."""

    id: str
    name: str
    environment_ids: tuple[str, ...]


def get_project(name: str, opts: pulumi.InvokeOptions | None = None) -> Project:
    """The project of that name, now."""
    found: Mapping[str, Any] = pulumi.runtime.invoke("render:index:getProject", {"name": name}, opts).value or {}
    return _project(found)


def get_project_output(name: Input[str], opts: pulumi.InvokeOptions | None = None) -> Output[Project]:
    """The project of that name, once the name is known."""
    found: Output[Any] = pulumi.runtime.invoke_output("render:index:getProject", {"name": name}, opts)
    return found.apply(_project)


def camel(name: str) -> str:
    """Render's spelling."""
    first, *rest = name.split("_")
    return SPECIAL.get(name) or first + "".join(part.capitalize() for part in rest)


def output_names(kind: type[_Resource]) -> tuple[str, ...]:
    """What a resource gives back besides its inputs, by its annotations."""
    found: list[str] = []
    for part in kind.__mro__:
        if part not in (_Resource, pulumi.CustomResource) and issubclass(part, _Resource):
            found += [name for name in inspect.get_annotations(part) if not name.startswith("_")]
    return tuple(dict.fromkeys(found))


def _plain(key: str, value: Any) -> Any:
    """Nested inputs in Render's spelling; the keys of maps that belong to the user stay as they are."""
    if key in OPAQUE:
        return value
    if isinstance(value, Output):
        return value.apply(lambda known: _plain(key, known))
    if isinstance(value, Mapping):
        return {camel(name): _plain(name, item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain("", item) for item in value]
    return value


def _project(found: Mapping[str, Any]) -> Project:
    return Project(found["id"], found["name"], tuple(found["environmentIds"]))
