"""Generated from render_provider/provider/resources/ by `python -m render_provider.generate`: change those, not this.

Render for Pulumi programs: `from render_provider import resources as render`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Unpack

import pulumi
from pulumi import Input, Output

from render_provider import args
from render_provider.registration import RenderResource, answer


@pulumi.type_token("render:index:BackgroundWorker")
class BackgroundWorker(RenderResource):
    """A service that works on queues.

    Its first deploy starts at once and is not waited for: a `Deploy` does that. Changing it starts none.
    """

    secrets = ("env_vars", "secret_files", "revision")

    name: Output[str]
    """As Render's dashboard shows it. Renaming changes neither slug nor address."""
    environment_id: Output[str | None]
    """The environment that it sits in; it can be moved to another, and is not taken out of one."""
    repo: Output[str | None]
    """The repository's URL, without the branch."""
    branch: Output[str | None]
    """The branch that is built; the repository's default when unset."""
    root_dir: Output[str | None]
    """The folder in it that counts, for commands and for what starts a build; the whole when unset."""
    build_filter: Output[dict[str, Any] | None]
    """Which changed files start a build; all of them when unset."""
    auto_deploy_trigger: Output[str | None]
    """What starts a deploy by itself: nothing, each commit, or its passed checks; Render's default is `commit`.
    `off`, `commit` or `checksPass`.
    """
    env_vars: Output[dict[str, str] | None]
    """Variables by name. Others that somebody sets at Render are left alone."""
    secret_files: Output[dict[str, str] | None]
    """Contents by file name, in /etc/secrets. Others that somebody adds at Render are left alone."""
    service_details: Output[dict[str, Any] | None]
    """Whatever else Render's serviceDetails knows, in Render's spelling, passed on as it is."""
    image: Output[dict[str, Any] | None]
    """The prebuilt image that runs; a service has either this or a `repo`."""
    runtime: Output[str | None]
    """What runs the code; `image`, which may be left out, with an image. `docker`, `elixir`, `go`, `image`, `node`,
    `python`, `ruby` or `rust`.
    """
    region: Output[str | None]
    """Where it runs; Render's default is oregon. `frankfurt`, `ohio`, `oregon`, `singapore` or `virginia`."""
    plan: Output[str | None]
    """What an instance runs on, such as `starter`, `standard` or `pro`."""
    build_command: Output[str | None]
    """What builds the code, for runtimes of a language."""
    start_command: Output[str | None]
    """What starts it, for runtimes of a language."""
    docker_command: Output[str | None]
    """What is started in place of the image's own command."""
    docker_context: Output[str | None]
    """The folder that is built, for the runtime `docker`."""
    dockerfile_path: Output[str | None]
    """The Dockerfile, for the runtime `docker`."""
    num_instances: Output[int | None]
    """How many run; Render's default is 1. Refused beside `autoscaling`."""
    autoscaling: Output[dict[str, Any] | None]
    """How many run, by load."""
    pre_deploy_command: Output[str | None]
    """What runs before each deploy, such as migrations; when it fails the deploy does."""
    max_shutdown_delay_seconds: Output[int | None]
    """How long an instance may take to end; Render's default is 30."""
    slug: Output[str]
    """The name in its addresses, perhaps with a suffix of Render's."""
    suspended: Output[str]
    """`suspended` or `not_suspended`."""
    dashboard_url: Output[str]
    """Its page in Render's dashboard."""
    revision: Output[str]
    """Changes with all that a running release only takes up when it is deployed: hand it to the `Deploy`s."""

    def __init__(
        self,
        name_: str,
        /,
        *,
        opts: pulumi.ResourceOptions | None = None,
        **inputs: Unpack[args.BackgroundWorkerArgs],
    ) -> None:
        self._register(name_, inputs, opts)


@pulumi.type_token("render:index:CronJob")
class CronJob(RenderResource):
    """A command that runs on a schedule.

    Its runs take up the deployed image or build. Changing it starts no deploy.
    """

    secrets = ("env_vars", "secret_files", "revision")

    name: Output[str]
    """As Render's dashboard shows it. Renaming changes neither slug nor address."""
    environment_id: Output[str | None]
    """The environment that it sits in; it can be moved to another, and is not taken out of one."""
    repo: Output[str | None]
    """The repository's URL, without the branch."""
    branch: Output[str | None]
    """The branch that is built; the repository's default when unset."""
    root_dir: Output[str | None]
    """The folder in it that counts, for commands and for what starts a build; the whole when unset."""
    build_filter: Output[dict[str, Any] | None]
    """Which changed files start a build; all of them when unset."""
    auto_deploy_trigger: Output[str | None]
    """What starts a deploy by itself: nothing, each commit, or its passed checks; Render's default is `commit`.
    `off`, `commit` or `checksPass`.
    """
    env_vars: Output[dict[str, str] | None]
    """Variables by name. Others that somebody sets at Render are left alone."""
    secret_files: Output[dict[str, str] | None]
    """Contents by file name, in /etc/secrets. Others that somebody adds at Render are left alone."""
    service_details: Output[dict[str, Any] | None]
    """Whatever else Render's serviceDetails knows, in Render's spelling, passed on as it is."""
    image: Output[dict[str, Any] | None]
    """The prebuilt image that runs; a service has either this or a `repo`."""
    runtime: Output[str | None]
    """What runs the code; `image`, which may be left out, with an image. `docker`, `elixir`, `go`, `image`, `node`,
    `python`, `ruby` or `rust`.
    """
    region: Output[str | None]
    """Where it runs; Render's default is oregon. `frankfurt`, `ohio`, `oregon`, `singapore` or `virginia`."""
    plan: Output[str | None]
    """What an instance runs on, such as `starter`, `standard` or `pro`."""
    build_command: Output[str | None]
    """What builds the code, for runtimes of a language."""
    start_command: Output[str | None]
    """What starts it, for runtimes of a language."""
    docker_command: Output[str | None]
    """What is started in place of the image's own command."""
    docker_context: Output[str | None]
    """The folder that is built, for the runtime `docker`."""
    dockerfile_path: Output[str | None]
    """The Dockerfile, for the runtime `docker`."""
    schedule: Output[str]
    """A cron expression of five fields, in UTC."""
    slug: Output[str]
    """The name in its addresses, perhaps with a suffix of Render's."""
    suspended: Output[str]
    """`suspended` or `not_suspended`."""
    dashboard_url: Output[str]
    """Its page in Render's dashboard."""
    revision: Output[str]
    """Changes with all that a running release only takes up when it is deployed: hand it to the `Deploy`s."""

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.CronJobArgs]
    ) -> None:
        self._register(name_, inputs, opts)


@pulumi.type_token("render:index:CustomDomain")
class CustomDomain(RenderResource):
    """A domain of a web service or static site.

    An apex and its www name are one resource: the one that redirects comes and goes with the one that serves.
    """

    service_id: Output[str]
    """The web service or static site."""
    name: Output[str]
    """The domain that serves."""
    companion: Output[str | None]
    """The apex or www name beside it. Render adds it, redirecting; named here it is looked after too."""
    domain_id: Output[str]
    """Render's own id, `cdm-…`."""
    domain_type: Output[str]
    """`apex` or `subdomain`."""
    redirect_for_name: Output[str]
    """The domain that it redirects to, when it is turned round: the next `up` mends that."""
    verification_status: Output[str]
    """`verified` once DNS leads here."""

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.CustomDomainArgs]
    ) -> None:
        self._register(name_, inputs, opts)


@pulumi.type_token("render:index:Deploy")
class Deploy(RenderResource):
    """A deploy of a service, waited for until it is live and has passed its gate; else it is rolled back.

    Its id is the service's. Removing it leaves the service as it runs. A suspended service is not deployed.
    """

    service_id: Output[str]
    """The service."""
    image_url: Output[str]
    """What was pulled."""
    version_variable: Output[str | None]
    """The service's variable that holds the digest of `image_url`: it is set with each deploy and set back with a
    rollback.
    """
    triggers: Output[dict[str, Any] | None]
    """Whatever else is to start a deploy when it changes, by any name: what the service itself does not show."""
    verify_url: Output[str | None]
    """The public address that has to show the deploy before it is done."""
    verify_text: Output[str | None]
    """What the answer of `verify_url` has to contain; the deployed commit or image digest when unset."""
    gate: Output[dict[str, Any] | None]
    """What the release has to show besides."""
    deploy_id: Output[str]
    """Render's own id, `dep-…`."""
    status: Output[str]
    """`live`, `deactivated` once a newer one is, or `suspended` when there was none."""
    commit: Output[str]
    """What was built."""
    url: Output[str]
    """The service's address, if it has one."""

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.DeployArgs]
    ) -> None:
        self._register(name_, inputs, opts)


@pulumi.type_token("render:index:EnvGroup")
class EnvGroup(RenderResource):
    """Variables shared by several services. Hand `revision` to the `Deploy`s of those.

    Changing a group starts no deploy.
    """

    secrets = ("env_vars", "secret_files", "revision")

    name: Output[str]
    """As Render's dashboard shows it."""
    environment_id: Output[str | None]
    """The environment whose services may use it: moved to another, never taken out of one."""
    env_vars: Output[dict[str, str] | None]
    """Variables by name. Others that somebody sets at Render are left alone."""
    secret_files: Output[dict[str, str] | None]
    """Contents by file name, in /etc/secrets. Others that somebody adds at Render are left alone."""
    revision: Output[str]
    """Changes with all that a running release only takes up when it is deployed: hand it to the `Deploy`s."""

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.EnvGroupArgs]
    ) -> None:
        self._register(name_, inputs, opts)


@pulumi.type_token("render:index:EnvGroupLink")
class EnvGroupLink(RenderResource):
    """One service using one env group, from its next deploy on.

    Links that somebody makes elsewhere are left alone.
    """

    env_group_id: Output[str]
    """The group."""
    service_id: Output[str]
    """The service, in the group's environment if the group has one."""

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.EnvGroupLinkArgs]
    ) -> None:
        self._register(name_, inputs, opts)


@pulumi.type_token("render:index:Environment")
class Environment(RenderResource):
    """A fence around what belongs together. Only an empty one is deleted.

    Render itself would delete all that is in it.
    """

    project_id: Output[str]
    """The project that it is part of."""
    name: Output[str]
    """As Render's dashboard shows it."""
    protected_status: Output[str | None]
    """Of a `protected` one only the workspace's admins change what is secret, or delete and move what is in it.
    `protected` or `unprotected`.
    """
    network_isolation_enabled: Output[bool | None]
    """Whether its private network is closed to other environments; needs a Pro workspace."""

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.EnvironmentArgs]
    ) -> None:
        self._register(name_, inputs, opts)


@pulumi.type_token("render:index:KeyValue")
class KeyValue(RenderResource):
    """A key-value store, available when created.

    Replacing it loses what it keeps. One that somebody deleted at Render is only made anew once that is given up
    by name, unless its plan or `persistence_mode` kept nothing.
    """

    secrets = ("internal_connection_string", "external_connection_string")

    name: Output[str]
    """As Render's dashboard shows it."""
    plan: Output[str]
    """`free`, `starter`, `standard`, `pro`, `pro_plus` or `custom`."""
    region: Output[str | None]
    """Where it runs; Render's default is oregon. `frankfurt`, `ohio`, `oregon`, `singapore` or `virginia`."""
    environment_id: Output[str | None]
    """The environment that it sits in; it can be moved to another, and is not taken out of one."""
    maxmemory_policy: Output[str | None]
    """What goes when it is full. `noeviction`, `allkeys_lru`, `allkeys_lfu`, `allkeys_random`, `volatile_lru`,
    `volatile_lfu`, `volatile_random` or `volatile_ttl`.
    """
    persistence_mode: Output[str | None]
    """What is on disk as well: a journal and snapshots, snapshots alone, or nothing. `journal_snapshot`, `snapshot`
    or `off`.
    """
    ip_allow_list: Output[list[dict[str, Any]] | None]
    """Who may connect from outside: [] is nobody, which is also Render's default."""
    status: Output[str]
    """How it stands: `available`, or `suspended` by somebody."""
    internal_connection_string: Output[str]
    """For what runs in the same region and network."""
    external_connection_string: Output[str]
    """For the outside, as far as `ip_allow_list` lets it in."""
    host: Output[str]
    """Inside Render's network."""
    port: Output[int]
    """Inside Render's network."""

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.KeyValueArgs]
    ) -> None:
        self._register(name_, inputs, opts)


@pulumi.type_token("render:index:Postgres")
class Postgres(RenderResource):
    """A PostgreSQL database, available when created. `database_name` is the real one, with Render's suffix.

    Replacing it loses its data: protect it. One that somebody deleted at Render is only made anew once its data is
    given up by name.
    """

    secrets = ("internal_connection_string", "external_connection_string", "password")

    name: Output[str]
    """As Render's dashboard shows it."""
    plan: Output[str]
    """What it runs on, such as `basic_256mb` or `pro_4gb`. No database gets a legacy plan any more."""
    version: Output[str]
    """PostgreSQL's major version. Render upgrades it in place, and nothing takes it back."""
    region: Output[str | None]
    """Where it runs; Render's default is oregon. `frankfurt`, `ohio`, `oregon`, `singapore` or `virginia`."""
    environment_id: Output[str | None]
    """The environment that it sits in; it can be moved to another, and is not taken out of one."""
    database_name: Output[str]
    """The real one, with Render's suffix."""
    database_user: Output[str]
    """Who owns the database."""
    disk_size_gb: Output[int | None]
    """1 or a multiple of 5; the plan decides when unset. A disk only grows, so this is the least."""
    enable_disk_autoscaling: Output[bool | None]
    """Whether the disk grows by itself when it is nearly full."""
    enable_high_availability: Output[bool | None]
    """A standby that takes over; needs a pro or accelerated plan."""
    ip_allow_list: Output[list[dict[str, Any]] | None]
    """Who may connect from outside: [] is nobody, unset is Render's default, everybody."""
    parameter_overrides: Output[dict[str, str] | None]
    """PostgreSQL's own parameters, by name."""
    read_replicas: Output[list[dict[str, Any]] | None]
    """At most 5. The list is whole: one that is no longer in it is removed."""
    connection_pool: Output[str | None]
    """A pool of connections in front of the database. `pgbouncer` or `none`."""
    status: Output[str]
    """How it stands: `available`, or `suspended` by somebody."""
    internal_connection_string: Output[str]
    """For what runs in the same region and network."""
    external_connection_string: Output[str]
    """For the outside, as far as `ip_allow_list` lets it in."""
    password: Output[str]
    """Of `database_user`."""
    host: Output[str]
    """Inside Render's network."""
    port: Output[int]
    """Inside Render's network."""
    user: Output[str]
    """Who the connection strings log in as."""

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.PostgresArgs]
    ) -> None:
        self._register(name_, inputs, opts)


@pulumi.type_token("render:index:RegistryCredential")
class RegistryCredential(RenderResource):
    """A login to a container registry. Hand `revision` to the `Deploy`s of what it pulls.

    It belongs to the workspace. Render never tells `auth_token`, so the one that was sent counts, and an import
    lacks it.
    """

    secrets = ("auth_token", "revision")

    name: Output[str]
    """As Render's dashboard shows it."""
    registry: Output[str]
    """Whose registry it is. `GITHUB`, `GITLAB`, `DOCKER`, `GOOGLE_ARTIFACT` or `AWS_ECR`."""
    username: Output[str]
    """For AWS_ECR an access key's id."""
    auth_token: Output[str]
    """For AWS_ECR that key's secret."""
    revision: Output[str]
    """Changes with all that a running release only takes up when it is deployed: hand it to the `Deploy`s."""

    def __init__(
        self,
        name_: str,
        /,
        *,
        opts: pulumi.ResourceOptions | None = None,
        **inputs: Unpack[args.RegistryCredentialArgs],
    ) -> None:
        self._register(name_, inputs, opts)


@pulumi.type_token("render:index:StaticSite")
class StaticSite(RenderResource):
    """Files behind Render's CDN, at `url`.

    Its first deploy starts at once and is not waited for: a `Deploy` does that. Changing it starts none.
    """

    secrets = ("env_vars", "secret_files", "revision")

    name: Output[str]
    """As Render's dashboard shows it. Renaming changes neither slug nor address."""
    environment_id: Output[str | None]
    """The environment that it sits in; it can be moved to another, and is not taken out of one."""
    repo: Output[str]
    """The repository's URL, without the branch."""
    branch: Output[str | None]
    """The branch that is built; the repository's default when unset."""
    root_dir: Output[str | None]
    """The folder in it that counts, for commands and for what starts a build; the whole when unset."""
    build_filter: Output[dict[str, Any] | None]
    """Which changed files start a build; all of them when unset."""
    auto_deploy_trigger: Output[str | None]
    """What starts a deploy by itself: nothing, each commit, or its passed checks; Render's default is `commit`.
    `off`, `commit` or `checksPass`.
    """
    env_vars: Output[dict[str, str] | None]
    """Variables by name. Others that somebody sets at Render are left alone."""
    secret_files: Output[dict[str, str] | None]
    """Contents by file name, in /etc/secrets. Others that somebody adds at Render are left alone."""
    service_details: Output[dict[str, Any] | None]
    """Whatever else Render's serviceDetails knows, in Render's spelling, passed on as it is."""
    build_command: Output[str | None]
    """What makes the files."""
    publish_path: Output[str | None]
    """Where it puts them; Render's default is `public`."""
    headers: Output[list[dict[str, Any]] | None]
    """Response headers by path; their order has no meaning."""
    routes: Output[list[dict[str, Any]] | None]
    """Redirects and rewrites; earlier ones win."""
    render_subdomain_policy: Output[str | None]
    """Whether the address at onrender.com answers, beside domains of one's own. `enabled` or `disabled`."""
    ip_allow_list: Output[list[dict[str, Any]] | None]
    """Who may reach it. For Enterprise workspaces only: leave it unset elsewhere."""
    slug: Output[str]
    """The name in its addresses, perhaps with a suffix of Render's."""
    suspended: Output[str]
    """`suspended` or `not_suspended`."""
    dashboard_url: Output[str]
    """Its page in Render's dashboard."""
    url: Output[str]
    """The address that Render gave it."""
    revision: Output[str]
    """Changes with all that a running release only takes up when it is deployed: hand it to the `Deploy`s."""

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.StaticSiteArgs]
    ) -> None:
        self._register(name_, inputs, opts)


@pulumi.type_token("render:index:WebService")
class WebService(RenderResource):
    """A service that answers HTTP at `url`. It runs what its `Deploy` waited for.

    Its first deploy starts at once and is not waited for: a `Deploy` does that. Changing it starts none.
    """

    secrets = ("env_vars", "secret_files", "revision")

    name: Output[str]
    """As Render's dashboard shows it. Renaming changes neither slug nor address."""
    environment_id: Output[str | None]
    """The environment that it sits in; it can be moved to another, and is not taken out of one."""
    repo: Output[str | None]
    """The repository's URL, without the branch."""
    branch: Output[str | None]
    """The branch that is built; the repository's default when unset."""
    root_dir: Output[str | None]
    """The folder in it that counts, for commands and for what starts a build; the whole when unset."""
    build_filter: Output[dict[str, Any] | None]
    """Which changed files start a build; all of them when unset."""
    auto_deploy_trigger: Output[str | None]
    """What starts a deploy by itself: nothing, each commit, or its passed checks; Render's default is `commit`.
    `off`, `commit` or `checksPass`.
    """
    env_vars: Output[dict[str, str] | None]
    """Variables by name. Others that somebody sets at Render are left alone."""
    secret_files: Output[dict[str, str] | None]
    """Contents by file name, in /etc/secrets. Others that somebody adds at Render are left alone."""
    service_details: Output[dict[str, Any] | None]
    """Whatever else Render's serviceDetails knows, in Render's spelling, passed on as it is."""
    image: Output[dict[str, Any] | None]
    """The prebuilt image that runs; a service has either this or a `repo`."""
    runtime: Output[str | None]
    """What runs the code; `image`, which may be left out, with an image. `docker`, `elixir`, `go`, `image`, `node`,
    `python`, `ruby` or `rust`.
    """
    region: Output[str | None]
    """Where it runs; Render's default is oregon. `frankfurt`, `ohio`, `oregon`, `singapore` or `virginia`."""
    plan: Output[str | None]
    """What an instance runs on, such as `starter`, `standard` or `pro`."""
    build_command: Output[str | None]
    """What builds the code, for runtimes of a language."""
    start_command: Output[str | None]
    """What starts it, for runtimes of a language."""
    docker_command: Output[str | None]
    """What is started in place of the image's own command."""
    docker_context: Output[str | None]
    """The folder that is built, for the runtime `docker`."""
    dockerfile_path: Output[str | None]
    """The Dockerfile, for the runtime `docker`."""
    num_instances: Output[int | None]
    """How many run; Render's default is 1. Refused beside `autoscaling`."""
    autoscaling: Output[dict[str, Any] | None]
    """How many run, by load."""
    pre_deploy_command: Output[str | None]
    """What runs before each deploy, such as migrations; when it fails the deploy does."""
    max_shutdown_delay_seconds: Output[int | None]
    """How long an instance may take to end; Render's default is 30."""
    health_check_path: Output[str | None]
    """What has to answer before an instance gets requests; the open port counts when unset."""
    maintenance_mode: Output[dict[str, Any] | None]
    """A page in place of the service; not on free services."""
    render_subdomain_policy: Output[str | None]
    """Whether the address at onrender.com answers, beside domains of one's own. `enabled` or `disabled`."""
    ip_allow_list: Output[list[dict[str, Any]] | None]
    """Who may reach it. For Enterprise workspaces only: leave it unset elsewhere."""
    slug: Output[str]
    """The name in its addresses, perhaps with a suffix of Render's."""
    suspended: Output[str]
    """`suspended` or `not_suspended`."""
    dashboard_url: Output[str]
    """Its page in Render's dashboard."""
    url: Output[str]
    """The address that Render gave it."""
    revision: Output[str]
    """Changes with all that a running release only takes up when it is deployed: hand it to the `Deploy`s."""

    def __init__(
        self, name_: str, /, *, opts: pulumi.ResourceOptions | None = None, **inputs: Unpack[args.WebServiceArgs]
    ) -> None:
        self._register(name_, inputs, opts)


@dataclass(frozen=True)
class Project:
    """A project, which holds environments."""

    id: str
    """Render's own id, `prj-…`."""
    name: str
    """As Render's dashboard shows it."""
    environment_ids: tuple[str, ...]
    """The environments in it."""


def get_project(name: str, opts: pulumi.InvokeOptions | None = None) -> Project:
    """The project of that name in the workspace, now."""
    told: dict[str, Any] = pulumi.runtime.invoke("render:index:getProject", {"name": name}, opts).value or {}
    return answer(Project, told)


def get_project_output(name: Input[str], opts: pulumi.InvokeOptions | None = None) -> Output[Project]:
    """The project of that name in the workspace, once what is asked with is known."""
    told: Output[dict[str, Any]] = pulumi.runtime.invoke_output("render:index:getProject", {"name": name}, opts)
    return told.apply(lambda known: answer(Project, known))
