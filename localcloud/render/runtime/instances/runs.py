"""Commands that run once beside a service, in a folder of their own."""

from __future__ import annotations

import threading

from localcloud.render.runtime.instances import workspaces
from localcloud.render.runtime.logs.files import FileLogs
from localcloud.render.runtime.processes import commands
from localcloud.render.runtime.processes.environment import environment
from localcloud.render.runtime.releases import python_env
from localcloud.render.runtime.tokens.files import TokenFiles
from localcloud.render.runtime.values import Log, Run

PREFIX = "run-"


def carry_out(run: Run, logs: FileLogs, tokens: TokenFiles, log: Log, cancelled: threading.Event) -> int:
    """The exit code of a command whose output is in the service's log."""
    name, release = f"{PREFIX}{run.service_id}-{run.run_id}", run.release
    argv = commands.words(run.command, release.command)
    programs = python_env.programs(release.folder, log, cancelled)
    workspace = workspaces.make(name, release)
    try:
        token = tokens.give(name, workspace.token, run.service_id, run.subject) if run.subject else {}
        code, _ = commands.run(
            name,
            argv,
            env={**workspace.environment, **token, **environment(release.env, run.env, programs=programs)},
            folder=workspace.files,
            log=lambda line: logs.append(run.service_id, line, type="app", instance=run.log_name),
            timeout=run.timeout,
            cancelled=cancelled,
            shown=lambda: f"`{argv[2] if argv[:2] == ['/bin/sh', '-c'] else ' '.join(argv)}`",
        )
    finally:
        tokens.forget(name)
        workspaces.remove(name)
    return code
