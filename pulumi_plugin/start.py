"""Does as `python [-I] -m MODULE WORD...`, in a copy of a process that has loaded most of it already (`preload.py`).

It is run as `python -I -S pulumi_plugin/start.py [-I] -m MODULE WORD...` and imports next to nothing, because what
it is for is to start fast. Where no such process answers, it becomes the command itself.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import sys

ADDRESS = "SLIPWAY_PRELOAD"
"""Names the socket of that process in the environment of everything that the engine starts."""


def main(words: list[str]) -> None:
    """Become that module, or stand for the process that runs it until it ends, with its exit code."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ends it like SIGTERM, without a traceback
    if address := os.environ.get(ADDRESS):
        code = _copy(address, words)
        if code is not None:
            os._exit(code)
    os.execv(sys.executable, [sys.executable, "-u", *words])  # noqa: S606 - becoming it is the point


def _copy(address: str, words: list[str]) -> int | None:
    """The exit code; None when nobody is there to ask."""
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(address)
            socket.send_fds(line, [b"."], [0, 1, 2])
            line.sendall(request(words, dict(os.environ), os.getcwd()))  # noqa: PTH109 - pathlib takes longer to import than all the rest
        except OSError:
            return None

        # A signal is written into the line where the kernel delivers it, which asks the copy to end; its exit code is
        # still waited for. A handler in Python would miss one that comes just before the waiting begins.
        line.setblocking(False)
        signal.set_wakeup_fd(line.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        select.select([line], [], [])
        try:
            code = line.recv(1)
        except OSError:
            code = b""
        return code[0] if code else 1


def request(words: list[str], environment: dict[str, str], folder: str) -> bytes:
    """Its length in eight bytes; then, a zero between them: the folder, how many words, they, each `NAME=value`."""
    variables = [f"{name}={value}" for name, value in environment.items()]
    said = os.fsencode("\0".join([folder, str(len(words)), *words, *variables]))
    return len(said).to_bytes(8, "big") + said


if __name__ == "__main__":
    main(sys.argv[1:])
