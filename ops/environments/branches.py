"""The branches that the environments track, on the Git host of the local cloud."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from console.errors import ExplainedError
from console.output import Say
from ops.doors.git import on_host


def push(checkout: Path, host: str, branches: Sequence[str], say: Say) -> bool:
    """Give HEAD as every branch to a host that has no branch yet; later pushes are the user's (docs/adr/0013).

    The host fetches it: a push would run the checkout's hooks and follow its configuration.
    """
    if on_host(host, "for-each-ref", "--count=1"):
        return False
    say(f"pushing HEAD to the local Git host as {', '.join(branches)}")
    # A checkout may be a shallow one, as CI systems make them, and its later pushes are, too.
    on_host(host, "config", "receive.shallowUpdate", "true")
    wanted = (str(checkout), *(f"HEAD:refs/heads/{branch}" for branch in branches))
    # FETCH_HEAD would be a file that others may write.
    fetch = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--update-shallow")
    try:
        on_host(host, *fetch, *wanted)
    except ExplainedError:  # a partial clone has the files of what was checked out alone
        on_host(host, *fetch, "--depth=1", *wanted)
    return True
