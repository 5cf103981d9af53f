"""Listens where the clients of AWS call: by HTTP/1.1, with a limit to how long one may keep a connection waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

from localcloud.aws.call import SECURE, Environ
from localcloud.machine import ports

Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Handler(MotoRequestHandler):
    """Leaves the log to the applications, which know what a request meant."""

    protocol_version = "HTTP/1.1"
    timeout = 30  # seconds for each piece that a client sends or takes

    def parse_request(self) -> bool:
        """Read the head of a request; an address that is none, or two lengths, are answered here."""
        if not super().parse_request():
            return False
        try:
            urlsplit(self.path)
        except ValueError:
            self.send_error(400)
            return False
        if len(set(self.headers.get_all("Content-Length", []))) > 1:
            self.send_error(400)
            return False
        return True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


def listen(name: str, application: Application) -> BaseWSGIServer:
    """A server at the port kept under that name."""
    ports.check_free(name)
    served: Any = application  # werkzeug's types want the environ's values to be Any
    return make_server(ports.HOST, ports.port(name), served, threaded=True, request_handler=Handler)


def plain(application: Application) -> Application:
    """The same as if it were called without TLS: policies see `aws:SecureTransport` as false.

    The port that `AWS_ENDPOINT_URL` names speaks HTTP as well, but stands for AWS's `https://`.
    """

    def called(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        return application({**environ, SECURE: False}, start_response)

    return called
