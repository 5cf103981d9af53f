"""Starts what users run so that only this machine reaches it, and has it looked at again and again."""

from __future__ import annotations

import os
import platform
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from localcloud.machine import process
from localcloud.machine.process import Process
from localcloud.render.runtime.processes.confined import listeners
from localcloud.render.runtime.processes.confined.enter import NUMBERS
from localcloud.render.runtime.processes.confined.supervisor import Supervisor, can_answer

HERE = Path(__file__).parent
START_SECONDS = 60.0
_making = threading.Lock()


def spawn(
    name: str, argv: Sequence[str], *, log: Path, env: Mapping[str, str], cwd: Path
) -> tuple[Process, subprocess.Popen[bytes]]:
    """As `process.spawn`, but whatever the program binds is reached from this machine alone."""
    if sys.platform == "linux" and platform.machine() in NUMBERS and can_answer():
        started, popen = _confined(name, argv, log, env, cwd)
    else:
        path = os.pathsep.join([str(HERE / "python"), *filter(None, [env.get("PYTHONPATH")])])
        started, popen = process.spawn(name, argv, log=log, env={**env, "PYTHONPATH": path}, cwd=cwd)
    listeners.watch(started, log)
    return started, popen


def _confined(
    name: str, argv: Sequence[str], log: Path, env: Mapping[str, str], cwd: Path
) -> tuple[Process, subprocess.Popen[bytes]]:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            program = [sys.executable, "-I", "-S", str(HERE / "enter.py"), str(theirs.fileno()), *argv]
            started, popen = process.spawn(name, program, log=log, env=env, cwd=cwd, pass_fds=(theirs.fileno(),))
        ours.settimeout(START_SECONDS)
        said, files, _, _ = socket.recv_fds(ours, 1, 1)
        if said == b"+":
            with _making:
                _supervisor().watch(files[0])
        refused = ours.recv(16)  # nothing: the line was closed when the process became the program
    if refused:
        popen.wait()
        process.stop(started)
        raise OSError(int(refused), os.strerror(int(refused)), argv[0])
    return started, popen


@cache
def _supervisor() -> Supervisor:
    return Supervisor()
