"""Generated from render_provider/provider/resources/ by `python -m render_provider.generate`: change those, not this.

Render's own inputs in snake_case. What may be left out is not managed when it is.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Required, TypedDict

from pulumi import Input

MAPS = frozenset(["env_vars", "parameter_overrides", "secret_files", "service_details", "smoke", "triggers"])
"""Inputs whose keys are the program's own."""
SPECIAL = {"disk_size_gb": "diskSizeGB"}
"""What Render does not spell in plain camelCase."""


class BuildFilter(TypedDict, total=False):
    """Which changed files start a build."""

    paths: Input[Sequence[Input[str]]]
    """Patterns of files that do."""
    ignored_paths: Input[Sequence[Input[str]]]
    """Patterns of files that do not."""


class ServiceArgs(TypedDict, total=False):
    """What every service may say. Only the variables named here are managed."""

    name: Required[Input[str]]
    """As Render's dashboard shows it. Renaming changes neither slug nor address."""
    environment_id: Input[str] | None
    """The environment that it sits in; it can be moved to another, and is not taken out of one."""
    repo: Input[str] | None
    """The repository's URL, without the branch."""
    branch: Input[str] | None
    """The branch that is built; the repository's default when unset."""
    root_dir: Input[str] | None
    """The folder in it that counts, for commands and for what starts a build; the whole when unset."""
    build_filter: Input[BuildFilter] | None
    """Which changed files start a build; all of them when unset."""
    auto_deploy_trigger: Input[str] | None
    """What starts a deploy by itself: nothing, each commit, or its passed checks; Render's default is `commit`.
    `off`, `commit` or `checksPass`.
    """
    env_vars: Input[Mapping[str, Input[str]]] | None
    """Variables by name. Others that somebody sets at Render are left alone."""
    secret_files: Input[Mapping[str, Input[str]]] | None
    """Contents by file name, in /etc/secrets. Others that somebody adds at Render are left alone."""
    service_details: Input[Mapping[str, Any]] | None
    """Whatever else Render's serviceDetails knows, in Render's spelling, passed on as it is."""


class Image(TypedDict, total=False):
    """A prebuilt image, best by digest."""

    image_path: Required[Input[str]]
    """Such as `docker.io/library/nginx@sha256:…`."""
    registry_credential_id: Input[str] | None
    """The login to its registry, if that is private."""


class RunArgs(ServiceArgs, total=False):
    """A service with a runtime: an `image`, or a `repo` built for a `runtime`."""

    image: Input[Image] | None
    """The prebuilt image that runs; a service has either this or a `repo`."""
    runtime: Input[str] | None
    """What runs the code; `image`, which may be left out, with an image. `docker`, `elixir`, `go`, `image`, `node`,
    `python`, `ruby` or `rust`.
    """
    region: Input[str] | None
    """Where it runs; Render's default is oregon. `frankfurt`, `ohio`, `oregon`, `singapore` or `virginia`."""
    plan: Input[str] | None
    """What an instance runs on, such as `starter`, `standard` or `pro`."""
    build_command: Input[str] | None
    """What builds the code, for runtimes of a language."""
    start_command: Input[str] | None
    """What starts it, for runtimes of a language."""
    docker_command: Input[str] | None
    """What is started in place of the image's own command."""
    docker_context: Input[str] | None
    """The folder that is built, for the runtime `docker`."""
    dockerfile_path: Input[str] | None
    """The Dockerfile, for the runtime `docker`."""


class Criterion(TypedDict, total=False):
    """One reason to scale."""

    enabled: Required[Input[bool]]
    """Whether it counts."""
    percentage: Required[Input[int]]
    """The mean over all instances that is aimed at."""


class Criteria(TypedDict, total=False):
    """What makes instances come and go."""

    cpu: Required[Input[Criterion]]
    """Processor time."""
    memory: Required[Input[Criterion]]
    """Memory."""


class Autoscaling(TypedDict, total=False):
    """Instances by load; needs a Pro workspace."""

    enabled: Input[bool]
    """Whether it is on."""
    min: Required[Input[int]]
    """The fewest instances."""
    max: Required[Input[int]]
    """The most."""
    criteria: Required[Input[Criteria]]
    """What they follow."""


class ScaledArgs(RunArgs, total=False):
    """A service that keeps running."""

    num_instances: Input[int] | None
    """How many run; Render's default is 1. Refused beside `autoscaling`."""
    autoscaling: Input[Autoscaling] | None
    """How many run, by load."""
    pre_deploy_command: Input[str] | None
    """What runs before each deploy, such as migrations; when it fails the deploy does."""
    max_shutdown_delay_seconds: Input[int] | None
    """How long an instance may take to end; Render's default is 30."""


class BackgroundWorkerArgs(ScaledArgs, total=False):
    """A service that works on queues."""


class CronJobArgs(RunArgs, total=False):
    """A command on a schedule, in UTC."""

    schedule: Required[Input[str]]
    """A cron expression of five fields, in UTC."""


class CustomDomainArgs(TypedDict, total=False):
    """A domain, the service that answers it, and the apex or www name that is to redirect to it."""

    service_id: Required[Input[str]]
    """The web service or static site."""
    name: Required[Input[str]]
    """The domain that serves."""
    companion: Input[str] | None
    """The apex or www name beside it. Render adds it, redirecting; named here it is looked after too."""


class Gate(TypedDict, total=False):
    """What a release has to show after its switch; one that does not goes back to the release before it."""

    consecutive: Input[int]
    """How many answers of `verify_url` in a row, each on a connection of its own, have to show the release, for each
    instance.
    """
    smoke: Input[Mapping[str, Input[int]]] | None
    """The status that each of these paths has to answer, below the address of `verify_url`."""
    watch_seconds: Input[int]
    """How long after the switch no instance may crash; 5 s at most where there is no release before it."""
    followed_by: Input[str] | None
    """The name of a service whose deploy follows and has this one in `watches_too`: where neither had a release
    before, that is the watch of both.
    """
    watches_too: Input[str] | None
    """The id of a service that is watched for crashes as well, where what it runs is its first release."""
    workers_url: Input[str] | None
    """The address that answers 200 to `?version=VERSION` once a worker of that release has proved itself."""
    check_command: Input[str] | None
    """A command that proves that a cron job could run, run once with the release."""


class DeployArgs(TypedDict, total=False):
    """Any change of these but `gate` and `version_variable` starts a deploy, which is waited for."""

    service_id: Required[Input[str]]
    """The service."""
    image_url: Input[str] | None
    """The image to deploy; the service's own when unset. Whatever else is live is drift."""
    version_variable: Input[str] | None
    """The service's variable that holds the digest of `image_url`: it is set with each deploy and set back with a
    rollback.
    """
    triggers: Input[Mapping[str, Any]] | None
    """Whatever else is to start a deploy when it changes, by any name: what the service itself does not show."""
    verify_url: Input[str] | None
    """The public address that has to show the deploy before it is done."""
    verify_text: Input[str] | None
    """What the answer of `verify_url` has to contain; the deployed commit or image digest when unset."""
    gate: Input[Gate] | None
    """What the release has to show besides."""


class EnvGroupArgs(TypedDict, total=False):
    """What an env group may say. Only the variables named here are managed."""

    name: Required[Input[str]]
    """As Render's dashboard shows it."""
    environment_id: Input[str] | None
    """The environment whose services may use it: moved to another, never taken out of one."""
    env_vars: Input[Mapping[str, Input[str]]] | None
    """Variables by name. Others that somebody sets at Render are left alone."""
    secret_files: Input[Mapping[str, Input[str]]] | None
    """Contents by file name, in /etc/secrets. Others that somebody adds at Render are left alone."""


class EnvGroupLinkArgs(TypedDict, total=False):
    """Which service uses which group."""

    env_group_id: Required[Input[str]]
    """The group."""
    service_id: Required[Input[str]]
    """The service, in the group's environment if the group has one."""


class EnvironmentArgs(TypedDict, total=False):
    """What an environment may say."""

    project_id: Required[Input[str]]
    """The project that it is part of."""
    name: Required[Input[str]]
    """As Render's dashboard shows it."""
    protected_status: Input[str] | None
    """Of a `protected` one only the workspace's admins change what is secret, or delete and move what is in it.
    `protected` or `unprotected`.
    """
    network_isolation_enabled: Input[bool] | None
    """Whether its private network is closed to other environments; needs a Pro workspace."""


class Cidr(TypedDict, total=False):
    """A range of addresses that may come in."""

    cidr_block: Required[Input[str]]
    """Such as `203.0.113.0/24`."""
    description: Input[str]
    """Who that is."""


class KeyValueArgs(TypedDict, total=False):
    """What a key-value store may say. `ip_allow_list=[]` keeps it private, which is also Render's default."""

    name: Required[Input[str]]
    """As Render's dashboard shows it."""
    plan: Required[Input[str]]
    """`free`, `starter`, `standard`, `pro`, `pro_plus` or `custom`."""
    region: Input[str] | None
    """Where it runs; Render's default is oregon. `frankfurt`, `ohio`, `oregon`, `singapore` or `virginia`."""
    environment_id: Input[str] | None
    """The environment that it sits in; it can be moved to another, and is not taken out of one."""
    maxmemory_policy: Input[str] | None
    """What goes when it is full. `noeviction`, `allkeys_lru`, `allkeys_lfu`, `allkeys_random`, `volatile_lru`,
    `volatile_lfu`, `volatile_random` or `volatile_ttl`.
    """
    persistence_mode: Input[str] | None
    """What is on disk as well: a journal and snapshots, snapshots alone, or nothing. `journal_snapshot`, `snapshot`
    or `off`.
    """
    ip_allow_list: Input[Sequence[Input[Cidr]]] | None
    """Who may connect from outside: [] is nobody, which is also Render's default."""


class ReadReplica(TypedDict, total=False):
    """A copy of a database that follows; its name is its identity."""

    name: Required[Input[str]]
    """A replica whose name is no longer listed is removed."""
    parameter_overrides: Input[Mapping[str, Input[str]]] | None
    """PostgreSQL's own parameters, by name."""


class PostgresArgs(TypedDict, total=False):
    """What a database may say. `ip_allow_list=[]` is private; unset is Render's default, open to the world."""

    name: Required[Input[str]]
    """As Render's dashboard shows it."""
    plan: Required[Input[str]]
    """What it runs on, such as `basic_256mb` or `pro_4gb`. No database gets a legacy plan any more."""
    version: Required[Input[str]]
    """PostgreSQL's major version. Render upgrades it in place, and nothing takes it back."""
    region: Input[str] | None
    """Where it runs; Render's default is oregon. `frankfurt`, `ohio`, `oregon`, `singapore` or `virginia`."""
    environment_id: Input[str] | None
    """The environment that it sits in; it can be moved to another, and is not taken out of one."""
    database_name: Input[str] | None
    """The first database. Render appends a suffix of its own; unset it invents the whole name."""
    database_user: Input[str] | None
    """Who owns it; unset Render invents a name."""
    disk_size_gb: Input[int] | None
    """1 or a multiple of 5; the plan decides when unset. A disk only grows, so this is the least."""
    enable_disk_autoscaling: Input[bool] | None
    """Whether the disk grows by itself when it is nearly full."""
    enable_high_availability: Input[bool] | None
    """A standby that takes over; needs a pro or accelerated plan."""
    ip_allow_list: Input[Sequence[Input[Cidr]]] | None
    """Who may connect from outside: [] is nobody, unset is Render's default, everybody."""
    parameter_overrides: Input[Mapping[str, Input[str]]] | None
    """PostgreSQL's own parameters, by name."""
    read_replicas: Input[Sequence[Input[ReadReplica]]] | None
    """At most 5. The list is whole: one that is no longer in it is removed."""
    connection_pool: Input[str] | None
    """A pool of connections in front of the database. `pgbouncer` or `none`."""


class RegistryCredentialArgs(TypedDict, total=False):
    """A login. For AWS_ECR: an access key id and its secret key."""

    name: Required[Input[str]]
    """As Render's dashboard shows it."""
    registry: Required[Input[str]]
    """Whose registry it is. `GITHUB`, `GITLAB`, `DOCKER`, `GOOGLE_ARTIFACT` or `AWS_ECR`."""
    username: Required[Input[str]]
    """For AWS_ECR an access key's id."""
    auth_token: Required[Input[str]]
    """For AWS_ECR that key's secret."""


class Header(TypedDict, total=False):
    """A response header for a path."""

    path: Required[Input[str]]
    """A path, where `*` stands for anything."""
    name: Required[Input[str]]
    """The header's name."""
    value: Required[Input[str]]
    """Its value."""


class Route(TypedDict, total=False):
    """A redirect or rewrite; earlier ones win."""

    type: Required[Input[str]]
    """Whether the browser is sent there, or is shown what is there. `redirect` or `rewrite`."""
    source: Required[Input[str]]
    """A path, where `*` stands for anything."""
    destination: Required[Input[str]]
    """A path or a whole address."""


class StaticSiteArgs(ServiceArgs, total=False):
    """Files behind Render's CDN; it needs a `repo`."""

    build_command: Input[str] | None
    """What makes the files."""
    publish_path: Input[str] | None
    """Where it puts them; Render's default is `public`."""
    headers: Input[Sequence[Input[Header]]] | None
    """Response headers by path; their order has no meaning."""
    routes: Input[Sequence[Input[Route]]] | None
    """Redirects and rewrites; earlier ones win."""
    render_subdomain_policy: Input[str] | None
    """Whether the address at onrender.com answers, beside domains of one's own. `enabled` or `disabled`."""
    ip_allow_list: Input[Sequence[Input[Cidr]]] | None
    """Who may reach it. For Enterprise workspaces only: leave it unset elsewhere."""


class MaintenanceMode(TypedDict, total=False):
    """A page in place of the service."""

    enabled: Input[bool] | None
    """Whether it is shown; when unset that is for others to say, and left as it is."""
    uri: Input[str]
    """Where the page is; Render's own when empty."""


class WebServiceArgs(ScaledArgs, total=False):
    """A service that answers HTTP."""

    health_check_path: Input[str] | None
    """What has to answer before an instance gets requests; the open port counts when unset."""
    maintenance_mode: Input[MaintenanceMode] | None
    """A page in place of the service; not on free services."""
    render_subdomain_policy: Input[str] | None
    """Whether the address at onrender.com answers, beside domains of one's own. `enabled` or `disabled`."""
    ip_allow_list: Input[Sequence[Input[Cidr]]] | None
    """Who may reach it. For Enterprise workspaces only: leave it unset elsewhere."""
