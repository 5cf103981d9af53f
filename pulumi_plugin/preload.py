"""Loads what the engine will start while the engine itself starts.

`python -m pulumi_plugin.preload ADDRESS PID MODULE...`: where it listens, the engine, and what to load.

For one command the engine starts half a dozen Python processes, one after the other, and all of them load much the
same modules. This process loads the modules that it is told once, on a processor that has nothing else to do, and
is asked (by `start.py`, on a socket) for copies of itself. It ends with the command: PID is the engine's.
"""

from __future__ import annotations

import gc
import importlib
import os
import runpy
import selectors
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pulumi_plugin.parent import exit_with_parent

_LOOK_SECONDS = 0.2
_SEND_SECONDS = 5.0
_PATIENCE_SECONDS = 4.0  # the engine gives whom it interrupts five, then waits until the copy's outputs are closed


class Preloader:
    """One thread, so that a fork is safe: between two modules it looks whether it is asked for a copy."""

    def __init__(self, address: str, engine: int) -> None:
        self._address, self._engine = address, engine
        self._lines: dict[int, socket.socket] = {}  # of each copy, to the one who asked for it
        self._ending: dict[int, float] = {}  # the copies that were asked to end, and when they are killed
        self._selector = selectors.DefaultSelector()
        self._listener = socket.socket(socket.AF_UNIX)
        before = os.umask(0o177)  # who may connect may run code as this user
        try:
            self._listener.bind(address)
        finally:
            os.umask(before)
        self._listener.listen()
        self._ended, waker = os.pipe()
        for end in (self._ended, waker):
            os.set_blocking(end, False)
        self._watch(self._listener, self._accept)
        self._watch(self._ended, self._reap)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(waker)

    def run(self, modules: Sequence[str]) -> None:
        """Load, then serve until the engine is gone. What cannot be loaded is the copy's to tell."""
        gc.disable()
        for module in modules:
            with suppress(Exception):
                importlib.import_module(module)
            self._serve(0)
        while os.getppid() == self._engine:
            self._serve(_LOOK_SECONDS)
        with suppress(OSError):
            Path(self._address).unlink()
        for pid in self._lines:
            os.kill(pid, signal.SIGKILL)

    def _serve(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            key.data()
        for pid, until in self._ending.items():
            os.kill(pid, signal.SIGTERM if time.monotonic() < until else signal.SIGKILL)

    def _watch(self, what: Any, then: Callable[[], None]) -> None:
        self._selector.register(what, selectors.EVENT_READ, then)

    def _accept(self) -> None:
        line, _ = self._listener.accept()
        line.settimeout(_SEND_SECONDS)
        files: list[int] = []
        pid = -1
        with suppress(OSError, ValueError):  # cut short, or there is no process to be had
            _, files, _, _ = socket.recv_fds(line, 1, 3)
            request = _receive(line, files)
            gc.freeze()  # a copy looks for garbage among what it makes itself
            pid = self._copy(request, line)
        for file in files:  # whoever reads them waits until nobody holds them open
            os.close(file)
        if pid < 0:
            line.close()
            return
        self._lines[pid] = line
        self._watch(line, partial(self._end, pid, line))

    def _copy(self, request: Request, line: socket.socket) -> int:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            try:
                self._leave(line)
                exit_with_parent(parent)
                _become(request)
            finally:
                os._exit(1)
        return pid

    def _end(self, pid: int, line: socket.socket) -> None:
        """The one who asked has ended, or asks it to end. The copy may have ended in the same moment."""
        if pid in self._lines:
            self._selector.unregister(line)
            self._ending[pid] = time.monotonic() + _PATIENCE_SECONDS

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._ended, 4096)
        while self._lines:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            line = self._lines.pop(pid)
            self._ending.pop(pid, None)
            with suppress(KeyError):
                self._selector.unregister(line)
            code = os.waitstatus_to_exitcode(status)
            with suppress(OSError):
                line.send(bytes([code if code >= 0 else 128 - code]))
            line.close()

    def _leave(self, line: socket.socket) -> None:
        """In the copy: what it must not keep open, and the signals as a new process has them."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._selector.close()
        for one in (self._listener, line, *self._lines.values()):
            one.close()
        os.close(self._ended)
        os.setpgid(0, 0)
        gc.enable()


@dataclass(frozen=True)
class Request:
    """What `start.py` asks for: see `request` there."""

    folder: str
    words: list[str]
    environment: dict[str, str]
    files: list[int]


def _receive(line: socket.socket, files: list[int]) -> Request:
    said = _read(line, int.from_bytes(_read(line, 8), "big"))
    folder, count, *rest = os.fsdecode(said).split("\0")
    words, variables = rest[: int(count)], rest[int(count) :]
    return Request(folder, words, dict(one.split("=", 1) for one in variables), files)


def _read(line: socket.socket, size: int) -> bytes:
    said = b""
    while len(said) < size:
        part = line.recv(size - len(said))
        if not part:
            raise ValueError("cut short")
        said += part
    return said


def _become(request: Request) -> None:
    """Run the module with that environment, folder, input and output, and end."""
    code: object = 1
    try:
        for number, file in enumerate(request.files):
            os.dup2(file, number)
            os.close(file)
        os.environ.clear()
        os.environ.update(request.environment)
        os.chdir(request.folder)
        named = request.words.index("-m") + 1
        if "-I" not in request.words[:named]:
            sys.path.insert(0, request.folder)
        sys.argv = request.words[named:]
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001 - as Python itself does at the end of a process
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    Preloader(sys.argv[1], int(sys.argv[2])).run(sys.argv[3:])
