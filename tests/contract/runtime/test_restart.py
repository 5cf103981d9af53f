"""The local Render runtime stopped, killed and started again, each time in a checkout of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import redis
import requests

from localcloud.machine import paths, process
from localcloud.render.runtime.create import create
from localcloud.render.runtime.databases import folders
from localcloud.render.runtime.values import Database, KeyValueSettings
from tests.support.runtime import deploy, release, running
from tests.support.waiting import eventually

OLD = Database("dpg-one-a", "16", "one_abcd", "one", "p w/1")
NEW = replace(OLD, version="18")


def test_rows_and_keys_survive_a_restart(tmp_path: Path) -> None:
    """What is stored is there again after stop and start, at the same addresses."""
    with running(tmp_path) as first:
        first.databases.create(NEW)
        first.key_values.start(KeyValueSettings("red-one", "allkeys_lru", True))
        urls = first.databases.url(NEW), first.key_values.url("red-one")
        with psycopg.connect(urls[0]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS x")
        redis.Redis.from_url(urls[1]).set("key", "value")
        first.stop()
        assert process.running() == []

        second = create()
        second.start()
        try:
            second.databases.create(NEW)
            second.key_values.start(KeyValueSettings("red-one", "allkeys_lru", True))
            with psycopg.connect(urls[0]) as connection:
                rows = connection.execute("SELECT x FROM kept").fetchall()
            key = redis.Redis.from_url(urls[1]).get("key")
            again = second.databases.url(NEW), second.key_values.url("red-one")
        finally:
            second.stop()

    assert (rows, key, again) == ([(1,)], b"value", urls)


def test_the_expected_version_is_prepared_before_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its data folder is whole before there is a database, and the first database is in it."""
    monkeypatch.setenv("SLIPWAY_POSTGRES", "18")
    with running(tmp_path) as made:
        data = eventually(lambda: list(folders.account().folder.glob("data-18")), "the data folder")[0]
        identity = data.stat().st_ino
        made.databases.create(NEW)
        inode = data.stat().st_ino
        with psycopg.connect(made.databases.url(NEW)) as connection:
            version = connection.info.server_version // 10000

    assert (identity, version) == (inode, 18)


def test_a_stranger_with_the_number_of_a_crashed_server_is_left_alone(tmp_path: Path) -> None:
    """A `postmaster.pid` whose number belongs to another process now is taken for what it is."""
    with running(tmp_path) as first:
        first.databases.create(OLD)
        first.stop()
        places = [*folders.reset_folders(), paths.folder("render", "postgres")]
        data = next(folder / "data-16" for folder in places if (folder / "data-16").is_dir())
        (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n\n127.0.0.1\n")

        first.start()
        first.databases.create(OLD)

        with psycopg.connect(first.databases.url(OLD)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_no_permission_that_is_not_ours_is_changed(tmp_path: Path) -> None:
    """A checkout below a closed folder works, and its parents stay closed."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    checkout = closed / "checkout"
    checkout.mkdir(mode=0o700)

    with running(checkout) as made:
        made.databases.create(OLD)
        modes = [folder.stat().st_mode & 0o777 for folder in (tmp_path, closed, checkout)]

    assert modes == [0o700, 0o700, 0o700]


def test_a_killed_runtime_leaves_nothing_behind_for_long(tmp_path: Path) -> None:
    """After `kill -9` of the runtime the next one ends what was left and serves again, once."""
    what = release(tmp_path / "app", "v1")
    script = (
        "import sys, pathlib\n"
        "from tests.support.runtime import deploy, release\n"
        "from localcloud.render.runtime.create import create\n"
        "made = create(); made.start()\n"
        f"deploy(made, 'srv-left', 'dep-1', release(pathlib.Path({str(tmp_path / 'app')!r}), 'v1'))\n"
        "print(made.instances.of('srv-left')[0].pid, flush=True); sys.stdin.read()\n"
    )
    env = {
        **os.environ,
        "SLIPWAY_ROOT": str(tmp_path),
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[3]), *sys.path]),
    }
    with subprocess.Popen(
        [sys.executable, "-c", script],
        env=env,
        cwd=Path.cwd(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout is not None
        left = int(first.stdout.readline())
        first.kill()

    with running(tmp_path) as second:
        before = requests.get(second.edge.url("srv-left"), timeout=20).status_code
        deploy(second, "srv-left", "dep-1", what)
        after = requests.get(second.edge.url("srv-left"), timeout=20).text
        names = sorted(found.name.rsplit("-", 1)[0] for found in process.running())

    assert (before, after) == (502, "v1 /")
    assert names == ["edge", "edge-srv", "instance-srv-left"]
    assert not Path(f"/proc/{left}/cwd").exists()
