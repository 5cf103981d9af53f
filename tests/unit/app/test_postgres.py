"""The pool of database connections, without a database."""

from __future__ import annotations

import os

from cams.postgres import base
from cams.postgres.pool import Pool


def test_a_forked_process_has_connections_of_its_own() -> None:
    """Else two workers of gunicorn on one connection would read each other's rows."""
    base._pools["forked"] = Pool(1, 1, 1)
    try:
        child = os.fork()
        if child == 0:
            os._exit(len(base._pools))
        _, status = os.waitpid(child, 0)
        kept = list(base._pools)
    finally:
        base._pools.clear()

    assert (os.waitstatus_to_exitcode(status), kept) == (0, ["forked"])
