"""Dumps that others made, into an empty database: read once, from where they lie, and only ever taken whole."""

from __future__ import annotations

import re
import shutil
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from console.errors import REFUSED, ExplainedError
from console.streams import Chunked
from ops.doors.postgres_restore import LoadError, Restorer
from ops.restores.loading import Target, contents, words
from ops.restores.private import folder
from ops.restores.script import Script
from ops.restores.unwrap import Kind, Unwrapped, damaged, unwrap

PIECE = 1 << 20
SERVER = re.compile(r"Dumped from database version:? (\d+)")
PROGRAM = re.compile(r"Dumped by pg_dump version:? (\d+)")
EXTENSION = re.compile(
    r"^(?:\d+; \d+ \d+ EXTENSION - (\S+)|CREATE EXTENSION (?:IF NOT EXISTS )?\"?([\w-]+))", re.MULTILINE
)
LEAST_FREE = 64 << 20


@dataclass(frozen=True)
class Dump:
    """A file, here or in a bucket, that somebody else made."""

    name: str
    size: int | None
    read: Callable[[], Iterable[bytes]]
    path: Path | None = None
    """Where it is a file of this machine: then an archive that is not compressed is read by pg_restore itself."""


@dataclass(frozen=True)
class Told:
    """What a dump says of itself."""

    kind: Kind
    layers: tuple[str, ...]
    server: int
    program: int
    extensions: frozenset[str]


def local(path: Path) -> Dump:
    """A file of this machine."""
    if not path.is_file():
        raise ExplainedError(
            f"cannot restore from {path}", "it is no file", hint="a folder by pg_dump -Fd is taken as a tar of it"
        )
    return Dump(path.name, path.stat().st_size, lambda: _pieces(path), path)


def look(dump: Dump, restorers: Callable[[int], Restorer]) -> Told:
    """What it is, by its beginning, before anything is touched."""
    found = unwrap(dump.read(), dump.name)
    if found.kind is Kind.directory:
        return Told(found.kind, found.layers, 0, 0, frozenset())  # its table of contents may be its last file
    if found.kind is Kind.script:
        text = found.head.decode(errors="replace")
    else:
        _, text, _ = contents(restorers(found.reader), found.chunks)
    server, program = SERVER.search(text), PROGRAM.search(text)
    extensions = frozenset(one or other for one, other in EXTENSION.findall(text))
    newest = max(found.reader, int(program[1]) if program and found.kind is not Kind.script else 0)
    return Told(found.kind, found.layers, int(server[1]) if server else 0, newest, extensions)


def refuse(told: Told, server: int, available: Iterable[str]) -> None:
    """What cannot be restored there."""
    if told.server > server:
        raise ExplainedError(
            "refused",
            f"the dump is of PostgreSQL {told.server}, which the database's {server} cannot take",
            code=REFUSED,
        )
    if lacking := told.extensions - {"plpgsql", *available}:
        raise ExplainedError(
            "refused", f"the server does not have what the dump needs: {', '.join(sorted(lacking))}", code=REFUSED
        )


@dataclass(frozen=True)
class Bring:
    """One dump on its way."""

    dump: Dump
    restorer: Restorer
    target: Target
    available: frozenset[str]
    jobs: int = 2
    progress: Callable[[int], None] = lambda size: None
    say: Callable[[str], None] = lambda text: None

    def run(self) -> None:
        """All of it, or an error; what is half done is to be thrown away."""
        try:
            self._run(unwrap(self._read(), self.dump.name))
        except LoadError as error:
            raise ExplainedError(f"cannot restore {self.dump.name}", str(error)) from error

    def _read(self) -> Iterator[bytes]:
        for chunk in self.dump.read():
            self.progress(len(chunk))
            yield chunk

    def _run(self, found: Unwrapped) -> None:
        if found.kind is Kind.script:
            self._script(found)
        elif found.kind is Kind.directory:
            self._directory(found)
        elif self.dump.path and not found.layers:
            self._archive(self.dump.path, ["--jobs", str(self.jobs)] if found.kind is Kind.custom else [])
        else:
            head, listing, chunks = contents(self.restorer, found.chunks)
            self._load(
                self.restorer.schema(head), listing, chunks, ["--format=tar"] if found.kind is Kind.tar else []
            )

    def _script(self, found: Unwrapped) -> None:
        script = Script(set(self.target.roles), self.target.server, superuser=self.target.superuser)
        self.restorer.run(self.target.url, script.passed(found.chunks))
        if script.missing:
            self.say(f"grants are left out, as these roles are not there: {', '.join(sorted(script.missing))}")
        if not script.from_pg_dump:
            self.say(f"{self.dump.name} is not by pg_dump: nothing in it says whether it is whole")

    def _directory(self, found: Unwrapped) -> None:
        with folder() as place:
            into = place / "dump"
            into.mkdir(mode=0o700)
            unpack(found.chunks, into)
            told = self.restorer.listing(into)
            if not told:
                raise damaged("it is cut off, or damaged: pg_restore cannot read what it holds")
            server = SERVER.search(told)
            extensions = frozenset(one or other for one, other in EXTENSION.findall(told))
            refuse(
                Told(found.kind, found.layers, int(server[1]) if server else 0, 0, extensions),
                self.target.server,
                self.available,
            )
            self._archive(into, ["--jobs", str(self.jobs)])

    def _archive(self, path: Path, more: list[str]) -> None:
        self._load(self.restorer.schema(path), self.restorer.listing(path), path, more)

    def _load(self, schema: str, listing: str, source: Any, more: list[str]) -> None:
        with words(schema, listing, self.target, self.say) as told:
            self.restorer.load(self.target.url, self.target.server, [*told, *more], source)


def unpack(chunks: Iterable[bytes], into: Path) -> None:
    """A tar of one folder of files, whatever the folder is called: only files, and only there."""
    try:
        with tarfile.open(fileobj=Chunked(chunks), mode="r|", bufsize=PIECE) as tar:
            for member in tar:
                if member.isdir():
                    continue
                name = PurePosixPath(member.name).name
                source = tar.extractfile(member) if member.isfile() else None
                if source is None or not name or (into / name).exists():
                    raise damaged(f"it holds {member.name}, which no export has")
                if member.size + LEAST_FREE > shutil.disk_usage(into).free:
                    raise ExplainedError(
                        "cannot unpack it", "the disk for temporary files is full", hint="TMPDIR names another one"
                    )
                with (into / name).open("xb") as target:
                    shutil.copyfileobj(source, target, PIECE)
    except (tarfile.TarError, EOFError) as error:
        raise damaged(f"it is cut off, or damaged ({error})") from error
    if not (into / "toc.dat").exists():
        raise damaged("it is a tar without a toc.dat in it: no archive by pg_dump, or one that is cut off")


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
