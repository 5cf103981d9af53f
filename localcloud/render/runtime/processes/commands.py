"""Runs a command to its end, its output line by line, so that it can be cancelled and never outlives us."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from localcloud.machine import paths, process
from localcloud.render.runtime.failures import LAST_LINES, RuntimeFailure, explained
from localcloud.render.runtime.processes.confined import listeners
from localcloud.render.runtime.processes.confined.start import spawn
from localcloud.render.runtime.values import Log

LOOK_SECONDS = 0.05


class Tail:
    """Gives the lines that were added to a file since the last look."""

    def __init__(self, path: Path, offset: int = 0) -> None:
        self.path = path
        self.offset = offset

    def lines(self, *, final: bool = False) -> list[str]:
        """The complete new lines; with `final` also a last one without its end."""
        try:
            with self.path.open("rb") as file:
                file.seek(self.offset)
                content = file.read(4 * 1024 * 1024)
        except FileNotFoundError:
            return []
        if not final:
            content = content[: content.rfind(b"\n") + 1]
        self.offset += len(content)
        return content.decode(errors="replace").splitlines()


def run(
    name: str,
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    folder: Path,
    log: Log,
    timeout: float,
    cancelled: threading.Event,
    shown: Callable[[], str] | None = None,
) -> tuple[int, list[str]]:
    """The exit code of a command and its last lines; `RuntimeFailure` when it took too long or was cancelled."""
    what = shown() if shown else f"`{' '.join(argv)}`"
    output = paths.folder("render", "logs", "commands") / f"{name}.log"
    output.unlink(missing_ok=True)
    tail, last = Tail(output), list[str]()

    def tell(*, final: bool = False) -> None:
        for line in tail.lines(final=final):
            last.append(line)
            del last[:-LAST_LINES]
            log(line)

    with explained(f"cannot run {what}"):
        started, popen = spawn(name, argv, log=output, env=env, cwd=folder)
        deadline = time.monotonic() + timeout
        try:
            while popen.poll() is None:
                if cancelled.wait(LOOK_SECONDS):
                    raise RuntimeFailure(f"{what} was cancelled", last)
                if time.monotonic() > deadline:
                    raise RuntimeFailure(f"{what} took longer than {timeout:g} s", last)
                tell()
            if popen.returncode < 0:
                listeners.refused(started, output)  # whoever ended it for that has then written why
            tell(final=True)
            if cancelled.is_set():
                raise RuntimeFailure(f"{what} was cancelled", last)
            return popen.returncode, last
        finally:
            code = popen.poll()
            process.stop(started)  # the whole group: a command may have left something running
            if code is None:
                popen.wait(10)
            output.unlink(missing_ok=True)


def words(command: str | Sequence[str], own: Sequence[str]) -> list[str]:
    """The command to run: text by a shell, a tuple directly, nothing for the release's own."""
    if isinstance(command, str) and command.strip():
        return ["/bin/sh", "-c", command]
    chosen = list(own) if isinstance(command, str) or not command else list(command)
    if not chosen:
        raise RuntimeFailure("there is nothing to run: neither the service nor its release has a start command")
    return chosen
