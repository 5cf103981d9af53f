"""Ends a job as GitHub's runner does: its step is interrupted, then told to end, then killed with all it started.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Collection, Iterable

import psutil

from localcloud.machine.process import Process

INTERRUPT_SECONDS = 7.5
TERMINATE_SECONDS = 2.5
ALWAYS_SECONDS = 300.0  # for the steps that run always
LOOK_SECONDS = 0.05


def end(
    act: Process,
    *,
    failed: Callable[[], bool] = lambda: True,
    interrupt: float = INTERRUPT_SECONDS,
    terminate: float = TERMINATE_SECONDS,
    always: float = ALWAYS_SECONDS,
) -> None:
    """Have it over. A step is a session of its own, so each is told by itself; steps that run `always()` still do.

    `failed` says whether the job has: a step may end well in spite of being told, as a shell does that waits for a
    program. act knows of no end then and begins the next one, which is told as well.
    """
    try:
        leader = psutil.Process(act.pid)
    except psutil.NoSuchProcess:
        return
    everything = [leader, *leader.children(recursive=True)]
    steps = leader.children()
    if not steps:
        leader.send_signal(signal.SIGINT)
    while steps:
        for number, seconds in ((signal.SIGINT, interrupt), (signal.SIGTERM, terminate)):
            _tell(steps, number)
            if _gone(steps, seconds):
                break
        _tell(_family(steps), signal.SIGKILL)
        steps = _next(leader, steps, failed)
    if not _gone([leader], always):
        everything += leader.children(recursive=True) if leader.is_running() else []
        _tell(everything, signal.SIGKILL)
    _tell([one for one in everything if one.pid != leader.pid], signal.SIGKILL)


def _next(
    leader: psutil.Process, ended: Collection[psutil.Process], failed: Callable[[], bool]
) -> list[psutil.Process]:
    """What it begins after these as if nothing was; nothing where the job has failed, or is over."""
    while _lives(leader) and not failed():
        try:
            begun = [step for step in leader.children() if step not in ended and _lives(step)]
        except psutil.NoSuchProcess:
            break
        if begun:
            return [] if failed() else begun
        time.sleep(LOOK_SECONDS)
    return []


def _family(leaders: Iterable[psutil.Process]) -> list[psutil.Process]:
    found = []
    for leader in leaders:
        with contextlib.suppress(psutil.NoSuchProcess):
            found += [leader, *leader.children(recursive=True)]
    return found


def _tell(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def _gone(processes: Iterable[psutil.Process], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while any(map(_lives, processes)):
        if time.monotonic() > until:
            return False
        time.sleep(LOOK_SECONDS)
    return True


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
