"""Answers on the app's port from the first moment of a start until gunicorn does: 503, and how far the start is.

Nothing of Django is needed for it, so that also an application that hangs while it is loaded has an answer.
"""

import faulthandler
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any

from cams.environment import Environment
from cams.failures import StartError
from cams.proof import reasons
from cams.proof.answer import unproved
from cams.proof.board import board

logger = logging.getLogger("cams.proof")

LOOK_SEC = 0.02
HINT = "mend the release, or deploy the one before; GET /health/ told the same"


class Answer(BaseHTTPRequestHandler):
    """The same for every address."""

    timeout = 5
    wbufsize = -1  # head and body in one
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        """503 with the state of the start."""
        body, headers = unproved(self.server.environment)  # type: ignore[attr-defined] # `Door` has it
        text = json.dumps(body).encode()
        self.send_response(503)
        for name, value in {**headers, "Content-Type": "application/json", "Connection": "close"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer  # noqa: N815 - their names there

    def log_message(self, *_: Any) -> None:
        """Nothing: the platform asks every second."""


class Door(ThreadingTCPServer):
    """Listens while the application is loaded, and ends a start that hangs."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, environment: Environment) -> None:
        super().__init__(("0.0.0.0", environment.port), Answer)  # noqa: S104 - where gunicorn listens, too
        self.environment = environment
        self._thread = threading.Thread(target=self.serve_forever, args=(LOOK_SEC,), name="door", daemon=True)
        self._thread.start()

    def service_actions(self) -> None:
        """Look whether the start hangs."""
        if step := board.overdue():
            late = f"not finished within {board.limit:g} s, it hangs{reasons.stuck()}"
            board.fail(late)
            faulthandler.dump_traceback()
            print(StartError("cannot start", f"{step}: {late}", HINT), file=sys.stderr, flush=True)
            threading.Timer(self.environment.start_failed_wait_sec, os._exit, [1]).start()

    def close(self) -> None:
        """Let go of the port and end the thread, which a forked worker would not have."""
        self.shutdown()
        self.server_close()
        self._thread.join()


_open: list[Door] = []


@contextmanager
def standing(environment: Environment) -> Iterator[None]:
    """Answer on the port until `close`; where the start fails, some seconds longer, so that the reason is read."""
    # A request that hangs, in a thread, would hold up an end that waits for it.
    signal.signal(signal.SIGTERM, lambda number, _frame: os._exit(128 + number))
    board.limit = environment.start_step_timeout_sec
    board.begin("loading the application")
    try:
        _open.append(Door(environment))
    except OSError as error:
        logger.warning("nobody answers on port %d while the app starts: %s", environment.port, error.strerror)
    try:
        yield
    except Exception as error:
        reason = str(error).splitlines()[0] if isinstance(error, StartError) else reasons.of(error)
        board.fail(reasons.masked(reason))
        if not isinstance(error, StartError):
            logger.exception("the start has failed")
        time.sleep(environment.start_failed_wait_sec if _open else 0)
        if isinstance(error, StartError):
            raise
        raise StartError("cannot start", f"{board.verdict().reason}", HINT) from error
    finally:
        close()


def close() -> None:
    """Let gunicorn have the port."""
    while _open:
        _open.pop().close()
