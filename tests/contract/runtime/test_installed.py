"""The local Render runtime on a machine without wheels: with the servers that are installed there."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
import redis
import requests

from localcloud.machine import servers
from localcloud.render.runtime.databases import programs
from localcloud.render.runtime.values import Database, KeyValueSettings
from tests.support.runtime import deploy, release, running

ONE = Database("dpg-one-a", "16", "one_abcd", "one", "p w/1")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The servers' own programs, but on PATH, as packages install them: Valkey under Redis's name."""
    valkey, caddy, postgres = servers.valkey(), servers.caddy(), servers.postgres()
    assert valkey
    assert caddy
    if os.getuid() == 0 and not all(one.stat().st_mode & 0o001 for one in postgres["16"].resolve().parents):
        pytest.skip("this checkout is its owner's alone: who PostgreSQL runs as cannot reach the programs in it")
    folder = tmp_path / "path"
    folder.mkdir()
    (folder / "redis-server").symlink_to(valkey)
    (folder / "caddy").symlink_to(caddy)
    (folder / "postgres").symlink_to(postgres["16"] / "bin/postgres")
    monkeypatch.setattr(servers, "package", lambda name: None)
    monkeypatch.setattr(servers, "sysconfig", SimpleNamespace(get_path=lambda name: str(tmp_path / "venv")))
    monkeypatch.setattr(servers, "POSTGRES_PLACES", ())
    monkeypatch.setattr(programs, "_installed", {})
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


def test_installed_servers_are_used(path: Path, tmp_path: Path) -> None:
    """A database, a key-value store and a service behind the edge, each by the program that PATH names."""
    with running(tmp_path / "cloud") as made:
        versions = made.databases.versions()
        made.databases.create(ONE)
        made.key_values.start(KeyValueSettings("red-one", "allkeys_lru", True))
        deploy(made, "srv-one", "dep-1", release(tmp_path / "app", "v1"))
        with psycopg.connect(made.databases.url(ONE)) as connection:
            number = connection.info.server_version // 10000
        stored = redis.Redis.from_url(made.key_values.url("red-one")).set("key", "value")
        answer = requests.get(made.edge.url("srv-one"), timeout=20).text

    assert (versions, number, stored, answer) == (("16",), 16, True, "v1 /")
