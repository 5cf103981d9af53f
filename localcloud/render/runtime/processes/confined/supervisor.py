"""Answers the kernel when a confined program binds or listens: what the network would reach is bound to loopback.

One thread of this process answers for all programs. It carries out the call itself on its own copy of the program's
socket, or lets the kernel go on. It waits for nothing but the next question.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import select
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from localcloud.render.runtime.processes.confined.addresses import (
    LOOPBACK_4,
    LOOPBACK_6,
    MAPPED,
    confined,
    is_loopback,
)
from localcloud.render.runtime.processes.confined.enter import NUMBERS

QUESTION = struct.Struct("=QIIiIQ6Q")  # id, thread, flags, call, architecture, instruction, arguments
ANSWER = struct.Struct("=QqiI")  # id, value, error, flags
GO_ON = 1
LARGEST_ADDRESS = 128
PIDFD_OPEN, PIDFD_GETFD = 434, 438
IP = (socket.AF_INET, socket.AF_INET6)


def _request(number: int, size: int) -> int:
    """The number of an ioctl() of seccomp that reads and writes so many bytes."""
    return 3 << 30 | size << 16 | ord("!") << 8 | number


RECEIVE, SEND = _request(0, QUESTION.size), _request(1, ANSWER.size)


class UnseenError(PermissionError):
    """A program that this process may not look into: it has closed itself, or left the family of processes."""


class Supervisor:
    """Asked through a file for each program."""

    def __init__(self) -> None:
        self._questions = select.epoll()
        self._listen = NUMBERS[os.uname().machine][3]
        threading.Thread(target=self._run, name="confined", daemon=True).start()

    def watch(self, file: int) -> None:
        """Answer what is asked through that file until nobody is left who could ask."""
        self._questions.register(file, select.EPOLLIN)

    def _run(self) -> None:
        while True:
            for file, event in self._questions.poll():
                try:
                    if event & select.EPOLLIN:
                        self._answer(file)
                    else:  # EPOLLHUP: all have ended
                        self._questions.unregister(file)
                        os.close(file)
                except OSError as error:
                    print(f"a confined program got no answer: {error}", file=sys.stderr, flush=True)

    def _answer(self, file: int) -> None:
        asked = bytearray(QUESTION.size)
        try:
            fcntl.ioctl(file, RECEIVE, asked)
            question, thread, _, call, _, _, *arguments = QUESTION.unpack(asked)
            error, flags = self._decide(thread, call, arguments)
            fcntl.ioctl(file, SEND, ANSWER.pack(question, 0, error, flags))
        except OSError as gone:
            if gone.errno not in (errno.ENOENT, errno.EINTR):  # who asked was ended or interrupted meanwhile
                raise

    def _decide(self, thread: int, call: int, arguments: list[int]) -> tuple[int, int]:
        """The error and the flags of the answer: done by us, refused, or for the kernel to go on."""
        try:
            if call == self._listen:
                done = self._before_listen(thread, arguments[0])
            else:
                raw = _memory(thread, arguments[1], min(arguments[2], LARGEST_ADDRESS))
                done = self._bind(thread, arguments[0], raw)
        except UnseenError:
            return 0, GO_ON  # what the network reaches is found by the look, and ended with the reason in its log
        except OSError as refused:
            return -(refused.errno or errno.EACCES), 0
        return 0, 0 if done else GO_ON

    def _bind(self, thread: int, number: int, raw: bytes) -> bool:
        if confined(raw, only_6=True) is None:
            return False
        with self._copy(thread, number) as theirs:
            where = confined(raw, only_6=theirs.family == socket.AF_INET6 and _is_only_6(theirs))
            if where is None or theirs.family not in IP:
                return False
            theirs.bind(where)
        return True

    def _before_listen(self, thread: int, number: int) -> bool:
        """A socket that was not bound gets a port of any address from the kernel: it is bound here first."""
        with self._copy(thread, number) as theirs:
            if theirs.family in IP:
                host, port = theirs.getsockname()[:2]
                if port == 0:
                    only_6 = theirs.family == socket.AF_INET6 and _is_only_6(theirs)
                    theirs.bind(
                        (LOOPBACK_4 if theirs.family == socket.AF_INET else LOOPBACK_6 if only_6 else MAPPED, 0)
                    )
                elif not is_loopback(host):
                    raise PermissionError(errno.EACCES, "it is bound to an address that the network reaches")
        return False

    @contextmanager
    def _copy(self, thread: int, number: int) -> Iterator[socket.socket]:
        """The program's socket, for us."""
        file = _copied(_leader(thread), number)
        try:
            theirs = socket.socket(fileno=file)
        except OSError:
            os.close(file)
            raise
        with theirs:
            yield theirs


@cache
def can_answer() -> bool:
    """Whether this process may look into what it starts and use its files; many a container forbids it."""
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as child:
        try:
            _memory(child.pid, 0, 0)
            os.close(_copied(child.pid, 0))
        except OSError as error:
            print(f"programs are not confined by the kernel, Python's confine themselves: {error}", file=sys.stderr)
            return False
    return True


def _copied(process: int, number: int) -> int:
    """A file of that process, for us."""
    handle = _call(PIDFD_OPEN, process, 0)
    try:
        return _call(PIDFD_GETFD, handle, number, 0)
    finally:
        os.close(handle)


def _call(number: int, *arguments: int) -> int:
    """The kernel's answer; not every Python has these calls."""
    answer: int = ctypes.CDLL(None, use_errno=True).syscall(number, *arguments)
    if answer < 0:
        code = ctypes.get_errno()
        raise (UnseenError if code == errno.EPERM else OSError)(code, os.strerror(code))
    return answer


def _is_only_6(theirs: socket.socket) -> bool:
    return bool(theirs.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY))


def _memory(thread: int, where: int, size: int) -> bytes:
    try:
        with Path(f"/proc/{thread}/mem").open("rb", 0) as memory:
            memory.seek(where)
            return memory.read(size)
    except PermissionError as error:
        raise UnseenError(*error.args) from error


def _leader(thread: int) -> int:
    """The process that a thread belongs to."""
    for line in Path(f"/proc/{thread}/status").read_text().splitlines():
        if line.startswith("Tgid:"):
            return int(line.split()[1])
    raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH))
