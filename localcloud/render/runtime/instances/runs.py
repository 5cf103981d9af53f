"""Commands that run once beside a service, in a folder of their own."""

from __future__ import annotations

import threading

from localcloud.render.runtime.containers import container
from localcloud.render.runtime.containers.container import Container
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
    argv = words = commands.words(run.command, release.command)
    programs = None if release.image else python_env.programs(release.folder, log, cancelled)
    workspace, box = workspaces.make(name, release), None
    try:
        mode = 0o644 if release.image else 0o600
        token = tokens.give(name, workspace.token, run.service_id, run.subject, mode) if run.subject else {}
        if programs is None:
            box = Container.of(name, workspace.folder)
            env = container.environment(token, release.env, run.env)
            argv = box.command(release, words, env, run.memory_mb, run.cpus)
        else:
            env = {**workspace.environment, **token, **environment(release.env, run.env, programs=programs)}
        code, _ = commands.run(
            name,
            argv,
            env=env,
            folder=workspace.files,
            log=lambda line: logs.append(run.service_id, line, type="app", instance=run.log_name),
            timeout=run.timeout,
            cancelled=cancelled,
            shown=lambda: f"`{words[2] if words[:2] == ['/bin/sh', '-c'] else ' '.join(words)}`",
        )
    finally:
        if box is not None:
            box.remove()
        tokens.forget(name)
        workspaces.remove(name)
    return code
