"""Faults on demand for the AWS API and the registry, also by service and action."""

from __future__ import annotations

import socket

from localcloud.aws.call import Call, Environ
from localcloud.machine.faults import Fault, Faults


class AwsFault(Fault):
    """One that may be meant for some services and actions only."""

    service: str = "*"
    action: str = "*"


class AwsFaults(Faults[AwsFault]):
    """The faults of both."""

    def befalling(self, call: Call) -> AwsFault | None:
        """The fault that befalls this call, counted down."""
        return self.take(service=call.service, action=call.action, method=call.method, path=call.path)


def hang_up(environ: Environ) -> None:
    """Close the client's connection, so that no answer reaches it."""
    connection = environ["werkzeug.socket"]
    if isinstance(connection, socket.socket):
        connection.shutdown(socket.SHUT_RDWR)
