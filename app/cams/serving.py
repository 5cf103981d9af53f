"""gunicorn's configuration: each module-level name here is one of its settings.

`GUNICORN_CMD_ARGS` overrides any of them.
"""

import os
import signal
from pathlib import Path
from typing import Any

from django.conf import settings

from cams import database
from cams.cpus import usable_cpus
from cams.proof import door, prover
from cams.proof.board import board

_environment = settings.ENVIRONMENT

bind = f"0.0.0.0:{_environment.port}"
worker_class = "uvicorn_worker.UvicornWorker"
# Each worker serves many requests at once, so one per CPU keeps them busy.
workers = _environment.web_concurrency or usable_cpus()
# The application is loaded by the time gunicorn starts: workers are forked from it and share its memory.
preload_app = True
# The platform waits 30 s after SIGTERM: requests get most of it.
graceful_timeout = 25
timeout = 60
# Longer than the keep-alive of common proxies, which otherwise write into a connection just closed here.
keepalive = 75
# Heartbeats go to memory: on a container's disk they can block.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) and Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn makes the file safely
# It would be a file in the home folder, which may not be writable, shared by all instances of one user.
control_socket_disable = True
forwarded_allow_ips = "127.0.0.1"
accesslog = "-"
loglevel = _environment.log_level.lower()
logconfig_dict = settings.LOGGING


_ENDS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)


def on_starting(server: Any) -> None:
    """Take the port over, with no thread left that a worker would miss.

    A worker that is told to end before it can end well ends at once: it has no requests yet.

    Between its fork and its own handlers it would have gunicorn's, which only note a signal for its main loop;
    and gunicorn, which tells each worker once, would wait for it until `graceful_timeout` is over.
    """
    door.close()
    board.expect(server.num_workers)
    os.register_at_fork(before=_hold, after_in_parent=_release, after_in_child=_end_at_once)


def _hold() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)


def _release() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)


def _end_at_once() -> None:
    for number in _ENDS:
        signal.signal(number, signal.SIG_DFL)
    _release()


def pre_fork(_server: object, worker: Any) -> None:
    """Give it a place to tell how far it is."""
    worker.slot = board.give()


def post_fork(_server: object, worker: Any) -> None:
    """Use that place."""
    board.take(worker.slot)


def post_worker_init(worker: Any) -> None:
    """Prove this process, while it begins to answer."""
    prover.start(worker.wsgi)


def child_exit(_server: object, worker: Any) -> None:
    """Let the worker that replaces it have its place."""
    board.take_back(worker.slot)


def give_back(_server: object, _worker: object) -> None:
    """Give the worker's connections back instead of leaving the database to notice."""
    database.close()


worker_exit = give_back
