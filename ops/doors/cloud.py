"""Which cloud a command talks to: the one that the environment names, else the one on this machine."""

from __future__ import annotations

import os
from dataclasses import dataclass

from ops.doors import local_cloud

LOCAL = "http://127.0.0.1:"
GIT_HOST = "SLIPWAY_GIT_HOST"  # where the runner of this machine has a job's commits from
JOB = "SLIPWAY_JOB"  # set by the infrastructure in its own jobs, which start no cloud and have no key of Render's
CREDENTIALS = frozenset({"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})


@dataclass(frozen=True)
class Cloud:
    """The process environment that every tool is started with."""

    variables: dict[str, str]
    is_local: bool
    git_host: str = ""  # the local one's
    as_role: bool = False  # for the local AWS we are whoever has taken a role, not its administrator

    @property
    def name(self) -> str:
        """For people."""
        if self.is_local:
            return "the local cloud"
        return f"Render workspace {self.variables.get('RENDER_OWNER_ID', '(RENDER_OWNER_ID is not set)')} and AWS"


def choose(*, postgres: str = "") -> Cloud:
    """The cloud that RENDER_API_KEY in the environment belongs to; without one, the local cloud, started.

    The local one makes ready for a first database of version `postgres`. A role that was taken at it, as a workflow's
    job takes one, stays who we are: what that role may not do must not be done by the administrator in its place.
    """
    given = dict(os.environ)
    if given.get(JOB):
        return Cloud(given, is_local=given.get("AWS_ENDPOINT_URL", "").startswith(LOCAL), as_role=True)
    beyond = not given.get("RENDER_HOST", "").startswith(LOCAL)
    if given.get("RENDER_API_KEY") and beyond:
        return Cloud(given, is_local=False)
    if given.get(GIT_HOST) and not beyond:
        # A workflow's job works on the cloud that its runner names, which is not its own to start.
        return Cloud(given, is_local=True, git_host=given[GIT_HOST], as_role=bool(given.get("AWS_SESSION_TOKEN")))
    started = local_cloud.start(postgres=postgres)
    there = given.get("AWS_ENDPOINT_URL") == started.environment["AWS_ENDPOINT_URL"]
    as_role = there and bool(given.get("AWS_SESSION_TOKEN"))
    # From here on this process is in the local cloud's environment, too: clients read more of it than they are given.
    for name, value in started.environment.items():
        if as_role and name in CREDENTIALS:
            continue
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    return Cloud(dict(os.environ), is_local=True, git_host=started.git_host, as_role=as_role)
