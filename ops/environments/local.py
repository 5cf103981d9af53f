"""What environments need on the cloud of this machine before they come up."""

from __future__ import annotations

import fcntl
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from ops.account.prepare import account_steps
from ops.account.steps import go_through
from ops.context import Context
from ops.doors.cloud import Cloud
from ops.doors.programs import ROOT
from ops.environments import branches
from ops.environments.stacks import load_all
from ops.releases.keys import key_step


def prepare(context: Context, cloud: Cloud, environment: str | None = None) -> None:
    """Make the tracked branches, what exists once per account, and the environment's own stack.

    Where a role was taken the account is ready: an administrator has made the role, after all that exists once.
    """
    say, stacks = context.output.say, load_all()
    path = Path(cloud.variables["SLIPWAY_ROOT"]) / ".local/prepare.lock"
    path.touch(mode=0o600)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two that look at once would make everything twice
        with ThreadPoolExecutor() as pool:
            tracked = [stack.branch for stack in stacks]
            work: list[Future[object]] = [
                pool.submit(branches.push, ROOT, cloud.git_host, tracked, say),
            ]
            if not cloud.as_role:
                steps = partial(account_steps, context.doors, cloud, stacks, say)
                work.append(pool.submit(lambda: go_through(steps(), make=True, say=say)))
                # At real accounts a person makes these, where no workflow signs: `release key`.
                pairs = [key_step(context.doors.aws(cloud, one.aws.region)("kms"), one.names) for one in stacks]
                work.append(pool.submit(go_through, pairs, make=True, say=lambda _: None))
            if environment:
                work.append(pool.submit(context.doors.pulumi(cloud).make_stack, environment))
        for one in work:
            one.result()
