"""What a program may say about each resource: Render's own inputs in snake_case, checked by mypy.

`provider/` says what they mean and checks their values. A test keeps both sides alike.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Required, TypedDict

from pulumi import Input

Strings = Input[Mapping[str, Input[str]]]


class Cidr(TypedDict, total=False):
    """A range of addresses that may come in."""

    cidr_block: Required[Input[str]]
    description: Input[str]


class ReadReplica(TypedDict, total=False):
    """A copy of a database that follows."""

    name: Required[Input[str]]
    parameter_overrides: Strings


class Image(TypedDict, total=False):
    """A prebuilt image, best by digest."""

    image_path: Required[Input[str]]
    registry_credential_id: Input[str]


class BuildFilter(TypedDict, total=False):
    """Which changed files start a build."""

    paths: Sequence[Input[str]]
    ignored_paths: Sequence[Input[str]]


class MaintenanceMode(TypedDict, total=False):
    """A page in place of the service."""

    enabled: Required[Input[bool]]
    uri: Input[str]


class Criterion(TypedDict):
    """One reason to scale."""

    enabled: Input[bool]
    percentage: Input[int]


class Criteria(TypedDict):
    """What makes instances come and go."""

    cpu: Input[Criterion]
    memory: Input[Criterion]


class Autoscaling(TypedDict, total=False):
    """Instances by load."""

    enabled: Input[bool]
    min: Required[Input[int]]
    max: Required[Input[int]]
    criteria: Required[Input[Criteria]]


class Header(TypedDict):
    """A response header for a path."""

    path: Input[str]
    name: Input[str]
    value: Input[str]


class Route(TypedDict):
    """A redirect or rewrite; earlier ones win."""

    type: Input[str]
    source: Input[str]
    destination: Input[str]


class EnvironmentArgs(TypedDict, total=False):
    """What an environment may say."""

    project_id: Required[Input[str]]
    name: Required[Input[str]]
    protected_status: Input[str] | None
    network_isolation_enabled: Input[bool] | None


class PostgresArgs(TypedDict, total=False):
    """What a database may say. `ip_allow_list=[]` is private; unset is Render's default, open to the world."""

    name: Required[Input[str]]
    plan: Required[Input[str]]
    version: Required[Input[str]]
    region: Input[str] | None
    environment_id: Input[str] | None
    database_name: Input[str] | None
    database_user: Input[str] | None
    disk_size_gb: Input[int] | None
    enable_disk_autoscaling: Input[bool] | None
    enable_high_availability: Input[bool] | None
    ip_allow_list: Input[Sequence[Input[Cidr]]] | None
    parameter_overrides: Strings | None
    read_replicas: Input[Sequence[Input[ReadReplica]]] | None
    connection_pool: Input[str] | None


class KeyValueArgs(TypedDict, total=False):
    """What a key-value store may say."""

    name: Required[Input[str]]
    plan: Required[Input[str]]
    region: Input[str] | None
    environment_id: Input[str] | None
    maxmemory_policy: Input[str] | None
    persistence_mode: Input[str] | None
    ip_allow_list: Input[Sequence[Input[Cidr]]] | None


class EnvGroupArgs(TypedDict, total=False):
    """What an env group may say. Only the variables named here are managed."""

    name: Required[Input[str]]
    environment_id: Input[str] | None
    env_vars: Strings | None
    secret_files: Strings | None


class EnvGroupLinkArgs(TypedDict):
    """Which service uses which group."""

    env_group_id: Input[str]
    service_id: Input[str]


class RegistryCredentialArgs(TypedDict):
    """A login. For AWS_ECR: an access key id and its secret key."""

    name: Input[str]
    registry: Input[str]
    username: Input[str]
    auth_token: Input[str]


class CustomDomainArgs(TypedDict, total=False):
    """A domain, the service that answers it, and the apex or www name that is to redirect to it."""

    service_id: Required[Input[str]]
    name: Required[Input[str]]
    companion: Input[str] | None


class ServiceArgs(TypedDict, total=False):
    """What every service may say. Only the variables named here are managed."""

    name: Required[Input[str]]
    environment_id: Input[str] | None
    repo: Input[str] | None
    branch: Input[str] | None
    root_dir: Input[str] | None
    build_filter: Input[BuildFilter] | None
    auto_deploy_trigger: Input[str] | None
    env_vars: Strings | None
    secret_files: Strings | None
    service_details: Input[Mapping[str, Any]] | None


class RunArgs(ServiceArgs, total=False):
    """A service with a runtime: an `image`, or a `repo` built for a `runtime`."""

    image: Input[Image] | None
    runtime: Input[str] | None
    region: Input[str] | None
    plan: Input[str] | None
    build_command: Input[str] | None
    start_command: Input[str] | None
    docker_command: Input[str] | None
    docker_context: Input[str] | None
    dockerfile_path: Input[str] | None


class ScaledArgs(RunArgs, total=False):
    """A service that keeps running."""

    num_instances: Input[int] | None
    autoscaling: Input[Autoscaling] | None
    pre_deploy_command: Input[str] | None
    max_shutdown_delay_seconds: Input[int] | None


class WebServiceArgs(ScaledArgs, total=False):
    """A service that answers HTTP."""

    health_check_path: Input[str] | None
    maintenance_mode: Input[MaintenanceMode] | None
    render_subdomain_policy: Input[str] | None
    ip_allow_list: Input[Sequence[Input[Cidr]]] | None


class BackgroundWorkerArgs(ScaledArgs, total=False):
    """A service that works on queues."""


class CronJobArgs(RunArgs, total=False):
    """A command on a schedule, in UTC."""

    schedule: Required[Input[str]]


class StaticSiteArgs(ServiceArgs, total=False):
    """Files behind Render's CDN; it needs a `repo`."""

    build_command: Input[str] | None
    publish_path: Input[str] | None
    headers: Input[Sequence[Input[Header]]] | None
    routes: Input[Sequence[Input[Route]]] | None
    render_subdomain_policy: Input[str] | None
    ip_allow_list: Input[Sequence[Input[Cidr]]] | None


class DeployArgs(TypedDict, total=False):
    """Any change of these starts a deploy, which is waited for."""

    service_id: Required[Input[str]]
    image_url: Input[str] | None
    triggers: Input[Mapping[str, Any]] | None
    verify_url: Input[str] | None
    verify_text: Input[str] | None
