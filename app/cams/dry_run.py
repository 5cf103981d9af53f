"""`--check`: what a command needs is there, and what it does is tried, of which nothing stays."""

import faulthandler
import logging
from collections.abc import Callable

from cams import database, static_files
from cams.environment import Environment
from cams.failures import StartError
from cams.proof import code, prover, reasons, requests, surroundings
from cams.proof.undone import undone

logger = logging.getLogger("cams.dry_run")

MISSING = "python start.py migrate, where that is what is missing; else ask again when it is there"


def check(name: str, command: Callable[[Environment], None], environment: Environment) -> None:
    """Raise a `StartError` saying why the command could not do its work here. One that hangs ends with its stack."""
    faulthandler.dump_traceback_later(environment.start_step_timeout_sec + environment.db_wait_timeout_sec, exit=True)
    try:
        database.wait(environment.db_wait_timeout_sec)
        code.prove()
        {"web": _web, "migrate": _migrate, "worker": _worker}.get(name, _job)(command, environment)
    except StartError:
        raise
    except Exception as error:
        if not isinstance(error, (reasons.NotYet, reasons.Unfit)):
            logger.exception("the check of %s has failed", name)
        hint = MISSING if isinstance(error, reasons.NotYet) else "mend the release"
        raise StartError(f"{name} could not run", reasons.of(error), hint) from error
    finally:
        faulthandler.cancel_dump_traceback_later()
        database.close()
    logger.info("%s could run here; whatever it did was taken back", name)


def _job(command: Callable[[Environment], None], environment: Environment) -> None:
    """The command itself."""
    surroundings.prove_database()
    with undone():
        command(environment)


def _web(_command: object, _environment: Environment) -> None:
    """All that an instance proves before it is healthy."""
    static_files.collect()
    code.load_middleware()
    from cams.asgi import application

    prover.prove(application, requests.everything())


def _migrate(_command: object, _environment: Environment) -> None:
    """Its migrations can be read and follow those that the database has had."""
    pending = database.pending_migrations(surroundings.prove_history())
    logger.info("%d migrations are pending%s", len(pending), f": {', '.join(pending)}" if pending else "")


def _worker(_command: object, _environment: Environment) -> None:
    """What it does when it starts, and a job."""
    from cams import heartbeats
    from exams import schedule

    surroundings.prove_database()
    surroundings.prove_cache()
    with undone():
        schedule.catch_up()
        heartbeats.prove.call()
