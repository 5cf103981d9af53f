"""The runtime behind the local Render API: real databases, real processes, a real edge, no container engine."""

from __future__ import annotations

from localcloud.render.runtime.postgres_home import check_user, reset_folders
from localcloud.render.runtime.runtime import ProcessRuntime
from localcloud.render.runtime_protocol import Runtime

__all__ = ["ProcessRuntime", "check_user", "create", "reset_folders"]


def create() -> Runtime:
    """The runtime of this machine, not yet started."""
    return ProcessRuntime()
