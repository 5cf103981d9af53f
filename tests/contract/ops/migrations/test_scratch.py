"""The scratch PostgreSQL: closed to others, and gone afterwards, however a run ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from console.errors import ExplainedError
from ops.doors import postgres
from ops.doors.programs import ROOT
from tests.support.postgres_cluster import PostgresCluster, running
from tests.support.waiting import eventually

HOLDS = """
import sys, time
from ops.doors import postgres
with postgres.scratch("16", sys.argv[1]) as one:
    url = one.create("copy")
    print(postgres.rows(url, "SHOW data_directory")[0][0], one.run, flush=True)
    time.sleep(600)
"""
DATABASES = "SELECT datname FROM pg_database WHERE datname LIKE 'slipway_scratch%'"


@pytest.fixture(scope="module", autouse=True)
def _nothing_left() -> Iterator[None]:
    """What the killed ones have left goes with the next run."""
    yield
    with postgres.scratch("16"):
        pass


@pytest.fixture
def cluster() -> Iterator[PostgresCluster]:
    """A server of somebody else's."""
    with running() as made:
        yield made


def hold(url: str = "") -> tuple[subprocess.Popen[str], Path, str]:
    """A run that is at work, where its server's data is, and what it is called."""
    words = [sys.executable, "-c", HOLDS, url]
    run = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert run.stdout
    data, name = run.stdout.readline().split()
    return run, Path(data), name


def test_it_is_closed_and_gone_when_the_run_ends() -> None:
    """Nobody comes in without the password; the folder is the run's, and the last one takes all along."""
    with postgres.scratch("16") as one:
        home = Path(postgres.rows(one.url, "SHOW data_directory")[0][0]).parent
        assert home.is_dir()
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(one.url.replace("postgres:", "postgres:not-", 1))

    assert not home.exists()
    others = home.parent.glob  # somebody else may be at work
    eventually(lambda: not home.parent.exists() or [*others("run-*")], "the last one has taken all along")


def test_runs_that_come_and_go_at_once_all_have_a_server() -> None:
    """The one that ends takes nothing away from the one that begins."""
    runs = [hold() for _ in range(3)]
    try:
        for run, _, _ in runs[:2]:
            run.terminate()
        with postgres.scratch("16") as one:
            (answer,) = postgres.rows(one.url, "SELECT 1")
        left = runs[2][1].is_dir()
    finally:
        for run, _, _ in runs:
            run.kill()
            run.wait()
            assert run.stdout
            run.stdout.close()

    assert (answer, left) == ((1,), True)


def test_after_a_kill_the_server_ends_and_the_next_run_removes_the_copy() -> None:
    """While somebody is at work, theirs stays."""
    killed, data, _ = hold()
    working, other, _ = hold()
    server = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
    try:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        eventually(lambda: not server.is_running() or server.status() == psutil.STATUS_ZOMBIE, "the server has ended")
        assert data.is_dir()

        with postgres.scratch("16"):
            assert not data.parent.exists()
            assert other.is_dir()
    finally:
        for run in (killed, working):
            run.kill()
            run.wait()
            assert run.stdout
            run.stdout.close()


def test_in_a_server_that_is_named_only_its_own_databases_come_and_go(cluster: PostgresCluster) -> None:
    """Those of a run that was killed go with the next one, those of one at work stay."""
    url = cluster.url("postgres")
    killed, _, left = hold(url)
    working, _, kept = hold(url)
    try:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        gone = f"SELECT FROM pg_stat_activity WHERE application_name = '{left}'"
        eventually(lambda: not postgres.rows(url, gone), "its connection has ended")

        with postgres.scratch("16", url) as one:
            one.create("mine")
            during = {name for (name,) in postgres.rows(url, DATABASES)}

        assert during == {f"{kept}_copy", f"{one.run}_mine"}
        assert {name for (name,) in postgres.rows(url, DATABASES)} == {f"{kept}_copy"}
    finally:
        for run in (killed, working):
            run.kill()
            run.wait()
            assert run.stdout
            run.stdout.close()


def test_a_server_that_cannot_be_used_is_told_with_the_way_out() -> None:
    """Its address may hold a password, and is not repeated."""
    with (
        pytest.raises(ExplainedError, match="cannot use the scratch PostgreSQL that is named") as told,
        postgres.scratch("16", "postgresql://x:secret@127.0.0.1:1/postgres"),
    ):
        pytest.fail("it was given")

    assert "--scratch-url" in str(told.value)
    assert "secret" not in str(told.value)


def test_a_version_that_this_machine_has_not_is_told_with_those_that_it_has() -> None:
    """A copy must be in what the environment has."""
    with pytest.raises(ExplainedError, match=r"has version 9, and this machine has .*16"), postgres.scratch("9"):
        pytest.fail("it was given")
