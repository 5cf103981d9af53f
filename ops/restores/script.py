"""An SQL script on its way to `psql`: whole, about one database, and without commands for the shell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ops.doors.postgres_restore import TIMEOUT
from ops.restores.unwrap import CLUSTER, DUMP, damaged

TOKEN = re.compile(
    rb"(?<![A-Za-z0-9_$\x80-\xff])[eE]'|'|\"|--|/\*|\*/|\\|;"
    rb"|(?<![A-Za-z0-9_$\x80-\xff])\$(?:[A-Za-z_\x80-\xff][A-Za-z_0-9\x80-\xff]*)?\$"
)
ESCAPED = re.compile(rb"\\.|''|'", re.DOTALL)
COPY = re.compile(rb"COPY .* FROM stdin(?: WITH .*)?;\s*$", re.IGNORECASE)
END_OF_DATA = re.compile(rb"\n\\\.\r?\n")
OWNER = re.compile(rb"ALTER [^;']* OWNER TO [^;]+;\s*$")
RIGHT = re.compile(rb"(?:GRANT|REVOKE|ALTER DEFAULT PRIVILEGES) .*;\s*$")
ROLE = re.compile(r'(?:\bTO|\bFROM|FOR ROLE) ("(?:[^"]|"")+"|[\w$]+)')
SESSION = re.compile(rb"(?:SET SESSION AUTHORIZATION|RESET SESSION AUTHORIZATION)\b.*;\s*$")
OTHER_STRINGS = re.compile(rb"SET standard_conforming_strings *(?:=|TO) *'?(?:off|false|0)", re.IGNORECASE)
EXTENSION_COMMENT = b"COMMENT ON EXTENSION "
ELSEWHERE = re.compile(
    rb"(?:CREATE|DROP|ALTER) DATABASE\b|(?:CREATE|ALTER|DROP) (?:ROLE|USER)\b(?! MAPPING)", re.IGNORECASE
)
NO_COMMANDS = (b"\\restrict", b"\\unrestrict")  # the protection of newer pg_dumps, which ours stands for
COMPLETE = DUMP + b" complete"
KEPT = 8  # bytes held back while data is copied: its end may be cut in two


@dataclass
class Script:
    """One file; `roles` are those that can be granted something where it goes."""

    roles: set[str]
    server: int
    superuser: bool = False
    missing: set[str] = field(default_factory=set)
    from_pg_dump: bool = False
    complete: bool = False
    _within: bytes = b""  # what a line begins in: a string, a comment, a quoted name
    _fresh: bool = True  # whether a statement begins

    def passed(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """What `psql` is given; an error, before the end is given, where the file is not whole."""
        buffer, copying = b"", False
        for chunk in chunks:
            buffer += chunk
            while True:
                if copying:
                    end = END_OF_DATA.search(buffer)
                    if end is None:
                        if len(buffer) > KEPT:
                            yield buffer[:-KEPT]
                            buffer = buffer[-KEPT:]
                        break
                    yield buffer[: end.end()]
                    buffer, copying = buffer[end.end() :], False
                out, used, copying = self._lines(buffer)
                buffer = buffer[used:]
                if out:
                    yield out
                if not copying:
                    break
        if copying or (buffer and self._within):
            raise damaged("it is cut off within a statement")
        if buffer:
            out, _, copying = self._lines(buffer + b"\n")
            yield out
        if copying or self._within or not self._fresh or (self.from_pg_dump and not self.complete):
            raise damaged(f"it is cut off: it has no “{COMPLETE.decode()}” at its end")

    def _lines(self, buffer: bytes) -> tuple[bytes, int, bool]:
        """Whole lines up to where data begins."""
        kept, position = [], 0
        while (end := buffer.find(b"\n", position)) >= 0:
            line = buffer[position : end + 1]
            position = end + 1
            begins = self._fresh and not self._within
            if begins and (line.startswith(NO_COMMANDS) or self._unwanted(line)):
                continue
            self._read(line)
            if begins and COPY.match(line):
                kept.append(line[:-1])  # its end is where a line of data begins
                return b"".join(kept), position - 1, True
            kept.append(line)
        return b"".join(kept), position, False

    def _unwanted(self, line: bytes) -> bool:
        if ELSEWHERE.match(line):
            raise damaged(
                f"it is about more than one database: {_shown(line)} (pg_dump without --create makes one that is not)"
            )
        if OTHER_STRINGS.match(line):
            raise damaged(f"it has strings in which a backslash means more: {_shown(line)}")
        if line.startswith(TIMEOUT):
            return self.server < 17
        if line.startswith(EXTENSION_COMMENT):
            return not self.superuser and line.rstrip().endswith(b";")
        if OWNER.match(line) or SESSION.match(line):
            return True
        if RIGHT.match(line):
            named = {one.strip('"').replace('""', '"') for one in ROLE.findall(line.decode(errors="replace"))}
            unknown = named - self.roles - {"PUBLIC"}
            self.missing |= unknown
            return bool(unknown)
        return False

    def _read(self, line: bytes) -> None:
        """Follow what is quoted, and what is a statement."""
        position, length = 0, len(line)
        while position < length:
            if self._within:
                position = self._leave(line, position)
                continue
            found = TOKEN.search(line, position)
            between = line[position : found.start() if found else length]
            if between.strip():
                self._fresh = False
            if found is None:
                return
            position = found.end()
            token = found[0]
            if token == b"--":
                self._comment(line[position:])
                return
            if token == b";":
                self._fresh = True
            elif token == b"\\":
                self._command(line[found.start() :])
                return
            elif token != b"*/":
                self._fresh = self._fresh and token == b"/*"
                self._within = token.upper() if token[-1:] == b"'" else token

    def _leave(self, line: bytes, position: int) -> int:
        within = self._within
        if within == b"E'":
            for found in ESCAPED.finditer(line, position):
                if found[0] == b"'":
                    self._within = b""
                    return found.end()
            return len(line)
        closing = b"*/" if within == b"/*" else within
        end = line.find(closing, position)
        if end < 0:
            return len(line)
        self._within = b""  # a doubled quote begins another string at once
        return end + len(closing)

    def _comment(self, text: bytes) -> None:
        said = text.strip()
        if said == DUMP:
            self.from_pg_dump, self.complete = True, False
        elif said == COMPLETE:
            self.complete = True
        elif said == CLUSTER:
            raise damaged("it is by pg_dumpall, of a whole server; what is restored is one database (pg_dump)")

    def _command(self, text: bytes) -> None:
        if not text.startswith((b"\\N", b"\\.")):  # data that was not seen to begin
            raise damaged(f"it has a command for psql in it, which could do anything on this machine: {_shown(text)}")


def _shown(line: bytes) -> str:
    return line.decode(errors="replace").strip()[:60]
