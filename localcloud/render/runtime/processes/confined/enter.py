"""Becomes a program whose sockets a supervisor looks at: `python -I -S enter.py LINE PROGRAM [ARGUMENT]...`.

The kernel is told to ask before each bind() and listen() of this process and of all that it starts (seccomp, which
needs no rights). The file through which it asks goes over LINE, a socket, to `supervisor.py`; the number of the error
follows when the program cannot be started. Where the kernel cannot do that, Python programs are given
`python/sitecustomize.py`.
"""

import _signal  # type: ignore[import-not-found] # built into Python, without a stub; `signal` loads four modules more
import _socket
import ctypes
import os
import struct
import sys

NO_NEW_PRIVILEGES, SET_FILTER, NEW_LISTENER = 38, 1, 8
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
ASK, ALLOW = 0x7FC00000, 0x7FFF0000
# As the kernel numbers them: the architecture's own name, seccomp, bind, listen.
NUMBERS = {"x86_64": (0xC000003E, 317, 49, 50), "aarch64": (0xC00000B7, 277, 200, 201)}
SHORTEST_ADDRESS = 16  # of IPv4; netlink's is shorter, and each look-up of a host name binds one


class Program(ctypes.Structure):
    """The filter as the kernel takes it."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def confine() -> int:
    """Install the filter for good; returns the file through which the kernel asks."""
    architecture, seccomp, bind, listen = NUMBERS[os.uname().machine]
    steps = [
        (LOAD, 0, 0, 4),  # the architecture of the call
        (EQUAL, 0, 6, architecture),
        (LOAD, 0, 0, 0),  # its number
        (EQUAL, 3, 0, listen),
        (EQUAL, 0, 3, bind),
        (LOAD, 0, 0, 32),  # its third argument, the length of the address
        (AT_LEAST, 0, 1, SHORTEST_ADDRESS),
        (RETURN, 0, 0, ASK),
        (RETURN, 0, 0, ALLOW),
    ]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    kernel = ctypes.CDLL(None, use_errno=True)
    if kernel.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    program = Program(len(steps), code)
    file: int = kernel.syscall(seccomp, SET_FILTER, NEW_LISTENER, ctypes.byref(program))
    if file < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return file


def main(line: int, words: list[str]) -> None:
    """Confine, tell, become."""
    os.set_inheritable(line, False)
    told = _socket.socket(fileno=line)
    with open("/proc/self/environ", "rb") as given:  # noqa: PTH123 - loads nothing; and what Python set is not in it
        variables = dict(one.split(b"=", 1) for one in given.read().split(b"\0") if b"=" in one)
    try:
        file = confine()
    except (OSError, KeyError, AttributeError):
        folder = os.fsencode(os.path.join(os.path.dirname(os.path.abspath(__file__)), "python"))  # noqa: PTH118, PTH120, PTH100 - as above
        variables[b"PYTHONPATH"] = b":".join([folder, *filter(None, [variables.get(b"PYTHONPATH")])])
        told.sendmsg([b"-"])
    else:
        told.sendmsg([b"+"], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, struct.pack("i", file))])
        os.close(file)
    for number in _signal.valid_signals():  # what Python ignores, or a caller such as nohup, stays so over an exec
        if _signal.getsignal(number) == _signal.SIG_IGN:
            _signal.signal(number, _signal.SIG_DFL)
    try:
        os.execvpe(words[0], words, variables)  # noqa: S606 - becoming the program is the point
    except OSError as error:
        told.sendmsg([str(error.errno).encode()])


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
    os._exit(127)
