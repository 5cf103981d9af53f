"""`local reset`: as if there had never been a local cloud."""

from __future__ import annotations

from console.output import Output
from localcloud.control import daemons


def reset() -> None:
    """Stop everything and forget all state."""
    from localcloud.render.runtime.databases.folders import reset_folders

    daemons.reset(reset_folders())
    Output().say("the local cloud is forgotten")
