"""The one entry to every process of the app: web, worker, and the commands around them."""

import logging
import os
import signal
import sys

from cams.environment import BadEnvironment, Environment, read
from cams.failures import StartError

logger = logging.getLogger("cams.start")

WORKER_RETRY_SEC = 1.0


def web(environment: Environment) -> None:
    """Wait for the database, migrate once, collect static files, prove that it can serve, serve on PORT."""
    from cams.proof import door

    with door.standing(environment):
        load()
        from cams import static_files
        from cams.proof import code, prover
        from cams.proof.board import board
        from pages.kept import NotKeptError

        board.begin("waiting for the database and migrating it", limited=False)
        try:
            migrate(environment)
        except NotKeptError as error:  # a full database, say: pages of this release work all the same
            logger.warning("%s", error)
        board.begin("collecting static files")
        static_files.collect()
        code.load_middleware()
        code.prove()
        prover.prove_release()
        serve()


def serve() -> None:
    """Become gunicorn, which ends with the reason where one of its workers can't prove itself."""
    from cams.proof.board import board

    # Checked and taken over by `cams.serving`; gunicorn would stumble over an empty one as it is imported.
    os.environ.pop("WEB_CONCURRENCY", None)
    from gunicorn.app import wsgiapp

    # In this very process: the application is loaded already, and it stays the one that gets the signals.
    sys.argv = ["gunicorn", "--config", "python:cams.serving", "cams.asgi:application"]
    main_process = os.getpid()
    try:
        wsgiapp.run(prog="gunicorn")
    except SystemExit as end:
        failed = end.code and os.getpid() == main_process and board.verdict().status == "failed"
        if not failed:
            raise
        raise StartError(
            "cannot serve", board.verdict().reason, "mend the release, or deploy the one before"
        ) from None


def migrate(environment: Environment) -> None:
    """Wait for the database, migrate it once and keep the front end's assets in it, for instance before a deploy."""
    from cams import database
    from pages import kept
    from pages.views import front_end

    assets = front_end().assets  # a release that has nothing to show does not touch the database
    database.wait(environment.db_wait_timeout_sec)
    database.migrate(environment.migration_others_wait_sec)
    kept.keep(assets)


def sample(environment: Environment) -> None:
    """Migrate, and fill a database without exams with made-up ones, for the preview of a pull request."""
    from cams.environment import SAMPLED

    if environment.name not in SAMPLED:
        raise StartError(
            "cannot fill the database with sample data",
            f"ENVIRONMENT is {environment.name}, and made-up exams are for {' and '.join(SAMPLED)} alone",
            "python start.py migrate",
        )
    migrate(environment)
    from exams import sample as made_up

    logger.info("stored %d sample exams", made_up.fill())


def worker(environment: Environment) -> None:
    """Wait for the database and its migrations, then carry out background tasks until SIGTERM."""
    from django.core.management import call_command
    from django.db import InterfaceError, OperationalError
    from django_tasks import DEFAULT_TASK_QUEUE_NAME

    from cams import database
    from cams.heartbeats import beating
    from exams import schedule

    with beating() as name:
        while True:
            try:
                database.wait(environment.db_wait_timeout_sec)
                database.wait_for_migrations(WORKER_RETRY_SEC)
                schedule.catch_up()
                queues = f"{DEFAULT_TASK_QUEUE_NAME},{name}"
                call_command("db_worker", queue_name=queues, worker_id=name, reload=False, startup_delay=False)
            except (OperationalError, InterfaceError) as error:
                logger.warning("lost the database, starting over: %s", database.reason(error))
                database.close()
            else:
                return


def clearsessions(environment: Environment) -> None:
    """Delete expired sessions, for a cron job."""
    from django.core.management import call_command

    from cams import database

    database.wait(environment.db_wait_timeout_sec)
    call_command("clearsessions")
    logger.info("deleted expired sessions")


def load() -> None:
    """Make Django ready: every setting, app and model."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "cams.settings"
    import django

    django.setup()


COMMANDS = {command.__name__: command for command in (web, migrate, sample, worker, clearsessions)}


def usage() -> str:
    """What can be asked for, one command a line."""
    lines = "".join(f"\n  {name:<14}{command.__doc__}" for name, command in COMMANDS.items())
    check = f"\n  {'--check':<14}Prove that the command could do that here, and change nothing."
    return f"usage: python start.py COMMAND [--check]\n{lines}\n{check}"


def main(arguments: list[str]) -> int:
    """Run one command and return the exit code: 0 done, 1 failed, 2 wrong use."""
    if arguments in (["--help"], ["-h"]):
        print(usage())
        return 0
    name, options = (arguments[0], arguments[1:]) if arguments else ("", [])
    if name not in COMMANDS or options not in ([], ["--check"]):
        print(usage(), file=sys.stderr)
        return 2
    # As a container's first process nothing would end it before gunicorn or the task worker set their own handlers.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        environment = read(os.environ)
        if name != "web" or options:
            load()
        if options:
            from cams import dry_run

            dry_run.check(name, COMMANDS[name], environment)
        else:
            COMMANDS[name](environment)
    except (BadEnvironment, StartError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
