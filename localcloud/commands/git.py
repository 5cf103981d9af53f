"""`local git`: where to push."""

from __future__ import annotations

from console.output import Output
from localcloud.machine.paths import git_host


def git() -> None:
    """Print the URL of the local Git host.

    To push to it: git push "$(./slipway local git)" HEAD:develop
    """
    Output().line(str(git_host()))
