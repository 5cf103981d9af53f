"""Starting: configuration, the wait for the database, and ending."""

from __future__ import annotations

import signal
import time
from functools import partial
from pathlib import Path

import psutil
import pytest
import requests

from tests.support.app_process import PATIENCE_SEC, AppProcess, Start, run, variables
from tests.support.postgres_cluster import PostgresCluster, free_port, rows
from tests.support.waiting import eventually

SLOW_WORKER = """
import os, time
from pathlib import Path
from uvicorn_worker import UvicornWorker

class Worker(UvicornWorker):
    def init_process(self):
        Path(__file__).with_name(f"worker-{os.getpid()}").touch()
        while True:
            time.sleep(1)
"""


def test_every_bad_variable_is_named_at_once() -> None:
    """A start with two variables missing and two malformed names all four, without a traceback."""
    env = {"ENVIRONMENT": "staging", "LOG_LEVEL": "loud", "PORT": "http", "STAGING_ALLOWED_HOSTS": "a.example"}

    done = run("start.py", "web", env=env)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "cannot start: 4 environment variables are missing or malformed:\n"
        "  DJANGO_SECRET_KEY: missing\n"
        "  LOG_LEVEL: must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL\n"
        "  PORT: must be a whole number, 1 to 65535\n"
        "  STAGING_DATABASE_URL or DATABASE_URL: missing\n"
        "\n"
        "hint: `.env.example` lists every variable with a value that works\n"
    )


def test_manage_py_refuses_the_same_environment() -> None:
    """Django's own commands read the same configuration and fail as plainly."""
    done = run("manage.py", "check", env={"ENVIRONMENT": "moon"})

    assert done.returncode == 1
    assert "ENVIRONMENT: must be one of dev, staging, prod, preview\n" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [[], ["serve"], ["web", "now"], ["--check"], ["web", "--check", "--check"]])
def test_wrong_use_prints_the_usage(arguments: list[str]) -> None:
    """Anything but one known command is exit code 2 and the list of commands, on stderr."""
    done = run("start.py", *arguments, env={})

    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("usage: python start.py COMMAND [--check]\n\n  web  ")
    assert len(done.stderr.splitlines()) == 9


def test_a_start_waits_for_its_database(start: Start, own_cluster: PostgresCluster) -> None:
    """Started before its database, the app says what it waits for and serves when the database has come."""
    web = start("web", own_cluster.url("postgres"))

    web.says(f"waiting for the database at 127.0.0.1:{own_cluster.port}/postgres: ")
    own_cluster.start()

    assert web.healthy().get("/api/health/").json()["status"] == "ok"


def test_the_wait_has_an_end(home: Path) -> None:
    """Without a database the start fails after DB_WAIT_TIMEOUT_SEC and says which one it missed, not its password."""
    port = free_port()
    env = variables(f"postgresql://cams:very-secret@127.0.0.1:{port}/exams", home, DB_WAIT_TIMEOUT_SEC="1")

    began = time.monotonic()
    done = run("start.py", "web", env=env)

    assert done.returncode == 1
    assert 1.0 <= time.monotonic() - began < 45.0  # of which a busy machine takes most to start Python
    assert f"cannot start: the database at 127.0.0.1:{port}/exams did not answer within 1 s: " in done.stderr
    assert "Traceback" not in done.stderr
    assert "very-secret" not in done.stdout + done.stderr


def test_static_files_need_a_folder_to_go_to(database: str, home: Path) -> None:
    """A STATIC_ROOT that can't be made is told as such."""
    done = run("start.py", "web", env=variables(database, home, STATIC_ROOT="/dev/null/static"))

    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "cannot collect static files: /dev/null/static: Not a directory"


def test_sigterm_ends_it_cleanly(start: Start, database: str) -> None:
    """SIGTERM ends web with exit code 0, and the port is free again."""
    web = start("web", database).healthy()

    assert web.stop() == 0
    with pytest.raises(requests.ConnectionError):
        web.get("/health/")


def test_it_is_healthy_soon(start: Start, database: str) -> None:
    """A first start on an empty database, migrations included, is healthy well within the platform's patience."""
    began = time.monotonic()
    start("web", database).healthy()

    assert time.monotonic() - began < 45.0


def usable_cpus() -> int:
    """What the app itself finds on this machine."""
    return int(run("-c", "from cams.cpus import usable_cpus; print(usable_cpus())", env={}).stdout)


def booted(web: AppProcess) -> int:
    """How many workers an instance has started."""
    return sum(message.startswith("Booting worker") for message in web.messages())


def _booted_all(web: AppProcess, count: int) -> bool:
    return booted(web) >= count


def test_web_workers_follow_the_cpus(start: Start, database: str) -> None:
    """Without WEB_CONCURRENCY there is one worker per usable CPU; with it, that many."""
    cpus = usable_cpus()
    free, fixed = start("web", database, WEB_CONCURRENCY=""), start("web", database, WEB_CONCURRENCY="3")

    counts = []
    for web, count in ((free, cpus), (fixed, 3)):
        web.healthy()
        eventually(partial(_booted_all, web, count), "the workers start")
        counts.append(booted(web))

    assert counts == [cpus, 3]


def test_gunicorn_takes_further_options(start: Start, database: str) -> None:
    """GUNICORN_CMD_ARGS wins over what the app decides."""
    web = start("web", database, GUNICORN_CMD_ARGS="--workers 2").healthy()

    eventually(lambda: booted(web) == 2, "two workers start")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_workers_that_are_about_to_start_do_not_hold_up_a_stop(
    start: Start, database: str, tmp_path: Path, number: signal.Signals
) -> None:
    """Told to end between their fork and their own handlers, when gunicorn's are still theirs, they end at once."""
    (tmp_path / "slow.py").write_text(SLOW_WORKER)
    options = f"--workers 2 --worker-class slow.Worker --pythonpath {tmp_path}"
    web = start("web", database, GUNICORN_CMD_ARGS=options)
    eventually(lambda: len(list(tmp_path.glob("worker-*"))) == 2, "two workers are about to start")
    workers = [psutil.Process(int(path.name.partition("-")[2])) for path in tmp_path.glob("worker-*")]

    web.process.send_signal(number)
    web.process.wait(PATIENCE_SEC)  # who is held up ends after 25 s

    assert [worker for worker in workers if worker.is_running()] == []


def test_sigterm_ends_a_waiting_start(start: Start) -> None:
    """A start that still waits for its database ends at once when it is told to."""
    web = start("web", f"postgresql://cams@127.0.0.1:{free_port()}/exams")
    web.says("waiting for the database")

    assert web.stop() == 143


def test_expired_sessions_are_deleted(start: Start, database: str, home: Path) -> None:
    """`clearsessions` removes what has expired and keeps the rest."""
    env = variables(database, home)
    assert run("start.py", "migrate", env=env).returncode == 0
    rows(
        database,
        "INSERT INTO django_session VALUES ('old', '', now() - interval '1 s'), ('new', '', now() + interval '1 h')",
    )

    done = run("start.py", "clearsessions", env=env)

    assert done.returncode == 0
    assert rows(database, "SELECT session_key FROM django_session") == [("new",)]
