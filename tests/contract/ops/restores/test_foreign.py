"""Dumps that others made, in every format and wrapping, whole and cut, into a real PostgreSQL."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import random
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from console.errors import ExplainedError
from ops.backups import contents
from ops.doors.postgres import at
from ops.doors.postgres_programs import programs
from tests.contract.ops.restores.conftest import World

WRAPPINGS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes, ".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress, ".xz": lzma.compress,
    ".bz2": bz2.compress,
}  # fmt: skip
FORMATS = {".sql": "--format=plain", ".dump": "--format=custom", ".db": "--format=custom", ".tar": "--format=tar"}
SOME = [*((format_, "") for format_ in FORMATS), *((".sql", one) for one in WRAPPINGS if one),
        (".dump", ".gz"), (".db", ".zst"), (".tar", ".xz")]  # fmt: skip


def dumped(world: World, *words: str, version: str = "16") -> bytes:
    """What `pg_dump` writes of the live database."""
    command = [str(programs(version) / "pg_dump"), *words, world.url]
    return subprocess.run(command, capture_output=True, check=True).stdout


def same(world: World, database: str) -> bool:
    """Whether it holds what is live."""
    wanted, found = contents.read(world.url), contents.read(at(world.url, database))
    return contents.differences(wanted, found) == []


@pytest.mark.parametrize(("format_", "wrapping"), SOME, ids="".join)
def test_each_format_is_restored_whatever_it_is_called(
    world: World, tmp_path: Path, format_: str, wrapping: str
) -> None:
    """Told by what is in it; rights are kept where their roles are there."""
    path = tmp_path / "a file"
    path.write_bytes(WRAPPINGS[wrapping](dumped(world, FORMATS[format_])))

    done = world.restore(str(path))

    assert same(world, done.database)
    assert not done.compared
    assert world.rows("SELECT has_table_privilege('reader', 'exams', 'SELECT')", done.database) == [(True,)]
    assert world.databases() == {world.live, done.database}


def test_an_export_of_render_is_restored(world: World, tmp_path: Path) -> None:
    """A folder by pg_dump, compressed, in a tar that is compressed again; in place as well."""
    folder = tmp_path / "2026-11-27T03_00Z"
    dumped(world, "--format=directory", f"--file={folder}")
    path = tmp_path / "export.dir.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        tar.add(folder, arcname=folder.name)

    done = world.restore(str(path))
    assert same(world, done.database)

    world.do("TRUNCATE attempts")
    kept = world.in_place(str(path)).kept
    assert world.rows("SELECT count(*) FROM attempts") == [(3000,)]
    assert world.rows("SELECT count(*) FROM attempts", kept) == [(0,)]


def test_a_dump_in_a_bucket_is_streamed_from_there(world: World) -> None:
    """Named by its address."""
    objects = world.objects
    world.place.context.doors.__dict__["objects"] = lambda clients, name: objects
    objects.put("from/somebody.dump.gz", [gzip.compress(dumped(world, "--format=custom"))])

    assert same(world, world.restore("s3://bucket/from/somebody.dump.gz").database)
    with pytest.raises(ExplainedError, match="no such object"):
        world.restore("s3://bucket/nothing")


@pytest.mark.parametrize(("format_", "wrapping"), [(".sql", ""), (".sql", ".gz"), (".dump", ""), (".tar", ".gz")])
def test_a_dump_that_is_cut_off_is_never_taken(world: World, tmp_path: Path, format_: str, wrapping: str) -> None:
    """Wherever it is cut; nothing of it stays."""
    whole = WRAPPINGS[wrapping](dumped(world, FORMATS[format_]))
    path, chance = tmp_path / "cut", random.Random(11)  # noqa: S311 - the same each time
    for at_ in sorted(chance.sample(range(100, len(whole) - 20_000), 4)):
        path.write_bytes(whole[:at_])
        with pytest.raises(ExplainedError):
            world.restore(str(path))
        assert world.databases() == {world.live}


def test_what_cannot_be_restored_is_refused_before_anything_is_made(world: World, tmp_path: Path) -> None:
    """Another kind of database, a name that is none, an extension that is nowhere, a newer server."""
    path = tmp_path / "x.db"
    for content, said in (
        (b"SQLite format 3\0" + os.urandom(5000), "SQLite"),
        (b"-- PostgreSQL database dump\nCREATE EXTENSION IF NOT EXISTS postgis;\n", "postgis"),
        (b"-- PostgreSQL database dump\n-- Dumped from database version 18.1\n", "PostgreSQL 18"),
        (io.BytesIO(os.urandom(3000)).getvalue(), "none of"),
    ):
        path.write_bytes(content)
        with pytest.raises(ExplainedError, match=said):
            world.restore(str(path))
    with pytest.raises(ExplainedError, match="neither a backup's id nor a file"):
        world.restore("nowhere.dump")
    assert world.databases() == {world.live}


def test_a_script_cannot_start_programs_here(world: World, tmp_path: Path) -> None:
    """Nothing of it stays either."""
    path, proof = tmp_path / "evil.sql", tmp_path / "proof"
    path.write_text(f"CREATE TABLE t (a int);\n\\! touch {proof}\n")

    with pytest.raises(ExplainedError, match="a command for psql"):
        world.restore(str(path))

    assert not proof.exists()
    assert world.databases() == {world.live}


def test_a_dump_by_a_newer_program_is_read_by_it(world: World, tmp_path: Path) -> None:
    """Its settings, which the server does not know, are no error."""
    path = tmp_path / "newer.dump"
    path.write_bytes(dumped(world, "--format=custom", version="18"))

    assert same(world, world.restore(str(path)).database)
