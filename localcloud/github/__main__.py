"""`python -m localcloud.github`: the GitHub of this machine, in the foreground until SIGTERM."""

from __future__ import annotations

import logging
import sys
import threading

from werkzeug.serving import WSGIRequestHandler, make_server

from console import inherited
from console.errors import ExplainedError
from localcloud.github import start
from localcloud.github.app import create_app
from localcloud.github.socket import socket_path
from localcloud.machine import ports
from localcloud.machine.paths import keep_private
from pulumi_plugin.ending import Interrupts

_log = logging.getLogger(__name__)


class Handler(WSGIRequestHandler):
    """Says what was asked without the query."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """One line for each request."""
        _log.info("%s %s %s", self.command, self.path.partition("?")[0], code)


def main() -> int:
    """Serve until told to end."""
    inherited.settle()
    keep_private()
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(message)s")
    interrupts = Interrupts()
    try:
        ports.check_free("github")
        github = start.github()
        runs = start.runs(github)
    except ExplainedError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    application = create_app(github)
    server = make_server(ports.HOST, ports.port("github"), application, threaded=True, request_handler=Handler)
    socket_path().unlink(missing_ok=True)  # of one that was killed
    for_gh = make_server(f"unix://{socket_path()}", 0, application, threaded=True, request_handler=Handler)
    for each in (server, for_gh):
        threading.Thread(target=each.serve_forever, args=(0.2,), daemon=True).start()
    interrupts.wait()
    server.shutdown()
    for_gh.shutdown()
    socket_path().unlink(missing_ok=True)
    runs.end()
    with github.lock:
        github.store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
