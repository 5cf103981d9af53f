"""Who proves what: the main process the whole release, once; each web worker that it serves, while it does already.

The workers are forked from a process that has served all of it, and are warm.
"""

import logging
import os
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from gunicorn.arbiter import Arbiter

from cams import database
from cams.proof import reasons, requests, surroundings
from cams.proof.board import board

logger = logging.getLogger("cams.proof")

RETRY_SEC = 0.5
LOOK_SEC = 0.1


def prove_release() -> None:
    """Return once every kind of request, and every address, was answered well; raise why they can't be."""
    from cams.asgi import application

    _persevere(lambda: prove(application, requests.everything()))


def prove(application: requests.Application, asked: list[requests.Request]) -> None:
    """Raise what is missing or wrong around this process, or in an answer that it gives; or return."""
    try:
        surroundings.prove()
        requests.prove(application, asked)
    except (OperationalError, InterfaceError) as error:
        raise reasons.NotYet(reasons.NO_DATABASE) from error
    finally:
        database.close()


def start(application: requests.Application) -> None:
    """Prove this worker, and end the instance where that fails."""
    threading.Thread(target=_watch, args=(application,), name="watch", daemon=True).start()


def _watch(application: requests.Application) -> None:
    """Stand by the proof: one that hangs can't say so itself."""
    proof = threading.Thread(target=_prove, args=(application,), name="proof", daemon=True)
    proof.start()
    while proof.is_alive():
        proof.join(LOOK_SEC)
        if step := board.overdue():
            late = f"not finished within {board.limit:g} s, it hangs{reasons.stuck()}"
            logger.error("%s: %s", step, late)
            board.fail(late)
            _end()


def _prove(application: requests.Application) -> None:
    try:
        _persevere(lambda: prove(application, list(requests.LISTED)))
    except Exception as error:
        board.fail(reasons.of(error))
        logger.exception("this worker can't serve")
        _end()
    else:
        board.prove()


def _persevere(attempt: Callable[[], None]) -> None:
    """Try again as long as something is missing that may come: the platform says when it has waited enough."""
    began, told = time.monotonic(), ""
    while True:
        try:
            attempt()
        except reasons.NotYet as missing:
            board.wait(str(missing))
            if board.verdict().proved:  # the other workers serve, and so does this one as soon as it can
                return
            if told != (told := str(missing)):
                logger.warning("not healthy yet: %s", missing)
            time.sleep(RETRY_SEC)
        else:
            logger.info("proved in %.2f s that it can serve", time.monotonic() - began)
            return


def _end() -> None:
    """End the instance after a while, unless it has proved itself before: then this worker serves as it can."""
    if board.verdict().proved:
        return
    time.sleep(settings.ENVIRONMENT.start_failed_wait_sec)
    os._exit(Arbiter.WORKER_BOOT_ERROR)  # gunicorn ends, too
