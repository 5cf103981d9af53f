"""What programs may say of any service, and what Render tells of it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from render_provider.provider.resource import Inputs, Outputs


class Image(Inputs):
    """A prebuilt image, best by digest."""

    image_path: str
    """Such as `docker.io/library/nginx@sha256:…`."""
    registry_credential_id: str | None = None
    """The login to its registry, if that is private."""


class BuildFilter(Inputs):
    """Which changed files start a build."""

    paths: list[str] = Field(default_factory=list)
    """Patterns of files that do."""
    ignored_paths: list[str] = Field(default_factory=list)
    """Patterns of files that do not."""


class ServiceInputs(Inputs):
    """What every service may say. Only the variables named here are managed."""

    name: str
    """As Render's dashboard shows it. Renaming changes neither slug nor address."""
    environment_id: str | None = None
    """The environment that it sits in; it can be moved to another, and is not taken out of one."""
    repo: str | None = None
    """The repository's URL, without the branch."""
    branch: str | None = None
    """The branch that is built; the repository's default when unset."""
    root_dir: str | None = None
    """The folder in it that counts, for commands and for what starts a build; the whole when unset."""
    build_filter: BuildFilter | None = None
    """Which changed files start a build; all of them when unset."""
    auto_deploy_trigger: Literal["off", "commit", "checksPass"] | None = None
    """What starts a deploy by itself: nothing, each commit, or its passed checks; Render's default is `commit`."""
    env_vars: dict[str, str] | None = None
    """Variables by name. Others that somebody sets at Render are left alone."""
    secret_files: dict[str, str] | None = None
    """Contents by file name, in /etc/secrets. Others that somebody adds at Render are left alone."""
    service_details: dict[str, Any] | None = None
    """Whatever else Render's serviceDetails knows, in Render's spelling, passed on as it is."""


class ServiceOutputs(Outputs):
    """What Render tells of every service."""

    slug: str
    """The name in its addresses, perhaps with a suffix of Render's."""
    suspended: str
    """`suspended` or `not_suspended`."""
    dashboard_url: str
    """Its page in Render's dashboard."""


class AddressedOutputs(ServiceOutputs):
    """What Render tells of a service that has an address."""

    url: str
    """The address that Render gave it."""
