"""Python programs bind loopback, whatever they ask for: where the kernel cannot be asked (see `../enter.py`).

Python loads this at its start because PYTHONPATH names the folder. The `sitecustomize` that would have been loaded
without it is loaded after it.
"""

import importlib
import ipaddress
import socket
import sys
from pathlib import Path
from typing import Any

_bind, _listen = socket.socket.bind, socket.socket.listen


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:  # a name
        return host == "localhost"


def _near(one: socket.socket) -> str:
    if one.family == socket.AF_INET:
        return "127.0.0.1"
    return "::1" if one.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY) else "::ffff:127.0.0.1"


def bind(self: socket.socket, address: Any) -> None:
    """As `socket.bind`, but reached from this machine alone."""
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(str(address[0])):
        address = (_near(self), *address[1:])
    _bind(self, address)


def listen(self: socket.socket, *backlog: int) -> None:
    """As `socket.listen`; a socket that was not bound would get a port of every address."""
    if self.family in (socket.AF_INET, socket.AF_INET6) and self.getsockname()[1] == 0:
        _bind(self, (_near(self), 0))
    _listen(self, *backlog)


socket.socket.bind, socket.socket.listen = bind, listen  # type: ignore[assignment, method-assign] # replacing them is the point

_here = str(Path(__file__).parent)
sys.path[:] = [folder for folder in sys.path if folder != _here]
if sys.modules.pop("sitecustomize", None):
    try:
        importlib.import_module("sitecustomize")
    except ModuleNotFoundError:
        sys.modules["sitecustomize"] = sys.modules.get(__name__, sys)
